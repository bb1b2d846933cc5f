//! Noise in every address and field of the pages: it is the sender's mistake, never ours.

use homeroom_client::Role;
use homeroom_server::router;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, StatusCode};

use crate::support::browser::Browser;
use crate::support::{TestApp, person};

/// As it stands in an address or a form.
const NOISE: [&str; 12] = [
    "%00",
    "a%00b",
    "%FF%FE",
    "%",
    "%zz",
    "%0D%0ASet-Cookie:%20a=b",
    "..%2F..%2Fetc%2Fpasswd",
    "'%20OR%201=1%20--",
    "%F0%9F%8E%B5%E2%80%AE%EF%BB%BF",
    "-1",
    "99999999999999999999999999",
    "[]=%7B%22$ne%22:1%7D",
];
/// All that pages read from an address or a form.
const FIELDS: [&str; 30] = [
    "name",
    "password",
    "next",
    "school",
    "individual",
    "state",
    "code",
    "enrollcode",
    "username",
    "firstname",
    "lastname",
    "email",
    "current",
    "first",
    "setup",
    "lasts",
    "scope",
    "token",
    "session",
    "everywhere",
    "locale",
    "language",
    "app",
    "request",
    "decision",
    "done",
    "client_id",
    "redirect_uri",
    "response_type",
    "prompt",
];

async fn signed_in(app: &TestApp) -> Browser {
    let mut browser = app.browser();
    browser.sign_in("ada").await;
    browser.get("/account").await;
    browser
}

fn all(value: &str) -> String {
    FIELDS.map(|field| format!("{field}={value}")).join("&")
}

#[tokio::test]
async fn noise_in_an_address_or_a_form_is_never_our_mistake() {
    let app = TestApp::start_with(|settings| settings.signin_failures_address = 0).await;
    app.member(person("ada"), Role::Admin).await;
    let long = "x".repeat(60_000);
    let pages = router::pages();
    for noise in NOISE.into_iter().chain([&*long]) {
        let short = noise.get(..2_000).unwrap_or(noise);
        let (mut browser, mut nobody) = (signed_in(&app).await, app.browser());
        nobody.get("/auth/signin").await;
        for page in pages.table() {
            let path = page.path.replace("{slug}", short).replace("{token}", short);
            for browser in [&mut nobody, &mut browser] {
                let seen = match page.method {
                    "GET" => {
                        browser
                            .send_from(
                                Method::GET,
                                &format!("{path}?{}", all(&short[..short.len().min(100)])),
                                &[],
                            )
                            .await
                    }
                    _ => {
                        let body = format!("csrf={}&{}", browser.csrf, all(short));
                        browser.send_body(&path, body).await
                    }
                };
                assert!(!seen.status.is_server_error(), "{page:?} with {short:?}: {}", seen.text);
                assert!(!seen.headers.contains_key("a"), "{page:?} with {short:?}");
            }
            if !browser.is_signed_in().await {
                browser = signed_in(&app).await;
            }
            browser.get("/account").await;
        }
    }
}

#[tokio::test]
async fn a_form_of_another_kind_or_size_is_refused() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.get("/auth/signin").await;
    let page = "/auth/signin";
    let large = format!("csrf={}&name={}", browser.csrf, "x".repeat(70_000));
    assert_eq!(browser.send_body(page, large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS, Method::TRACE] {
        let seen = browser.send_from(method.clone(), page, &[(CONTENT_TYPE.as_str(), "text/plain")]).await;
        assert!(seen.status.is_client_error(), "{method}: {}", seen.status);
        assert!(!seen.headers.contains_key("access-control-allow-origin"), "{method}");
    }
}
