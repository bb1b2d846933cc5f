//! The pages of the account.

use homeroom_browser::{Browser, PASSWORD, SCHOOL, Server};
use homeroom_client::Role;

use crate::account::{ask_for_address, make_token, recovery_code, turn_on};
use crate::consent::Diary;
use crate::joining::invite;
use crate::mailbox::Mailbox;
use crate::support::{fill_in, sign_in, with_mail};

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
    browser.arrives("/auth/signin").await;
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

#[tokio::test]
async fn an_individual() {
    let server = Server::start().await;
    let (ada, bob) =
        (server.pupil("ada", "Ada", "Lovelace").await, server.pupil("bob", "Bob", "Boole").await);
    for user in [ada, bob] {
        server.admin.users().convert_to_individual(&user).await.unwrap();
    }
    let invitation = server.admin.invitations().create(&invite(None)).await.unwrap();
    let browser = Browser::start().await;
    browser.open(&server.page("/account/leave")).await;
    fill_in(&browser, "ada", PASSWORD).await;
    browser.arrives("/account/leave").await;
    browser.look("individual-leave").await;
    browser.fill("To confirm, type your username: ada", "bob").await;
    browser.fill("Your present password", PASSWORD).await;
    browser.press("Delete my account for good").await;
    browser.sees("This is not your username.").await;
    browser.look("individual-leave-wrong").await;
    browser.fill("To confirm, type your username: ada", "ada").await;
    browser.fill("Your present password", PASSWORD).await;
    browser.press("Delete my account for good").await;
    browser.reads("Your account is deleted").await;
    browser.look("individual-left").await;
    browser.open(&server.page("/auth/signin")).await;
    fill_in(&browser, "bob", PASSWORD).await;
    browser.arrives("/account").await;
    browser.look("individual").await;
    browser.open(&invitation.html_url.unwrap()).await;
    browser.sees("What the school will see").await;
    browser.look("join-move").await;
    browser.fill("Your present password", PASSWORD).await;
    browser.press("Move my account to the school").await;
    browser.arrives("/account").await;
    browser.sees("North Hill School").await;
}

#[tokio::test]
async fn an_address_to_confirm() {
    let mailbox = Mailbox::start().await;
    let server = with_mail(&mailbox).await;
    server.pupil("ada", "Ada", "Lovelace").await;
    let browser = Browser::start().await;
    sign_in(&browser, &server, "ada").await;
    let link = ask_for_address(&browser, &server, &mailbox, "ada@school.example").await;
    browser.look("account-email-asked").await;
    browser.driver.delete_all_cookies().await.unwrap();
    browser.open(&link).await;
    browser.look("confirm-email").await;
    browser.press("Yes, confirm it").await;
    browser.sees("Your address is confirmed").await;
    browser.look("confirm-email-done").await;
    browser.open(&link).await;
    browser.reads("This link was used").await;
    browser.look("confirm-email-used").await;
    browser.open(&server.page("/auth/confirm-email/unknown")).await;
    browser.look("confirm-email-unknown").await;
}
