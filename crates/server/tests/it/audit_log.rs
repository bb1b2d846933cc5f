//! `GET /v2/organizations/auditLog`: who may read it, what it shows, and its pages.

use homeroom_client::{AuditEvent, AuditQuery, Direction, ErrorCode, Role, Scope, Timestamp};
use homeroom_server::audit::seal_due;
use homeroom_server::jobs::run_due_erasures;

use crate::ranks::{account, to_firstname};
use crate::support::{DAY, NOW, TestApp, code, refusal};
use crate::tokens::carrying;

/// A school with events of several kinds, on three days, by two people.
async fn school() -> TestApp {
    let app = TestApp::start().await;
    let clerk = app.caller("clerk", Role::AccountAdmin, &[Scope::EduAdminUsers]).await.1;
    for day in 0..3 {
        for (number, client) in [&app.admin(), &clerk].into_iter().enumerate() {
            let user =
                client.users().create(&account(&format!("p{day}x{number}"), Role::User)).await.unwrap().id;
            client.users().update(&user, &to_firstname("Ada")).await.unwrap();
            client.users().create_access_token(&user, &carrying(&[])).await.unwrap();
        }
        app.app.clock.advance(DAY);
    }
    app
}

async fn list(app: &TestApp, query: &AuditQuery) -> Vec<AuditEvent> {
    app.admin().audit_log().list(query).await.unwrap().items
}

fn of(event: &[&str]) -> AuditQuery {
    AuditQuery { event: event.iter().map(|event| (*event).to_owned()).collect(), ..AuditQuery::default() }
}

fn names(events: &[AuditEvent]) -> Vec<&str> {
    events.iter().map(|event| &*event.event).collect()
}

#[tokio::test]
async fn an_event_shows_who_did_what_to_whom_with_which_token_and_from_where() {
    let app = TestApp::start().await;
    let ada = app.admin().users().create(&account("ada", Role::User)).await.unwrap().id;
    let events = list(&app, &AuditQuery::default()).await;

    let event = &events[0];
    assert_eq!((&*event.event, event.date), ("user.created", NOW));
    assert_eq!(event.actor.as_deref(), Some(app.school.admin.as_str()));
    assert!(event.actor_token.is_some() && event.maker.is_none() && event.sequence.is_none());
    assert_eq!(event.target.as_deref(), Some(ada.as_str()));
    let details = event.details.as_ref().unwrap();
    assert_eq!((&details["username"], &details["address"]), (&"ada".into(), &"127.0.0.1".into()));
    let by_operator = events.iter().find(|event| event.event == "organization.created").unwrap();
    assert_eq!(by_operator.actor, None);

    seal_due(&app.app).await.unwrap();
    let sealed: Vec<i64> =
        list(&app, &AuditQuery::default()).await.iter().filter_map(|e| e.sequence).collect();
    assert_eq!(sealed, (1..=events.len() as i64).rev().collect::<Vec<_>>());
}

#[tokio::test]
async fn what_a_delegated_token_did_names_its_maker_too() {
    let app = TestApp::start().await;
    let clerk = app.user("clerk", Role::AccountAdmin).await;
    let scopes = carrying(&[Scope::EduAdminUsers]);
    let token = app.admin().users().create_access_token(&clerk, &scopes).await.unwrap();
    app.client(&token.token).users().create(&account("ada", Role::User)).await.unwrap();
    let event = list(&app, &of(&["user.created"])).await.remove(0);
    assert_eq!(event.actor.as_deref(), Some(clerk.as_str()));
    assert_eq!((event.maker, event.actor_token), (Some(app.school.admin.clone()), Some(token.id)));
}

#[tokio::test]
async fn of_an_erased_person_ids_are_shown_and_no_details() {
    let app = TestApp::start().await;
    let ada = app.admin().users().create(&account("ada", Role::User)).await.unwrap().id;
    app.admin().users().remove(&ada).await.unwrap();
    run_due_erasures(&app.app).await.unwrap();
    let events = list(&app, &AuditQuery { target: Some(ada.to_string()), ..AuditQuery::default() }).await;
    assert_eq!(names(&events), ["user.erased", "user.removed", "user.created"]);
    let has_details: Vec<bool> = events.iter().map(|event| event.details.is_some()).collect();
    assert_eq!(has_details, [true, false, false]);
}

#[tokio::test]
async fn only_an_admin_with_the_scope_for_everything_reads_the_log() {
    let app = TestApp::start().await;
    for (role, scope, expected) in [
        (Role::AccountAdmin, Scope::EduAdmin, "FORBIDDEN"),
        (Role::Teacher, Scope::EduAdmin, "FORBIDDEN"),
        (Role::Admin, Scope::EduAdminUsers, "INSUFFICIENT_SCOPE"),
    ] {
        let (_, client) =
            app.caller(&format!("{role}{scope}").to_lowercase().replace('.', ""), role, &[scope]).await;
        assert_eq!(code(client.audit_log().list(&AuditQuery::default()).await), expected, "{role} {scope}");
    }
}

#[tokio::test]
async fn another_organizations_events_are_never_listed() {
    let app = school().await;
    let other = app.other_school().await;
    let mine = list(&app, &AuditQuery { limit: Some(1000), ..AuditQuery::default() }).await;
    let theirs = app.client(&other.token);
    for query in [
        AuditQuery { target: mine[0].target.clone(), ..AuditQuery::default() },
        AuditQuery { actor: mine[0].actor.clone(), ..AuditQuery::default() },
        of(&["user."]),
        of(&["access_token.created", "user.updated"]),
    ] {
        assert_eq!(theirs.audit_log().list(&query).await.unwrap().items, [], "{query:?}");
    }
    let all = theirs.audit_log().list(&AuditQuery::default()).await.unwrap().items;
    assert_eq!(names(&all), ["organization.created", "signin_link.created"]);
}

/// Whether `query` lets `event` through, worked out without the server.
fn matches(query: &AuditQuery, event: &AuditEvent) -> bool {
    let is_named =
        |name: &String| event.event == *name || (name.ends_with('.') && event.event.starts_with(name));
    (query.event.is_empty() || query.event.iter().any(is_named))
        && query.actor.as_ref().is_none_or(|actor| event.actor.as_ref() == Some(actor))
        && query.target.as_ref().is_none_or(|target| event.target.as_ref() == Some(target))
        && query.since.is_none_or(|since| event.date >= since)
        && query.until.is_none_or(|until| event.date < until)
}

/// Every event by pages of three, and again from the end back.
async fn both_ways(app: &TestApp, query: &AuditQuery) -> [Vec<AuditEvent>; 2] {
    let query = AuditQuery { limit: Some(3), ..query.clone() };
    let mut page = app.admin().audit_log().list(&query).await.unwrap();
    assert!(!page.has_previous());
    let mut forward = page.items.clone();
    while let Some(next) = page.next().await.unwrap() {
        page = next;
        assert!(!page.items.is_empty() && page.items.len() <= 3 && page.has_previous());
        forward.extend(page.items.clone());
    }
    let mut back = page.items.clone();
    while let Some(previous) = page.previous().await.unwrap() {
        page = previous;
        back.splice(..0, page.items.clone());
    }
    [forward, back]
}

#[tokio::test]
async fn every_filter_and_direction_lists_what_it_should_by_pages_both_ways() {
    let app = school().await;
    let all = list(&app, &AuditQuery { limit: Some(1000), ..AuditQuery::default() }).await;
    assert!(all.len() >= 20 && all.is_sorted_by(|one, next| one.id > next.id), "the newest comes first");
    let filters = [
        AuditQuery::default(),
        of(&["user.created"]),
        of(&["user."]),
        of(&["user.", "access_token.created"]),
        of(&["access_token.", "nothing.here", "user.updated", "user.updated"]),
        of(&["nothing.", "nothing.here"]),
        AuditQuery { actor: all[0].actor.clone(), ..AuditQuery::default() },
        AuditQuery { actor: all[0].actor.clone(), ..of(&["user."]) },
        AuditQuery { target: all[1].target.clone(), ..of(&["user.updated", "access_token."]) },
        AuditQuery {
            target: all[1].target.clone(),
            actor: Some("nobody".to_owned()),
            ..AuditQuery::default()
        },
        AuditQuery { since: Some(NOW + DAY), ..AuditQuery::default() },
        AuditQuery { until: Some(NOW + DAY), ..of(&["user."]) },
        AuditQuery { since: Some(NOW + DAY), until: Some(NOW + DAY * 2), ..AuditQuery::default() },
        AuditQuery { since: Some(NOW), until: Some(NOW), ..AuditQuery::default() },
        AuditQuery { until: Some(Timestamp::from_millis(-1)), ..AuditQuery::default() },
    ];
    for filter in filters {
        let mut expected: Vec<_> = all.iter().filter(|event| matches(&filter, event)).cloned().collect();
        for direction in [Direction::Desc, Direction::Asc] {
            let query = AuditQuery { direction: Some(direction), ..filter.clone() };
            assert_eq!(both_ways(&app, &query).await, [expected.clone(), expected.clone()], "{query:?}");
            expected.reverse();
        }
    }
}

#[tokio::test]
async fn events_that_come_meanwhile_make_no_other_appear_twice_or_be_skipped() {
    let app = school().await;
    let query = AuditQuery { limit: Some(5), ..of(&["user.", "access_token."]) };
    let first = app.admin().audit_log().list(&query).await.unwrap();
    app.admin().users().create(&account("late", Role::User)).await.unwrap();
    let second = first.next().await.unwrap().unwrap();
    assert!(second.items[0].id < first.items[4].id);
    assert_eq!(second.previous().await.unwrap().unwrap().items, first.items);
}

#[tokio::test]
async fn a_cursor_serves_its_own_filters_alone() {
    let app = school().await;
    let first = app.admin().audit_log().list(&AuditQuery { limit: Some(2), ..of(&["user."]) }).await.unwrap();
    let next = first.next_cursor();
    for other in [
        of(&["user.created"]),
        AuditQuery { direction: Some(Direction::Asc), ..of(&["user."]) },
        AuditQuery { since: Some(NOW), ..of(&["user."]) },
    ] {
        let refused = app.admin().audit_log().list(&AuditQuery { next: next.clone(), ..other }).await;
        assert_eq!(refused.unwrap_err().code(), Some(ErrorCode::InvalidCursor));
    }
}

#[tokio::test]
async fn wrong_parameters_of_the_log_are_named() {
    let app = TestApp::start().await;
    for (query, param) in [
        ("event=user", "event"),
        ("event=User.created", "event"),
        ("event=.created", "event"),
        ("event=user.created.twice", "event"),
        ("since=yesterday", "since"),
        ("until=2026-13-01", "until"),
        ("direction=up", "direction"),
        ("limit=0", "limit"),
        ("actor=a&actor=b", "actor"),
    ] {
        let path = format!("/v2/organizations/auditLog?{query}");
        let answer = app.request(reqwest::Method::GET, &path).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{query}");
        let answer: serde_json::Value = answer.json().await.unwrap();
        assert_eq!(answer["param"], param, "{query}");
    }
    let dates = AuditQuery { next: Some("x".to_owned()), ..AuditQuery::default() };
    assert_eq!(
        refusal(app.admin().audit_log().list(&dates).await),
        ("INVALID_CURSOR".into(), Some("next".into()))
    );
}
