//! Guessing passwords and who is there, and using a browser that somebody left.

use std::time::Duration;

use futures_util::future::join_all;
use homeroom_client::Role;
use reqwest::{Method, StatusCode};

use crate::support::browser::{Browser, PASSWORD, between};
use crate::support::{DAY, TestApp, person};

const SIGN_IN: &str = "/o/north-hill-school/auth/signin";
const HOUR: Duration = Duration::from_secs(3600);

/// Tries a password from an address that a header names; the status.
async fn try_from(app: &TestApp, name: &str, address: &str) -> StatusCode {
    let mut browser = app.browser();
    let forwarded = [("x-forwarded-for", address)];
    browser.send_from(Method::GET, SIGN_IN, &forwarded).await;
    let csrf = browser.csrf.clone();
    let fields = [("csrf", csrf.as_str()), ("name", name), ("password", "wrong horse")];
    browser.post_from(SIGN_IN, &fields, &forwarded).await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_guesses_at_once_through_two_replicas_ten_are_looked_at() {
    let app = TestApp::start().await;
    let other = app.replica().await;
    app.member(person("ada"), Role::User).await;
    let guesses = (0..24).map(|number| {
        let mut browser = if number % 2 == 0 { app.browser() } else { other.browser() };
        async move { browser.sign_in_with("ada", &format!("guess {number}")).await.status }
    });
    let answers = join_all(guesses).await;
    let looked_at = answers.iter().filter(|status| **status == StatusCode::UNPROCESSABLE_ENTITY).count();
    assert_eq!(looked_at, 10, "{answers:?}");
    assert!(answers.iter().all(|status| status.is_client_error()), "{answers:?}");
    for replica in [&app, &other] {
        let right = replica.browser().sign_in("ada").await;
        assert_eq!(right.status, StatusCode::TOO_MANY_REQUESTS, "the right one has to wait too");
    }
    app.app.clock.advance(Duration::from_secs(31));
    assert_eq!(other.browser().sign_in("ada").await.location(), "/account");
}

#[tokio::test]
async fn the_wait_doubles_and_tells_nobody_who_is_there() {
    let app = TestApp::start().await;
    app.member(person("ada"), Role::User).await;
    let mut pages = Vec::new();
    for name in ["ada", "nobody"] {
        let mut waits = Vec::new();
        for _ in 0..10 {
            app.browser().sign_in_with(name, "wrong horse").await;
        }
        for _ in 0..4 {
            let told = app.browser().sign_in_with(name, "wrong horse").await;
            assert_eq!(told.status, StatusCode::TOO_MANY_REQUESTS);
            let seconds: u64 = told.headers["retry-after"].to_str().unwrap().parse().unwrap();
            waits.push(seconds);
            let csrf = between(&told.text, "name=\"csrf\" value=\"", "\"").unwrap().to_owned();
            pages.push((name, told.text.replace(name, "NAME").replace(&csrf, "CSRF")));
            app.app.clock.advance(Duration::from_secs(seconds));
            assert_eq!(
                app.browser().sign_in_with(name, "wrong horse").await.status,
                StatusCode::UNPROCESSABLE_ENTITY
            );
        }
        assert_eq!(waits, [30, 60, 120, 240], "{name}");
    }
    let of = |wanted| pages.iter().filter(move |(name, _)| *name == wanted).map(|(_, page)| page);
    assert!(of("ada").eq(of("nobody")));
}

#[tokio::test]
async fn a_client_does_not_choose_the_address_that_its_failures_count_for() {
    let app = TestApp::start_with(|settings| settings.signin_failures_address = 3).await;
    let mut answers = Vec::new();
    for number in 0..5 {
        answers
            .push(try_from(&app, &format!("pupil{number}"), &format!("203.0.113.{number}")).await.as_u16());
    }
    assert_eq!(answers, [422, 422, 422, 429, 429]);
}

#[tokio::test]
async fn behind_a_proxy_failures_count_for_the_client_and_for_a_whole_64_of_ipv6() {
    let app = TestApp::start_with(|settings| {
        settings.signin_failures_address = 3;
        settings.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await;
    let mut answers = Vec::new();
    for (name, address) in [
        ("a", "2001:db8:1:2::1"),
        ("b", "2001:db8:1:2::2"),
        ("c", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
        ("d", "2001:db8:1:2:abcd::1"),
        ("e", "2001:db8:1:3::1"),
        ("f", "198.51.100.7"),
        ("g", "2001:db8:1:2::1, 198.51.100.8"),
    ] {
        answers.push(try_from(&app, name, address).await.as_u16());
    }
    assert_eq!(answers, [422, 422, 422, 429, 422, 422, 422]);
}

/// A browser in which a new pupil signed in just now.
async fn signed_in(app: &TestApp) -> Browser {
    app.member(person("ada"), Role::User).await;
    let mut browser = app.browser();
    assert_eq!(browser.sign_in_with("ada", PASSWORD).await.location(), "/account");
    browser
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_without_a_page() {
    let app = TestApp::start().await;
    let mut browser = signed_in(&app).await;
    for _ in 0..2 {
        app.app.clock.advance(HOUR * 12 - Duration::from_secs(60));
        assert!(browser.is_signed_in().await);
    }
    app.app.clock.advance(HOUR * 12);
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn a_session_ends_after_thirty_days_however_much_it_is_used() {
    let app = TestApp::start().await;
    let mut browser = signed_in(&app).await;
    for _ in 0..60 {
        app.app.clock.advance(HOUR * 12 - Duration::from_secs(60));
        assert!(browser.is_signed_in().await);
    }
    let used = (HOUR * 12 - Duration::from_secs(60)) * 60;
    app.app.clock.advance(DAY * 30 - used - Duration::from_secs(1));
    assert!(browser.is_signed_in().await);
    app.app.clock.advance(Duration::from_secs(1));
    assert!(!browser.is_signed_in().await);
}

/// Passwords are compared before the account is locked, and each comparison takes its time: the change falls into it.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_in_with_a_password_that_is_changed_meanwhile() {
    let app = TestApp::start().await;
    let other = app.app.passwords.hash("quite another horse".into()).await.unwrap().0;
    for (number, wait) in [5, 10, 20, 40, 60, 80, 120].into_iter().enumerate() {
        let name = format!("ada{number}");
        app.member(person(&name), Role::User).await;
        let mut thieves: Vec<Browser> = (0..9).map(|_| app.browser()).collect();
        let trying = join_all(thieves.iter_mut().map(|thief| thief.sign_in(&name)));
        let changing = async {
            tokio::time::sleep(Duration::from_millis(wait)).await;
            let change = format!(
                "UPDATE users SET password_hash = '{other}' WHERE username = '{name}'; DELETE FROM sessions"
            );
            app.app.db.batch(change.leak()).await.unwrap();
        };
        tokio::join!(trying, changing);
        assert!(app.column("SELECT id FROM sessions").await.is_empty(), "after {wait} ms");
    }
}
