//! Sending an invitation again: a new code, a new end, another mail.

use homeroom_client::{
    InvitationQuery, InvitationStatus, InvitedRole, MailQuery, MailState, OrganizationInvitation,
    OrganizationInvitationCreation, Role, Scope,
};
use reqwest::StatusCode;

use crate::audit::everything;
use crate::invitations::{invite, link_for, mails};
use crate::joining::{join, page};
use crate::mail::app_with;
use crate::support::{DAY, Mailbox, NOW, TestApp, code, named};
use crate::tokens::carrying;

const ADA: &str = "ada@school.example";

async fn invited(app: &TestApp, new: &OrganizationInvitationCreation) -> OrganizationInvitation {
    app.admin().invitations().create(new).await.unwrap()
}

#[tokio::test]
async fn an_invitation_that_is_sent_again_has_a_new_code_and_lasts_as_long_as_a_new_one() {
    let app = TestApp::start().await;
    let first = invited(&app, &invite(ADA, Some(InvitedRole::AccountAdmin))).await;
    app.app.clock.advance(DAY * 13);
    let again = app.admin().invitations().resend(&first.id).await.unwrap();

    assert_ne!(first.custom_code, again.custom_code);
    assert!(again.html_url.as_ref().unwrap().ends_with(again.custom_code.as_ref().unwrap()));
    let same = OrganizationInvitation {
        custom_code: again.custom_code.clone(),
        html_url: again.html_url.clone(),
        expiration_date: Some(NOW + DAY * 27),
        ..first
    };
    assert_eq!(again, same);
    assert_eq!(app.admin().invitations().list(&InvitationQuery::default()).await.unwrap().items, [again]);
}

#[tokio::test]
async fn the_mail_comes_again_with_the_new_code_and_the_old_one_lets_nobody_in() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    let first = invited(&app, &invite(ADA, None)).await;
    let old = app.mail_to(&mailbox).await;
    let again = app.admin().invitations().resend(&first.id).await.unwrap();
    let new = app.mail_to(&mailbox).await;

    assert_eq!((&new.to, Some(new.link())), (&old.to, again.html_url));
    assert_ne!(old.header("Message-ID"), new.header("Message-ID"));
    let (old, new) = (first.custom_code.unwrap(), again.custom_code.unwrap());
    let seen = app.browser().get(&page(&old)).await;
    assert_eq!(seen.status, StatusCode::NOT_FOUND);
    assert!(seen.text.contains("only the newest code works"), "{}", seen.text);
    assert_eq!(join(&mut app.browser(), &old, "eve").await.status, StatusCode::NOT_FOUND);
    assert_eq!(join(&mut app.browser(), &new, "ada").await.location(), "/account");
}

#[tokio::test]
async fn a_mail_that_still_waits_goes_out_with_the_new_code_and_once() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    let first = invited(&app, &invite(ADA, None)).await;
    let again = app.admin().invitations().resend(&first.id).await.unwrap();

    assert_eq!(Some(app.mail_to(&mailbox).await.link()), again.html_url);
    app.send_mails().await;
    assert!(mailbox.is_empty().await);
}

#[tokio::test]
async fn a_dead_mail_stays_and_another_one_is_sent() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    let first = invited(&app, &invite("refused@school.example", None)).await;
    app.send_mails().await;
    app.app.db.batch("UPDATE invitations SET email = 'ada@school.example'").await.unwrap();
    app.admin().invitations().resend(&first.id).await.unwrap();

    app.mail_to(&mailbox).await;
    let all = app.admin().mails().list(&MailQuery::default()).await.unwrap().items;
    assert_eq!(all.iter().map(|mail| mail.state).collect::<Vec<_>>(), [MailState::Dead, MailState::Sent]);
}

#[tokio::test]
async fn an_invitation_without_an_address_gets_a_new_link_and_no_mail() {
    let app = TestApp::start().await;
    for many in [false, true] {
        let link = OrganizationInvitationCreation { allow_multiple_use: many, ..Default::default() };
        let first = invited(&app, &link).await;
        let again = app.admin().invitations().resend(&first.id).await.unwrap();

        assert_ne!(first.html_url, again.html_url);
        assert_eq!((again.allow_multiple_use, again.status), (many, Some(InvitationStatus::Open)));
    }
    assert_eq!(mails(&app).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_closed_invitation_is_not_sent_again_and_an_unknown_one_neither() {
    let app = TestApp::start().await;
    let used = invited(&app, &invite(ADA, None)).await;
    join(&mut app.browser(), used.custom_code.as_ref().unwrap(), "ada").await;
    let expired = invited(&app, &link_for(InvitedRole::Teacher)).await;
    app.app.clock.advance(DAY * 14);
    let revoked = invited(&app, &invite("bea@school.example", None)).await;
    app.admin().invitations().remove(&revoked.id).await.unwrap();
    let other = app.other_school().await;
    let foreign = app.client(&other.token).invitations().create(&invite(ADA, None)).await.unwrap();
    let before = everything(&app).await;

    for closed in [used, expired, revoked, foreign] {
        assert_eq!(code(app.admin().invitations().resend(&closed.id).await), "NOT_FOUND", "{closed:?}");
    }
    assert_eq!(everything(&app).await, before);
}

#[tokio::test]
async fn who_could_not_make_an_invitation_can_not_send_it_again() {
    let app = TestApp::start().await;
    let made = invited(&app, &invite(ADA, Some(InvitedRole::Admin))).await;
    let (_, clerk) = app.caller("clerk", Role::AccountAdmin, &[Scope::EduAdminUsers]).await;
    let (_, reader) = app.caller("reader", Role::Admin, &[Scope::EduAdminUsersReadonly]).await;
    let part = app.client(&app.token(&app.school.admin, &[Scope::EduAdminUsers]).await);
    let delegate = carrying(&[Scope::EduAdmin]);
    let delegated = app.admin().users().create_access_token(&app.school.admin, &delegate).await.unwrap();
    let before = everything(&app).await;

    for (client, refused) in [
        (clerk, "FORBIDDEN"),
        (reader, "INSUFFICIENT_SCOPE"),
        (part, "INSUFFICIENT_SCOPE"),
        (app.client(&delegated.token), "FORBIDDEN"),
    ] {
        assert_eq!(code(client.invitations().resend(&made.id).await), refused);
    }
    assert_eq!(everything(&app).await, before);
}

#[tokio::test]
async fn who_sends_an_invitation_again_is_named_in_it_and_it_ends_with_them() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    let first = invited(&app, &invite(ADA, None)).await;
    app.mail_to(&mailbox).await;
    let eve = app.add(&app.school, named("eve", "Eve", "Adams"), Role::AccountAdmin).await;
    let client = app.client(&app.token(&eve, &[Scope::EduAdminUsers]).await);
    let again = client.invitations().resend(&first.id).await.unwrap();

    assert_eq!(again.invited_by.as_ref(), Some(&eve));
    assert!(app.mail_to(&mailbox).await.text.contains("Eve Adams invites you"));
    app.admin().users().remove(&eve).await.unwrap();
    let open = InvitationQuery { status: vec![InvitationStatus::Open], ..InvitationQuery::default() };
    assert_eq!(app.admin().invitations().list(&open).await.unwrap().items, []);
}

#[tokio::test]
async fn sending_again_is_written_down_without_code_and_address() {
    let app = TestApp::start().await;
    let made = invited(&app, &invite(ADA, None)).await;
    let again = app.admin().invitations().resend(&made.id).await.unwrap();

    let events = "SELECT event FROM audit_events WHERE target = (SELECT id FROM invitations) ORDER BY id";
    assert_eq!(app.column(events).await, ["invitation.created", "invitation.resent"]);
    assert_eq!(app.tables_that_hold(&again.custom_code.unwrap()).await, Vec::<String>::new());
    assert_eq!(app.tables_that_hold(ADA).await, ["invitations.email", "invitations.email_key"]);
}
