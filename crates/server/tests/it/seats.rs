//! Licences through the API: what they take, and seats, which are never more than were bought.

use homeroom_api::{LicenseSettings, OrganizationLicenseCreation, OrganizationLicenseUpdate};
use homeroom_client::LicenseMode::{Credit, Site};
use homeroom_client::{
    AuditQuery, Client, LicenseId, LicenseMode, LicenseSource, OrganizationLicense, Role, Scope, UserId,
};
use homeroom_server::licenses;
use homeroom_server::users::NewUser;
use reqwest::Method;
use serde_json::{Value, json};

use crate::races::{at_once, went_through};
use crate::support::people::day;
use crate::support::{TestApp, code, named, person, refusal};

const LICENSES: &str = "/v2/organizations/licenses";

fn new(mode: LicenseMode, seats: Option<i64>, start: &str, end: &str) -> OrganizationLicenseCreation {
    let (start_date, expiration_date) = (day(start), day(end));
    OrganizationLicenseCreation { mode, source: LicenseSource::Order, seats, start_date, expiration_date }
}

/// A credit licence that runs, until the end of June unless `end` says otherwise.
async fn credit(app: &TestApp, seats: i64) -> LicenseId {
    credit_until(app, seats, "06-30").await
}

async fn credit_until(app: &TestApp, seats: i64, end: &str) -> LicenseId {
    app.admin().licenses().create(&new(Credit, Some(seats), "01-01", end)).await.unwrap().id
}

async fn get(app: &TestApp, id: &LicenseId) -> OrganizationLicense {
    app.admin().licenses().list().await.unwrap().into_iter().find(|license| license.id == *id).unwrap()
}

/// Seats in use, after a look at whether they are as many as hold one.
async fn used(app: &TestApp, id: &LicenseId) -> i64 {
    let miscounted = licenses::miscounted(&mut app.app.db.read().await.unwrap()).await.unwrap();
    assert_eq!(miscounted, []);
    get(app, id).await.seats_used.unwrap()
}

/// The licence that the user shows.
async fn shown(app: &TestApp, user: &UserId) -> Option<LicenseId> {
    app.admin().users().get(user).await.unwrap().license.map(|license| license.id)
}

fn by_themselves(assigns_seats: bool) -> LicenseSettings {
    LicenseSettings { assigns_seats }
}

/// A member with a password, who signs in, once.
async fn newcomer(app: &TestApp, username: &str) -> UserId {
    let user = app.member(person(username), Role::User).await;
    app.browser().sign_in(username).await;
    user
}

#[tokio::test]
async fn licences_are_listed_with_seats_bought_used_and_free() {
    let app = TestApp::start().await;
    let ada = app.user("ada", Role::User).await;
    let id = credit(&app, 3).await;
    app.admin().licenses().create(&new(Site, None, "07-01", "08-01")).await.unwrap();
    app.admin().licenses().assign(&id, &ada).await.unwrap();

    let all = app.admin().licenses().list().await.unwrap();
    let seats: Vec<_> = all.iter().map(|l| (l.mode, l.seats, l.seats_used, l.seats_free, l.active)).collect();
    let none = (Site, None, None, None, false);
    assert_eq!(seats, [(Credit, Some(3), Some(1), Some(2), true), none]);
    assert_eq!(all[0].expiration_date, day("06-30"));
}

#[tokio::test]
async fn a_seat_shows_on_the_user_at_once_and_giving_or_taking_it_twice_changes_nothing() {
    let app = TestApp::start().await;
    let ada = app.user("ada", Role::User).await;
    let id = credit(&app, 1).await;
    for _ in 0..2 {
        app.admin().licenses().assign(&id, &ada).await.unwrap();
        assert_eq!((shown(&app, &ada).await, used(&app, &id).await), (Some(id.clone()), 1));
    }
    for _ in 0..2 {
        app.admin().licenses().unassign(&id, &ada).await.unwrap();
        assert_eq!((shown(&app, &ada).await, used(&app, &id).await), (None, 0));
    }
    let events = AuditQuery { event: vec!["license.".to_owned()], ..AuditQuery::default() };
    let events = app.admin().audit_log().list(&events).await.unwrap().items;
    let events: Vec<_> = events.iter().rev().map(|event| event.event.as_str()).collect();
    assert_eq!(events, ["license.created", "license.assigned", "license.unassigned"]);
}

#[tokio::test]
async fn where_no_seat_is_free_the_answer_says_so() {
    let app = TestApp::start().await;
    let (ada, bea) = (app.user("ada", Role::User).await, app.user("bea", Role::User).await);
    let id = credit(&app, 1).await;
    app.admin().licenses().assign(&id, &ada).await.unwrap();
    assert_eq!(code(app.admin().licenses().assign(&id, &bea).await), "NO_FREE_SEAT");
    assert_eq!((shown(&app, &bea).await, used(&app, &id).await), (None, 1));

    let more = OrganizationLicenseUpdate { seats: Some(2), ..Default::default() };
    app.admin().licenses().update(&id, &more).await.unwrap();
    app.admin().licenses().assign(&id, &bea).await.unwrap();
    assert_eq!(used(&app, &id).await, 2);
}

#[tokio::test]
async fn a_site_licence_has_no_seats_and_a_test_student_gets_none() {
    let app = TestApp::start().await;
    let (profile, locale) = (person("test"), "en".to_owned());
    let new_user = NewUser { profile, role: Role::User, locale, password: None, is_test: true };
    let test = app.insert(&app.school, &new_user).await;
    let id = credit(&app, 5).await;
    let site = app.admin().licenses().create(&new(Site, None, "01-01", "06-30")).await.unwrap().id;
    let licenses = app.admin();
    let refused = refusal(licenses.licenses().assign(&id, &test).await);
    assert_eq!(refused, ("INVALID_PARAMETER".to_owned(), Some("user".to_owned())));
    for refused in [
        licenses.licenses().assign(&site, &app.school.admin).await,
        licenses.licenses().unassign(&site, &app.school.admin).await,
    ] {
        assert_eq!(refusal(refused), ("INVALID_PARAMETER".to_owned(), Some("license".to_owned())));
    }
    assert_eq!(used(&app, &id).await, 0);
}

#[tokio::test]
async fn only_what_comes_is_changed_and_the_mode_stays() {
    let app = TestApp::start().await;
    let id = credit(&app, 3).await;
    let before = get(&app, &id).await;
    assert_eq!(app.admin().licenses().update(&id, &Default::default()).await.unwrap(), before);
    let source = Some(LicenseSource::Trial);
    let update = OrganizationLicenseUpdate { source, mode: Some(Credit), ..Default::default() };
    let after = app.admin().licenses().update(&id, &update).await.unwrap();
    assert_eq!(after, OrganizationLicense { source: LicenseSource::Trial, ..before });
    let mode = OrganizationLicenseUpdate { mode: Some(Site), ..Default::default() };
    let refused = refusal(app.admin().licenses().update(&id, &mode).await);
    assert_eq!(refused, ("INVALID_PARAMETER".to_owned(), Some("mode".to_owned())));
    assert_eq!(get(&app, &id).await, after);
}

#[tokio::test]
async fn a_licence_keeps_a_seat_for_all_who_hold_one() {
    let app = TestApp::start().await;
    let (ada, bea) = (app.user("ada", Role::User).await, app.user("bea", Role::User).await);
    let id = credit(&app, 5).await;
    for user in [&ada, &bea] {
        app.admin().licenses().assign(&id, user).await.unwrap();
    }
    let seats = |seats| OrganizationLicenseUpdate { seats: Some(seats), ..Default::default() };
    let refused = refusal(app.admin().licenses().update(&id, &seats(1)).await);
    assert_eq!(refused, ("SEATS_IN_USE".to_owned(), Some("seats".to_owned())));
    assert_eq!(app.admin().licenses().update(&id, &seats(2)).await.unwrap().seats_free, Some(0));
}

#[tokio::test]
async fn who_holds_a_seat_has_its_new_dates_at_once() {
    let app = TestApp::start().await;
    let (ada, bea) = (app.user("ada", Role::User).await, app.user("bea", Role::User).await);
    let (short, long) = (credit_until(&app, 2, "04-30").await, credit_until(&app, 2, "06-30").await);
    for (license, user) in [(&short, &ada), (&short, &bea), (&long, &bea)] {
        app.admin().licenses().assign(license, user).await.unwrap();
    }
    let until = |end| OrganizationLicenseUpdate { expiration_date: Some(day(end)), ..Default::default() };
    app.admin().licenses().update(&short, &until("12-31")).await.unwrap();
    for user in [&ada, &bea] {
        let license = app.admin().users().get(user).await.unwrap().license.unwrap();
        assert_eq!((license.id, license.expiration_date), (short.clone(), day("12-31")));
    }
    app.admin().licenses().update(&short, &until("02-01")).await.unwrap();
    let ended = app.admin().users().get(&ada).await.unwrap().license.unwrap();
    assert_eq!((ended.active, ended.expiration_date), (false, day("02-01")));
    assert_eq!(shown(&app, &bea).await, Some(long));
}

#[tokio::test]
async fn a_deleted_licence_frees_its_seats_and_another_one_counts() {
    let app = TestApp::start().await;
    let (ada, bea) = (app.user("ada", Role::User).await, app.user("bea", Role::User).await);
    let (first, second) = (credit_until(&app, 2, "06-30").await, credit_until(&app, 2, "04-30").await);
    for (license, user) in [(&first, &ada), (&first, &bea), (&second, &bea)] {
        app.admin().licenses().assign(license, user).await.unwrap();
    }
    app.admin().licenses().delete(&first).await.unwrap();
    assert_eq!((shown(&app, &ada).await, shown(&app, &bea).await), (None, Some(second.clone())));
    assert_eq!(used(&app, &second).await, 1);
    assert_eq!(code(app.admin().licenses().delete(&first).await), "NOT_FOUND");

    let site = app.admin().licenses().create(&new(Site, None, "01-01", "06-30")).await.unwrap().id;
    assert_eq!(shown(&app, &ada).await, Some(site.clone()));
    app.admin().licenses().delete(&site).await.unwrap();
    assert_eq!(shown(&app, &ada).await, None);
}

#[tokio::test]
async fn a_seat_is_free_again_when_its_person_goes() {
    let app = TestApp::start().await;
    let (ada, bea) = (app.user("ada", Role::User).await, app.user("bea", Role::User).await);
    let (id, other) = (credit(&app, 2).await, credit(&app, 1).await);
    for (license, user) in [(&id, &ada), (&other, &ada), (&id, &bea)] {
        app.admin().licenses().assign(license, user).await.unwrap();
    }
    app.admin().users().remove(&ada).await.unwrap();
    assert_eq!((used(&app, &id).await, used(&app, &other).await), (1, 0));
    app.admin().users().convert_to_individual(&bea).await.unwrap();
    assert_eq!(used(&app, &id).await, 0);
}

#[tokio::test]
async fn who_signs_in_for_the_first_time_gets_a_seat_of_the_licence_that_ends_last() {
    let app = TestApp::start().await;
    let (short, long) = (credit_until(&app, 5, "04-30").await, credit_until(&app, 1, "06-30").await);
    app.admin().licenses().create(&new(Credit, Some(5), "05-01", "12-31")).await.unwrap();
    assert_eq!(shown(&app, &newcomer(&app, "ada").await).await, Some(long.clone()));
    assert_eq!(shown(&app, &newcomer(&app, "bea").await).await, Some(short.clone()), "the other is full");
    app.browser().sign_in("ada").await;
    assert_eq!((used(&app, &long).await, used(&app, &short).await), (1, 1));
}

#[tokio::test]
async fn a_seat_comes_with_a_link_too() {
    let app = TestApp::start().await;
    let id = credit(&app, 5).await;
    let ada = app.user("ada", Role::User).await;
    let link = app.admin().users().create_signin_link(&ada, &Default::default()).await.unwrap();
    app.browser().submit(&format!("/auth/signin-link/{}", link.token), &[]).await;
    assert_eq!(shown(&app, &ada).await, Some(id));
}

#[tokio::test]
async fn without_a_free_seat_people_sign_in_all_the_same() {
    let app = TestApp::start().await;
    let id = credit(&app, 1).await;
    newcomer(&app, "ada").await;
    let bea = app.member(person("bea"), Role::User).await;
    let mut browser = app.browser();
    browser.sign_in("bea").await;
    assert!(browser.is_signed_in().await);
    assert_eq!((shown(&app, &bea).await, used(&app, &id).await), (None, 1));

    app.admin()
        .licenses()
        .update(&id, &OrganizationLicenseUpdate { seats: Some(2), ..Default::default() })
        .await
        .unwrap();
    app.browser().sign_in("bea").await;
    assert_eq!(shown(&app, &bea).await, Some(id), "the next time one is free");
}

#[tokio::test]
async fn a_seat_that_was_taken_away_is_not_given_again_by_itself() {
    let app = TestApp::start().await;
    let id = credit(&app, 5).await;
    let ada = newcomer(&app, "ada").await;
    app.admin().licenses().unassign(&id, &ada).await.unwrap();
    app.browser().sign_in("ada").await;
    assert_eq!((shown(&app, &ada).await, used(&app, &id).await), (None, 0));
    app.admin().licenses().assign(&id, &ada).await.unwrap();
    app.admin().licenses().delete(&id).await.unwrap();
    let next = credit(&app, 5).await;
    app.browser().sign_in("ada").await;
    assert_eq!(shown(&app, &ada).await, Some(next), "that licence is gone: nobody took it from her");
}

#[tokio::test]
async fn seats_are_given_by_themselves_only_where_the_organization_has_it_so() {
    let app = TestApp::start().await;
    let id = credit(&app, 5).await;
    assert_eq!(app.admin().licenses().settings().await.unwrap(), by_themselves(true));
    app.admin().licenses().set_settings(by_themselves(false)).await.unwrap();
    assert_eq!(app.admin().licenses().settings().await.unwrap(), by_themselves(false));
    let ada = newcomer(&app, "ada").await;
    assert_eq!(shown(&app, &ada).await, None);
    app.admin().licenses().set_settings(by_themselves(true)).await.unwrap();
    app.browser().sign_in("ada").await;
    assert_eq!(shown(&app, &ada).await, Some(id));
}

#[tokio::test]
async fn nobody_needs_a_seat_while_a_site_licence_covers_them() {
    let app = TestApp::start().await;
    let id = credit(&app, 5).await;
    let site = app.admin().licenses().create(&new(Site, None, "01-01", "05-31")).await.unwrap().id;
    let ada = newcomer(&app, "ada").await;
    assert_eq!((shown(&app, &ada).await, used(&app, &id).await), (Some(site), 0));
}

#[tokio::test]
async fn the_report_tells_of_seats_and_of_people_without() {
    let app = TestApp::start().await;
    credit(&app, 5).await;
    app.admin().licenses().create(&new(Credit, Some(9), "01-01", "02-01")).await.unwrap();
    newcomer(&app, "ada").await;
    app.add(&app.school, named("bea", "Bea", "B"), Role::Teacher).await;
    let report = app.admin().licenses().report().await.unwrap();
    assert_eq!((report.seats, report.seats_used, report.seats_free, report.site), (5, 1, 4, false));
    assert_eq!(report.users_without_license, 2);
    let path = report.users_without_license_url.strip_prefix(&app.url).unwrap().to_owned();
    let listed: Value = app.request(Method::GET, &path).send().await.unwrap().json().await.unwrap();
    let names: Vec<_> = listed.as_array().unwrap().iter().map(|user| user["username"].clone()).collect();
    assert_eq!(names, ["head", "bea"]);
}

#[tokio::test]
async fn an_administrator_of_accounts_sees_licences_and_changes_none() {
    let app = TestApp::start().await;
    let id = credit(&app, 5).await;
    let (_, client) = app.caller("bea", Role::AccountAdmin, &[Scope::EduAdminUsers]).await;
    assert_eq!(client.licenses().list().await.unwrap().len(), 1);
    client.licenses().report().await.unwrap();
    for refused in [
        client.licenses().assign(&id, &app.school.admin).await,
        client.licenses().delete(&id).await,
        client.licenses().set_settings(by_themselves(false)).await.map(drop),
    ] {
        assert_eq!(code(refused), "INSUFFICIENT_SCOPE");
    }
}

#[tokio::test]
async fn seats_are_for_members_of_the_school_alone() {
    let app = TestApp::start().await;
    let other = app.other_school().await;
    let theirs =
        app.client(&other.token).licenses().create(&new(Credit, Some(5), "01-01", "06-30")).await.unwrap();
    let ours = credit(&app, 5).await;
    for (license, user) in [(&ours, &other.admin), (&theirs.id, &app.school.admin)] {
        assert_eq!(code(app.admin().licenses().assign(license, user).await), "NOT_FOUND");
        assert_eq!(code(app.admin().licenses().unassign(license, user).await), "NOT_FOUND");
    }
    assert_eq!((app.admin().licenses().list().await.unwrap().len(), used(&app, &ours).await), (1, 0));
}

#[tokio::test]
async fn a_wrong_field_of_a_licence_names_itself_and_writes_nothing() {
    let app = TestApp::start().await;
    let good = json!({ "mode": "credit", "source": "order", "seats": 5, "startDate": "2026-01-01",
                       "expirationDate": "2026-06-30" });
    for (field, value) in [
        ("mode", json!("seats")),
        ("source", Value::Null),
        ("seats", json!(0)),
        ("seats", json!(-1)),
        ("seats", json!(1_000_001)),
        ("seats", json!(1.5)),
        ("seats", json!(1e30)),
        ("seats", Value::Null),
        ("startDate", json!("soon")),
        ("startDate", json!("0000-01-01")),
        ("expirationDate", json!("9999-12-31T23:59:59-23:00")),
        ("expirationDate", json!("2026-01-01T00:00:00Z")),
        ("expirationDate", json!(7)),
    ] {
        let mut body = good.clone();
        body[field] = value.clone();
        let response = app.request(Method::POST, LICENSES).json(&body).send().await.unwrap();
        assert_eq!(response.status(), 400, "{field}: {value}");
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["param"], field, "{value}: {body}");
    }
    let site = json!({ "mode": "site", "source": "order", "seats": 5, "startDate": "2026-01-01",
                       "expirationDate": "2026-06-30" });
    assert_eq!(app.request(Method::POST, LICENSES).json(&site).send().await.unwrap().status(), 400);
    assert_eq!(app.admin().licenses().list().await.unwrap(), []);
}

async fn give(admin: Client, license: LicenseId, user: UserId) -> homeroom_client::Result<()> {
    admin.licenses().assign(&license, &user).await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_are_given_a_seat_at_once_as_many_get_one_as_were_bought() {
    let app = TestApp::start().await;
    let id = credit(&app, 5).await;
    let users = pupils(&app, 24).await;
    let results = at_once(24, |which| give(app.admin(), id.clone(), users[which].clone())).await;
    assert_eq!(went_through(results, "NO_FREE_SEAT"), 5);
    assert_eq!(used(&app, &id).await, 5);
}

async fn pupils(app: &TestApp, count: usize) -> Vec<UserId> {
    let mut pupils = Vec::new();
    for which in 0..count {
        pupils.push(app.member(person(&format!("pupil{which}")), Role::User).await);
    }
    pupils
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_sign_in_at_once_as_many_get_a_seat_as_were_bought() {
    let app = TestApp::start().await;
    let id = credit(&app, 3).await;
    let users = pupils(&app, 8).await;
    let come = users.iter().map(|user| licenses::give_seat(&app.app, &app.school.organization, user));
    for given in futures_util::future::join_all(come).await {
        given.unwrap();
    }
    assert_eq!(used(&app, &id).await, 3);
    assert_eq!(app.column("SELECT user_id FROM license_users").await.len(), 3);
}

/// One of the things that change who has a seat.
async fn change(app: &TestApp, id: LicenseId, user: UserId, which: usize) -> homeroom_client::Result<()> {
    let admin = app.admin();
    let seats = OrganizationLicenseUpdate { seats: Some(4), ..Default::default() };
    match which % 6 {
        0 => admin.users().remove(&user).await,
        1 => admin.users().convert_to_individual(&user).await,
        2 => admin.licenses().unassign(&id, &user).await,
        3 => admin.licenses().update(&id, &seats).await.map(drop),
        4 => admin.licenses().assign(&id, &user).await,
        _ => {
            licenses::give_seat(&app.app, &app.school.organization, &user).await.unwrap();
            Ok(())
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_at_once_the_count_is_how_many_hold_a_seat() {
    let app = TestApp::start().await;
    let id = credit(&app, 6).await;
    let users = pupils(&app, 12).await;
    for user in &users[..4] {
        app.admin().licenses().assign(&id, user).await.unwrap();
    }
    let changes = (0..72).map(|which| change(&app, id.clone(), users[which * 5 % 12].clone(), which));
    for done in futures_util::future::join_all(changes).await {
        if done.is_err() {
            let code = code(done);
            assert!(["NO_FREE_SEAT", "NOT_FOUND", "SEATS_IN_USE"].contains(&code.as_str()), "{code}");
        }
    }
    used(&app, &id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_licence_that_is_deleted_while_people_come_leaves_nobody_with_it() {
    let app = TestApp::start().await;
    let id = credit(&app, 8).await;
    let users = pupils(&app, 8).await;
    let results =
        at_once(9, |which| {
            let (admin, id) = (app.admin(), id.clone());
            let user = users[which % 8].clone();
            async move {
                if which == 4 { admin.licenses().delete(&id).await } else { give(admin, id, user).await }
            }
        })
        .await;
    went_through(results, "NOT_FOUND");
    assert_eq!(app.column("SELECT id FROM users WHERE seat_license_id IS NOT NULL").await, [""; 0]);
    assert_eq!(app.column("SELECT user_id FROM license_users").await, [""; 0]);
}
