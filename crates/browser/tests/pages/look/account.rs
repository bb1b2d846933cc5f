//! The pages of the account.

use homeroom_browser::{Browser, PASSWORD, SCHOOL, Server};
use homeroom_client::Role;

use crate::account::{make_token, recovery_code, turn_on};
use crate::consent::Diary;
use crate::support::{fill_in, sign_in};

#[tokio::test]
async fn profile_and_access() {
    let server = Server::start().await;
    server.person("grace", Role::Teacher).await;
    let diary = Diary::start(&server).await;
    let browser = Browser::start().await;
    sign_in(&browser, &server, "grace").await;
    for page in ["", "/name", "/language", "/email", "/email/remove", "/password", "/sessions", "/school"] {
        browser.open(&server.page(&format!("/account{page}"))).await;
        browser.look(&format!("account{}", page.replace('/', "-"))).await;
    }
    for page in ["tokens", "apps"] {
        browser.open(&server.page(&format!("/account/{page}"))).await;
        browser.look(&format!("account-no-{page}")).await;
    }
    make_token(&browser, &server).await;
    browser.look("account-token-made").await;
    browser.press("I have copied it").await;
    browser.look("account-tokens").await;
    browser.press("Make a new token").await;
    browser.fill("Name", "Nothing").await;
    browser.press("Make the token").await;
    browser.sees("Tick at least one").await;
    browser.look("account-token-wrong").await;
    browser.open(&diary.page).await;
    browser.press("Allow").await;
    browser.reads("The diary").await;
    let other = Browser::start().await;
    sign_in(&other, &server, "grace").await;
    browser.open(&server.page("/account/apps")).await;
    browser.look("account-apps").await;
    browser.open(&server.page("/account/sessions")).await;
    browser.look("account-sessions-two").await;
}

#[tokio::test]
async fn the_second_factor() {
    let server = Server::start().await;
    server.pupil("ada", "Ada", "Lovelace").await;
    let browser = Browser::start().await;
    sign_in(&browser, &server, "ada").await;
    browser.open(&server.page("/account/email")).await;
    browser.look("account-email-pupil").await;
    browser.open(&server.page("/account/second-factor")).await;
    browser.look("account-factor").await;
    turn_on(&browser).await;
    browser.reads("Your recovery codes").await;
    browser.look("account-factor-codes").await;
    let code = recovery_code(&browser).await;
    browser.press("I have kept them").await;
    browser.sees("On").await;
    for (page, name) in [("", "on"), ("/codes", "codes-new"), ("/remove", "remove")] {
        browser.open(&server.page(&format!("/account/second-factor{page}"))).await;
        browser.look(&format!("account-factor-{name}")).await;
    }
    browser.press("Sign out").await;
    browser.open(&server.page(&format!("{SCHOOL}/auth/signin"))).await;
    fill_in(&browser, "ada", PASSWORD).await;
    browser.reads("One more step").await;
    browser.look("signin-code").await;
    browser.fill("Code of your second factor", "000000").await;
    browser.press("Sign in").await;
    browser.look("signin-code-wrong").await;
    browser.fill("Code of your second factor", &code).await;
    browser.press("Sign in").await;
    browser.look("signin-recovered").await;
}
