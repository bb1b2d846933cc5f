//! One's own account.

use std::time::{SystemTime, UNIX_EPOCH};

use homeroom_browser::{Browser, PASSWORD, SCHOOL, Server};
use homeroom_client::{Client, Role};
use thirtyfour::By;
use totp_rs::{Algorithm, Builder, Secret};

use crate::mailbox::Mailbox;
use crate::support::{fill_in, sign_in, with_mail};

/// Makes a token that may read one's profile.
pub async fn make_token(browser: &Browser, server: &Server) -> String {
    browser.open(&server.page("/account/tokens")).await;
    browser.press("Make a new token").await;
    browser.fill("Name", "Timetable").await;
    browser.press("see your name and username account.public_profile").await;
    browser.press("Make the token").await;
    browser.reads("Your new token").await;
    browser.driver.find(By::Css("code.code")).await.unwrap().text().await.unwrap()
}

/// Asks for another address: the link in the mail that confirms it.
pub async fn ask_for_address(browser: &Browser, server: &Server, mailbox: &Mailbox, email: &str) -> String {
    browser.open(&server.page("/account/email")).await;
    browser.fill("New e-mail address", email).await;
    browser.fill("Your present password", PASSWORD).await;
    browser.press("Send the link").await;
    browser.sees("A mail is on its way.").await;
    mailbox.next().await.link()
}

/// Turns the second factor on, on its page.
pub async fn turn_on(browser: &Browser) {
    browser.press("I can't scan it").await;
    let secret = browser.driver.find(By::Css("code.code")).await.unwrap().text().await.unwrap();
    browser.fill("Code from the app", &code_now(&secret.replace(' ', ""))).await;
    browser.fill("Your present password", PASSWORD).await;
    browser.press("Turn it on").await;
    browser.reads("Your recovery codes").await;
}

/// The first of those that the page shows.
pub async fn recovery_code(browser: &Browser) -> String {
    browser.driver.find(By::Css(".codes code")).await.unwrap().text().await.unwrap()
}

/// What an app on a phone shows.
#[allow(clippy::disallowed_methods)] // the clock of the machine is that of the server
fn code_now(secret: &str) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let builder = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_step_duration(30);
    let app = builder.with_secret(secret).with_account_name("test").build().unwrap();
    app.generate(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).to_string()
}

#[tokio::test]
async fn a_person_changes_name_language_and_password() {
    let server = Server::start().await;
    server.person("ada", Role::Teacher).await;
    let (browser, other) = (Browser::start().await, Browser::start().await);
    sign_in(&browser, &server, "ada").await;
    sign_in(&other, &server, "ada").await;
    browser.open(&server.page("/account/name")).await;
    browser.fill("First name", "Augusta Ada").await;
    browser.fill("Last name", "King").await;
    browser.press("Save").await;
    browser.sees("Your name is saved.").await;
    browser.sees("Augusta Ada King").await;
    browser.open(&server.page("/account/password")).await;
    browser.fill("Your present password", PASSWORD).await;
    browser.fill("New password", "seven purple bicycles").await;
    browser.press("Set the password").await;
    browser.sees("Your new password is set.").await;
    other.open(&server.page("/account")).await;
    other.reads("Sign in").await;
    browser.open(&server.page("/account/language")).await;
    browser.fill("Language", "fr").await;
    browser.press("Save").await;
    browser.sees("Se déconnecter").await;
}

#[tokio::test]
async fn a_new_address_is_confirmed_from_the_mail() {
    let mailbox = Mailbox::start().await;
    let server = with_mail(&mailbox).await;
    server.pupil("ada", "Ada", "Lovelace").await;
    let browser = Browser::start().await;
    sign_in(&browser, &server, "ada").await;
    let link = ask_for_address(&browser, &server, &mailbox, "ada@school.example").await;
    browser.open(&link).await;
    browser.sees("Is ada@school.example to be the address of the account").await;
    browser.press("Yes, confirm it").await;
    browser.open(&server.page("/account")).await;
    browser.sees("ada@school.example").await;
}

#[tokio::test]
async fn a_session_in_another_browser_is_ended_and_then_all() {
    let server = Server::start().await;
    server.pupil("ada", "Ada", "Lovelace").await;
    let (browser, other) = (Browser::start().await, Browser::start().await);
    sign_in(&browser, &server, "ada").await;
    sign_in(&other, &server, "ada").await;
    browser.open(&server.page("/account/sessions")).await;
    browser.sees("Chrome").await;
    browser.named("ul.rows button", "Sign out").await.click().await.unwrap();
    browser.sees("That browser is signed out.").await;
    other.open(&server.page("/account")).await;
    other.reads("Sign in").await;
    browser.press("Sign out everywhere, here too").await;
    browser.reads("Sign in").await;
}

#[tokio::test]
async fn a_token_that_was_made_works_until_it_is_revoked() {
    let server = Server::start().await;
    server.pupil("ada", "Ada", "Lovelace").await;
    let browser = Browser::without_scripts().await;
    sign_in(&browser, &server, "ada").await;
    let client = Client::new(&server.url, make_token(&browser, &server).await).unwrap();
    assert_eq!(client.me().await.unwrap().username, "ada");
    browser.press("I have copied it").await;
    browser.press("Revoke").await;
    browser.sees("The token no longer works.").await;
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await; // reads may see it for a second
    assert!(client.me().await.is_err());
}

#[tokio::test]
async fn with_a_second_factor_a_code_is_asked_for_and_a_recovery_code_gets_in_once() {
    let server = Server::start().await;
    server.pupil("ada", "Ada", "Lovelace").await;
    let browser = Browser::start().await;
    sign_in(&browser, &server, "ada").await;
    browser.open(&server.page("/account/second-factor")).await;
    turn_on(&browser).await;
    let code = recovery_code(&browser).await;
    for wanted in ["You used a recovery code", "One more step"] {
        browser.driver.delete_all_cookies().await.unwrap();
        browser.open(&server.page(&format!("{SCHOOL}/auth/signin"))).await;
        fill_in(&browser, "ada", PASSWORD).await;
        browser.reads("One more step").await;
        browser.fill("Code of your second factor", &code).await;
        browser.press("Sign in").await;
        browser.reads(wanted).await;
    }
    browser.sees("This code isn't right, or it was used already.").await;
}
