//! What other sites and planted cookies try with a person's browser.

use homeroom_client::Role;
use homeroom_server::{http::PageRoute, router};
use reqwest::header::{HeaderMap, SET_COOKIE};
use reqwest::{Method, StatusCode};

use crate::audit::everything;
use crate::support::browser::{Browser, PASSWORD, Seen};
use crate::support::{TestApp, person};

/// What a form that is not ours gets, whatever it was for.
const REFUSED: (StatusCode, &str) = (StatusCode::FORBIDDEN, "This page had become old");

/// The addresses of the pages with this method.
fn pages(method: &str) -> Vec<String> {
    let pages = router::pages();
    let asked = pages.table().iter().filter(|page: &&PageRoute| page.method == method);
    asked.map(|page| page.path.replace("{slug}", "north-hill-school").replace("{token}", "unknown")).collect()
}

async fn signed_in(app: &TestApp, username: &str) -> Browser {
    app.member(person(username), Role::Admin).await;
    let mut browser = app.browser();
    browser.sign_in(username).await;
    browser.get("/account").await;
    browser
}

fn outcome(seen: &Seen) -> (StatusCode, &str) {
    (seen.status, seen.title())
}

fn policy<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap()
}

#[tokio::test]
async fn a_form_that_is_not_ours_reaches_no_page_and_changes_nothing() {
    let app = TestApp::start().await;
    let other = signed_in(&app, "eve").await;
    let mut browser = signed_in(&app, "ada").await;
    let own = browser.csrf.clone();
    let (before, sessions) =
        (everything(&app).await, app.column("SELECT id FROM sessions ORDER BY id").await);
    let forms = pages("POST");
    assert!(forms.len() > 20, "{forms:?}");
    for form in forms {
        for token in ["", "é", &own[1..], &format!("{own}x"), &other.csrf] {
            let seen = browser.post_bare(&form, &[("csrf", token)]).await;
            assert_eq!(outcome(&seen), REFUSED, "{form} with {token:?}");
        }
        let seen = browser.post_bare(&format!("{form}?csrf={own}"), &[]).await;
        assert_eq!(outcome(&seen), REFUSED, "{form} with the token in its address");
        let seen = app.browser().post_bare(&form, &[("csrf", &own)]).await;
        assert_eq!(outcome(&seen), REFUSED, "{form} from another browser");
        for site in ["cross-site", "same-site"] {
            let seen = browser.post_from(&form, &[("csrf", &own)], &[("sec-fetch-site", site)]).await;
            assert_eq!(outcome(&seen), REFUSED, "{form} from a page that is {site}");
        }
    }
    assert_eq!(everything(&app).await, before);
    assert_eq!(app.column("SELECT id FROM sessions ORDER BY id").await, sessions);
}

#[tokio::test]
async fn a_form_of_ours_reaches_every_page() {
    let app = TestApp::start().await;
    let mut browser = signed_in(&app, "ada").await;
    for form in pages("POST").iter().filter(|form| *form != "/auth/signout") {
        browser.get("/account").await;
        let csrf = browser.csrf.clone();
        let seen = browser.post_from(form, &[("csrf", &csrf)], &[("sec-fetch-site", "same-origin")]).await;
        assert_ne!(outcome(&seen), REFUSED, "{form}");
    }
}

#[tokio::test]
async fn no_page_can_be_framed_guessed_at_kept_or_read_by_another_site() {
    let app = TestApp::start().await;
    let mut browsers = [app.browser(), signed_in(&app, "ada").await];
    for page in
        pages("GET").iter().map(String::as_str).chain(["/nothing", "/auth/signin?next=//evil.example"])
    {
        for browser in &mut browsers {
            let headers = [("origin", "https://evil.example"), ("accept", "text/html")];
            let seen = browser.send_from(Method::GET, page, &headers).await;
            let rules = policy(&seen.headers, "content-security-policy");
            assert!(
                rules.contains("default-src 'none'") && rules.contains("frame-ancestors 'none'"),
                "{page}"
            );
            assert!(rules.contains("base-uri 'none'") && !rules.contains("unsafe"), "{page}: {rules}");
            for (name, value) in [
                ("x-frame-options", "DENY"),
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "no-referrer"),
                ("cache-control", "no-store"),
                ("cross-origin-opener-policy", "same-origin"),
            ] {
                assert_eq!(policy(&seen.headers, name), value, "{page}");
            }
            assert!(!seen.headers.contains_key("access-control-allow-origin"), "{page}");
            assert!(
                !seen.text.contains("<script>") && !seen.text.contains(" onclick="),
                "{page}: {}",
                seen.text
            );
        }
    }
}

#[tokio::test]
async fn a_cookie_that_was_planted_never_becomes_a_session() {
    let app = TestApp::start().await;
    let mut victim = app.browser();
    app.member(person("ada"), Role::User).await;
    victim.cookies.insert("homeroom".to_owned(), "planted".to_owned());
    victim.sign_in("ada").await;
    let own = victim.cookies["homeroom"].clone();
    assert_ne!(own, "planted");
    let mut attacker = app.browser();
    attacker.cookies.insert("homeroom".to_owned(), "planted".to_owned());
    assert!(!attacker.is_signed_in().await);
}

#[tokio::test]
async fn an_attackers_own_session_in_the_browser_of_a_victim_does_not_become_the_victims() {
    let app = TestApp::start().await;
    let mut attacker = signed_in(&app, "eve").await;
    app.member(person("ada"), Role::User).await;
    let mut victim = app.browser();
    victim.cookies.clone_from(&attacker.cookies);
    victim.get("/account").await;
    victim.post("/o/north-hill-school/auth/signin", &[("name", "ada"), ("password", PASSWORD)]).await;
    assert_ne!(victim.cookies["homeroom"], attacker.cookies["homeroom"]);
    assert!(victim.get("/account").await.text.contains("ada"));
    assert!(!attacker.is_signed_in().await, "the session that the browser had has ended");
    // A form that the attacker prepared with the planted cookie is none of the victim's.
    let seen = victim.post_bare("/account/name", &[("csrf", &attacker.csrf), ("firstname", "Eve")]).await;
    assert_eq!(outcome(&seen), REFUSED);
}

#[tokio::test]
async fn every_sign_in_has_a_cookie_of_its_own() {
    let app = TestApp::start().await;
    let mut browser = signed_in(&app, "ada").await;
    let first = browser.cookies.clone();
    browser.post("/auth/signout", &[]).await;
    assert!(!browser.cookies.contains_key("homeroom"));
    browser.sign_in("ada").await;
    assert_ne!(browser.cookies["homeroom"], first["homeroom"]);
    browser.cookies = first;
    assert!(!browser.is_signed_in().await, "who signs out is out, wherever the cookie was copied to");
}

#[tokio::test]
async fn cookies_are_for_this_host_alone_and_scripts_do_not_read_them() {
    for (url, prefix, secure) in
        [("https://school.example", "__Host-", true), ("http://127.0.0.1:1", "", false)]
    {
        let app = TestApp::start_with(|settings| settings.public_url = url.to_owned()).await;
        app.member(person("ada"), Role::User).await;
        let mut browser = app.browser();
        let shown = browser.get("/o/north-hill-school/auth/signin").await;
        let entered = browser
            .post("/o/north-hill-school/auth/signin", &[("name", "ada"), ("password", PASSWORD)])
            .await;
        let cookies: Vec<_> =
            [&shown, &entered].map(|seen| seen.headers.get_all(SET_COOKIE)).into_iter().flatten().collect();
        assert_eq!(cookies.len(), 2);
        for cookie in cookies {
            let cookie = cookie.to_str().unwrap();
            let parts: Vec<_> = cookie.split("; ").collect();
            assert!(cookie.starts_with(&format!("{prefix}homeroom")), "{cookie}");
            assert!(
                ["HttpOnly", "SameSite=Lax", "Path=/"].iter().all(|part| parts.contains(part)),
                "{cookie}"
            );
            assert_eq!(parts.contains(&"Secure"), secure, "{cookie}");
            assert!(!cookie.to_lowercase().contains("domain"), "{cookie}");
        }
    }
}

#[tokio::test]
async fn a_cookie_without_its_prefix_which_another_host_could_set_counts_for_nothing() {
    let app = TestApp::start_with(|settings| settings.public_url = "https://school.example".to_owned()).await;
    let mut browser = signed_in(&app, "ada").await;
    let secret = browser.cookies.remove("__Host-homeroom").unwrap();
    browser.cookies.insert("homeroom".to_owned(), secret);
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn who_is_signed_in_in_a_browser_has_no_access_to_the_api_by_it() {
    let app = TestApp::start().await;
    let mut browser = signed_in(&app, "ada").await;
    for (method, path) in [
        (Method::GET, "/v2/me"),
        (Method::GET, "/v2/organizations/users"),
        (Method::POST, "/v2/organizations/users"),
    ] {
        let seen = browser.send_from(method, path, &[]).await;
        assert_eq!(seen.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}
