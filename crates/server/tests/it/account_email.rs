//! One's e-mail address: asked for, confirmed by the link in a mail, given up.

use homeroom_client::Role;
use reqwest::StatusCode;

use crate::account::{ada, individually, said, signed_in, wrong};
use crate::resets;
use crate::support::browser::{Browser, PASSWORD};
use crate::support::{DAY, TestApp, person, with_email};

const EMAIL: &str = "/account/email";
const NEW: &str = "new@school.example";
const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// The path of the link that confirms [`NEW`] for somebody who is signed in.
async fn ask(app: &TestApp, browser: &mut Browser) -> String {
    let seen = browser.submit(EMAIL, &[("email", NEW), ("current", PASSWORD)]).await;
    assert_eq!(seen.location(), "/account/email?done=asked", "{}", seen.text);
    resets::link(app).await
}

async fn email(app: &TestApp) -> Vec<String> {
    app.column("SELECT email FROM users WHERE username = 'ada'").await
}

#[tokio::test]
async fn another_address_counts_once_its_mail_was_read() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    let mut elsewhere = signed_in(&app, "ada").await;
    let seen = browser.submit(EMAIL, &[("email", NEW), ("current", PASSWORD)]).await;
    assert_eq!(seen.location(), "/account/email?done=asked");
    let seen = browser.get("/account/email?done=asked").await;
    assert!(said(&seen).starts_with("A mail is on its way"), "{}", seen.text);
    assert!(
        seen.text.contains("Your address is ada@school.example") && seen.text.contains(NEW),
        "{}",
        seen.text
    );
    assert!(browser.get("/account").await.text.contains("new@school.example has yet to be confirmed"));

    let link = resets::link(&app).await;
    assert!(link.starts_with("/auth/confirm-email/"), "{link}");
    let seen = browser.submit(&link, &[]).await;
    assert_eq!(seen.location(), "/account?done=email");
    let seen = browser.get("/account?done=email").await;
    assert!(seen.text.contains(NEW) && !seen.text.contains("ada@school.example"), "{}", seen.text);
    assert!(!seen.text.contains("has yet to be confirmed"));
    assert!(!elsewhere.is_signed_in().await, "other browsers are signed out");
    let told = resets::mails(&app).await.pop().unwrap();
    assert_eq!(told.0, "ada@school.example", "the former address is told");
}

#[tokio::test]
async fn an_address_is_not_changed_without_the_password_nor_to_what_is_none() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    for (email, current, field, sentence) in [
        (NEW, "", "current", "This is not the password"),
        (NEW, "wrong horse", "current", "This is not the password"),
        ("nonsense", PASSWORD, "email", "This is not an e-mail address"),
        ("", PASSWORD, "email", "This is not an e-mail address"),
    ] {
        let seen = browser.submit(EMAIL, &[("email", email), ("current", current)]).await;
        assert_eq!(seen.status, WRONG, "{email} {current}");
        assert!(wrong(&seen, field).unwrap().starts_with(sentence), "{}", seen.text);
        assert!(!seen.text.contains("horse"), "no password is shown");
    }
    assert!(app.column("SELECT email FROM mailed_links").await.is_empty());
}

#[tokio::test]
async fn somebody_elses_address_is_told_to_who_reads_its_mail_alone() {
    let app = TestApp::start().await;
    app.member(with_email("bea", "bea@school.example"), Role::User).await;
    let mut browser = ada(&app).await;
    let seen = browser.submit(EMAIL, &[("email", "bea@school.example"), ("current", PASSWORD)]).await;
    assert_eq!(seen.location(), "/account/email?done=asked");
    let link = resets::link(&app).await;
    let seen = browser.submit(&link, &[]).await;
    assert_eq!(seen.status, WRONG);
    assert!(seen.text.contains("Another account has this e-mail address"), "{}", seen.text);
}

#[tokio::test]
async fn after_five_mails_in_an_hour_there_is_a_wait() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    for number in 0..6 {
        let email = format!("new{number}@school.example");
        let seen = browser.submit(EMAIL, &[("email", &email), ("current", PASSWORD)]).await;
        assert_eq!(wrong(&seen, "email").is_some(), number == 5, "{number}: {}", seen.text);
    }
    assert_eq!(app.column("SELECT email FROM mailed_links WHERE token IS NOT NULL").await.len(), 1);
}

#[tokio::test]
async fn who_is_called_by_their_address_is_told_to_get_another_name_first() {
    let app = TestApp::start().await;
    app.member(with_email("ada@school.example", "ada@school.example"), Role::User).await;
    let mut browser = signed_in(&app, "ada@school.example").await;
    let seen = browser.submit(EMAIL, &[("email", NEW), ("current", PASSWORD)]).await;
    assert!(wrong(&seen, "email").unwrap().starts_with("Your username is your present e-mail address"));
    let seen = browser.submit("/account/email/remove", &[("current", PASSWORD)]).await;
    assert!(seen.status == WRONG && seen.text.contains("another username first"), "{}", seen.text);
}

#[tokio::test]
async fn pupils_without_an_address_are_told_to_ask_a_teacher() {
    let app = TestApp::start().await;
    app.member(person("bea"), Role::User).await;
    app.member(person("grace"), Role::Teacher).await;
    for (username, sentence) in
        [("bea", "ask your teacher"), ("grace", "set a new password when you have forgotten")]
    {
        let seen = signed_in(&app, username).await.get(EMAIL).await;
        assert!(seen.text.contains(sentence), "{}", seen.text);
        assert!(!seen.text.contains("/account/email/remove"));
    }
    assert_eq!(
        signed_in(&app, "bea").await.get("/account/email/remove").await.location(),
        "/account?done=no-email"
    );
}

#[tokio::test]
async fn an_address_is_given_up_with_the_password() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    let mut elsewhere = signed_in(&app, "ada").await;
    let seen = browser.submit("/account/email/remove", &[("current", "wrong horse")]).await;
    assert!(wrong(&seen, "current").is_some(), "{}", seen.text);
    let seen = browser.submit("/account/email/remove", &[("current", PASSWORD)]).await;
    assert_eq!(seen.location(), "/account?done=no-email");
    assert!(browser.is_signed_in().await && !elsewhere.is_signed_in().await);
    assert_eq!(app.column("SELECT username FROM users WHERE email IS NULL").await, ["ada"]);
}

#[tokio::test]
async fn looking_at_a_link_uses_nothing_up_and_the_button_works_once() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    let link = ask(&app, &mut browser).await;
    for _ in 0..3 {
        let seen = app.browser().get(&link).await;
        assert_eq!((seen.status, seen.title()), (StatusCode::OK, "Confirm your e-mail address"));
        assert!(seen.text.contains(NEW) && seen.text.contains("“ada”"), "{}", seen.text);
    }
    assert_eq!(email(&app).await, ["ada@school.example"]);
    let mut other = app.browser();
    let seen = other.submit(&link, &[]).await;
    assert_eq!(seen.title(), "Your address is confirmed", "{}", seen.text);
    assert!(seen.text.contains("/o/north-hill-school/auth/signin") && !other.is_signed_in().await);
    assert_eq!(email(&app).await, [NEW]);
    assert!(!browser.is_signed_in().await, "where it was signed in it is signed out");

    for seen in [other.get(&link).await, other.post(&link, &[]).await] {
        assert_eq!((seen.status, seen.title()), (StatusCode::GONE, "This link was used"));
        assert!(seen.text.contains("href=\"/account/email\""), "{}", seen.text);
    }
}

#[tokio::test]
async fn a_form_of_another_site_confirms_nothing() {
    let app = TestApp::start().await;
    let link = ask(&app, &mut ada(&app).await).await;
    assert_eq!(app.browser().post_bare(&link, &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(email(&app).await, ["ada@school.example"]);
}

#[tokio::test]
async fn expired_unknown_and_superseded_links_each_get_their_sentence() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    let first = ask(&app, &mut browser).await;
    let second = ask(&app, &mut browser).await;
    let title = async |link: &str| {
        let (shown, mut posting) = (app.browser().get(link).await, app.browser());
        posting.get("/auth/signin").await;
        let posted = posting.post(link, &[]).await;
        assert_eq!((shown.status, shown.title()), (posted.status, posted.title()));
        (shown.status, shown.title().to_owned())
    };
    assert_eq!(title(&first).await, (StatusCode::GONE, "This link was used".to_owned()));
    let unknown = (StatusCode::NOT_FOUND, "This link doesn&#39;t work".to_owned());
    assert_eq!(title("/auth/confirm-email/nonsense").await, unknown);
    let reset = {
        app.member(with_email("bea", "bea@school.example"), Role::User).await;
        let fields = [("school", "north-hill-school"), ("name", "bea")];
        app.browser().submit("/auth/reset", &fields).await;
        app.app.tasks.close();
        app.app.tasks.wait().await;
        app.app.tasks.reopen();
        resets::link(&app).await.replace("/auth/reset/", "/auth/confirm-email/")
    };
    assert_eq!(title(&reset).await, unknown, "a link to set a password confirms nothing");
    app.app.clock.advance(DAY);
    assert_eq!(title(&second).await, (StatusCode::GONE, "This link is too old".to_owned()));
    assert_eq!(email(&app).await, ["ada@school.example"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_two_browsers_use_at_once_works_once() {
    let app = TestApp::start().await;
    let link = ask(&app, &mut ada(&app).await).await;
    let mut browsers: Vec<Browser> = (0..8).map(|_| app.browser()).collect();
    for browser in &mut browsers {
        browser.get(&link).await;
    }
    let posts = browsers.iter_mut().map(|browser| browser.post(&link, &[]));
    let seen = futures_util::future::join_all(posts).await;
    let titles: Vec<&str> = seen.iter().map(|seen| seen.title()).collect();
    let done = titles.iter().filter(|title| **title == "Your address is confirmed").count();
    let used = titles.iter().filter(|title| **title == "This link was used").count();
    assert_eq!((done, used), (1, 7), "{titles:?}");
}

#[tokio::test]
async fn who_follows_the_link_in_somebody_elses_session_stays_who_they_are() {
    let app = TestApp::start().await;
    let link = ask(&app, &mut ada(&app).await).await;
    let mut grace = app.teacher("grace").await;
    let before = grace.cookies["homeroom"].clone();
    assert_eq!(grace.submit(&link, &[]).await.title(), "Your address is confirmed");
    assert_eq!(grace.cookies["homeroom"], before);
    assert!(grace.get("/account").await.text.contains("grace"));
}

#[tokio::test]
async fn an_individual_confirms_an_address_too() {
    let app = TestApp::start().await;
    let mut browser = individually(&app, "carl").await;
    let link = ask(&app, &mut browser).await;
    let seen = app.browser().submit(&link, &[]).await;
    assert!(seen.text.contains("href=\"/auth/signin\""), "{}", seen.text);
    assert_eq!(app.column("SELECT email FROM users WHERE username = 'carl'").await, [NEW]);
}

#[tokio::test]
async fn signing_out_everywhere_ends_a_change_of_address_that_somebody_else_began() {
    let app = TestApp::start().await;
    let mut thief = ada(&app).await;
    let link = ask(&app, &mut thief).await;
    let mut owner = signed_in(&app, "ada").await;
    owner.submit("/account/sessions", &[("everywhere", "1")]).await;
    assert_eq!(app.browser().get(&link).await.status, StatusCode::GONE);
    assert_eq!(email(&app).await, ["ada@school.example"]);
}
