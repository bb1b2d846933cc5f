//! Mail: what it says, that it arrives once it is written, and what happens where it does not. The mail server is a
//! real one (`support/mailbox.rs`).

use std::time::Duration;

use homeroom_client::{
    InvitationQuery, MailQuery, MailState, OrganizationInvitation, OrganizationMail, Role, Scope,
};
use homeroom_server::jobs::keep_up;
use homeroom_server::mail::{self, Mail};
use homeroom_server::organizations::{self, OrganizationUpdate};
use homeroom_server::users::Profile;

use crate::invitations::invite;
use crate::support::{DAY, Mailbox, TestApp, code, named, with_email};

pub const ADA: &str = "ada@school.example";
pub const MINUTE: Duration = Duration::from_secs(60);

pub async fn app_with(mailbox: &Mailbox) -> TestApp {
    TestApp::start_with(|settings| settings.smtp = mailbox.settings()).await
}

pub async fn invited(app: &TestApp, email: &str) -> OrganizationInvitation {
    app.admin().invitations().create(&invite(email, None)).await.unwrap()
}

/// What the API says of all mails.
pub async fn mails(app: &TestApp) -> Vec<OrganizationMail> {
    app.admin().mails().list(&MailQuery::default()).await.unwrap().items
}

/// State, attempts and error of the only mail.
pub async fn the_mail(app: &TestApp) -> (MailState, i64, String) {
    let mut all = mails(app).await;
    assert_eq!(all.len(), 1, "{all:?}");
    let mail = all.remove(0);
    (mail.state, mail.attempts, mail.error.unwrap_or_default())
}

async fn speak(app: &TestApp, locale: &str) {
    let update = OrganizationUpdate { locale: Some(locale.to_owned()), ..OrganizationUpdate::default() };
    organizations::update(&app.app, app.school.organization.as_str(), update).await.unwrap();
}

#[tokio::test]
async fn an_invitation_arrives_with_who_invites_the_role_the_link_and_its_end() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    let made = invited(&app, ADA).await;
    let mail = app.mail_to(&mailbox).await;

    assert_eq!(
        (mail.to.as_slice(), mail.subject.as_str()),
        ([ADA.to_owned()].as_slice(), "Invitation to join North Hill School")
    );
    assert_eq!(mail.link(), made.html_url.unwrap());
    assert!(mail.html.contains(&format!("href=\"{}\"", mail.link())), "{}", mail.html);
    for part in [&mail.text, &mail.html] {
        assert!(part.contains("as a teacher") && part.contains("until 16 March 2026"), "{part}");
    }
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    assert!(mail.header("Content-Type").starts_with("multipart/alternative"));
    assert_eq!(the_mail(&app).await, (MailState::Sent, 1, String::new()));
    app.send_mails().await;
    assert!(mailbox.is_empty().await, "it was sent twice");
}

#[tokio::test]
async fn an_invitation_names_the_person_who_made_it() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    let inviter = app.add(&app.school, named("eve", "Zoë", "山田"), Role::Admin).await;
    let client = app.client(&app.token(&inviter, &[Scope::EduAdmin]).await);
    client.invitations().create(&invite(ADA, None)).await.unwrap();
    assert!(app.mail_to(&mailbox).await.text.contains("Zoë 山田 invites you"));
}

#[tokio::test]
async fn a_mail_is_in_the_language_of_the_school() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    for (locale, subject, until) in [
        ("fr", "Invitation à rejoindre North Hill School", "16 mars 2026"),
        ("es", "Invitación para unirse a North Hill School", "16 de marzo de 2026"),
        ("de", "Einladung: North Hill School", "16. März 2026"),
        ("ja", "Invitation to join North Hill School", "16 March 2026"),
    ] {
        speak(&app, locale).await;
        invited(&app, &format!("{locale}@school.example")).await;
        let mail = app.mail_to(&mailbox).await;
        assert_eq!(mail.subject, subject);
        assert!(mail.text.contains(until) && mail.html.contains(until), "{}", mail.text);
    }
}

#[tokio::test]
async fn names_make_no_header_and_no_element() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    // No operation lets such names in: they are what a bug would leave behind.
    let mut tx = app.app.db.write().await.unwrap();
    let names = ("<script>alert(1)</script> École\r\nBcc: eve@evil.example", "Eve\r\nBcc: eve@evil.example");
    tx.execute("UPDATE organizations SET name = $1 WHERE slug = 'north-hill-school'", (names.0,))
        .await
        .unwrap();
    tx.execute("UPDATE users SET firstname = $1 WHERE username = 'head'", (names.1,)).await.unwrap();
    tx.commit().await.unwrap();
    invited(&app, ADA).await;
    let mail = app.mail_to(&mailbox).await;

    assert_eq!(mail.to, [ADA]);
    assert!(mail.headers.iter().all(|(name, _)| name != "Bcc"), "{:?}", mail.headers);
    assert_eq!(mail.subject, "Invitation to join <script>alert(1)</script> École Bcc: eve@evil.example");
    assert!(!mail.html.contains("<script>") && mail.html.contains("&#60;script&#62;"), "{}", mail.html);
}

#[tokio::test]
async fn an_invitation_that_is_revoked_before_it_is_sent_is_not_sent() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    let made = invited(&app, ADA).await;
    app.admin().invitations().remove(&made.id).await.unwrap();
    app.send_mails().await;

    assert_eq!(the_mail(&app).await, (MailState::Dropped, 1, "the invitation is no longer open".to_owned()));
    assert!(mailbox.is_empty().await);
}

#[tokio::test]
async fn a_crash_between_commit_and_send_or_between_send_and_mark_loses_nothing() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    invited(&app, ADA).await;
    let first = app.mail_to(&mailbox).await;
    // As if the process had died after the server took the mail, before that was written down.
    app.app.db.batch("UPDATE outbox SET state = 'waiting', ended_at = NULL").await.unwrap();
    app.send_mails().await;
    assert!(mailbox.is_empty().await, "the lease still runs");

    app.app.clock.advance(3 * MINUTE);
    let other = app.replica_with(|settings| settings.smtp = mailbox.settings()).await;
    let second = other.mail_to(&mailbox).await;
    assert_eq!(first.header("Message-ID"), second.header("Message-ID"));
    assert_eq!(the_mail(&app).await, (MailState::Sent, 2, String::new()));
}

#[tokio::test]
async fn a_dead_mail_is_sent_once_somebody_revives_it() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    let made = invited(&app, "refused@school.example").await;
    app.send_mails().await;
    app.app.db.batch("UPDATE invitations SET email = 'ada@school.example'").await.unwrap();
    let id = mails(&app).await.remove(0).id;
    mail::retry(&app.app, &id).await.unwrap();

    assert_eq!(app.mail_to(&mailbox).await.link(), made.html_url.unwrap());
    assert_eq!(the_mail(&app).await, (MailState::Sent, 1, String::new()));
    assert!(mail::retry(&app.app, &id).await.is_err(), "what was sent is not sent again");
}

#[tokio::test]
async fn all_dead_mails_are_revived_at_once() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    for name in ["refused1", "refused2", "ada"] {
        invited(&app, &format!("{name}@school.example")).await;
    }
    app.send_mails().await;
    assert_eq!(mail::retry_all_dead(&app.app).await.unwrap(), 2);
    assert_eq!(mail::retry_all_dead(&app.app).await.unwrap(), 0);
}

#[tokio::test]
async fn an_address_that_would_end_a_line_is_never_spoken() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    invited(&app, ADA).await;
    let mut tx = app.app.db.write().await.unwrap();
    let odd = "ada@school.example>\r\nRCPT TO:<eve@evil.example";
    tx.execute("UPDATE invitations SET email = $1", (odd,)).await.unwrap();
    tx.commit().await.unwrap();
    app.send_mails().await;

    assert_eq!(the_mail(&app).await.0, MailState::Dead);
    assert!(mailbox.is_empty().await);
}

#[tokio::test]
async fn addresses_of_every_script_get_their_mail() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    for (email, arrives_at) in
        [("ada@école.example", "ada@xn--cole-9oa.example"), ("josé@school.example", "josé@school.example")]
    {
        invited(&app, email).await;
        assert_eq!(app.mail_to(&mailbox).await.to, [arrives_at]);
    }
}

#[tokio::test]
async fn without_a_mail_server_mails_wait() {
    let app = TestApp::start().await;
    let made = invited(&app, ADA).await;
    app.app.clock.advance(DAY);
    app.send_mails().await;

    assert_eq!(the_mail(&app).await, (MailState::Waiting, 0, String::new()));
    let kept = mail::list_all(&app.app, Some(MailState::Waiting), 10).await.unwrap();
    let letter = kept[0].letter.as_ref().unwrap();
    assert_eq!((letter.to.as_str(), Some(&letter.links[0].url)), (ADA, made.html_url.as_ref()));
    assert!(mail::list_all(&app.app, Some(MailState::Sent), 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_the_links_open_is_shown_only_while_the_mail_waits() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    let made = invited(&app, ADA).await;
    let (id, code) = (mails(&app).await.remove(0).id, made.custom_code.unwrap());
    let shown = async || mail::look(&app.app, &id).await.unwrap().letter.unwrap().plain().unwrap();
    assert!(shown().await.contains(&code));
    app.send_mails().await;
    assert!(!shown().await.contains(&code));
}

#[tokio::test]
async fn replicas_that_send_at_once_send_each_mail_once() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    for number in 0..20 {
        invited(&app, &format!("person{number}@school.example")).await;
    }
    let other = app.replica_with(|settings| settings.smtp = mailbox.settings()).await;
    tokio::join!(app.send_mails(), other.send_mails(), app.send_mails());

    let mut came = std::collections::BTreeSet::new();
    for _ in 0..20 {
        came.insert(mailbox.next().await.to.remove(0));
    }
    assert_eq!(came.len(), 20);
    assert!(mailbox.is_empty().await);
}

#[tokio::test]
async fn what_was_sent_is_forgotten_after_30_days_and_what_was_refused_after_90() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    for name in ["ada", "refused"] {
        invited(&app, &format!("{name}@school.example")).await;
    }
    app.send_mails().await;
    for (days, left) in [(30, 2), (1, 1), (59, 1), (1, 0)] {
        app.app.clock.advance(DAY * days);
        keep_up(&app.app).await.unwrap();
        let rows = app.column("SELECT id FROM outbox").await.len();
        assert_eq!(rows, left, "after {days} more");
    }
}

#[tokio::test]
async fn the_list_has_pages_and_holds_no_other_schools_mails() {
    let app = TestApp::start().await;
    let other = app.other_school().await;
    app.client(&other.token).invitations().create(&invite(ADA, None)).await.unwrap();
    for number in 0..3 {
        invited(&app, &format!("person{number}@school.example")).await;
    }
    let query = MailQuery { limit: Some(2), ..MailQuery::default() };
    let first = app.admin().mails().list(&query).await.unwrap();
    let second = first.next().await.unwrap().unwrap();

    let invitations = app.admin().invitations().list(&InvitationQuery::default()).await.unwrap().items;
    let subjects: Vec<String> =
        [first.items, second.items].concat().into_iter().map(|mail| mail.subject_id).collect();
    assert_eq!(subjects, invitations.iter().map(|invitation| invitation.id.to_string()).collect::<Vec<_>>());
    let (_, teacher) = app.caller("t", Role::Teacher, Scope::ALL).await;
    assert_eq!(code(teacher.mails().list(&query).await), "FORBIDDEN");
}

#[tokio::test]
async fn a_notice_of_a_new_password_goes_to_the_account_and_never_after_its_removal() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    let profile = Profile { firstname: "Ada".to_owned(), ..with_email("ada", ADA) };
    let ada = app.add(&app.school, profile, Role::Teacher).await;
    let notify = async || {
        let mut tx = app.app.db.write().await.unwrap();
        Mail::PasswordChanged
            .enqueue(&app.app, &mut tx, &app.school.organization, ada.as_str())
            .await
            .unwrap();
        tx.commit().await.unwrap();
    };
    notify().await;
    let mail = app.mail_to(&mailbox).await;
    assert_eq!((mail.to[0].as_str(), mail.subject.as_str()), (ADA, "Your password was changed"));
    assert!(mail.text.contains("“ada”") && mail.links().is_empty(), "{}", mail.text);
    notify().await;
    app.admin().users().remove(&ada).await.unwrap();
    app.send_mails().await;
    assert!(mailbox.is_empty().await && mails(&app).await.is_empty());
}

#[tokio::test]
async fn a_notice_that_waited_for_a_mail_server_for_more_than_a_week_is_not_sent() {
    let mailbox = Mailbox::start().await;
    let app = TestApp::start().await;
    let ada = app.add(&app.school, with_email("ada", ADA), Role::Teacher).await;
    let mut tx = app.app.db.write().await.unwrap();
    let (organization, user) = (&app.school.organization, ada.as_str());
    Mail::PasswordChanged.enqueue(&app.app, &mut tx, organization, user).await.unwrap();
    tx.commit().await.unwrap();
    app.app.clock.advance(DAY * 7 + MINUTE);
    app.replica_with(|settings| settings.smtp = mailbox.settings()).await.send_mails().await;

    assert_eq!(the_mail(&app).await, (MailState::Dropped, 1, "the notice has become too old".to_owned()));
    assert!(mailbox.is_empty().await);
}
