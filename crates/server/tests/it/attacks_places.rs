//! Being sent to another site after signing in.

use homeroom_client::{Role, UserSigninLinkCreation};
use reqwest::StatusCode;
use url::Url;

use crate::support::browser::{PASSWORD, Seen};
use crate::support::{TestApp, code, person};

/// What some browser, proxy or library has read as the address of another site, or as a header line.
const TRICKS: [&str; 46] = [
    "https://evil.example",
    "HTTPS://evil.example/",
    "http:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "//evil.example/%2f..",
    "//evil.example@127.0.0.1",
    "\\\\evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "/\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "/\u{b}/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\u{a0}//evil.example",
    "\u{feff}//evil.example",
    "\u{0}//evil.example",
    "/\u{0}/evil.example",
    "/..//evil.example",
    "/.//evil.example",
    "/a/..//evil.example",
    "/./\\evil.example",
    "/%2e%2e//evil.example",
    "/%2e//evil.example",
    "/%2f/evil.example",
    "/%5cevil.example",
    "/%09/evil.example",
    "/a\r\nLocation: https://evil.example",
    "/%0d%0aLocation:%20https://evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "blob:https://evil.example/1",
    "ftp://evil.example",
    "evil.example",
    ".evil.example",
    "@evil.example",
    "?next=//evil.example",
];

/// Sent on within this site, as browsers read addresses (WHATWG); or refused.
#[track_caller]
fn stays(app: &TestApp, trick: &str, seen: &Seen) {
    let (own, location) = (Url::parse(&app.url).unwrap(), seen.location());
    let is_own = |to: &Url| to.origin() == own.origin() && !to.path().starts_with("//");
    let stays = seen.status == StatusCode::SEE_OTHER && own.join(location).is_ok_and(|to| is_own(&to));
    assert!(stays || seen.status == StatusCode::BAD_REQUEST, "{trick:?}: {} {location}", seen.status);
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[tokio::test]
async fn nobody_is_sent_to_another_site_after_signing_in() {
    let app = TestApp::start().await;
    app.member(person("ada"), Role::User).await;
    for trick in TRICKS {
        let mut browser = app.browser();
        let page = format!("/o/north-hill-school/auth/signin?next={}", encoded(trick));
        browser.get(&page).await;
        let fields = [("name", "ada"), ("password", PASSWORD), ("next", trick)];
        let seen = browser.post("/o/north-hill-school/auth/signin", &fields).await;
        stays(&app, trick, &seen);
        for page in [page, format!("/auth/signin?next={}", encoded(trick))] {
            stays(&app, trick, &browser.get(&page).await); // signed in already
        }
        let school = [("school", "north-hill-school"), ("next", trick)];
        let mut browser = app.browser();
        browser.get("/auth/signin").await;
        stays(&app, trick, &browser.post("/auth/signin/school", &school).await);
    }
}

#[tokio::test]
async fn a_link_leads_to_this_site_whatever_it_was_made_with_or_is_followed_with() {
    let app = TestApp::start().await;
    let pupil = app.member(person("ada"), Role::User).await;
    for trick in TRICKS {
        let new = UserSigninLinkCreation { destination_path: Some(trick.to_owned()) };
        let made = match app.admin().users().create_signin_link(&pupil, &new).await {
            Ok(link) => link,
            refused => {
                assert_eq!(code(refused), "INVALID_PARAMETER", "{trick:?}");
                app.admin().users().create_signin_link(&pupil, &Default::default()).await.unwrap()
            }
        };
        let page = format!("/auth/signin-link/{}?next={}", made.token, encoded(trick));
        let mut browser = app.browser();
        assert!(!browser.get(&page).await.text.contains("evil.example"), "{trick:?}");
        stays(&app, trick, &browser.post(&page, &[("next", trick)]).await);
    }
}

#[tokio::test]
async fn a_reset_leads_to_this_site_alone() {
    let app = TestApp::start().await;
    app.member(person("ada"), Role::User).await;
    let mut browser = app.browser();
    browser.get("/auth/reset?next=//evil.example&school=//evil.example").await;
    let seen = browser.post("/auth/reset", &[("name", "ada"), ("next", "//evil.example")]).await;
    assert!(!seen.text.contains("evil.example"), "{}", seen.text);
}
