//! The second factor: how it is turned on and off, what it asks at sign-in, and the codes for who has lost the phone.

use homeroom_client::Role;
use reqwest::StatusCode;

use crate::account::{ada, said, signed_in, wrong};
use crate::support::browser::{Browser, PASSWORD, Seen, between};
use crate::support::phone::{FACTOR, Phone, recovery_codes};
use crate::support::{TestApp, with_email};

const REMOVAL: &str = "/account/second-factor/remove";
const CODES: &str = "/account/second-factor/codes";
const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// Sends what the page that asks for a code asks for.
async fn type_code(browser: &mut Browser, asked: &Seen, code: &str) -> Seen {
    let state = between(&asked.text, "name=\"state\" value=\"", "\"").unwrap();
    browser.post("/auth/signin/code", &[("state", state), ("code", code)]).await
}

async fn factors(app: &TestApp) -> usize {
    app.column("SELECT user_id FROM second_factors").await.len()
}

#[tokio::test]
async fn it_is_turned_on_with_a_first_code_and_asked_for_from_then_on() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    let page = browser.get(FACTOR).await;
    assert!(page.text.contains("src=\"data:image/svg+xml;base64,"), "{}", page.text);
    assert!(
        page.text.contains("href=\"otpauth://totp/Homeroom%20North%20Hill%20School:ada?secret="),
        "{}",
        page.text
    );
    let (phone, codes) = app.turn_on(&mut browser).await;
    assert_eq!(codes.len(), 10);
    assert!(browser.get("/account").await.text.contains(">On<"));
    let seen = browser.get(FACTOR).await;
    assert!(
        seen.text.contains("on since 2 March 2026") && seen.text.contains("don&#39;t have your phone: 10."),
        "{}",
        seen.text
    );
    assert!(!codes.iter().any(|code| seen.text.contains(code.as_str())), "they are shown once");

    let mut other = app.browser();
    let asked = other.sign_in("ada").await;
    assert_eq!(asked.title(), "One more step", "{}", asked.text);
    assert!(!other.is_signed_in().await, "the password alone is not enough");
    let wrong = type_code(&mut other, &asked, "000000").await;
    assert!(wrong.status == WRONG && wrong.text.contains("This code isn&#39;t right"), "{}", wrong.text);
    assert_eq!(type_code(&mut other, &asked, &phone.next_code(&app)).await.location(), "/account");
    assert!(other.is_signed_in().await);
}

#[tokio::test]
async fn nothing_is_turned_on_without_the_password_and_a_code_of_the_secret_that_was_shown() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    let page = browser.get(FACTOR).await;
    let (phone, setup) =
        (Phone::with_secret_of(&page), between(&page.text, "name=\"setup\" value=\"", "\"").unwrap());
    for (first, current, field) in [
        ("000000", PASSWORD, "first"),
        ("", PASSWORD, "first"),
        (&*phone.code(&app), "wrong horse", "current"),
    ] {
        let seen = browser.post(FACTOR, &[("setup", setup), ("first", first), ("current", current)]).await;
        assert!(wrong(&seen, field).is_some(), "{first} {current}: {}", seen.text);
        assert_eq!(between(&seen.text, "name=\"setup\" value=\"", "\""), Some(setup), "the secret stays");
    }
    let mut elsewhere = signed_in(&app, "ada").await;
    elsewhere.get(FACTOR).await;
    for (setup, why) in [(setup, "of another session"), ("", "of nothing"), ("AAAA", "made up")] {
        let fields = [("setup", setup), ("first", &*phone.code(&app)), ("current", PASSWORD)];
        assert_eq!(elsewhere.post(FACTOR, &fields).await.location(), FACTOR, "{why}");
    }
    assert_eq!(factors(&app).await, 0);
}

#[tokio::test]
async fn a_form_that_comes_again_changes_nothing() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    let page = browser.get(FACTOR).await;
    let setup = between(&page.text, "name=\"setup\" value=\"", "\"").unwrap();
    let code = Phone::with_secret_of(&page).code(&app);
    let fields = [("setup", setup), ("first", &*code), ("current", PASSWORD)];
    assert_eq!(browser.post(FACTOR, &fields).await.title(), "Your recovery codes");
    assert_eq!(browser.submit(FACTOR, &fields).await.location(), FACTOR);
    assert_eq!((factors(&app).await, app.column("SELECT user_id FROM recovery_codes").await.len()), (1, 10));
}

#[tokio::test]
async fn a_recovery_code_works_once_and_says_how_many_are_left() {
    let app = TestApp::start().await;
    let (_, codes) = app.turn_on(&mut ada(&app).await).await;
    let mut browser = app.browser();
    let asked = browser.sign_in("ada").await;
    let seen = type_code(&mut browser, &asked, &codes[0].to_lowercase().replace('-', " ")).await;
    assert_eq!(seen.title(), "You used a recovery code");
    assert!(seen.text.contains("Codes left: 9") && browser.is_signed_in().await, "{}", seen.text);
    let mut browser = app.browser();
    let asked = browser.sign_in("ada").await;
    assert_eq!(type_code(&mut browser, &asked, &codes[0]).await.status, WRONG);

    let count = "DELETE FROM recovery_codes WHERE code_hash <> (SELECT code_hash FROM recovery_codes ORDER BY code_hash LIMIT 1)";
    app.app.db.batch(count).await.unwrap();
    let mut last = None;
    for code in &codes[1..] {
        let seen = type_code(&mut browser, &asked, code).await;
        last = last.or((seen.status == StatusCode::OK).then_some(seen.text));
    }
    assert!(last.unwrap().contains("It was your last one"));
    let seen = browser.get(FACTOR).await;
    assert!(seen.text.contains("You have no recovery codes left"), "{}", seen.text);
    assert!(browser.get("/account").await.text.contains("Few recovery codes left"));
}

#[tokio::test]
async fn new_recovery_codes_take_a_code_and_end_the_old_ones() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    let (phone, old) = app.turn_on(&mut browser).await;
    let seen = browser.submit(CODES, &[("code", "000000")]).await;
    assert!(wrong(&seen, "code").is_some(), "{}", seen.text);
    let seen = browser.submit(CODES, &[("code", &phone.next_code(&app))]).await;
    let new = recovery_codes(&seen);
    assert!(new.len() == 10 && !new.iter().any(|code| old.contains(code)), "{}", seen.text);
    let mut other = app.browser();
    let asked = other.sign_in("ada").await;
    assert_eq!(type_code(&mut other, &asked, &old[0]).await.status, WRONG);
    assert_eq!(type_code(&mut other, &asked, &new[0]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn it_is_turned_off_with_password_and_code_together() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    let (phone, _) = app.turn_on(&mut browser).await;
    let code = phone.next_code(&app);
    for (current, code) in [(PASSWORD, "000000"), ("wrong horse", code.as_str()), (PASSWORD, ""), ("", &code)]
    {
        let seen = browser.submit(REMOVAL, &[("current", current), ("code", code)]).await;
        assert_eq!(seen.status, WRONG);
        assert!(seen.text.contains("The password or the code isn&#39;t right"), "not which: {}", seen.text);
    }
    assert_eq!(factors(&app).await, 1);
    let seen = browser.submit(REMOVAL, &[("current", PASSWORD), ("code", &code)]).await;
    assert_eq!(seen.location(), "/account?done=factor");
    assert_eq!(
        said(&browser.get("/account?done=factor").await).split('.').next(),
        Some("The second factor is off")
    );
    assert_eq!((factors(&app).await, app.column("SELECT user_id FROM recovery_codes").await.len()), (0, 0));
    assert_eq!(app.browser().sign_in("ada").await.location(), "/account");
    for page in [REMOVAL, CODES] {
        assert_eq!(browser.get(page).await.location(), FACTOR);
        browser.get("/account").await;
        assert_eq!(browser.post(page, &[("current", PASSWORD), ("code", &code)]).await.location(), FACTOR);
    }
}

#[tokio::test]
async fn a_code_works_once_wherever_it_is_typed() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    let (phone, _) = app.turn_on(&mut browser).await;
    let used = phone.code(&app);
    let seen = browser.submit(CODES, &[("code", &used)]).await;
    assert!(wrong(&seen, "code").is_some(), "the code that turned it on: {}", seen.text);
    let code = phone.next_code(&app);
    let mut other = app.browser();
    let asked = other.sign_in("ada").await;
    type_code(&mut other, &asked, &code).await;
    let seen = browser.submit(REMOVAL, &[("current", PASSWORD), ("code", &code)]).await;
    assert_eq!(seen.status, WRONG);
}

#[tokio::test]
async fn who_guesses_codes_has_to_wait_wherever_they_do() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    let (phone, _) = app.turn_on(&mut browser).await;
    let code = phone.next_code(&app);
    let mut other = app.browser();
    let asked = other.sign_in("ada").await;
    for number in 0..10 {
        let seen = match number % 2 {
            0 => browser.submit(CODES, &[("code", "000000")]).await,
            _ => type_code(&mut other, &asked, "000000").await,
        };
        assert_eq!(seen.status, WRONG, "{number}");
    }
    for seen in [browser.submit(CODES, &[("code", &code)]).await, type_code(&mut other, &asked, &code).await]
    {
        assert_eq!(seen.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(
            seen.headers.contains_key("retry-after") && seen.text.contains("role=\"alert\""),
            "{}",
            seen.text
        );
    }
}

#[tokio::test]
async fn the_second_step_is_over_after_ten_minutes_or_in_another_browser() {
    let app = TestApp::start().await;
    let (phone, _) = app.turn_on(&mut ada(&app).await).await;
    let mut browser = app.browser();
    let asked = browser.sign_in("ada").await;
    let mut thief = app.browser();
    thief.get("/auth/signin").await;
    let seen = type_code(&mut thief, &asked, &phone.next_code(&app)).await;
    assert_eq!((seen.status, seen.title()), (StatusCode::GONE, "That took too long"));
    app.app.clock.advance(std::time::Duration::from_secs(600));
    let seen = type_code(&mut browser, &asked, &phone.next_code(&app)).await;
    assert_eq!((seen.status, seen.title()), (StatusCode::GONE, "That took too long"));
    assert!(seen.text.contains("/o/north-hill-school/auth/signin"), "{}", seen.text);
    assert!(!browser.is_signed_in().await && !thief.is_signed_in().await);
}

#[tokio::test]
async fn who_came_by_a_link_confirms_with_password_and_code() {
    let app = TestApp::start().await;
    let mut own = ada(&app).await;
    let user = app.session(&own).await.user;
    let (phone, _) = app.turn_on(&mut own).await;
    let link = app.admin().users().create_signin_link(&user, &Default::default()).await.unwrap();
    let mut browser = app.browser();
    browser.submit(&format!("/auth/signin-link/{}", link.token), &[]).await;
    let next = ("next", "/account/password");
    for code in ["", "000000"] {
        let seen = browser.submit("/auth/confirm", &[("password", PASSWORD), ("code", code), next]).await;
        assert_eq!(seen.status, WRONG, "{code}");
    }
    let fields = [("password", PASSWORD), ("code", &*phone.next_code(&app)), next];
    assert_eq!(browser.submit("/auth/confirm", &fields).await.location(), "/account/password");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_forms_at_once_one_turns_it_on() {
    let app = TestApp::start().await;
    app.member(with_email("bea", "bea@school.example"), Role::User).await;
    let browser = signed_in(&app, "bea").await;
    let mut forms = Vec::new();
    for _ in 0..4 {
        let mut other = app.browser();
        other.cookies = browser.cookies.clone();
        let page = other.get(FACTOR).await;
        let setup = between(&page.text, "name=\"setup\" value=\"", "\"").unwrap().to_owned();
        forms.push((other, setup, Phone::with_secret_of(&page).code(&app)));
    }
    let posts = forms.iter_mut().map(|(other, setup, code)| async move {
        other.post(FACTOR, &[("setup", setup), ("first", code), ("current", PASSWORD)]).await
    });
    let seen = futures_util::future::join_all(posts).await;
    let on = seen.iter().filter(|seen| seen.title() == "Your recovery codes").count();
    assert_eq!((on, factors(&app).await), (1, 1));
    assert!(seen.iter().all(|seen| !seen.status.is_server_error()));
    assert_eq!(app.column("SELECT user_id FROM recovery_codes").await.len(), 10);
}

#[tokio::test]
async fn a_right_password_between_them_gives_no_more_guesses_of_a_code() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    app.turn_on(&mut browser).await;
    let mut looked_at = 0;
    for _ in 0..12 {
        let seen = browser.submit(REMOVAL, &[("current", PASSWORD), ("code", "000000")]).await;
        looked_at += u32::from(seen.status == WRONG);
        browser.submit("/account/email", &[("email", "new@school.example"), ("current", PASSWORD)]).await;
    }
    assert!(looked_at <= 10, "{looked_at}");
    assert_eq!(factors(&app).await, 1);
}
