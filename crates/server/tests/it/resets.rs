//! A new password by mail.

use homeroom_client::{Role, UserId};
use homeroom_server::mail;
use reqwest::StatusCode;

use crate::joining::CHOSEN;
use crate::support::browser::{Browser, PASSWORD, Seen, between};
use crate::support::{DAY, TestApp, named, person, with_email};

const ADA: &str = "ada@school.example";
const SCHOOL: &str = "north-hill-school";

async fn ada(app: &TestApp) -> UserId {
    app.member(with_email("ada", ADA), Role::User).await
}

/// Asks for a link, and waits until what that does in the background is done.
async fn ask(app: &TestApp, browser: &mut Browser, name: &str) -> Seen {
    let seen = browser.submit("/auth/reset", &[("school", SCHOOL), ("name", name)]).await;
    wait_for_background(app).await;
    seen
}

async fn wait_for_background(app: &TestApp) {
    app.app.tasks.close();
    app.app.tasks.wait().await;
    app.app.tasks.reopen();
}

/// Asks for a link for a new account, many times at once.
pub async fn ask_often(app: &TestApp, count: usize) {
    ada(app).await;
    let asks = (0..count)
        .map(|_| async { app.browser().submit("/auth/reset", &[("school", SCHOOL), ("name", "ada")]).await });
    futures_util::future::join_all(asks).await;
    wait_for_background(app).await;
}

/// The path of a link for a new account.
pub async fn link_for_ada(app: &TestApp) -> String {
    ada(app).await;
    link_of_ada(app).await
}

/// To whom the mails that wait go, and their links; oldest first.
pub async fn mails(app: &TestApp) -> Vec<(String, Vec<String>)> {
    let kept = mail::list_all(&app.app, None, 100).await.unwrap();
    let letters = kept.into_iter().rev().filter_map(|kept| kept.letter);
    letters.map(|letter| (letter.to, letter.links.into_iter().map(|link| link.url).collect())).collect()
}

/// The path of the only link of the newest mail.
pub async fn link(app: &TestApp) -> String {
    let (_, links) = mails(app).await.pop().unwrap();
    assert_eq!(links.len(), 1);
    links[0].strip_prefix(&app.url).unwrap().to_owned()
}

async fn link_of_ada(app: &TestApp) -> String {
    ask(app, &mut app.browser(), "ada").await;
    link(app).await
}

pub async fn set(browser: &mut Browser, link: &str) -> Seen {
    browser.get("/auth/signin").await;
    browser.post(link, &[("password", CHOSEN)]).await
}

#[tokio::test]
async fn who_has_an_address_sets_a_new_password_by_a_link_that_goes_there() {
    let app = TestApp::start().await;
    ada(&app).await;
    for name in ["ada", " ADA ", ADA] {
        ask(&app, &mut app.browser(), name).await;
        assert_eq!(mails(&app).await.pop().unwrap().0, ADA, "{name}");
    }
    let link = link(&app).await;
    let mut browser = app.browser();
    assert!(browser.get(&link).await.text.contains("“ada”"));
    assert_eq!(set(&mut browser, &link).await.location(), "/account");
    assert!(browser.is_signed_in().await);
    assert_eq!(app.browser().sign_in_with("ada", CHOSEN).await.location(), "/account");
    assert_eq!(app.browser().sign_in("ada").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_new_password_ends_sessions_links_and_other_resets_and_is_told_of() {
    let app = TestApp::start().await;
    let ada = ada(&app).await;
    let mut other = app.browser();
    other.sign_in("ada").await;
    let (first, second) = (link_of_ada(&app).await, link_of_ada(&app).await);
    let signin = app.admin().users().create_signin_link(&ada, &Default::default()).await.unwrap();
    assert_eq!(set(&mut app.browser(), &second).await.location(), "/account");

    assert!(!other.is_signed_in().await);
    assert_eq!(app.browser().get(&first).await.status, StatusCode::NOT_FOUND);
    assert_ne!(app.browser().get(&signin.url).await.status, StatusCode::OK);
    assert_eq!(mails(&app).await.pop().unwrap(), (ADA.to_owned(), vec![]));
    let events = "SELECT event FROM audit_events WHERE event LIKE '%reset%' ORDER BY id";
    let expected = ["password_reset.requested", "password_reset.requested", "user.password_reset"];
    assert_eq!(app.column(events).await, expected);
}

#[tokio::test]
async fn the_page_is_the_same_byte_for_byte_whoever_was_asked_for() {
    let app = TestApp::start().await;
    ada(&app).await;
    app.member(named("pupil", "Pupil", ""), Role::User).await;
    shared(&app).await;
    let mut pages = Vec::new();
    for name in [
        "ada",
        ADA,
        "pupil",
        "nobody",
        "nobody@school.example",
        "shared@school.example",
        "one",
        "",
        "a\u{301}",
    ] {
        let seen = ask(&app, &mut app.browser(), name).await;
        let (mut headers, csrf) = (seen.headers.clone(), between(&seen.text, "name=\"csrf\" value=\"", "\""));
        for own in ["set-cookie", "x-request-id", "date"] {
            headers.remove(own);
        }
        pages.push((seen.status, headers, seen.text.replace(csrf.unwrap_or("?"), "")));
    }
    assert!(pages.iter().all(|page| *page == pages[0]), "{pages:#?}");
    assert!(pages[0].0 == StatusCode::OK && pages[0].2.contains("ask your teacher"));
}

/// Two accounts with one address, as an LTI configuration makes them.
async fn shared(app: &TestApp) {
    for username in ["one", "two"] {
        app.member(person(username), Role::User).await;
    }
    let sql = "UPDATE users SET email = 'shared@school.example', email_key = 'shared@school.example', email_shared = TRUE
               WHERE username IN ('one', 'two')";
    app.app.db.batch(sql).await.unwrap();
}

#[tokio::test]
async fn a_shared_address_gets_one_mail_with_a_link_for_each_account() {
    let app = TestApp::start().await;
    shared(&app).await;
    ask(&app, &mut app.browser(), "shared@school.example").await;
    let mails = mails(&app).await;
    assert_eq!((mails.len(), &*mails[0].0, mails[0].1.len()), (1, "shared@school.example", 2));
    for (link, username) in mails[0].1.iter().zip(["one", "two"]) {
        let mut browser = app.browser();
        assert!(browser.get(link).await.text.contains(&format!("“{username}”")));
        assert_eq!(browser.post(link, &[("password", CHOSEN)]).await.location(), "/account");
        assert_eq!(app.browser().sign_in_with(username, CHOSEN).await.location(), "/account");
    }
}

#[tokio::test]
async fn an_account_without_an_address_gets_no_mail_and_one_gets_five_in_an_hour() {
    let app = TestApp::start().await;
    ada(&app).await;
    app.user("pupil", Role::User).await;
    for name in ["pupil", "nobody", "head@other.example"] {
        ask(&app, &mut app.browser(), name).await;
    }
    assert_eq!(app.column("SELECT id FROM outbox").await.len(), 0);
    for name in ["ada", ADA, "ADA", "ada", ADA, "ada", ADA] {
        assert_eq!(ask(&app, &mut app.browser(), name).await.status, StatusCode::OK);
    }
    assert_eq!(app.column("SELECT id FROM outbox").await.len(), 5);
    app.app.clock.advance(DAY / 24);
    ask(&app, &mut app.browser(), "ada").await;
    assert_eq!(app.column("SELECT id FROM outbox").await.len(), 6);
}

#[tokio::test]
async fn who_asks_without_end_waits_whoever_they_ask_for() {
    let app = TestApp::start_with(|settings| settings.signin_failures_address = 2).await;
    ada(&app).await;
    for (name, status) in [("nobody", 200), ("ada", 200), ("ada", 429), ("nobody", 429)] {
        assert_eq!(ask(&app, &mut app.browser(), name).await.status.as_u16(), status, "{name}");
    }
    assert_eq!(app.column("SELECT id FROM outbox").await.len(), 1);
    assert_eq!(app.browser().sign_in("ada").await.location(), "/account");
}

#[tokio::test]
async fn looking_at_a_link_uses_nothing_up_and_a_link_that_is_over_has_its_own_sentence() {
    let app = TestApp::start().await;
    ada(&app).await;
    let (expired, used) = (link_of_ada(&app).await, link_of_ada(&app).await);
    let ended = app.browser().get("/auth/reset/AAAA").await;
    assert_eq!((ended.status, ended.title()), (StatusCode::NOT_FOUND, "This link doesn&#39;t work"));
    for _ in 0..3 {
        assert_eq!(app.browser().get(&used).await.status, StatusCode::OK);
    }
    app.app.clock.advance(DAY / 24);
    let late = link_of_ada(&app).await;
    set(&mut app.browser(), &late).await;
    for (link, status, title) in [
        (late, StatusCode::GONE, "This link was used"),
        (expired, StatusCode::NOT_FOUND, "This link doesn&#39;t work"),
    ] {
        for seen in [app.browser().get(&link).await, set(&mut app.browser(), &link).await] {
            assert_eq!((seen.status, seen.title()), (status, title));
            assert!(seen.text.contains("href=\"/auth/reset\""));
        }
    }
}

#[tokio::test]
async fn a_link_whose_hour_is_over_sets_nothing() {
    let app = TestApp::start().await;
    ada(&app).await;
    let link = link_of_ada(&app).await;
    let mut browser = app.browser();
    browser.get(&link).await;
    app.app.clock.advance(DAY / 24);
    let seen = browser.post(&link, &[("password", CHOSEN)]).await;
    assert_eq!((seen.status, seen.title()), (StatusCode::GONE, "This link is too old"));
    assert_eq!(app.browser().sign_in("ada").await.location(), "/account");
}

#[tokio::test]
async fn a_password_that_is_easy_to_guess_leaves_the_link_open() {
    let app = TestApp::start().await;
    ada(&app).await;
    let link = link_of_ada(&app).await;
    let mut browser = app.browser();
    for weak in ["", "short", "password", "north hill school", "a\0b"] {
        let seen = browser.submit(&link, &[("password", weak)]).await;
        assert!(!seen.status.is_success() && !seen.status.is_redirection(), "{weak:?}");
    }
    assert_eq!(set(&mut browser, &link).await.location(), "/account");
}

#[tokio::test]
async fn a_link_sets_the_password_of_its_own_account_alone() {
    let app = TestApp::start().await;
    ada(&app).await;
    let other = app.other_school().await;
    app.add(&other, with_email("ada", ADA), Role::User).await;
    let link = link_of_ada(&app).await;
    let fields =
        [("password", CHOSEN), ("user", "head"), ("username", "head"), ("school", "south-vale-school")];
    app.browser().submit(&link, &fields).await;
    let changed = "SELECT username || slug FROM users u JOIN organizations o ON o.id = u.organization_id
                   WHERE password_hash IS NOT NULL AND NOT password_by_admin";
    assert_eq!(app.column(changed).await, ["adanorth-hill-school"]);
}

#[tokio::test]
async fn a_host_that_a_request_names_does_not_stand_in_the_mail() {
    let app = TestApp::start().await;
    ada(&app).await;
    let mut browser = app.browser();
    browser.get("/auth/reset").await;
    let cookies: Vec<_> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let body = format!("csrf={}&school={SCHOOL}&name=ada", browser.csrf);
    let request =
        app.http().post(format!("{}/auth/reset", app.url)).body(body).header("cookie", cookies.join("; "));
    let names =
        [("host", "evil.example"), ("x-forwarded-host", "evil.example"), ("forwarded", "host=evil.example")];
    let request = names.into_iter().fold(request, |request, (name, value)| request.header(name, value));
    let seen = request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
    assert_eq!(seen.status(), StatusCode::OK);
    wait_for_background(&app).await;
    assert!(link(&app).await.starts_with("/auth/reset/"));
}

#[tokio::test]
async fn who_has_a_second_factor_signs_in_with_it_after_the_new_password() {
    let app = TestApp::start().await;
    ada(&app).await;
    let sql = "INSERT INTO second_factors (organization_id, user_id, secret, last_step, created_at)
               SELECT organization_id, id, '', 0, 0 FROM users WHERE username = 'ada'";
    app.app.db.batch(sql).await.unwrap();
    let link = link_of_ada(&app).await;
    let mut browser = app.browser();
    assert_eq!(set(&mut browser, &link).await.title(), "Your password is set");
    assert!(!browser.is_signed_in().await);
    assert_eq!(app.column("SELECT user_id FROM second_factors").await.len(), 1);
}

#[tokio::test]
async fn who_was_made_to_wait_for_wrong_passwords_signs_in_after_a_reset() {
    let app = TestApp::start().await;
    ada(&app).await;
    for _ in 0..11 {
        app.browser().sign_in_with(ADA, "wrong horse").await;
    }
    assert_eq!(app.browser().sign_in_with(ADA, PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    let link = link_of_ada(&app).await;
    set(&mut app.browser(), &link).await;
    assert_eq!(app.browser().sign_in_with(ADA, CHOSEN).await.location(), "/account");
}

#[tokio::test]
async fn names_with_markup_are_shown_as_they_are() {
    let app = TestApp::start().await;
    app.member(with_email("<script>", ADA), Role::User).await;
    app.app
        .db
        .batch("UPDATE organizations SET name = '<script>alert(1)</script>' WHERE slug = 'north-hill-school'")
        .await
        .unwrap();
    ask(&app, &mut app.browser(), ADA).await;
    let link = link(&app).await;
    let open = app.browser().get(&link).await;
    let weak = app.browser().submit(&link, &[("password", "<script>")]).await;
    let asked =
        app.browser().submit("/auth/reset", &[("school", "\"><script>"), ("name", "\"><script>")]).await;
    for seen in [open, weak, asked, app.browser().get("/auth/reset?school=%22%3E%3Cscript%3E").await] {
        assert!(!seen.text.contains("<script>") && seen.text.contains("&#60;script&#62;"), "{}", seen.text);
    }
}

/// Runs every statement of a reset.
pub async fn set_a_password(app: &TestApp) {
    app.member(with_email("forgetful", "forgetful@school.example"), Role::User).await;
    ask(app, &mut app.browser(), "forgetful").await;
    let link = link(app).await;
    assert_eq!(set(&mut app.browser(), &link).await.location(), "/account");
}
