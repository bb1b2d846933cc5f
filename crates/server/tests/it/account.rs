//! The account page: who one is, how one is reached, and one's password.

use homeroom_client::Role;
use reqwest::StatusCode;

use crate::joining::{CHOSEN, individual};
use crate::resets;
use crate::support::browser::{Browser, PASSWORD, Seen, between};
use crate::support::{TestApp, named, with_email};

const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
const EMAIL: &str = "/account/email";
const NEW: &str = "new@school.example";

/// A browser in which somebody signs in.
pub async fn signed_in(app: &TestApp, username: &str) -> Browser {
    let mut browser = app.browser();
    assert_eq!(browser.sign_in(username).await.location(), "/account");
    browser
}

/// A browser in which a new pupil with an address is signed in.
pub async fn ada(app: &TestApp) -> Browser {
    app.member(with_email("ada", "ada@school.example"), Role::User).await;
    signed_in(app, "ada").await
}

/// A browser in which a new individual is signed in.
pub async fn individually(app: &TestApp, username: &str) -> Browser {
    individual(app, with_email(username, &format!("{username}@home.example"))).await;
    let mut browser = app.browser();
    let fields = [("name", username), ("password", PASSWORD), ("individual", "1")];
    assert_eq!(browser.submit("/auth/signin", &fields).await.location(), "/account");
    browser
}

/// Whether a field is marked as wrong, and the sentence that it names.
pub fn wrong(seen: &Seen, field: &str) -> Option<String> {
    let input = between(&seen.text, &format!("name=\"{field}\""), ">")?;
    let described = between(input, "aria-describedby=\"", "\"")?;
    let id = format!("{field}-wrong");
    let is_marked = input.contains("aria-invalid=\"true\"") && described.split(' ').any(|word| word == id);
    let sentence = between(&seen.text, &format!("id=\"{id}\" role=\"alert\">"), "</p>")?;
    is_marked.then(|| sentence.to_owned())
}

/// What was said to be done.
pub fn said(seen: &Seen) -> &str {
    between(&seen.text, "role=\"status\">", "</p>").unwrap_or_default()
}

#[tokio::test]
async fn the_page_is_for_who_is_signed_in() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let seen = browser.get(EMAIL).await;
    assert_eq!(seen.location(), "/auth/signin?next=%2Faccount%2Femail");
    let mut browser = ada(&app).await;
    let seen = browser.get("/account").await;
    assert_eq!((seen.status, seen.title()), (StatusCode::OK, "My account"));
    for text in ["North Hill School", "ada@school.example", "Pupil", "In this browser alone", "/auth/signout"]
    {
        assert!(seen.text.contains(text), "{text}: {}", seen.text);
    }
}

#[tokio::test]
async fn every_page_of_the_account_opens_and_leads_to_no_other_site() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    let pages = homeroom_server::router::pages();
    let own = pages.table().iter().filter(|page| page.path.starts_with("/account"));
    for page in own.clone().filter(|page| page.method == "POST") {
        let is_shown =
            |other: &&homeroom_server::http::PageRoute| other.method == "GET" && other.path == page.path;
        assert!(own.clone().any(|other| is_shown(&other)), "{page:?} can't be loaded again");
    }
    for page in own.filter(|page| page.method == "GET") {
        let seen = browser.get(page.path).await;
        assert!(matches!(seen.status, StatusCode::OK | StatusCode::SEE_OTHER), "{page:?}: {}", seen.text);
        assert!(!seen.text.contains("=\"http"), "{page:?}: {}", seen.text);
    }
}

#[tokio::test]
async fn names_are_changed_and_a_wrong_one_is_said_at_its_field() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    let seen = browser.submit("/account/name", &[("firstname", " Ada "), ("lastname", "Lovelace")]).await;
    assert_eq!(seen.location(), "/account?done=name");
    let seen = browser.get("/account?done=name").await;
    assert_eq!(said(&seen), "Your name is saved.");
    assert!(seen.text.contains("Ada Lovelace"), "{}", seen.text);

    let long = "x".repeat(61);
    let seen = browser.submit("/account/name", &[("firstname", "Ada"), ("lastname", &long)]).await;
    assert_eq!((seen.status, wrong(&seen, "firstname")), (WRONG, None));
    assert!(wrong(&seen, "lastname").unwrap().contains("60 characters"), "{}", seen.text);
    assert!(seen.text.contains(&long), "what was typed is still there");
    let names = "SELECT firstname || ' ' || lastname FROM users WHERE username = 'ada'";
    assert_eq!(app.column(names).await, ["Ada Lovelace"]);
}

#[tokio::test]
async fn nothing_but_our_own_sentences_is_said_to_be_done() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    for done in ["nothing", "%3Cscript%3E", "", "name&done=name"] {
        let seen = browser.get(&format!("/account?done={done}")).await;
        assert_eq!((seen.status, said(&seen)), (StatusCode::OK, ""), "{done}");
    }
}

#[tokio::test]
async fn the_pages_are_read_in_the_chosen_language() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    for (locale, title) in
        [("fr", "Mon compte"), ("de", "Mein Konto"), ("es", "Mi cuenta"), ("ja", "My account")]
    {
        let seen = browser.submit("/account/language", &[("locale", locale)]).await;
        assert_eq!(seen.location(), "/account?done=language");
        assert_eq!(browser.get("/account").await.title(), title);
    }
}

#[tokio::test]
async fn a_new_password_ends_other_sessions_links_and_mails_but_not_this_browser() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    let mut elsewhere = signed_in(&app, "ada").await;
    let user = app.session(&browser).await.user;
    let link = app.admin().users().create_signin_link(&user, &Default::default()).await.unwrap();
    browser.submit(EMAIL, &[("email", NEW), ("current", PASSWORD)]).await;
    let mail = resets::link(&app).await;

    let before = browser.cookies["homeroom"].clone();
    let fields = [("current", PASSWORD), ("password", CHOSEN)];
    let seen = browser.submit("/account/password", &fields).await;
    assert_eq!(seen.location(), "/account?done=password");
    assert!(
        browser.is_signed_in().await && browser.cookies["homeroom"] != before,
        "the session is a new one"
    );
    assert!(!elsewhere.is_signed_in().await);
    assert_eq!(
        app.browser().get(&format!("/auth/signin-link/{}", link.token)).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(app.browser().get(&mail).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.browser().sign_in_with("ada", PASSWORD).await.status, WRONG);
    assert_eq!(app.browser().sign_in_with("ada", CHOSEN).await.location(), "/account");
    assert_eq!(resets::mails(&app).await.pop().unwrap().0, "ada@school.example", "the owner is told");
}

#[tokio::test]
async fn a_weak_password_is_told_what_is_weak_about_it() {
    let app = TestApp::start().await;
    app.member(named("ada", "Ada", "Lovelace"), Role::User).await;
    let mut browser = signed_in(&app, "ada").await;
    for (password, sentence) in [
        ("", "6 to 1000 characters"),
        ("short", "6 to 1000 characters"),
        ("password", "people try first"),
        ("lovelace", "too close to your name"),
        ("northhillschool", "too close to your name"),
    ] {
        let seen =
            browser.submit("/account/password", &[("current", PASSWORD), ("password", password)]).await;
        assert_eq!(seen.status, WRONG, "{password}");
        assert!(wrong(&seen, "password").unwrap().contains(sentence), "{password}: {}", seen.text);
    }
    assert_eq!(app.browser().sign_in("ada").await.location(), "/account");
}

#[tokio::test]
async fn who_guesses_the_present_password_has_to_wait() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    for number in 0..11 {
        let fields = [("current", "wrong horse"), ("password", CHOSEN)];
        let seen = browser.submit("/account/password", &fields).await;
        assert_eq!(wrong(&seen, "current").is_some(), number < 10, "{number}: {}", seen.text);
        assert_eq!(seen.headers.contains_key("retry-after"), number == 10);
    }
    let seen = browser.submit("/account/password", &[("current", PASSWORD), ("password", CHOSEN)]).await;
    assert_eq!(seen.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn who_has_no_password_yet_sets_one_without() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    app.app.db.batch("UPDATE users SET password_hash = NULL WHERE username = 'ada'").await.unwrap();
    assert!(browser.get("/account").await.text.contains("None yet"));
    let seen = browser.submit("/account/email/remove", &[]).await;
    assert!(seen.text.contains("Set a password first"), "without both there is no way in: {}", seen.text);
    let seen = browser.get("/account/password").await;
    assert!(!seen.text.contains("name=\"current\""), "{}", seen.text);
    let seen = browser.post("/account/password", &[("password", CHOSEN)]).await;
    assert_eq!(seen.location(), "/account?done=password");
}

#[tokio::test]
async fn of_two_new_passwords_at_once_one_session_goes_on() {
    let app = TestApp::start().await;
    let browser = ada(&app).await;
    let mut both = [app.browser(), app.browser()];
    for other in &mut both {
        other.cookies = browser.cookies.clone();
        other.get("/account/password").await;
    }
    let [first, second] = &mut both;
    let seen = futures_util::future::join(
        first.post("/account/password", &[("current", PASSWORD), ("password", CHOSEN)]),
        second.post("/account/password", &[("current", PASSWORD), ("password", "nine green umbrellas")]),
    );
    let (a, b) = seen.await;
    let done = [a.location(), b.location()].iter().filter(|to| **to == "/account?done=password").count();
    assert_eq!(done, 1, "{} {}", a.text, b.text);
    assert!(!a.status.is_server_error() && !b.status.is_server_error());
    assert_eq!(app.column("SELECT id FROM sessions").await.len(), 1);
}

#[tokio::test]
async fn names_with_markup_are_shown_as_they_are() {
    let app = TestApp::start().await;
    app.member(named("<script>", "<script>alert(1)", "\"><b>"), Role::User).await;
    let mut browser = signed_in(&app, "<script>").await;
    app.app
        .db
        .batch("UPDATE organizations SET name = '<script>alert(1)</script>' WHERE slug = 'north-hill-school'")
        .await
        .unwrap();
    let markup = "\"><script>@x.example";
    let typed = browser.submit(EMAIL, &[("email", markup), ("current", PASSWORD)]).await;
    let named =
        browser.submit("/account/name", &[("firstname", &"<script>".repeat(20)), ("lastname", "")]).await;
    let pages =
        ["/account", "/account/name", "/account/password", "/account/school", "/account/second-factor"];
    let mut all = vec![typed, named];
    for page in pages {
        all.push(browser.get(page).await);
    }
    for seen in all {
        assert!(!seen.text.contains("<script>") && seen.text.contains("&#60;script&#62;"), "{}", seen.text);
        assert!(!seen.text.contains("\"><b>"), "{}", seen.text);
    }
}

#[tokio::test]
async fn a_school_says_what_it_sees_and_whom_to_ask() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    let seen = browser.get("/account/school").await;
    assert_eq!(seen.title(), "What North Hill School can see");
    for text in
        ["your e-mail address", "which is written down each time", "your password", "ask an administrator"]
    {
        assert!(seen.text.to_lowercase().contains(text), "{text}: {}", seen.text);
    }
    let mut browser = individually(&app, "carl").await;
    assert_eq!(browser.get("/account/school").await.location(), "/account");
    assert!(!browser.get("/account").await.text.contains("/account/school"));
}

/// Runs every statement of the account's pages.
pub async fn look_after_an_account(app: &TestApp) {
    app.member(with_email("owner", "owner@school.example"), Role::User).await;
    let mut browser = signed_in(app, "owner").await;
    browser.get("/account").await;
    browser.submit("/account/name", &[("firstname", "Ada"), ("lastname", "")]).await;
    browser.submit("/account/language", &[("locale", "en-GB")]).await;
    let (phone, _) = app.turn_on(&mut browser).await;
    browser.submit("/account/second-factor/codes", &[("code", &phone.next_code(app))]).await;
    let fields = [("code", &*phone.next_code(app)), ("current", PASSWORD)];
    browser.submit("/account/second-factor/remove", &fields).await;
    let fields = [("name", "Script"), ("scope", "scores"), ("lasts", "30")];
    browser.submit("/account/tokens/new", &fields).await;
    let listed = browser.get("/account/tokens").await;
    let token = between(&listed.text, "name=\"token\" value=\"", "\"").unwrap().to_owned();
    browser.post("/account/tokens", &[("token", &token)]).await;
    signed_in(app, "owner").await;
    let listed = browser.get("/account/sessions").await;
    let session = between(&listed.text, "name=\"session\" value=\"", "\"").unwrap().to_owned();
    browser.post("/account/sessions", &[("session", &session)]).await;
    browser.submit(EMAIL, &[("email", NEW), ("current", PASSWORD)]).await;
    let link = resets::link(app).await;
    browser.submit(&link, &[]).await;
    browser.submit("/account/password", &[("current", PASSWORD), ("password", CHOSEN)]).await;
    browser.submit("/account/email/remove", &[("current", CHOSEN)]).await;
    browser.submit("/account/sessions", &[("everywhere", "1")]).await;
    let mut alone = individually(app, "alone").await;
    let seen = alone.submit("/account/leave", &[("username", "alone"), ("current", PASSWORD)]).await;
    assert_eq!(seen.title(), "Your account is deleted");
}
