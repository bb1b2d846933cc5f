//! Signing in and out in a browser.

use homeroom_client::{Role, Scope};
use homeroom_server::organizations::{self, OrganizationUpdate};
use reqwest::StatusCode;

use crate::ranks::to_firstname;
use crate::support::browser::{PASSWORD, between};
use crate::support::{TestApp, named, with_email};
use crate::tokens::carrying;

#[tokio::test]
async fn a_member_signs_in_with_a_username_or_an_address_and_out_again() {
    let app = TestApp::start().await;
    app.member(with_email("Ada", "ada@school.example"), Role::User).await;
    for name in ["Ada", " ADA ", "ada@school.example", "Ada@School.example"] {
        let mut browser = app.browser();
        let seen = browser.sign_in(name).await;
        assert_eq!((seen.status, seen.location()), (StatusCode::SEE_OTHER, "/account"), "{name}");
        assert!(browser.is_signed_in().await, "{name}");
        browser.get("/account").await;
        browser.post("/auth/signout", &[]).await;
        assert!(!browser.is_signed_in().await, "{name}");
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_get_the_same_page() {
    let app = TestApp::start().await;
    app.member(named("ada", "Ada", ""), Role::User).await;
    app.user("nopassword", Role::User).await;
    let mut pages = Vec::new();
    for name in ["ada", "nobody", "nopassword", "nobody@school.example"] {
        let seen = app.browser().sign_in_with(name, "wrong horse").await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        let csrf = between(&seen.text, "name=\"csrf\" value=\"", "\"").unwrap().to_owned();
        pages.push(seen.text.replace(name, "NAME").replace(&csrf, "CSRF"));
    }
    assert!(pages.iter().all(|page| *page == pages[0]), "{pages:#?}");
}

#[tokio::test]
async fn who_is_sent_to_sign_in_comes_back_to_where_they_wanted() {
    let app = TestApp::start().await;
    app.member(named("ada", "Ada", ""), Role::User).await;
    let fields = [("name", "ada"), ("password", PASSWORD), ("next", "/classes?tab=1")];
    let seen = app.browser().submit("/o/north-hill-school/auth/signin", &fields).await;
    assert_eq!(seen.location(), "/classes?tab=1");
}

#[tokio::test]
async fn a_browser_that_is_lost_gets_a_page_in_its_language_and_a_program_json() {
    let app = TestApp::start().await;
    for (page, accept, language, wanted) in [
        ("/nothing", "text/html", "fr", "Il n’y a rien ici"),
        ("/nothing", "*/*", "fr", "\"NOT_FOUND\""),
        ("/v2/nothing", "text/html", "fr", "\"NOT_FOUND\""),
        ("/o/nowhere/auth/signin", "text/html", "de", "Hier ist nichts"),
    ] {
        let request = app.http().get(format!("{}{page}", app.url)).header("accept", accept);
        let answer = request.header("accept-language", language).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        let text = answer.text().await.unwrap();
        assert!(text.contains(wanted), "{page} {accept}: {text}");
    }
}

#[tokio::test]
async fn an_address_signs_in_to_the_school_that_has_its_domain() {
    let app = TestApp::start().await;
    app.member(with_email("ada", "ada@school.example"), Role::User).await;
    let fields = [("name", "ada@School.example"), ("password", PASSWORD)];
    let seen = app.browser().submit("/auth/signin", &fields).await;
    assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody has said whose domain that is");

    let email_domains = Some(vec!["school.example".to_owned()]);
    let update = OrganizationUpdate { email_domains, ..OrganizationUpdate::default() };
    organizations::update(&app.app, "north-hill-school", update).await.unwrap();
    let seen = app.browser().submit("/auth/signin", &fields).await;
    assert_eq!(seen.location(), "/account");
}

#[tokio::test]
async fn a_school_is_found_by_its_short_name_and_what_comes_after_is_kept() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.get("/auth/signin").await;
    let fields = [("school", " North-Hill-School "), ("next", "/classes")];
    let seen = browser.post("/auth/signin/school", &fields).await;
    assert_eq!(seen.location(), "/o/north-hill-school/auth/signin?next=%2Fclasses");
    let seen = browser.post("/auth/signin/school", &[("school", "nowhere")]).await;
    assert!(seen.text.contains("There is no school with this short name"), "{}", seen.text);
}

#[tokio::test]
async fn the_audit_log_names_who_came_and_who_made_their_link_or_token() {
    let app = TestApp::start().await;
    let pupil = app.member(named("ada", "Ada", ""), Role::User).await;
    let link = app.admin().users().create_signin_link(&pupil, &Default::default()).await.unwrap();
    app.browser().submit(&format!("/auth/signin-link/{}", link.token), &[]).await;
    app.browser().sign_in("ada").await;
    let made =
        "SELECT COALESCE(maker, 'nobody') FROM audit_events WHERE event = 'session.created' ORDER BY id";
    assert_eq!(app.column(made).await, [app.school.admin.to_string(), "nobody".to_owned()]);

    let assistant = app.user("assistant", Role::AccountAdmin).await;
    let token = carrying(&[Scope::EduAdminUsers]);
    let token = app.admin().users().create_access_token(&assistant, &token).await.unwrap().token;
    app.client(&token).users().update(&pupil, &to_firstname("Augusta")).await.unwrap();
    let both = "SELECT actor || ' ' || maker FROM audit_events WHERE event = 'user.updated'";
    assert_eq!(app.column(both).await, [format!("{assistant} {}", app.school.admin)]);
}
