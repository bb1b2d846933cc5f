//! Links that leave by mail: what each does, once, and what ends it.

use homeroom_client::{OrganizationId, Role, Update, UserAdminUpdate, UserId};
use homeroom_server::jobs::keep_up;
use homeroom_server::mail::Mail;
use homeroom_server::mailed_links::{self, Kind, Purpose};

use crate::mail::app_with;
use crate::support::{DAY, Mailbox, TestApp, with_email};

const ADA: &str = "ada@school.example";

async fn ada(app: &TestApp) -> UserId {
    app.add(&app.school, with_email("ada", ADA), Role::User).await
}

async fn send(app: &TestApp, user: &UserId, kind: Kind, email: &str) {
    let mut tx = app.app.db.write().await.unwrap();
    mailed_links::send(&app.app, &mut tx, &app.school.organization, user, kind, email).await.unwrap();
    tx.commit().await.unwrap();
}

fn token(link: &str) -> String {
    link.rsplit_once('/').unwrap().1.to_owned()
}

/// The user whose link was taken.
async fn take(app: &TestApp, purpose: Purpose, token: &str) -> Option<UserId> {
    let mut tx = app.app.db.write().await.unwrap();
    let taken = mailed_links::take(&app.app, &mut tx, purpose, token).await.unwrap();
    tx.commit().await.unwrap();
    taken.map(|taken| taken.user)
}

/// Whether a link that is there has been used, and has expired.
async fn peek(app: &TestApp, purpose: Purpose, token: &str) -> Option<(bool, bool)> {
    let mut conn = app.app.db.read().await.unwrap();
    let link = mailed_links::peek(&app.app, &mut conn, purpose, token).await.unwrap();
    link.map(|link| (link.is_used, link.is_expired))
}

#[tokio::test]
async fn a_link_works_once_and_only_for_what_it_was_made_for() {
    use Purpose::{ConfirmEmail, SetPassword};
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    let ada = ada(&app).await;
    for (kind, purpose, other, page) in [
        (Kind::Reset, SetPassword, ConfirmEmail, "/auth/reset/"),
        (Kind::Setup, SetPassword, ConfirmEmail, "/auth/reset/"),
        (Kind::ConfirmEmail, ConfirmEmail, SetPassword, "/auth/confirm-email/"),
    ] {
        send(&app, &ada, kind, ADA).await;
        let link = app.mail_to(&mailbox).await.link();
        assert!(link.starts_with(&format!("{}{page}", app.url)), "{link}");
        let token = token(&link);
        assert_eq!((take(&app, other, &token).await, peek(&app, other, &token).await), (None, None));
        assert_eq!(peek(&app, purpose, &token).await, Some((false, false)));
        assert_eq!(take(&app, purpose, &token).await.as_ref(), Some(&ada));
        assert_eq!(take(&app, purpose, &token).await, None);
        assert_eq!(peek(&app, purpose, &token).await, Some((true, false)));
    }
}

#[tokio::test]
async fn a_token_stands_nowhere_in_the_database() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    send(&app, &ada(&app).await, Kind::Reset, ADA).await;
    let token = token(&app.mail_to(&mailbox).await.link());
    assert_eq!(app.tables_that_hold(&token).await, Vec::<String>::new());
}

#[tokio::test]
async fn each_kind_of_link_lasts_as_long_as_it_should() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    let ada = ada(&app).await;
    for (kind, purpose, hours) in [
        (Kind::Reset, Purpose::SetPassword, 1),
        (Kind::Setup, Purpose::SetPassword, 7 * 24),
        (Kind::ConfirmEmail, Purpose::ConfirmEmail, 24),
    ] {
        send(&app, &ada, kind, ADA).await;
        let token = token(&app.mail_to(&mailbox).await.link());
        app.app.clock.advance(DAY / 24 * hours);
        assert_eq!(take(&app, purpose, &token).await, None, "{kind:?}");
        assert_eq!(peek(&app, purpose, &token).await, Some((false, true)));
        app.app.clock.advance(DAY * 8);
        keep_up(&app.app).await.unwrap();
        assert_eq!(peek(&app, purpose, &token).await, None);
    }
    assert_eq!(app.column("SELECT email FROM mailed_links").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_link_that_has_expired_before_it_could_be_sent_is_not_sent() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    send(&app, &ada(&app).await, Kind::Reset, ADA).await;
    app.app.clock.advance(DAY);
    app.send_mails().await;
    assert!(mailbox.is_empty().await);
    assert_eq!(app.column("SELECT state FROM outbox").await, ["dropped"]);
}

#[tokio::test]
async fn a_reset_of_a_shared_address_is_one_mail_with_a_link_for_each_account() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    let (organization, mut ids) = (&app.school.organization, Vec::new());
    let mut users = [app.user("bea", Role::User).await, app.user("ada", Role::User).await];
    let mut tx = app.app.db.write().await.unwrap();
    for user in &users {
        ids.push(
            mailed_links::create(&app.app, &mut tx, organization, user, Kind::Reset, ADA).await.unwrap(),
        );
    }
    Mail::PasswordReset.enqueue(&app.app, &mut tx, organization, &ids[0]).await.unwrap();
    tx.commit().await.unwrap();
    let mail = app.mail_to(&mailbox).await;

    assert_eq!(mail.to, [ADA]);
    assert!(
        mail.text.contains("Several accounts") && mail.text.contains("New password for ada"),
        "{}",
        mail.text
    );
    users.reverse();
    for (link, user) in mail.links().iter().zip(&users) {
        assert_eq!(take(&app, Purpose::SetPassword, &token(link)).await.as_ref(), Some(user));
    }
    assert!(mailbox.is_empty().await);
}

#[tokio::test]
async fn who_asks_twice_for_one_account_gets_one_link_in_each_mail() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    let ada = ada(&app).await;
    for _ in 0..2 {
        send(&app, &ada, Kind::Reset, ADA).await;
        app.mail_to(&mailbox).await.link();
    }
}

#[tokio::test]
async fn a_new_address_or_password_ends_the_links_that_are_open() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    let ada = ada(&app).await;
    let email = Update::Set("new@school.example".to_owned());
    for update in [
        UserAdminUpdate { email, ..UserAdminUpdate::default() },
        UserAdminUpdate { password: Some("battery staple".to_owned()), ..UserAdminUpdate::default() },
    ] {
        send(&app, &ada, Kind::Reset, ADA).await;
        send(&app, &ada, Kind::FormerAddress, ADA).await;
        app.admin().users().update(&ada, &update).await.unwrap();
        let notice = app.mail_to(&mailbox).await;
        assert_eq!((notice.to[0].as_str(), notice.links().len()), (ADA, 0));
        assert_eq!(notice.subject, "Your e-mail address was changed");
        assert!(mailbox.is_empty().await, "the reset was sent");
    }
}

#[tokio::test]
async fn a_person_who_is_removed_leaves_neither_links_nor_mails() {
    let app = TestApp::start().await;
    let ada = ada(&app).await;
    send(&app, &ada, Kind::Reset, ADA).await;
    app.admin().users().remove(&ada).await.unwrap();
    assert_eq!(app.column("SELECT id FROM mailed_links").await, Vec::<String>::new());
    assert_eq!(app.column("SELECT link_id FROM mailed_link_keys").await, Vec::<String>::new());
}

#[tokio::test]
async fn an_individual_whose_password_an_administrator_set_gets_a_link_in_their_language() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    let ada = ada(&app).await;
    let update =
        UserAdminUpdate { password: Some("battery staple".to_owned()), ..UserAdminUpdate::default() };
    app.admin().users().update(&ada, &update).await.unwrap();
    app.app.db.batch("UPDATE users SET locale = 'fr' WHERE username = 'ada'").await.unwrap();
    app.admin().users().convert_to_individual(&ada).await.unwrap();
    let mail = app.mail_to(&mailbox).await;

    assert_eq!(mail.subject, "Définissez le mot de passe de votre compte");
    let individuals = OrganizationId::from(homeroom_server::organizations::INDIVIDUALS);
    let mut tx = app.app.db.write().await.unwrap();
    let token = token(&mail.link());
    let taken = mailed_links::take(&app.app, &mut tx, Purpose::SetPassword, &token).await.unwrap().unwrap();
    assert_eq!((taken.organization, taken.user, taken.email.as_str()), (individuals, ada, ADA));
}
