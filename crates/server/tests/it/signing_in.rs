//! Signing in and out in a browser.

use homeroom_client::Role;
use reqwest::StatusCode;

use crate::support::browser::PASSWORD;
use crate::support::{TestApp, named, with_email};

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
        let csrf =
            crate::support::browser::between(&seen.text, "name=\"csrf\" value=\"", "\"").unwrap().to_owned();
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
