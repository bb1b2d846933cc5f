//! Joining by invitation, from the mail on.

use homeroom_browser::{Browser, Server};
use homeroom_client::{InvitedRole, OrganizationInvitationCreation};

use crate::mailbox::Mailbox;
use crate::support::with_mail;

pub fn invite(email: Option<&str>) -> OrganizationInvitationCreation {
    let organization_role = Some(InvitedRole::Teacher);
    OrganizationInvitationCreation {
        email: email.map(str::to_owned),
        organization_role,
        ..Default::default()
    }
}

#[tokio::test]
async fn who_is_invited_follows_the_mail_mends_the_form_and_is_in() {
    let mailbox = Mailbox::start().await;
    let server = with_mail(&mailbox).await;
    server.admin.invitations().create(&invite(Some("ada@school.example"))).await.unwrap();
    let mail = mailbox.next().await;
    assert!(mail.html.contains(&format!("href=\"{}\"", mail.link())), "{}", mail.html);

    let browser = Browser::start().await;
    browser.open(&mail.link()).await;
    browser.reads("Join North Hill School").await;
    browser.sees("You join as a teacher").await;
    browser.fill("First name", "Ada").await;
    browser.fill("Last name", "Lovelace").await;
    browser.fill("Username", "head").await;
    browser.fill("Password", "seven purple bicycles").await;
    browser.press("Join").await;
    browser.sees("This username is taken").await;
    assert_eq!(browser.focused().await, "Username");
    browser.fill("Username", "ada").await;
    browser.fill("Password", "lovelace").await;
    browser.press("Join").await;
    browser.sees("This is too close to your name").await;
    assert_eq!(browser.focused().await, "Password");
    browser.fill("Password", "seven purple bicycles").await;
    browser.press("Join").await;
    browser.arrives("/account").await;
    browser.sees("Ada Lovelace").await;

    let late = Browser::start().await;
    late.open(&mail.link()).await;
    late.reads("This invitation was used").await;
    late.press("Sign in at North Hill School").await;
    late.arrives("/o/north-hill-school/auth/signin").await;
}

#[tokio::test]
async fn a_code_that_somebody_was_told_is_typed_in_and_works_without_scripts() {
    let server = Server::start().await;
    let code = server.admin.invitations().create(&invite(None)).await.unwrap().custom_code.unwrap();
    let browser = Browser::without_scripts().await;
    browser.open(&server.page("/organization/enroll")).await;
    browser.fill("Invitation code", "ABCDE 23456").await;
    browser.press("Continue").await;
    browser.sees("No invitation has this code").await;
    browser.fill("Invitation code", &format!("{} {}", &code[..5], code[5..].to_lowercase())).await;
    browser.press("Continue").await;
    browser.fill("Username", "grace").await;
    browser.fill("Password", "seven purple bicycles").await;
    browser.press("Join").await;
    browser.arrives("/account").await;
    browser.sees("grace").await;
}
