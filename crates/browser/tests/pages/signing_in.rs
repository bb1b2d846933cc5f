//! Signing in and out.

use homeroom_browser::{Browser, PASSWORD, SCHOOL, Server};
use homeroom_client::Role;

use crate::support::{fill_in, sign_in};

const WRONG: &str = "That name and password don't belong together.";

#[tokio::test]
async fn a_pupil_mistypes_signs_in_and_out_again() {
    let server = Server::start().await;
    server.pupil("ada", "Ada", "Lovelace").await;
    let browser = Browser::start().await;
    browser.open(&server.page(&format!("{SCHOOL}/auth/signin"))).await;
    browser.sees("North Hill School").await;
    fill_in(&browser, "ada", "wrong horse").await;
    browser.sees(WRONG).await;
    assert_eq!(browser.focused().await, "Password", "what was typed wrong is typed next");
    browser.fill("Password", PASSWORD).await;
    browser.press("Sign in").await;
    browser.sees("Ada Lovelace").await;
    browser.arrives("/account").await;
    browser.press("Sign out").await;
    browser.arrives("/auth/signin").await;
    browser.open(&server.page("/account")).await;
    browser.reads("Sign in").await;
}

#[tokio::test]
async fn a_school_is_found_by_its_short_name_or_by_the_domain_of_an_address() {
    let server = Server::start().await;
    server.homeroom(&["organizations", "update", "north-hill-school", "--email-domains", "school.example"]);
    server.person("grace", Role::Teacher).await;
    let browser = Browser::start().await;
    browser.open(&server.page("/account")).await;
    browser.press("My account is with a school").await;
    browser.fill("Short name of the school", "nowhere").await;
    browser.press("Go to my school").await;
    browser.sees("There is no school with this short name").await;
    browser.fill("Short name of the school", "North-Hill-School").await;
    browser.press("Go to my school").await;
    fill_in(&browser, "grace", PASSWORD).await;
    browser.arrives("/account").await;
    browser.press("Sign out").await;
    browser.arrives("/auth/signin").await;
    fill_in(&browser, "grace@school.example", PASSWORD).await;
    browser.arrives("/account").await;
}

#[tokio::test]
async fn two_browsers_have_a_session_each() {
    let server = Server::start().await;
    server.pupil("ada", "Ada", "Lovelace").await;
    let (one, other) = (Browser::start().await, Browser::start().await);
    sign_in(&one, &server, "ada").await;
    other.open(&server.page("/account")).await;
    other.reads("Sign in").await;
    sign_in(&other, &server, "ada").await;
    one.press("Sign out").await;
    one.arrives("/auth/signin").await;
    other.open(&server.page("/account")).await;
    other.sees("Ada Lovelace").await;
}

#[tokio::test]
async fn who_goes_back_after_signing_out_sees_nothing_of_the_account() {
    let server = Server::start().await;
    server.pupil("ada", "Ada", "Lovelace").await;
    let browser = Browser::start().await;
    sign_in(&browser, &server, "ada").await;
    browser.open(&server.page("/account/school")).await;
    browser.press("Sign out").await;
    browser.arrives("/auth/signin").await;
    browser.go_back().await;
    browser.reads("Sign in").await;
    assert!(!browser.text().await.unwrap().contains("Ada Lovelace"));
}

#[tokio::test]
async fn pages_speak_the_language_of_the_browser_and_then_that_of_the_account() {
    let server = Server::start().await;
    server.pupil("ada", "Ada", "Lovelace").await;
    let browser = Browser::speaking("de").await;
    browser.open(&server.page("/auth/signin")).await;
    browser.reads("Anmelden").await;
    browser.open(&server.page(&format!("{SCHOOL}/auth/signin"))).await;
    browser.fill("Benutzername oder E-Mail-Adresse", "ada").await;
    browser.fill("Passwort", PASSWORD).await;
    browser.press("Anmelden").await;
    browser.reads("My account").await;
}
