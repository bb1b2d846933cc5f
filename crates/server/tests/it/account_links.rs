//! What a session that began with somebody's link may do with the account, and what it may not.

use homeroom_client::Role;
use reqwest::StatusCode;

use crate::account::ada;
use crate::joining::CHOSEN;
use crate::ranks::to_role;
use crate::support::browser::{Browser, PASSWORD};
use crate::support::oauth::{asking, diary};
use crate::support::phone::FACTOR;
use crate::support::{TestApp, person, with_email};

const EMAIL: &str = "/account/email";
const NEW: &str = "new@school.example";

/// A browser in which an administrator's link signed Ada in.
async fn by_link(app: &TestApp) -> Browser {
    let user = app.column("SELECT id FROM users WHERE username = 'ada'").await.remove(0);
    let made = app.admin().users().create_signin_link(&user.as_str().into(), &Default::default());
    let link = made.await.unwrap();
    let mut browser = app.browser();
    let seen = browser.submit(&format!("/auth/signin-link/{}", link.token), &[]).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER);
    browser
}

/// What only the owner may do, and the fields that would do it.
const FOR_THE_OWNER: &[(&str, &[(&str, &str)])] = &[
    ("/account/password", &[("current", PASSWORD), ("password", CHOSEN)]),
    (EMAIL, &[("email", NEW), ("current", PASSWORD)]),
    ("/account/email/remove", &[("current", PASSWORD)]),
    (FACTOR, &[("current", PASSWORD), ("first", "123456")]),
    ("/account/second-factor/remove", &[("current", PASSWORD), ("code", "123456")]),
    ("/account/second-factor/codes", &[("code", "123456")]),
    ("/account/tokens/new", &[("name", "Script"), ("scope", "scores"), ("lasts", "7")]),
    ("/account/leave", &[("username", "ada"), ("current", PASSWORD)]),
];

#[tokio::test]
async fn who_came_by_somebodys_link_is_asked_for_the_password_before_anything_that_is_the_owners() {
    let app = TestApp::start().await;
    ada(&app).await;
    let mut browser = by_link(&app).await;
    assert!(browser.get("/account").await.text.contains("You came by a link"));
    let events = async || app.column("SELECT event FROM audit_events WHERE event NOT LIKE 'session%'").await;
    let before = events().await;
    for (page, fields) in FOR_THE_OWNER {
        let next = form_urlencoded::byte_serialize(page.as_bytes()).collect::<String>();
        let first = format!("/auth/confirm?next={next}");
        assert_eq!(browser.get(page).await.location(), first);
        browser.get("/account").await; // a form that is ours in all but the page
        let seen = browser.post(page, fields).await;
        assert_eq!((seen.status, seen.location()), (StatusCode::SEE_OTHER, &*first), "{page}: {}", seen.text);
    }
    assert_eq!(events().await, before, "nothing was done");
    assert!(app.column("SELECT email FROM mailed_links").await.is_empty());

    let seen = browser.get("/auth/confirm?next=%2Faccount%2Fpassword").await;
    assert_eq!(seen.title(), "Your password, please");
    let wrong = [("password", "wrong horse"), ("next", "/account/password")];
    assert_eq!(browser.post("/auth/confirm", &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.get(EMAIL).await.location(), "/auth/confirm?next=%2Faccount%2Femail");
    let right = [("password", PASSWORD), ("next", "/account/password")];
    assert_eq!(browser.submit("/auth/confirm", &right).await.location(), "/account/password");
    for (page, _) in FOR_THE_OWNER.iter().filter(|(page, _)| !page.ends_with("/leave")) {
        assert!(!browser.get(page).await.location().starts_with("/auth/confirm"), "{page}");
    }
    assert!(!browser.get("/account").await.text.contains("You came by a link"));
}

#[tokio::test]
async fn who_came_by_somebodys_link_may_take_access_away_but_lets_no_app_in() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let mut own = ada(&app).await;
    app.tokens(&mut own, &registered).await;
    let fields = [("name", "Script"), ("scope", "scores"), ("lasts", "7")];
    own.submit("/account/tokens/new", &fields).await;
    let token = app.column("SELECT id FROM access_tokens WHERE name = 'Script'").await.remove(0);
    let mut browser = by_link(&app).await;
    for (page, field, id) in
        [("/account/tokens", "token", token.as_str()), ("/account/apps", "app", registered.id.as_str())]
    {
        let seen = browser.submit(page, &[(field, id)]).await;
        assert!(seen.location().starts_with(&format!("{page}?done=")), "{}", seen.text);
    }
    let makers = "SELECT COALESCE(maker, 'nobody') FROM audit_events WHERE event IN ('access_token.revoked', 'consent.revoked')";
    let head = app.school.admin.to_string();
    assert_eq!(app.column(makers).await, [head.clone(), head], "the log names who made the link");
    let page = asking(&registered, &[]);
    assert_eq!(browser.get(&page).await.title(), "Sign in with your password first");
}

#[tokio::test]
async fn who_has_no_password_is_told_how_to_get_one() {
    for (profile, way) in [(person("ada"), "Ask your teacher"), (with_email("ada", NEW), "/auth/reset")] {
        let app = TestApp::start().await;
        app.add(&app.school, profile, Role::User).await;
        let mut browser = by_link(&app).await;
        let seen = browser.get("/auth/confirm?next=%2Faccount%2Fpassword").await;
        assert!(seen.text.contains(way) && !seen.text.contains("name=\"password\""), "{}", seen.text);
        let seen = browser.submit("/auth/confirm", &[("password", ""), ("next", "/account/password")]).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(browser.get("/account/password").await.location().starts_with("/auth/confirm"));
    }
}

#[tokio::test]
async fn the_page_that_asks_for_the_password_leads_to_no_other_site() {
    let app = TestApp::start().await;
    ada(&app).await;
    for next in ["//evil.example", "https://evil.example", "/\\evil.example", "", "javascript:alert(1)"] {
        let mut browser = by_link(&app).await;
        let fields = [("password", PASSWORD), ("next", next)];
        assert_eq!(browser.submit("/auth/confirm", &fields).await.location(), "/account", "{next}");
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        let again = browser.get(&format!("/auth/confirm?{query}")).await;
        assert_eq!(again.location(), "/account", "who is the owner already: {next}");
    }
}

#[tokio::test]
async fn a_session_by_a_link_ends_when_its_person_becomes_an_admin() {
    let app = TestApp::start().await;
    ada(&app).await;
    let mut browser = by_link(&app).await;
    let user = app.column("SELECT id FROM users WHERE username = 'ada'").await.remove(0);
    app.admin().users().update(&user.as_str().into(), &to_role(Role::Teacher)).await.unwrap();
    assert!(browser.is_signed_in().await);
    app.admin().users().update(&user.as_str().into(), &to_role(Role::Admin)).await.unwrap();
    assert!(!browser.is_signed_in().await, "the link may have been made without edu.admin");
}
