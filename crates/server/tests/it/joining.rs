//! Joining by invitation, in a browser.

use homeroom_client::{
    InvitationQuery, InvitationStatus, InvitedRole, OrganizationId, OrganizationInvitationCreation, Role,
    Scope, UserId,
};
use homeroom_server::organizations::INDIVIDUALS;
use homeroom_server::users::{NewUser, Profile};
use reqwest::StatusCode;

use crate::invitations::{invite, link_for};
use crate::ranks::role_of;
use crate::support::browser::{Browser, PASSWORD, Seen};
use crate::support::{DAY, School, TestApp, named, with_email};

const ADA: &str = "ada@school.example";
pub const ENROLL: &str = "/organization/enroll";
pub const CHOSEN: &str = "seven purple bicycles";

/// The code of a new invitation.
async fn invited(app: &TestApp, new: &OrganizationInvitationCreation) -> String {
    app.admin().invitations().create(new).await.unwrap().custom_code.unwrap()
}

pub fn page(code: &str) -> String {
    format!("{ENROLL}?enrollcode={code}")
}

/// Sends the form of a page that was opened before.
pub async fn join(browser: &mut Browser, code: &str, username: &str) -> Seen {
    browser.get("/auth/signin").await;
    let names = [("firstname", "Ada"), ("lastname", "Lovelace"), ("email", "")];
    let account = [("enrollcode", code), ("username", username), ("password", CHOSEN)];
    browser.post(ENROLL, &[names.as_slice(), &account].concat()).await
}

pub async fn move_account(browser: &mut Browser, code: &str) -> Seen {
    browser.get(&page(code)).await;
    browser.post("/organization/enroll/account", &[("enrollcode", code), ("current", PASSWORD)]).await
}

/// A new individual account with [`PASSWORD`].
pub async fn individual(app: &TestApp, profile: Profile) -> UserId {
    let password = Some(app.app.passwords.hash(PASSWORD.into()).await.unwrap());
    let new = NewUser { profile, role: Role::User, locale: "en".to_owned(), password, is_test: false };
    let school = School { organization: OrganizationId::from(INDIVIDUALS), ..app.school.clone() };
    app.insert(&school, &new).await
}

/// A browser in which an individual has signed in to come to the page of a code.
pub async fn signed_in(app: &TestApp, name: &str, code: &str) -> Browser {
    let mut browser = app.browser();
    browser.get(&page(code)).await;
    let fields = [("name", name), ("password", PASSWORD), ("next", &page(code)), ("individual", "1")];
    let seen = browser.post("/auth/signin", &fields).await;
    assert_eq!((seen.status, seen.location()), (StatusCode::SEE_OTHER, &*page(code)));
    browser
}

async fn locale_of(app: &TestApp, username: &str) -> Vec<String> {
    let all = app.column("SELECT username || '/' || locale FROM users").await;
    all.iter().filter_map(|user| user.strip_prefix(&format!("{username}/")).map(str::to_owned)).collect()
}

async fn status(app: &TestApp) -> Vec<String> {
    app.column("SELECT status FROM invitations ORDER BY id").await
}

#[tokio::test]
async fn who_is_invited_joins_with_a_new_account_and_the_role_of_the_invitation() {
    let app = TestApp::start().await;
    let code = invited(&app, &invite(ADA, Some(InvitedRole::AccountAdmin))).await;
    let mut browser = app.browser();
    browser.language = "de".to_owned();
    let seen = join(&mut browser, &code, "Ada").await;
    assert_eq!((seen.status, seen.location()), (StatusCode::SEE_OTHER, "/account"));
    assert!(browser.is_signed_in().await);

    let query = InvitationQuery::default();
    let invitation = app.admin().invitations().list(&query).await.unwrap().items.remove(0);
    assert_eq!(invitation.status, Some(InvitationStatus::Used));
    let ada = app.admin().users().get(&invitation.used_by[0]).await.unwrap();
    assert_eq!((ada.username.as_str(), ada.organization_role), ("Ada", Some(Role::AccountAdmin)));
    assert_eq!((ada.email.as_deref(), locale_of(&app, "Ada").await), (Some(ADA), vec!["de".to_owned()]));
    assert_eq!(app.browser().sign_in_with(ADA, CHOSEN).await.location(), "/account");
}

#[tokio::test]
async fn joining_is_written_down_with_who_came_by_what() {
    let app = TestApp::start().await;
    let code = invited(&app, &invite(ADA, None)).await;
    join(&mut app.browser(), &code, "ada").await;
    let events = "SELECT event || ' ' || CASE WHEN actor = target THEN 'self' ELSE '' END FROM audit_events
                  WHERE actor = (SELECT id FROM users WHERE username = 'ada') ORDER BY id";
    assert_eq!(app.column(events).await, ["user.created self", "invitation.used ", "session.created "]);
    let own = "SELECT username FROM users WHERE username = 'ada' AND NOT password_by_admin";
    assert_eq!(app.column(own).await, ["ada"]);
}

#[tokio::test]
async fn looking_at_an_invitation_uses_nothing_up_and_a_code_is_read_as_people_type_it() {
    let app = TestApp::start().await;
    let code = invited(&app, &invite(ADA, None)).await;
    let (first, rest) = code.split_at(5);
    let typed =
        [code.clone(), code.to_lowercase(), format!("%20{first}-{rest}+"), format!("{first}%20{rest}")];
    for typed in typed {
        let seen = app.browser().get(&page(&typed)).await;
        assert_eq!((seen.status, seen.title()), (StatusCode::OK, "Join North Hill School"), "{typed}");
        assert!(seen.text.contains(ADA) && seen.text.contains("as a teacher"), "{}", seen.text);
    }
    assert_eq!(status(&app).await, ["open"]);
    assert!(app.browser().get(ENROLL).await.text.contains("name=\"enrollcode\""));
    assert_eq!(
        join(&mut app.browser(), &format!(" {first} - {} ", rest.to_lowercase()), "ada").await.location(),
        "/account"
    );
}

#[tokio::test]
async fn every_invitation_that_is_over_has_its_own_sentence() {
    let app = TestApp::start().await;
    let used = invited(&app, &link_for(InvitedRole::Teacher)).await;
    join(&mut app.browser(), &used, "first").await;
    let revoked = app.admin().invitations().create(&link_for(InvitedRole::Teacher)).await.unwrap();
    app.admin().invitations().remove(&revoked.id).await.unwrap();
    let expired = invited(&app, &link_for(InvitedRole::Teacher)).await;
    let replaced = invited(&app, &invite(ADA, None)).await;
    invited(&app, &invite(ADA, None)).await;
    app.app.clock.advance(DAY * 14);
    for (code, status, title) in [
        (&*used, StatusCode::GONE, "This invitation was used"),
        (&revoked.custom_code.unwrap(), StatusCode::GONE, "This invitation was withdrawn"),
        (&expired, StatusCode::GONE, "This invitation is too old"),
        (&replaced, StatusCode::NOT_FOUND, "Join a school"),
        ("ABCDE23456", StatusCode::NOT_FOUND, "Join a school"),
    ] {
        for seen in [app.browser().get(&page(code)).await, join(&mut app.browser(), code, "late").await] {
            assert_eq!((seen.status, seen.title()), (status, title), "{code}");
            let way_on = ["/o/north-hill-school/auth/signin", "name=\"enrollcode\""];
            assert!(way_on.iter().any(|way| seen.text.contains(way)), "{}", seen.text);
        }
    }
    assert_eq!(app.column("SELECT id FROM users").await.len(), 2);
}

#[tokio::test]
async fn a_username_that_is_taken_leaves_the_invitation_open() {
    let app = TestApp::start().await;
    app.user("José", Role::User).await;
    let code = invited(&app, &invite(ADA, None)).await;
    let mut browser = app.browser();
    let seen = join(&mut browser, &code, "jose").await;
    assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(seen.text.contains("This username is taken") && seen.text.contains("value=\"jose\""));
    assert!(seen.text.contains("value=\"Lovelace\"") && !seen.text.contains(CHOSEN));
    assert_eq!(status(&app).await, ["open"]);
    assert_eq!(join(&mut browser, &code, "ada").await.location(), "/account");
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_nothing_is_made() {
    let app = TestApp::start().await;
    let code = invited(&app, &link_for(InvitedRole::Teacher)).await;
    for (field, value) in [
        ("username", ""),
        ("username", "a\r\nBcc: eve@evil.example"),
        ("firstname", "Ada\r\nX: y"),
        ("lastname", &"x".repeat(61)),
        ("email", "ada"),
        ("email", "ada@school.example\r\nBcc: eve@evil.example"),
        ("password", "short"),
        ("password", "password"),
        ("password", "north hill school"),
    ] {
        let mut browser = app.browser();
        browser.get(&page(&code)).await;
        let right =
            [("username", "ada"), ("firstname", ""), ("lastname", ""), ("email", ""), ("password", CHOSEN)];
        let wrong = right.map(|(name, known)| (name, if name == field { value } else { known }));
        let seen = browser.post(ENROLL, &[wrong.as_slice(), &[("enrollcode", &code)]].concat()).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value:?}");
        assert!(seen.text.contains(&format!("id=\"{field}-wrong\"")), "{}", seen.text);
    }
    assert_eq!((app.column("SELECT id FROM users").await.len(), &*status(&app).await[0]), (1, "open"));
}

#[tokio::test]
async fn an_address_that_somebody_has_by_now_is_not_given_again() {
    let app = TestApp::start().await;
    let code = invited(&app, &invite(ADA, None)).await;
    app.add(&app.school, with_email("other", ADA), Role::User).await;
    let seen = join(&mut app.browser(), &code, "ada").await;
    assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(seen.text.contains("already has the address of this invitation"), "{}", seen.text);
    assert_eq!(status(&app).await, ["open"]);
}

#[tokio::test]
async fn another_address_than_the_invitation_s_is_the_account_s_once_it_is_confirmed() {
    let app = TestApp::start().await;
    for (new, made) in [
        (link_for(InvitedRole::Teacher), vec!["confirm_email eve@school.example"]),
        (invite(ADA, None), vec![]),
    ] {
        let code = invited(&app, &new).await;
        let mut browser = app.browser();
        browser.get(&page(&code)).await;
        let username = format!("joiner{}", made.len());
        let fields = [
            ("enrollcode", &*code),
            ("username", &username),
            ("password", CHOSEN),
            ("email", "eve@school.example"),
        ];
        assert_eq!(browser.post(ENROLL, &fields).await.location(), "/account");
        assert_eq!(app.column("SELECT kind || ' ' || email FROM mailed_links").await, made);
        app.app.db.batch("DELETE FROM mailed_links").await.unwrap();
    }
    let addresses = "SELECT coalesce(email, '') FROM users WHERE username LIKE 'joiner%' ORDER BY username";
    assert_eq!(app.column(addresses).await, [ADA, ""]);
}

#[tokio::test]
async fn a_member_is_told_to_be_one_already_or_to_leave_the_other_school_first() {
    let app = TestApp::start().await;
    let ada = app.member(with_email("ada", ADA), Role::Teacher).await;
    let other = app.other_school().await;
    let invitations = app.client(&other.token);
    let code = invited(&app, &link_for(InvitedRole::Admin)).await;
    let elsewhere =
        invitations.invitations().create(&link_for(InvitedRole::Admin)).await.unwrap().custom_code.unwrap();
    let mut browser = app.browser();
    browser.sign_in("ada").await;
    for (code, title) in [(code, "You are in already"), (elsewhere, "You belong to another school")] {
        assert_eq!(browser.get(&page(&code)).await.title(), title);
        assert_eq!(move_account(&mut browser, &code).await.title(), title);
        assert_eq!(browser.post(ENROLL, &[("enrollcode", &code)]).await.location(), page(&code));
    }
    assert_eq!(
        (role_of(&app, &ada).await, status(&app).await),
        (Some(Role::Teacher), vec!["open".to_owned(); 2])
    );
}

#[tokio::test]
async fn an_individual_account_moves_into_the_school_with_its_id() {
    let app = TestApp::start().await;
    app.user("Ada", Role::User).await;
    let ada = individual(&app, with_email("ada", ADA)).await;
    let code = invited(&app, &link_for(InvitedRole::Teacher)).await;
    let mut other_browser = signed_in(&app, "ada", &code).await;
    let mut browser = signed_in(&app, ADA, &code).await;
    let seen = browser.get(&page(&code)).await;
    assert!(seen.text.contains("What the school will see") && seen.text.contains("/enroll/account"));
    app.app.db.batch("UPDATE users SET locale = 'fr' WHERE username = 'ada'").await.unwrap();
    assert_eq!(move_account(&mut browser, &code).await.location(), "/account");

    let moved = app.admin().users().get(&ada).await.unwrap();
    assert_eq!((moved.username.as_str(), moved.organization_role), ("ada2", Some(Role::Teacher)));
    assert_eq!((moved.email.as_deref(), locale_of(&app, "ada2").await), (Some(ADA), vec!["fr".to_owned()]));
    assert!(browser.is_signed_in().await && !other_browser.is_signed_in().await);
    assert_eq!(app.browser().sign_in(ADA).await.location(), "/account");
    assert_eq!(app.column("SELECT organization_id FROM users WHERE username = 'ada'").await.len(), 0);
    assert_eq!(browser.get(&page(&code)).await.title(), "Vous en faites déjà partie");
}

#[tokio::test]
async fn a_move_is_written_down_on_both_sides_and_leaves_nothing_else_behind() {
    let app = TestApp::start().await;
    let ada = individual(&app, named("ada", "Ada", "Lovelace")).await;
    let code = invited(&app, &link_for(InvitedRole::Teacher)).await;
    let mut browser = signed_in(&app, "ada", &code).await;
    move_account(&mut browser, &code).await;
    homeroom_server::jobs::run_due_erasures(&app.app).await.unwrap();
    let events =
        "SELECT event FROM audit_events WHERE organization_id = '000000000000000000000000' ORDER BY id";
    assert_eq!(app.column(events).await, ["session.created", "user.moved", "user.erased"]);
    let details = "SELECT d.details FROM audit_details d JOIN audit_events e ON e.id = d.event_id
                   WHERE d.organization_id = '000000000000000000000000' AND e.event <> 'user.erased'";
    assert_eq!(app.column(details).await, Vec::<String>::new());
    let joined =
        "SELECT event FROM audit_events WHERE organization_id <> '000000000000000000000000' AND actor =
                  (SELECT id FROM users WHERE username = 'ada') ORDER BY id";
    assert_eq!(app.column(joined).await, ["user.created", "invitation.used", "session.created"]);
    assert_eq!(app.column("SELECT user_id FROM invitation_uses").await, [ada.as_str()]);
}

#[tokio::test]
async fn an_account_is_given_to_no_school_without_its_password_and_code() {
    let app = TestApp::start().await;
    let code = invited(&app, &link_for(InvitedRole::Teacher)).await;
    individual(&app, named("ada", "Ada", "Lovelace")).await;
    let mut browser = signed_in(&app, "ada", &code).await;
    app.turn_on(&mut browser).await;
    for (current, second) in [("wrong horse", "000000"), (PASSWORD, "000000"), (PASSWORD, ""), ("", "")] {
        browser.get(&page(&code)).await;
        let fields = [("enrollcode", &*code), ("current", current), ("code", second)];
        let seen = browser.post("/organization/enroll/account", &fields).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", seen.text);
        assert!(seen.text.contains("The password or the code isn&#39;t right"), "{}", seen.text);
    }
    assert_eq!(app.column("SELECT organization_id FROM users WHERE username = 'ada'").await, [INDIVIDUALS]);
}

#[tokio::test]
async fn an_individual_whose_address_is_taken_in_the_school_stays_and_is_told() {
    let app = TestApp::start().await;
    app.add(&app.school, with_email("other", ADA), Role::User).await;
    individual(&app, with_email("ada", ADA)).await;
    let code = invited(&app, &link_for(InvitedRole::Teacher)).await;
    let mut browser = signed_in(&app, "ada", &code).await;
    let seen = move_account(&mut browser, &code).await;
    assert_eq!((seen.status, seen.title()), (StatusCode::CONFLICT, "Your address is taken there"));
    assert!(browser.is_signed_in().await && status(&app).await == ["open"]);
}

#[tokio::test]
async fn an_individual_signs_in_from_the_offer_even_with_an_address_of_the_school() {
    let app = TestApp::start().await;
    individual(&app, with_email("ada", ADA)).await;
    app.app.db.batch("INSERT INTO organization_domains SELECT 'school.example', id FROM organizations WHERE slug = 'north-hill-school'").await.unwrap();
    let code = invited(&app, &link_for(InvitedRole::Teacher)).await;
    let mut browser = app.browser();
    browser.get(&page(&code)).await;
    let fields = [("name", ADA), ("password", "wrong horse"), ("next", &page(&code)), ("individual", "1")];
    let seen = browser.post("/auth/signin", &fields).await;
    assert!(seen.text.contains("name=\"individual\"") && seen.text.contains(&code), "{}", seen.text);
    signed_in(&app, ADA, &code).await;
}

#[tokio::test]
async fn a_session_that_somebody_s_link_began_does_not_move_the_account() {
    let app = TestApp::start().await;
    individual(&app, named("ada", "", "")).await;
    let code = invited(&app, &link_for(InvitedRole::Teacher)).await;
    let mut browser = signed_in(&app, "ada", &code).await;
    app.app.db.batch("UPDATE sessions SET confirmed = FALSE").await.unwrap();
    move_account(&mut browser, &code).await;
    assert_eq!(status(&app).await, ["open"]);
}

#[tokio::test]
async fn an_invitation_by_somebody_who_may_no_longer_give_its_role_lets_nobody_in() {
    let app = TestApp::start().await;
    let (_, clerk) = app.caller("clerk", Role::AccountAdmin, &[Scope::EduAdminUsers]).await;
    let new = link_for(InvitedRole::AccountAdmin);
    let code = clerk.invitations().create(&new).await.unwrap().custom_code.unwrap();
    // As if the fall had not revoked it.
    app.app.db.batch("UPDATE users SET role = 'teacher' WHERE username = 'clerk'").await.unwrap();
    assert_eq!(join(&mut app.browser(), &code, "ada").await.title(), "This invitation was withdrawn");
    assert_eq!(app.column("SELECT username FROM users ORDER BY username").await, ["clerk", "head"]);
}

#[tokio::test]
async fn all_who_come_with_a_link_for_many_join_as_teachers() {
    let app = TestApp::start().await;
    let new = OrganizationInvitationCreation { allow_multiple_use: true, ..Default::default() };
    let code = invited(&app, &new).await;
    for username in ["ada", "bea"] {
        assert_eq!(join(&mut app.browser(), &code, username).await.location(), "/account");
    }
    assert_eq!(status(&app).await, ["open"]);
    assert_eq!(
        app.column("SELECT username FROM users WHERE role = 'teacher' ORDER BY id").await,
        ["ada", "bea"]
    );
}

#[tokio::test]
async fn who_guesses_codes_waits_while_others_there_sign_in() {
    let app = TestApp::start_with(|settings| settings.signin_failures_address = 3).await;
    app.member(with_email("ada", ADA), Role::User).await;
    let code = invited(&app, &link_for(InvitedRole::Teacher)).await;
    for guess in 0..4 {
        let seen = app.browser().get(&page(&format!("ABCDE2345{guess}"))).await;
        assert_eq!(
            seen.status,
            if guess < 3 { StatusCode::NOT_FOUND } else { StatusCode::TOO_MANY_REQUESTS }
        );
    }
    let seen = join(&mut app.browser(), &code, "bea").await;
    assert_eq!(
        (seen.status, seen.headers["retry-after"].to_str().unwrap()),
        (StatusCode::TOO_MANY_REQUESTS, "30")
    );
    assert_eq!(app.browser().sign_in("ada").await.location(), "/account");
    app.app.clock.advance(std::time::Duration::from_secs(30));
    assert_eq!(join(&mut app.browser(), &code, "bea").await.location(), "/account");
}

#[tokio::test]
async fn names_with_markup_are_shown_as_they_are() {
    let app = TestApp::start().await;
    let script = "<script>alert(1)</script>";
    let sql = "UPDATE organizations SET name = '<script>alert(1)</script>' WHERE slug = 'north-hill-school';
               UPDATE users SET firstname = '<script>alert(1)</script>' WHERE username = 'head'";
    app.app.db.batch(sql).await.unwrap();
    individual(&app, named(script, script, script)).await;
    let code = invited(&app, &link_for(InvitedRole::Teacher)).await;
    let mut browser = app.browser();
    let anonymous = browser.get(&page(&code)).await;
    let fields =
        [("enrollcode", &*code), ("username", "\"><script>"), ("firstname", script), ("password", "a")];
    let wrong = browser.post(ENROLL, &fields).await;
    let mut individual = signed_in(&app, script, &code).await;
    let own = individual.get(&page(&code)).await;
    app.app.clock.advance(DAY * 14);
    let ended = app.browser().get(&page(&code)).await;
    for seen in [anonymous, wrong, own, ended] {
        assert!(!seen.text.contains("<script>") && seen.text.contains("&#60;script&#62;"), "{}", seen.text);
    }
}

#[tokio::test]
async fn a_code_that_was_typed_is_shown_as_it_is() {
    let app = TestApp::start().await;
    let seen = app.browser().get(&page("%22%3E%3Cscript%3E")).await;
    assert!(!seen.text.contains("<script>") && !seen.text.contains("<SCRIPT>"), "{}", seen.text);
}

/// Runs every statement of joining.
pub async fn join_in_every_way(app: &TestApp) {
    let code = invited(app, &link_for(InvitedRole::Teacher)).await;
    assert_eq!(join(&mut app.browser(), &code, "joiner").await.location(), "/account");
    join(&mut app.browser(), "ABCDE23456", "joiner").await;
    individual(app, with_email("mover", "mover@school.example")).await;
    let code = invited(app, &link_for(InvitedRole::Teacher)).await;
    let mut browser = signed_in(app, "mover", &code).await;
    assert_eq!(move_account(&mut browser, &code).await.location(), "/account");
}
