//! What has access to an account, and how it ends: sessions, tokens, apps; and how one leaves.

use homeroom_client::{OrganizationAppCreation, Role, Scope, UserFilter};
use reqwest::StatusCode;

use crate::account::{ada, individually, said, signed_in, wrong};
use crate::ranks::let_teachers;
use crate::support::browser::{Browser, PASSWORD, Seen, between};
use crate::support::oauth::diary;
use crate::support::{DAY, TestApp, named, person};
use crate::tokens::carrying;

const SESSIONS: &str = "/account/sessions";
const TOKENS: &str = "/account/tokens";
const NEW_TOKEN: &str = "/account/tokens/new";
const APPS: &str = "/account/apps";
const NOT_FOUND: StatusCode = StatusCode::NOT_FOUND;

/// The value of the first button with this name.
fn button(seen: &Seen, name: &str) -> String {
    between(&seen.text, &format!("name=\"{name}\" value=\""), "\"").unwrap().to_owned()
}

/// The token that a page shows.
fn shown_token(seen: &Seen) -> String {
    between(&seen.text, "<code class=\"code\">", "</code>")
        .unwrap_or_else(|| panic!("{}", seen.text))
        .to_owned()
}

async fn make_token(browser: &mut Browser, scopes: &[&str], lasts: &str) -> Seen {
    let fields = [("name", "My script"), ("lasts", lasts)];
    let scopes = scopes.iter().map(|scope| ("scope", *scope));
    browser.submit(NEW_TOKEN, &fields.into_iter().chain(scopes).collect::<Vec<_>>()).await
}

#[tokio::test]
async fn sessions_are_listed_with_their_device_and_one_can_be_ended() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    let mut other = signed_in(&app, "ada").await;
    let mark = "UPDATE sessions SET device = 'Mozilla/5.0 (iPad) Firefox/140.0' WHERE id = (SELECT max(id) FROM sessions)";
    app.app.db.batch(mark).await.unwrap();
    let seen = browser.get(SESSIONS).await;
    for text in
        ["Firefox, iPad", "Unknown browser", "this browser", "2 March 2026, 08:00 (UTC), from 127.0.0.1"]
    {
        assert!(seen.text.contains(text), "{text}: {}", seen.text);
    }
    let buttons = seen.text.matches("name=\"session\"").count();
    assert_eq!(buttons, 1, "this one is ended at the top of the page");
    let ended = browser.post(SESSIONS, &[("session", &button(&seen, "session"))]).await;
    assert_eq!(ended.location(), "/account/sessions?done=session");
    assert!(browser.is_signed_in().await && !other.is_signed_in().await);
    let again = browser.submit(SESSIONS, &[("session", &button(&seen, "session"))]).await;
    assert_eq!(again.status, NOT_FOUND);
}

#[tokio::test]
async fn a_session_that_began_with_a_link_says_by_whose() {
    let app = TestApp::start().await;
    let mut own = ada(&app).await;
    let user = app.session(&own).await.user;
    let link = app.admin().users().create_signin_link(&user, &Default::default()).await.unwrap();
    app.browser().submit(&format!("/auth/signin-link/{}", link.token), &[]).await;
    assert!(own.get(SESSIONS).await.text.contains("Came by a link that head made"));
}

#[tokio::test]
async fn signing_out_everywhere_ends_all_of_ones_own_sessions_and_nobody_elses() {
    let app = TestApp::start().await;
    let (mut browser, mut other) = (ada(&app).await, signed_in(&app, "ada").await);
    let mut somebody = app.teacher("grace").await;
    let seen = browser.submit(SESSIONS, &[("everywhere", "1")]).await;
    assert_eq!(seen.location(), "/auth/signin");
    assert!(!browser.cookies.contains_key("homeroom"));
    assert!(!browser.is_signed_in().await && !other.is_signed_in().await && somebody.is_signed_in().await);
}

#[tokio::test]
async fn another_persons_sessions_tokens_and_apps_are_not_found() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let mut grace = app.teacher("grace").await;
    app.tokens(&mut grace, &registered).await;
    make_token(&mut grace, &["scores"], "30").await;
    let session = app.session(&grace).await.id;
    let token = button(&grace.get(TOKENS).await, "token");
    let mut stranger = individually(&app, "carl").await;
    let mut browsers = [ada(&app).await, stranger];
    for browser in &mut browsers {
        for (page, field, value) in [
            (SESSIONS, "session", session.as_str()),
            (SESSIONS, "session", ""),
            (TOKENS, "token", &token),
            (TOKENS, "token", "1"),
            (APPS, "app", registered.id.as_str()),
            (APPS, "app", "é"),
        ] {
            let seen = browser.submit(page, &[(field, value)]).await;
            assert_eq!(seen.status, NOT_FOUND, "{page} {value}: {}", seen.text);
        }
        assert!(browser.get(APPS).await.text.contains("You have let no app into your account"));
        assert!(browser.get(TOKENS).await.text.contains("You have no access tokens"));
    }
    stranger = app.browser();
    assert_eq!(stranger.get(TOKENS).await.location(), "/auth/signin?next=%2Faccount%2Ftokens");
    assert!(grace.is_signed_in().await);
    assert_eq!(grace.get(APPS).await.text.matches("name=\"app\"").count(), 1);
    assert_eq!(grace.get(TOKENS).await.text.matches("name=\"token\"").count(), 1);
}

#[tokio::test]
async fn a_token_is_shown_once_works_within_its_scopes_and_is_revoked() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    let made = make_token(&mut browser, &["account.public_profile"], "30").await;
    assert_eq!(said(&made), "Copy it now: it is not shown again.");
    assert!(made.text.contains("Works until 1 April 2026"), "{}", made.text);
    let token = shown_token(&made);
    let client = app.client(&token);
    assert_eq!(client.me().await.unwrap().username, "ada");
    assert!(client.users().count(&UserFilter::default()).await.is_err(), "beyond its scopes");

    let listed = browser.get(TOKENS).await;
    for text in ["My script", &token[..7], "see your name and username", "Works until 1 April 2026"] {
        assert!(listed.text.contains(text), "{text}: {}", listed.text);
    }
    assert!(!listed.text.contains(&token));
    assert_eq!(app.tables_that_hold(&token).await, Vec::<String>::new());
    let seen = browser.post(TOKENS, &[("token", &button(&listed, "token"))]).await;
    assert_eq!(seen.location(), "/account/tokens?done=token");
    app.app.clock.advance(std::time::Duration::from_secs(2));
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    assert!(app.client(&token).me().await.is_err());
}

#[tokio::test]
async fn a_token_ends_when_its_time_is_over_or_never() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    let soon = shown_token(&make_token(&mut browser, &["account.public_profile"], "7").await);
    let never = make_token(&mut browser, &["account.public_profile"], "ever").await;
    assert!(never.text.contains("Works until you revoke it"), "{}", never.text);
    app.app.clock.advance(DAY * 7);
    assert!(app.client(&soon).me().await.is_err());
    assert!(app.client(&shown_token(&never)).me().await.is_ok());
    let mut browser = signed_in(&app, "ada").await;
    assert_eq!(browser.get(TOKENS).await.text.matches("name=\"token\"").count(), 1);
}

#[tokio::test]
async fn what_is_wrong_with_a_token_is_said_at_its_field_and_what_was_chosen_stays() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    let none = make_token(&mut browser, &[], "7").await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        none.text
            .contains("<fieldset class=\"ticks\" aria-invalid=\"true\" aria-describedby=\"scopes-wrong\"")
    );
    assert!(none.text.contains("id=\"scopes-wrong\" role=\"alert\">Tick at least one"), "{}", none.text);
    assert!(none.text.contains("value=\"7\" selected") && none.text.contains("value=\"My script\""));
    let fields = [("name", "  "), ("lasts", "90"), ("scope", "scores")];
    let nameless = browser.submit(NEW_TOKEN, &fields).await;
    assert!(wrong(&nameless, "name").unwrap().starts_with("Give the token a name"), "{}", nameless.text);
    assert!(nameless.text.contains("value=\"scores\" checked"));
    for (scope, lasts) in [("nonsense", "7"), ("scores", "8"), ("scores", ""), ("scores", "36500")] {
        let seen = make_token(&mut browser, &[scope], lasts).await;
        assert_eq!(seen.status, StatusCode::BAD_REQUEST, "{scope} {lasts}");
    }
    assert!(app.column("SELECT id FROM access_tokens WHERE name = 'My script'").await.is_empty());
}

#[tokio::test]
async fn nobody_makes_a_token_with_what_their_role_may_not_hold() {
    let app = TestApp::start().await;
    let lti = "edu.admin.lti";
    let mut pupil = ada(&app).await;
    let mut teacher = app.teacher("grace").await;
    for browser in [&mut pupil, &mut teacher] {
        assert!(!browser.get(NEW_TOKEN).await.text.contains("edu.admin"));
        for scope in ["edu.admin", "edu.admin.users", lti] {
            let seen = make_token(browser, &["scores", scope], "7").await;
            assert_eq!(seen.status, StatusCode::FORBIDDEN, "{scope}");
        }
    }
    let_teachers(&app, true).await;
    assert!(teacher.get(NEW_TOKEN).await.text.contains(lti));
    assert_eq!(make_token(&mut teacher, &[lti], "7").await.title(), "Your new token");
    assert_eq!(make_token(&mut pupil, &[lti], "7").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_token_that_somebody_made_for_one_is_listed_with_its_maker_and_can_be_revoked() {
    let app = TestApp::start().await;
    let mut browser = ada(&app).await;
    let user = app.session(&browser).await.user;
    let made = carrying(&[Scope::AccountPublicProfile]);
    app.admin().users().create_access_token(&user, &made).await.unwrap();
    let listed = browser.get(TOKENS).await;
    assert!(listed.text.contains("Made for you by head"), "{}", listed.text);
    let seen = browser.post(TOKENS, &[("token", &button(&listed, "token"))]).await;
    assert_eq!(seen.location(), "/account/tokens?done=token");
}

#[tokio::test]
async fn an_app_is_listed_with_what_it_may_do_and_taken_out() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let mut browser = app.teacher("grace").await;
    let told = app.tokens(&mut browser, &registered).await;
    let listed = browser.get(APPS).await;
    for text in ["Diary", "Allowed on 2 March 2026", "see your e-mail address"] {
        assert!(listed.text.contains(text), "{text}: {}", listed.text);
    }
    let tokens = browser.get(TOKENS).await;
    assert!(
        tokens.text.contains("You have no access tokens"),
        "tokens of apps end with the app: {}",
        tokens.text
    );
    let seen = browser.submit(APPS, &[("app", registered.id.as_str())]).await;
    assert_eq!(seen.location(), "/account/apps?done=app");
    assert_eq!(app.refresh(&registered, &told.text("refresh_token")).await.error(), "invalid_grant");
    assert_eq!(browser.submit(APPS, &[("app", registered.id.as_str())]).await.status, NOT_FOUND);
}

#[tokio::test]
async fn names_of_apps_and_tokens_and_makers_with_markup_are_shown_as_they_are() {
    let app = TestApp::start().await;
    let new = OrganizationAppCreation { name: "<script>alert(1)</script>".to_owned(), ..diary() };
    let registered = app.admin().apps().create(&new).await.unwrap();
    let mut browser = app.teacher("grace").await;
    app.tokens(&mut browser, &registered).await;
    let fields = [("name", "<script>alert(2)</script>"), ("scope", "scores"), ("lasts", "7")];
    browser.submit(NEW_TOKEN, &fields).await;
    let user = app.session(&browser).await.user;
    let (_, maker) = {
        let id = app.add(&app.school, named("m", "<script>", "alert(3)"), Role::Admin).await;
        let token = app.token(&id, Scope::ALL).await;
        (id, app.client(&token))
    };
    maker.users().create_access_token(&user, &carrying(&[Scope::Scores])).await.unwrap();
    let link = maker.users().create_signin_link(&user, &Default::default()).await.unwrap();
    app.browser().submit(&format!("/auth/signin-link/{}", link.token), &[]).await;
    app.app.db.batch("UPDATE sessions SET device = '<script>alert(4)</script>'").await.unwrap();
    let long = "<script>".repeat(10);
    let typed = browser.submit(NEW_TOKEN, &[("name", &*long), ("lasts", "7"), ("scope", "scores")]).await;
    for seen in [typed, browser.get(APPS).await, browser.get(TOKENS).await, browser.get(SESSIONS).await] {
        assert!(!seen.text.contains("<script") && seen.text.contains("&#60;script"), "{}", seen.text);
    }
}

#[tokio::test]
async fn an_individual_deletes_the_account_with_its_name_and_password() {
    let app = TestApp::start().await;
    let mut browser = individually(&app, "Carl").await;
    assert!(browser.get("/account").await.text.contains("/account/leave"));
    for (username, current, field) in [
        ("", PASSWORD, "username"),
        ("carla", PASSWORD, "username"),
        ("Carl", "", "current"),
        ("Carl", "wrong horse", "current"),
    ] {
        let fields = [("username", username), ("current", current)];
        let seen = browser.submit("/account/leave", &fields).await;
        assert!(wrong(&seen, field).is_some(), "{username} {current}: {}", seen.text);
    }
    assert!(browser.is_signed_in().await);
    let seen = browser.submit("/account/leave", &[("username", " carl "), ("current", PASSWORD)]).await;
    assert_eq!((seen.status, seen.title()), (StatusCode::OK, "Your account is deleted"));
    assert!(!browser.cookies.contains_key("homeroom") && !seen.text.contains("/auth/signout"));
    assert!(app.column("SELECT username FROM users WHERE username = 'Carl'").await.is_empty());
    let fields = [("name", "Carl"), ("password", PASSWORD), ("individual", "1")];
    assert_eq!(app.browser().submit("/auth/signin", &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_member_is_told_to_ask_an_administrator_and_deletes_nothing() {
    let app = TestApp::start().await;
    app.member(person("ada"), Role::User).await;
    let mut browser = signed_in(&app, "ada").await;
    assert!(!browser.get("/account").await.text.contains("/account/leave"));
    assert_eq!(browser.get("/account/leave").await.location(), "/account/school");
    browser.get("/account").await;
    let seen = browser.post("/account/leave", &[("username", "ada"), ("current", PASSWORD)]).await;
    assert_eq!(seen.location(), "/account/school");
    assert!(browser.is_signed_in().await);
}
