//! Sign-in links.

use homeroom_browser::{Browser, Server};
use homeroom_client::Role;

use crate::support::sign_in;

#[tokio::test]
async fn a_link_goes_on_by_itself_and_works_once() {
    let server = Server::start().await;
    let ada = server.pupil("ada", "Ada", "Lovelace").await;
    let link = server.signin_link(&ada).await;
    let browser = Browser::start().await;
    browser.open(&link).await;
    browser.arrives("/account").await;
    browser.sees("Ada Lovelace").await;

    let other = Browser::start().await;
    other.open(&link).await;
    other.reads("This link was used").await;
    other.press("Sign in with a password").await;
    other.reads("Sign in").await;
}

#[tokio::test]
async fn without_scripts_a_link_has_a_button_and_the_whole_way_works() {
    let server = Server::start().await;
    let ada = server.pupil("ada", "Ada", "Lovelace").await;
    let browser = Browser::without_scripts().await;
    browser.open(&server.signin_link(&ada).await).await;
    browser.reads("Hello, Ada Lovelace").await;
    browser.press("Continue").await;
    browser.arrives("/account").await;
    browser.press("Sign out").await;
    browser.arrives("/auth/signin").await;
    sign_in(&browser, &server, "ada").await;
    browser.sees("Ada Lovelace").await;
}

#[tokio::test]
async fn a_link_asks_who_one_is_where_somebody_else_is_signed_in() {
    let server = Server::start().await;
    let ada = server.pupil("ada", "Ada", "Lovelace").await;
    server.pupil("bob", "Bob", "Boole").await;
    let link = server.signin_link(&ada).await;
    let browser = Browser::start().await;
    sign_in(&browser, &server, "bob").await;
    browser.open(&link).await;
    browser.reads("Who are you?").await;
    browser.sees("Bob Boole is signed in in this browser, but the link is for Ada Lovelace.").await;
    browser.press("Stay signed in as Bob Boole").await;
    browser.arrives("/account").await;
    browser.open(&link).await;
    browser.press("Continue as Ada Lovelace").await;
    browser.arrives("/account").await;
    browser.sees("Ada Lovelace").await;
}

#[tokio::test]
async fn a_link_that_is_opened_by_two_at_once_lets_one_in() {
    let server = Server::start().await;
    let ada = server.person("ada", Role::Teacher).await;
    let link = server.signin_link(&ada).await;
    let (one, other) = (Browser::without_scripts().await, Browser::without_scripts().await);
    for browser in [&one, &other] {
        browser.open(&link).await;
        browser.reads("Hello, ada").await;
    }
    tokio::join!(one.press("Continue"), other.press("Continue"));
    let titles = [one.title().await.unwrap(), other.title().await.unwrap()];
    assert_eq!(titles.iter().filter(|title| *title == "This link was used").count(), 1, "{titles:?}");
}

#[tokio::test]
async fn the_link_of_a_new_school_signs_its_admin_in() {
    let server = Server::start().await;
    let browser = Browser::start().await;
    browser.open(&server.link).await;
    browser.arrives("/account").await;
    browser.sees("head").await;
}
