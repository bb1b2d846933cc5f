//! A new password, from the mail on.

use homeroom_browser::{Browser, PASSWORD, SCHOOL};
use homeroom_client::Role;

use crate::mailbox::Mailbox;
use crate::support::{fill_in, with_mail};

const NEW: &str = "seven purple bicycles";

#[tokio::test]
async fn who_forgot_the_password_sets_a_new_one_from_the_mail() {
    let mailbox = Mailbox::start().await;
    let server = with_mail(&mailbox).await;
    server.person("ada", Role::Teacher).await;
    let browser = Browser::start().await;
    browser.open(&server.page(&format!("{SCHOOL}/auth/signin"))).await;
    browser.press("I can't sign in").await;
    browser.reads("Get a new password").await;
    browser.fill("Username or e-mail address", "ada").await; // the school is filled in
    browser.press("Send the link").await;
    browser.reads("Look into your mailbox").await;
    let link = mailbox.next().await.link();

    browser.open(&link).await;
    browser.reads("Choose a new password").await;
    browser.fill("New password", "password").await;
    browser.press("Set the password").await;
    browser.sees("This is one of the passwords that people try first").await;
    browser.fill("New password", NEW).await;
    browser.press("Set the password").await;
    browser.arrives("/account").await;
    assert_eq!(mailbox.next().await.subject, "Your password was changed");

    let other = Browser::start().await;
    other.open(&link).await;
    other.reads("This link was used").await;
    other.open(&server.page(&format!("{SCHOOL}/auth/signin"))).await;
    fill_in(&other, "ada", PASSWORD).await;
    other.sees("That name and password don't belong together.").await;
    fill_in(&other, "ada", NEW).await;
    other.arrives("/account").await;
}
