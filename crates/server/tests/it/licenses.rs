//! Which licence counts, who has an active one, and what the passing of time changes.

use std::time::Duration;

use homeroom_client::LicenseMode::{Credit, Site};
use homeroom_client::{LicenseId, LicenseMode, Role, Timestamp, UserFilter, UserId, UserLicense, UserQuery};
use homeroom_server::licenses::settle_due;
use homeroom_server::users::NewUser;

use crate::support::people::{Span, day, usernames};
use crate::support::{DAY, NOW, TestApp, person};

async fn license(app: &TestApp, user: &UserId) -> Option<UserLicense> {
    app.admin().users().get(user).await.unwrap().license
}

/// Whether there is an active licence, and when the one that counts ends.
async fn state(app: &TestApp, user: &UserId) -> Option<(bool, Timestamp)> {
    license(app, user).await.map(|license| (license.active, license.expiration_date))
}

/// The usernames with one value of `licenseExpirationDate`; the count must agree.
async fn with(app: &TestApp, value: &str) -> Vec<String> {
    found(app, UserFilter { license_expiration_date: vec![value.to_owned()], ..UserFilter::default() }).await
}

async fn without_active(app: &TestApp) -> Vec<String> {
    found(app, UserFilter { no_active_license: true, ..UserFilter::default() }).await
}

async fn found(app: &TestApp, filter: UserFilter) -> Vec<String> {
    let count = app.admin().users().count(&filter).await.unwrap();
    let page = app.admin().users().list(&UserQuery { filter, ..UserQuery::default() }).await.unwrap();
    assert_eq!(count, page.items.len() as u64);
    usernames(&page.items)
}

/// A licence that covers the user: by a seat, or, of the whole site, without one.
async fn license_of(app: &TestApp, mode: LicenseMode, span: Span, user: &UserId) -> LicenseId {
    let seats = if mode == Credit { vec![user] } else { Vec::new() };
    app.license(mode, span, &seats).await
}

/// Moves the clock on, without the background work that settles licences.
fn pass(app: &TestApp, until: Timestamp) {
    let millis = until.as_millis() - app.app.clock.now().as_millis();
    app.app.clock.advance(Duration::from_millis(millis.try_into().unwrap()));
}

#[tokio::test]
async fn who_has_no_licence_shows_none() {
    let app = TestApp::start().await;
    let ada = app.user("ada", Role::User).await;
    app.license(Credit, (day("01-01"), day("06-30")), &[&app.school.admin]).await;
    assert_eq!(license(&app, &ada).await, None);
    assert_eq!(with(&app, "active").await, ["head"]);
    assert_eq!(with(&app, "notActive").await, [""; 0], "who never had one has none that ended");
    assert_eq!(without_active(&app).await, ["ada"]);
}

#[tokio::test]
async fn a_licence_shows_its_id_source_mode_and_end() {
    let app = TestApp::start().await;
    let ada = app.user("ada", Role::User).await;
    for (mode, end) in [(Credit, day("06-30")), (Site, day("07-31"))] {
        let id = license_of(&app, mode, (day("01-01"), end), &ada).await;
        let shown = license(&app, &ada).await.unwrap();
        let source = homeroom_client::LicenseSource::Order;
        assert_eq!(shown, UserLicense { id, expiration_date: end, source, mode, active: true });
    }
}

#[tokio::test]
async fn a_licence_is_active_from_its_start_to_before_its_end() {
    let app = TestApp::start().await;
    let tick = Duration::from_millis(1);
    for (name, span, active) in [
        ("begins", (NOW, NOW + DAY), true),
        ("begins-later", (NOW + tick, NOW + DAY), false),
        ("lasts", (NOW - DAY, NOW + tick), true),
        ("ended", (NOW - DAY, NOW), false),
    ] {
        let user = app.user(name, Role::User).await;
        app.license(Credit, span, &[&user]).await;
        assert_eq!(state(&app, &user).await, Some((active, span.1)), "{name}");
    }
    assert_eq!(with(&app, "active").await, ["begins", "lasts"]);
    assert_eq!(with(&app, "notActive").await, ["begins-later", "ended"]);
    assert_eq!(without_active(&app).await, ["head", "begins-later", "ended"]);
}

#[tokio::test]
async fn the_active_licence_that_ends_last_counts_whatever_the_order_of_making() {
    let spans = [
        ("01-01", "06-30", true),
        ("01-01", "04-30", true),
        ("01-01", "02-28", false),
        ("05-01", "12-31", false),
    ];
    for turn in 0..spans.len() {
        for mode in [Credit, Site] {
            let app = TestApp::start().await;
            let ada = app.user("ada", Role::User).await;
            for (start, end, _) in spans.iter().cycle().skip(turn).take(spans.len()) {
                license_of(&app, mode, (day(start), day(end)), &ada).await;
            }
            assert_eq!(state(&app, &ada).await, Some((true, day("06-30"))), "{mode} {turn}");
        }
    }
}

#[tokio::test]
async fn where_none_is_active_the_licence_that_ends_last_counts() {
    for ends in [["02-28", "02-01"], ["02-01", "02-28"]] {
        let app = TestApp::start().await;
        let ada = app.user("ada", Role::User).await;
        for end in ends {
            app.license(Credit, (day("01-01"), day(end)), &[&ada]).await;
        }
        assert_eq!(state(&app, &ada).await, Some((false, day("02-28"))));
        app.license(Credit, (day("09-01"), day("12-31")), &[&ada]).await;
        assert_eq!(state(&app, &ada).await, Some((false, day("12-31"))), "one that has yet to begin");
    }
}

#[tokio::test]
async fn between_a_seat_and_the_site_the_active_one_counts_else_the_one_that_ends_last() {
    let (active, longer, ended, later) =
        (("01-01", "06-30"), ("01-01", "07-31"), ("01-01", "02-28"), ("05-01", "12-31"));
    for (seat, site, end) in [
        (active, longer, "07-31"),
        (longer, active, "07-31"),
        (active, later, "06-30"),
        (later, active, "06-30"),
        (ended, active, "06-30"),
        (active, ended, "06-30"),
        (ended, later, "12-31"),
        (later, ended, "12-31"),
    ] {
        let app = TestApp::start().await;
        app.license(Credit, (day(seat.0), day(seat.1)), &[&app.school.admin]).await;
        app.license(Site, (day(site.0), day(site.1)), &[]).await;
        assert_eq!(state(&app, &app.school.admin).await.unwrap().1, day(end), "{seat:?} {site:?}");
        assert_eq!(with(&app, &format!("2026-{end}")).await, ["head"]);
    }
}

#[tokio::test]
async fn a_site_licence_covers_everybody_and_a_credit_licence_its_seats() {
    let app = TestApp::start().await;
    let ada = app.user("ada", Role::User).await;
    app.license(Credit, (day("01-01"), day("06-30")), &[&ada]).await;
    assert_eq!(with(&app, "active").await, ["ada"]);
    app.license(Site, (day("01-01"), day("05-31")), &[]).await;
    let new = NewUser {
        profile: person("test"),
        role: Role::User,
        locale: "en".into(),
        password: None,
        is_test: true,
    };
    app.insert(&app.school, &new).await;
    assert_eq!(with(&app, "active").await, ["head", "ada", "test"], "also who comes later");
    assert_eq!(with(&app, "2026-05-31").await, ["head", "test"]);
    assert_eq!(without_active(&app).await, [""; 0]);
}

#[tokio::test]
async fn a_licence_of_one_organization_covers_nobody_elsewhere() {
    let app = TestApp::start().await;
    let other = app.other_school().await;
    app.license(Site, (day("01-01"), day("06-30")), &[]).await;
    let shown = app.client(&other.token).users().get(&other.admin).await.unwrap();
    assert_eq!(shown.license, None);
}

#[tokio::test]
async fn a_date_means_the_utc_day_on_which_the_licence_ends() {
    let app = TestApp::start().await;
    let end = Timestamp::parse("2026-06-30T23:59:59.999Z").unwrap();
    app.license(Credit, (day("01-01"), end), &[&app.school.admin]).await;
    for same in
        ["2026-06-30", "2026-06-30T00:00:00Z", "2026-06-30T23:59:59.999Z", "2026-07-01T01:30:00+02:00"]
    {
        assert_eq!(with(&app, same).await, ["head"], "{same}");
    }
    for other in ["2026-07-01", "2026-06-29", "2026-06-30T23:30:00-02:00", "1970-01-01"] {
        assert_eq!(with(&app, other).await, [""; 0], "{other}");
    }
}

#[tokio::test]
async fn a_licence_that_ends_at_midnight_ends_on_the_day_that_begins() {
    let app = TestApp::start().await;
    app.license(Site, (day("01-01"), day("06-30")), &[]).await;
    assert_eq!(with(&app, "2026-06-30").await, ["head"]);
    assert_eq!(with(&app, "2026-06-29").await, [""; 0]);
}

#[tokio::test]
async fn a_date_looks_at_the_licence_that_counts_alone() {
    let app = TestApp::start().await;
    for end in ["04-30", "06-30"] {
        app.license(Credit, (day("01-01"), day(end)), &[&app.school.admin]).await;
    }
    assert_eq!(with(&app, "2026-06-30").await, ["head"]);
    assert_eq!(with(&app, "2026-04-30").await, [""; 0]);
}

#[tokio::test]
async fn values_are_combined_with_or_and_filters_with_and() {
    let app = TestApp::start().await;
    for (name, end) in [("april", "04-30"), ("june", "06-30"), ("past", "02-01")] {
        let user = app.user(name, Role::User).await;
        app.license(Credit, (day("01-01"), day(end)), &[&user]).await;
    }
    let any_of = |values: &[&str], no_active_license| UserFilter {
        license_expiration_date: values.iter().map(|value| (*value).to_owned()).collect(),
        no_active_license,
        ..UserFilter::default()
    };
    assert_eq!(found(&app, any_of(&["2026-04-30", "notActive"], false)).await, ["april", "past"]);
    assert_eq!(found(&app, any_of(&["active", "notActive"], false)).await, ["april", "june", "past"]);
    assert_eq!(found(&app, any_of(&["2026-04-30", "notActive"], true)).await, ["past"]);
    assert_eq!(found(&app, any_of(&["active"], true)).await, [""; 0]);
}

#[tokio::test]
async fn a_licence_begins_and_ends_by_itself() {
    let app = TestApp::start().await;
    let ada = app.user("ada", Role::User).await;
    app.license(Credit, (day("04-01"), day("05-01")), &[&ada]).await;
    let tick = Duration::from_millis(1);
    for (now, active) in [
        (day("04-01") - tick, false),
        (day("04-01"), true),
        (day("05-01") - tick, true),
        (day("05-01"), false),
    ] {
        pass(&app, now);
        assert_eq!(state(&app, &ada).await, Some((active, day("05-01"))), "{now}");
        assert_eq!(with(&app, "active").await.len(), usize::from(active), "{now}");
        assert_eq!(without_active(&app).await.len(), 2 - usize::from(active), "{now}");
    }
}

#[tokio::test]
async fn as_time_passes_another_licence_counts() {
    for mode in [Credit, Site] {
        let app = TestApp::start().await;
        let head = app.school.admin.clone();
        for (start, end) in [("01-01", "04-01"), ("03-15", "07-01"), ("05-01", "06-01"), ("08-01", "09-01")] {
            license_of(&app, mode, (day(start), day(end)), &head).await;
        }
        for (now, active, end) in [
            ("03-14", true, "04-01"),
            ("03-15", true, "07-01"),
            ("05-15", true, "07-01"),
            ("07-01", false, "09-01"),
            ("08-01", true, "09-01"),
            ("09-01", false, "09-01"),
        ] {
            pass(&app, day(now));
            settle_due(&app.app).await.unwrap();
            assert_eq!(state(&app, &head).await, Some((active, day(end))), "{mode} on {now}");
            assert_eq!(with(&app, &format!("2026-{end}")).await, ["head"], "{mode} on {now}");
        }
    }
}

#[tokio::test]
async fn settling_late_makes_up_for_all_that_passed() {
    let app = TestApp::start().await;
    let head = app.school.admin.clone();
    for (start, end) in [("03-10", "03-20"), ("03-15", "03-25"), ("04-01", "04-10")] {
        app.license(Credit, (day(start), day(end)), &[&head]).await;
    }
    pass(&app, day("04-05"));
    settle_due(&app.app).await.unwrap();
    assert_eq!(state(&app, &head).await, Some((true, day("04-10"))));
    assert_eq!(app.column("SELECT CAST(licenses_change_at AS TEXT) FROM organizations WHERE id <> '000000000000000000000000'").await, [
        day("04-10").as_millis().to_string()
    ]);
}

#[tokio::test]
async fn settling_before_anything_is_due_changes_nothing() {
    let app = TestApp::start().await;
    let ada = app.user("ada", Role::User).await;
    app.license(Credit, (day("01-01"), day("06-30")), &[&ada]).await;
    app.license(Site, (day("01-01"), day("05-31")), &[]).await;
    let before = app.admin().users().list(&UserQuery::default()).await.unwrap().items;
    settle_due(&app.app).await.unwrap();
    assert_eq!(app.admin().users().list(&UserQuery::default()).await.unwrap().items, before);
}

#[tokio::test]
async fn a_removed_user_gives_the_seat_back() {
    let app = TestApp::start().await;
    let ada = app.user("ada", Role::User).await;
    app.license(Credit, (day("01-01"), day("06-30")), &[&ada]).await;
    app.admin().users().remove(&ada).await.unwrap();
    assert_eq!(app.column("SELECT user_id FROM license_users").await, [""; 0]);
    pass(&app, day("06-30"));
    settle_due(&app.app).await.unwrap();
    assert_eq!(with(&app, "notActive").await, [""; 0]);
}
