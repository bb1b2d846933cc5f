//! Mail servers that refuse, hang, lie or want a password: what they get, and what the mail says of them.

use std::time::Duration;

use homeroom_client::{MailQuery, MailState};
use homeroom_server::config::{self, Smtp};
use homeroom_server::mail;
use secrecy::ExposeSecret as _;

use crate::mail::{ADA, MINUTE, app_with, invited, mails, the_mail};
use crate::support::mailbox::Tls;
use crate::support::{Mailbox, NOW, TestApp};

#[tokio::test]
async fn a_mail_that_is_not_taken_is_tried_again_after_longer_and_longer_pauses_and_then_given_up() {
    let app = TestApp::start_with(|settings| settings.smtp = Some(nobody_listens())).await;
    invited(&app, ADA).await;
    for (attempt, pause) in [1, 5, 30, 180, 720].into_iter().enumerate() {
        app.send_mails().await;
        let (state, attempts, error) = the_mail(&app).await;
        assert_eq!((state, attempts), (MailState::Waiting, attempt as i64 + 1));
        assert!(error.contains("connecting to 127.0.0.1"), "{error}");
        app.app.clock.advance(pause * MINUTE - Duration::from_millis(1));
        app.send_mails().await;
        assert_eq!(the_mail(&app).await.1, attempts, "too early");
        app.app.clock.advance(Duration::from_millis(1));
    }
    app.send_mails().await;
    let (state, attempts, _) = the_mail(&app).await;
    assert_eq!((state, attempts), (MailState::Dead, 6));
}

/// A port that was just given back.
pub fn nobody_listens() -> Smtp {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    format!("smtp://127.0.0.1:{port}").parse().unwrap()
}

#[tokio::test]
async fn a_refusal_for_good_is_not_repeated_and_does_not_tell_the_address() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    invited(&app, "refused@school.example").await;
    app.send_mails().await;

    let (state, attempts, error) = the_mail(&app).await;
    assert_eq!((state, attempts), (MailState::Dead, 1));
    assert_eq!(error, "RCPT TO: 550 5.1.1 <…> is unknown here");
    let query = MailQuery { state: vec![MailState::Dead], ..MailQuery::default() };
    let dead = app.admin().mails().list(&query).await.unwrap().items;
    assert_eq!((dead.len(), dead[0].kind.as_str()), (1, "invitation"));
    assert_eq!(app.tables_that_hold("refused@").await, ["invitations.email", "invitations.email_key"]);
}

#[tokio::test]
async fn a_server_that_is_busy_or_hangs_up_within_a_mail_or_does_not_know_us_gets_it_again() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    for (name, word) in [
        ("busy", "451 4.7.1 try again later"),
        ("broken", "end of DATA"),
        ("relayed", "554 5.7.1 relay access denied"),
    ] {
        let made = invited(&app, &format!("{name}@school.example")).await;
        app.send_mails().await;
        let mail = mails(&app).await.pop().unwrap();
        assert_eq!(mail.state, MailState::Waiting);
        assert!(mail.error.as_ref().unwrap().contains(word), "{mail:?}");
        app.app.clock.advance(MINUTE);
        assert_eq!(app.mail_to(&mailbox).await.link(), made.html_url.unwrap());
    }
}

#[tokio::test]
async fn one_mail_that_the_server_dwells_on_does_not_hold_up_the_others() {
    let mailbox = Mailbox::start().await;
    let limit = Duration::from_secs(3);
    let app = TestApp::start_with(|settings| {
        settings.smtp = mailbox.settings().map(|smtp| Smtp { limit, ..smtp });
    })
    .await;
    for name in ["silent", "slow", "ada", "bea", "carol"] {
        invited(&app, &format!("{name}@school.example")).await;
    }
    app.send_mails().await;

    let mut came = Vec::new();
    for _ in 0..4 {
        came.push(mailbox.next().await.to.remove(0));
    }
    assert_eq!(came.last().unwrap(), "slow@school.example");
    let left: Vec<_> =
        mails(&app).await.into_iter().filter(|mail| mail.state == MailState::Waiting).collect();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].error.as_deref(), Some("the mail server took longer than 3 s"));
}

#[tokio::test]
async fn a_mail_that_comes_while_the_server_dwells_on_another_does_not_wait_for_it() {
    let mailbox = Mailbox::start().await;
    let limit = Duration::from_secs(60);
    let app = TestApp::start_with(|settings| {
        settings.smtp = mailbox.settings().map(|smtp| Smtp { limit, ..smtp });
    })
    .await;
    app.app.start();
    invited(&app, "silent@school.example").await;
    while the_mail(&app).await.1 == 0 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    invited(&app, ADA).await;
    assert_eq!(mailbox.next().await.to, [ADA]);
}

#[tokio::test]
async fn a_server_that_does_not_let_go_does_not_hold_up_the_next_mails() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    for name in ["parting", "ada"] {
        invited(&app, &format!("{name}@school.example")).await;
        let sending = tokio::time::timeout(Duration::from_secs(20), app.mail_to(&mailbox)).await;
        assert_eq!(sending.expect("nobody waits for QUIT").to, [format!("{name}@school.example")]);
    }
}

#[tokio::test]
async fn mails_leave_through_tls_with_name_and_password() {
    for tls in [Tls::Implicit, Tls::Upgraded] {
        let mailbox = Mailbox::start_with(tls, Some(("homeroom", "secret"))).await;
        let app = app_with(&mailbox).await;
        invited(&app, ADA).await;
        let mail = app.mail_to(&mailbox).await;
        assert!(mail.encrypted && mail.signed_in, "{mail:?}");
    }
}

#[tokio::test]
async fn a_wrong_password_keeps_the_mail_and_does_not_show_itself() {
    let mailbox = Mailbox::start_with(Tls::Upgraded, Some(("homeroom", "secret"))).await;
    let mut smtp = mailbox.settings().unwrap();
    let wrong = || "not the password".to_owned().into();
    smtp.credentials = smtp.credentials.map(|(user, _)| (user, wrong()));
    assert!(!format!("{smtp:?}").contains(wrong().expose_secret()));
    let app = TestApp::start_with(|settings| settings.smtp = Some(smtp)).await;
    invited(&app, ADA).await;
    app.send_mails().await;

    let (state, attempts, error) = the_mail(&app).await;
    assert_eq!((state, attempts), (MailState::Waiting, 1));
    assert!(error.starts_with("signing in: 535"), "{error}");
}

#[tokio::test]
async fn a_password_for_a_server_that_takes_none_keeps_the_mail_and_says_what_to_do() {
    let mailbox = Mailbox::start().await;
    let plain = mailbox.settings().unwrap();
    let smtp: Smtp = format!("smtp://homeroom:secret@127.0.0.1:{}", plain.port).parse().unwrap();
    let app = TestApp::start_with(|settings| settings.smtp = Some(smtp)).await;
    invited(&app, ADA).await;
    app.send_mails().await;

    let (state, _, error) = the_mail(&app).await;
    assert_eq!(state, MailState::Waiting);
    assert!(error.contains("takes no password") && !error.contains("secret"), "{error}");
}

#[tokio::test]
async fn a_server_that_does_not_begin_with_tls_keeps_the_mail_and_says_what_to_do() {
    let mailbox = Mailbox::start().await;
    let plain = mailbox.settings().unwrap();
    let smtp: Smtp = format!("smtps://127.0.0.1:{}", plain.port).parse().unwrap();
    let app = TestApp::start_with(|settings| settings.smtp = Some(smtp)).await;
    invited(&app, ADA).await;
    app.send_mails().await;

    let (state, _, error) = the_mail(&app).await;
    assert_eq!(state, MailState::Waiting);
    assert!(error.contains("write smtp://"), "{error}");
}

#[tokio::test]
async fn a_sender_that_the_server_refuses_is_a_matter_of_the_settings_and_the_mail_waits() {
    let mailbox = Mailbox::start().await;
    let app = TestApp::start_with(|settings| {
        settings.smtp = mailbox.settings();
        settings.mail_from = config::mailbox("refused@school.example");
    })
    .await;
    invited(&app, ADA).await;
    app.send_mails().await;

    let (state, attempts, error) = the_mail(&app).await;
    assert_eq!((state, attempts), (MailState::Waiting, 1));
    assert!(error.starts_with("MAIL FROM: 550 5.1.8"), "{error}");
}

#[tokio::test]
async fn a_mail_server_that_is_not_known_by_its_certificate_gets_nothing() {
    for tls in [Tls::Implicit, Tls::Upgraded] {
        let mailbox = Mailbox::start_with(tls, None).await;
        let real = mailbox.settings().unwrap();
        let unknown = Smtp { authority: None, ..real.clone() };
        let other_name = Smtp { host: "127.0.0.1".to_owned(), ..real };
        for smtp in [unknown, other_name] {
            let app = TestApp::start_with(|settings| settings.smtp = Some(smtp)).await;
            invited(&app, ADA).await;
            app.send_mails().await;
            let (state, _, error) = the_mail(&app).await;
            assert_eq!(state, MailState::Waiting);
            assert!(error.contains("certificate"), "{error}");
        }
        assert!(mailbox.is_empty().await);
    }
}

#[tokio::test]
async fn a_server_from_which_somebody_took_starttls_away_gets_nothing() {
    let mailbox = Mailbox::start().await;
    let plain = mailbox.settings().unwrap();
    let smtp: Smtp = format!("smtp://127.0.0.1:{}?tls=required", plain.port).parse().unwrap();
    let app = TestApp::start_with(|settings| settings.smtp = Some(smtp)).await;
    invited(&app, ADA).await;
    app.send_mails().await;

    assert!(the_mail(&app).await.2.contains("offers no STARTTLS"));
    assert!(mailbox.is_empty().await);
}

#[tokio::test]
async fn a_test_mail_tells_what_the_server_answered() {
    let mailbox = Mailbox::start().await;
    let app = app_with(&mailbox).await;
    let postman = app.app.postman.as_ref().unwrap();
    assert_eq!(mail::deliver_test(postman, "1", ADA, NOW).await.unwrap(), "250 2.0.0 taken");
    assert_eq!(mailbox.next().await.subject, "Test mail from Homeroom");
    let refused = mail::deliver_test(postman, "2", "refused@school.example", NOW).await.unwrap_err();
    assert!(refused.text.contains("550 5.1.1"), "{}", refused.text);
    assert!(mails(&app).await.is_empty());
}
