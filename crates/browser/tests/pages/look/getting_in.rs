//! Signing in, links, joining and resets.

use homeroom_browser::{Browser, PASSWORD, SCHOOL, Server};
use homeroom_client::{OrganizationInvitationCreation, Role};

use crate::joining::invite;
use crate::mailbox::{Arrived, Mailbox};
use crate::support::{fill_in, with_mail};

#[tokio::test]
async fn signing_in() {
    let server = Server::start().await;
    server.pupil("ada", "Ada", "Lovelace").await;
    let browser = Browser::start().await;
    browser.open(&server.page("/auth/signin")).await;
    browser.look("signin").await;
    browser.press("My account is with a school").await;
    browser.fill("Short name of the school", "nowhere").await;
    browser.press("Go to my school").await;
    browser.sees("There is no school").await;
    browser.look("signin-no-school").await;
    browser.open(&server.page(&format!("{SCHOOL}/auth/signin"))).await;
    browser.look("signin-school").await;
    for _ in 0..10 {
        fill_in(&browser, "ada", "wrong horse").await;
        browser.sees("don't belong together").await;
    }
    browser.look("signin-wrong").await;
    fill_in(&browser, "ada", PASSWORD).await;
    browser.sees("There were too many wrong passwords").await;
    browser.look("signin-wait").await;
}

#[tokio::test]
async fn errors() {
    let server = Server::start().await;
    server.pupil("ada", "Ada", "Lovelace").await;
    let browser = Browser::start().await;
    browser.open(&server.page("/nothing/here")).await;
    browser.look("not-found").await;
    browser.open(&server.page(&format!("{SCHOOL}/auth/signin"))).await;
    browser.driver.delete_all_cookies().await.unwrap();
    fill_in(&browser, "ada", PASSWORD).await;
    browser.reads("This page had become old").await;
    browser.look("form-old").await;
}

#[tokio::test]
async fn links() {
    let server = Server::start().await;
    let (ada, bob) =
        (server.pupil("ada", "Ada", "Lovelace").await, server.pupil("bob", "Bob", "Boole").await);
    let (link, late) = (server.signin_link(&ada).await, server.signin_link(&bob).await);
    let browser = Browser::start().await;
    browser.holds_back("*continue.js").await;
    browser.open(&link).await;
    browser.look("link").await;
    browser.press("Continue").await;
    browser.arrives("/account").await;
    browser.open(&late).await;
    browser.reads("Who are you?").await;
    browser.look("link-other").await;
    browser.open(&link).await;
    browser.reads("This link was used").await;
    browser.look("link-used").await;
    server.sql("UPDATE signin_links SET expires_at = 1");
    browser.open(&late).await;
    browser.reads("This link is too old").await;
    browser.look("link-expired").await;
    browser.open(&server.page("/auth/signin-link/unknown")).await;
    browser.look("link-unknown").await;
    browser.open(&server.page("/auth/confirm?next=/account")).await;
    browser.reads("Your password, please").await;
    browser.look("confirm").await;
    browser.fill("Password", "wrong horse").await;
    browser.press("Continue").await;
    browser.sees("This is not the password").await;
    browser.look("confirm-wrong").await;
}

async fn invited(server: &Server, new: &OrganizationInvitationCreation) -> String {
    server.admin.invitations().create(new).await.unwrap().html_url.unwrap()
}

#[tokio::test]
async fn joining() {
    let server = Server::start().await;
    let (open, late) = (invited(&server, &invite(None)).await, invited(&server, &invite(None)).await);
    let named = invited(&server, &invite(Some("grace@school.example"))).await;
    let browser = Browser::start().await;
    browser.open(&server.page("/organization/enroll")).await;
    browser.look("join-code").await;
    browser.open(&server.page("/organization/enroll?enrollcode=ABCDE23456")).await;
    browser.look("join-unknown").await;
    browser.open(&named).await;
    browser.look("join-invited").await;
    browser.open(&open).await;
    browser.press("I already have an account of my own").await;
    browser.look("join").await;
    browser.fill("Username", "ada").await;
    browser.fill("E-mail address (you may leave it empty)", "ada@school").await;
    browser.named("#password", "Password").await.send_keys("password").await.unwrap();
    browser.press("Join").await;
    browser.sees("Something needs another look").await;
    browser.look("join-wrong").await;
    browser.fill("E-mail address (you may leave it empty)", "").await;
    browser.named("#password", "Password").await.send_keys("seven purple bicycles").await.unwrap();
    browser.press("Join").await;
    browser.arrives("/account").await;
    browser.open(&open).await;
    browser.look("join-already").await;
    browser.driver.delete_all_cookies().await.unwrap();
    browser.open(&open).await;
    browser.look("join-used").await;
    let withdrawn = server.admin.invitations().create(&invite(None)).await.unwrap();
    server.admin.invitations().remove(&withdrawn.id).await.unwrap();
    browser.open(&withdrawn.html_url.unwrap()).await;
    browser.reads("This invitation was withdrawn").await;
    browser.look("join-withdrawn").await;
    server.sql("UPDATE invitations SET expires_at = 1");
    browser.open(&late).await;
    browser.look("join-expired").await;
}

async fn picture(browser: &Browser, mail: &Arrived, name: &str) {
    let file = tempfile::Builder::new().suffix(".html").tempfile().unwrap();
    std::fs::write(file.path(), &mail.html).unwrap();
    browser.open(&format!("file://{}", file.path().display())).await;
    browser.picture(name).await;
}

/// The mail with which Ada sets a new password.
async fn reset(browser: &Browser, server: &Server, mailbox: &Mailbox) -> Arrived {
    browser.open(&server.page("/auth/reset?school=north-hill-school")).await;
    browser.fill("Username or e-mail address", "ada").await;
    browser.press("Send the link").await;
    browser.reads("Look into your mailbox").await;
    loop {
        let mail = mailbox.next().await;
        if mail.subject == "Choose a new password" {
            return mail; // not the notice of a password that was changed
        }
    }
}

#[tokio::test]
async fn resets() {
    let mailbox = Mailbox::start().await;
    let server = with_mail(&mailbox).await;
    server.person("ada", Role::Teacher).await;
    let browser = Browser::start().await;
    let mail = reset(&browser, &server, &mailbox).await;
    picture(&browser, &mail, "mail-reset").await;
    browser.open(&server.page("/auth/reset")).await;
    browser.look("reset").await;
    browser.fill("Username or e-mail address", "nobody").await;
    browser.press("Send the link").await;
    browser.look("reset-sent").await;
    browser.open(&mail.link()).await;
    browser.look("reset-set").await;
    browser.fill("New password", "password").await;
    browser.press("Set the password").await;
    browser.sees("This is one of the passwords").await;
    browser.look("reset-weak").await;
    browser.fill("New password", "seven purple bicycles").await;
    browser.press("Set the password").await;
    browser.arrives("/account").await;
    browser.open(&mail.link()).await;
    browser.look("reset-used").await;
    let late = reset(&browser, &server, &mailbox).await;
    server.sql("UPDATE mailed_links SET expires_at = 1");
    browser.open(&late.link()).await;
    browser.reads("This link is too old").await;
    browser.look("reset-expired").await;
    browser.open(&server.page("/auth/reset/unknown")).await;
    browser.look("reset-unknown").await;
}
