//! Removing people, and letting them go as individuals.

use homeroom_client::{
    InvitationQuery, InvitedRole, LicenseMode, Role, Scope, Update, UserAdminUpdate, UserCreation, UserId,
    UserQuery, UserSigninLinkCreation,
};
use homeroom_server::db::Read as _;
use homeroom_server::jobs::run_due_erasures;
use homeroom_server::organizations::INDIVIDUALS;

use crate::invitations::{invite, link_for, mails};
use crate::lti::credentials;
use crate::ranks::{account, to_firstname, to_password};
use crate::support::oauth::diary;
use crate::support::{DAY, NOW, School, TestApp, code, refusal, with_email};
use crate::tokens::carrying;

const EMAIL: &str = "zebulon@school.example";

fn zebulon() -> UserCreation {
    UserCreation {
        firstname: Some("Zebulonia".to_owned()),
        lastname: Some("Quixotic".to_owned()),
        email: Some(EMAIL.to_owned()),
        ..account("zebulon", Role::Admin)
    }
}

/// Somebody who has, and has done, everything there is.
async fn with_a_past(app: &TestApp) -> UserId {
    let admin = app.admin();
    admin.invitations().create(&invite(EMAIL, None)).await.unwrap();
    let user = admin.users().create(&zebulon()).await.unwrap().id;
    let own = app.client(&app.token(&user, Scope::ALL).await);
    let pupil = app.user("pupil", Role::User).await;
    for (client, of) in [(&admin, &user), (&own, &pupil)] {
        client.users().create_access_token(of, &carrying(&[])).await.unwrap();
        client.users().create_signin_link(of, &UserSigninLinkCreation::default()).await.unwrap();
        client.users().update(of, &to_firstname("Zebuloniana")).await.unwrap();
    }
    admin.invitations().create(&invite(EMAIL, Some(InvitedRole::Admin))).await.unwrap();
    own.invitations().create(&link_for(InvitedRole::Teacher)).await.unwrap();
    own.lti_credentials().create(&credentials("LMS")).await.unwrap();
    own.users().update(&pupil, &to_firstname("Ada")).await.unwrap();
    let diary = own.apps().create(&diary()).await.unwrap();
    let mut browser = app.browser();
    browser.sign_in("zebulon").await;
    app.tokens(&mut browser, &diary).await;
    app.group(&[&user]).await;
    app.license(LicenseMode::Credit, (NOW, NOW + DAY), &[&user]).await;
    app.app.activity.write(&app.app).await.unwrap();
    user
}

/// Where the person still stands, by id and by name.
async fn traces(app: &TestApp, user: &UserId) -> (Vec<String>, Vec<String>) {
    let mut names = Vec::new();
    for name in ["zebulon", "Zebulonia", "Quixotic"] {
        names.extend(app.tables_that_hold(name).await);
    }
    (app.tables_that_hold(user.as_str()).await, names)
}

fn individuals(app: &TestApp) -> School {
    School { organization: INDIVIDUALS.into(), ..app.school.clone() }
}

#[tokio::test]
async fn a_removed_person_is_gone_when_the_answer_comes() {
    let app = TestApp::start().await;
    let user = with_a_past(&app).await;
    let before = app.admin().users().list(&UserQuery::default()).await.unwrap().items.len();

    app.admin().users().remove(&user).await.unwrap();

    assert_eq!(code(app.admin().users().get(&user).await), "NOT_FOUND");
    assert_eq!(code(app.admin().users().remove(&user).await), "NOT_FOUND");
    assert_eq!(code(app.admin().users().update(&user, &to_firstname("x")).await), "NOT_FOUND");
    let left = app.admin().users().list(&UserQuery::default()).await.unwrap().items;
    assert_eq!(left.len(), before - 1);
    assert!(left.iter().all(|other| other.id != user));
}

#[tokio::test]
async fn the_first_step_leaves_a_tombstone_a_job_and_the_audit_log() {
    let app = TestApp::start().await;
    let user = with_a_past(&app).await;

    app.admin().users().remove(&user).await.unwrap();

    let (ids, _) = traces(&app, &user).await;
    let log = |column: &String| column.starts_with("audit_");
    assert_eq!(ids.iter().filter(|c| !log(c)).collect::<Vec<_>>(), ["jobs.subject_id", "users.id"]);
    let row = "SELECT username || username_key || email_key || firstname || firstname_key || lastname || lastname_key
               || search_key || coalesce(email, '') || coalesce(password_hash, '') || locale || role
               FROM users WHERE removed_at IS NOT NULL";
    assert_eq!(app.column(row).await, ["user"]);
}

#[tokio::test]
async fn the_second_step_leaves_ids_in_the_audit_log_alone() {
    let app = TestApp::start().await;
    let user = with_a_past(&app).await;
    app.admin().users().remove(&user).await.unwrap();

    run_due_erasures(&app.app).await.unwrap();

    let receipt = "audit_details.target"; // of what was erased: an id and counts
    let (ids, names) = traces(&app, &user).await;
    assert_eq!(ids, [receipt, "audit_events.about", "audit_events.actor", "audit_events.target"]);
    assert_eq!(names, Vec::<String>::new());
    assert_eq!(app.column("SELECT kind FROM jobs").await, Vec::<String>::new());
}

#[tokio::test]
async fn an_erasure_ends_with_a_receipt_and_is_done_once() {
    let app = TestApp::start().await;
    let user = with_a_past(&app).await;
    app.admin().users().remove(&user).await.unwrap();
    for _ in 0..2 {
        run_due_erasures(&app.app).await.unwrap();
    }

    let events = app.column("SELECT event FROM audit_events ORDER BY id").await;
    assert_eq!(events[events.len() - 2..], ["user.removed", "user.erased"]);
    assert_eq!(events.iter().filter(|event| *event == "user.erased").count(), 1);
    let orphans = "SELECT e.event FROM audit_events e WHERE target = (SELECT target FROM audit_events WHERE event = 'user.erased')
                   AND NOT EXISTS (SELECT 1 FROM audit_details d WHERE d.event_id = e.id) ORDER BY e.id";
    let erased = app.column(orphans).await;
    assert!(
        erased.contains(&"user.created".to_owned()) && erased.contains(&"user.removed".to_owned()),
        "{erased:?}"
    );
}

#[tokio::test]
async fn an_erasure_that_fails_comes_again_later_and_holds_up_no_other() {
    let app = TestApp::start().await;
    let user = app.admin().users().create(&account("ada", Role::User)).await.unwrap().id;
    // Its receipt can't be written: there is no such organization.
    let stuck = "INSERT INTO jobs (id, organization_id, kind, subject_id, progress, due_at, created_at)
                 VALUES ('stuck', 'nowhere', 'erase_user', 'nobody', 0, 0, 1772438400000)";
    app.app.db.batch(stuck).await.unwrap();
    app.admin().users().remove(&user).await.unwrap();

    run_due_erasures(&app.app).await.unwrap();
    let due = "SELECT id || ' ' || CAST(due_at - 1772438400000 AS TEXT) FROM jobs";
    assert_eq!(app.column(due).await, ["stuck 1000"]);

    app.app.clock.advance(DAY * 3);
    run_due_erasures(&app.app).await.unwrap();
    assert_eq!(app.column(due).await, [format!("stuck {}", (DAY * 3 + DAY / 24).as_millis())]);
}

#[tokio::test]
async fn an_erasure_of_more_than_one_batch_erases_everything_and_counts_it() {
    let app = TestApp::start().await;
    let (user, org) = (app.user("pupil", Role::User).await, &app.school.organization);
    for table in [
        format!(
            "audit_events (organization_id, id, event, at, target, details_hash) SELECT '{org}', 'e' || i, 'x', 0, '{user}', ''"
        ),
        format!(
            "audit_details (organization_id, event_id, target, salt, details) SELECT '{org}', 'e' || i, '{user}', '', '{{}}'"
        ),
    ] {
        let numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)";
        app.app.db.batch(format!("{numbers} INSERT INTO {table} FROM n").leak()).await.unwrap();
    }
    app.admin().users().remove(&user).await.unwrap();
    run_due_erasures(&app.app).await.unwrap();

    let receipt = app.column("SELECT details FROM audit_details WHERE event_id = (SELECT id FROM audit_events WHERE event = 'user.erased')").await;
    let receipt: serde_json::Value = serde_json::from_str(&receipt[0]).unwrap();
    assert_eq!(receipt["erased"]["auditDetails"], 1201); // and that of `user.removed`
    assert_eq!(app.tables_that_hold(user.as_str()).await, ["audit_details.target", "audit_events.target"]);
}

#[tokio::test]
async fn what_others_did_and_have_is_not_erased() {
    let app = TestApp::start().await;
    let user = with_a_past(&app).await;
    let other = app.admin().users().create(&account("other", Role::User)).await.unwrap();
    app.admin().users().remove(&user).await.unwrap();
    run_due_erasures(&app.app).await.unwrap();

    assert_eq!(app.admin().users().get(&other.id).await.unwrap(), other);
    let mut conn = app.app.db.read().await.unwrap();
    let sql = "SELECT details FROM audit_details WHERE target = $1";
    let (details,): (String,) = conn.one(sql, (&other.id,)).await.unwrap();
    assert!(details.contains("other"), "{details}");
}

#[tokio::test]
async fn an_open_invitation_for_the_address_of_somebody_removed_is_revoked() {
    let app = TestApp::start().await;
    let ada = app.admin().invitations().create(&invite("ada@school.example", None)).await.unwrap().id;
    app.admin().invitations().create(&invite(EMAIL, None)).await.unwrap();
    let user = app.admin().users().create(&zebulon()).await.unwrap().id;

    app.admin().users().remove(&user).await.unwrap();

    let open = app.admin().invitations().list(&InvitationQuery::default()).await.unwrap().items;
    assert_eq!(open.into_iter().map(|invitation| invitation.id).collect::<Vec<_>>(), [ada]);
    let closed =
        "SELECT coalesce(email, 'nobody') FROM invitations WHERE code IS NULL AND status = 'revoked'";
    assert_eq!(app.column(closed).await, ["nobody"]);
}

#[tokio::test]
async fn a_removed_persons_names_are_free_at_once() {
    let app = TestApp::start().await;
    let user = app.admin().users().create(&zebulon()).await.unwrap().id;

    app.admin().users().remove(&user).await.unwrap();

    let again = app.admin().users().create(&zebulon()).await.unwrap();
    assert_ne!(again.id, user);
    run_due_erasures(&app.app).await.unwrap();
    assert_eq!(app.admin().users().get(&again.id).await.unwrap(), again);
}

#[tokio::test]
async fn an_individual_keeps_id_name_and_email_and_loses_the_organization() {
    let app = TestApp::start().await;
    let user = with_a_past(&app).await;

    app.admin().users().convert_to_individual(&user).await.unwrap();

    assert_eq!(code(app.admin().users().get(&user).await), "NOT_FOUND");
    let kept = "SELECT id || ' ' || username || ' ' || email || ' ' || firstname || ' ' || role FROM users
                WHERE organization_id = '000000000000000000000000'";
    assert_eq!(app.column(kept).await, [format!("{user} zebulon {EMAIL} Zebuloniana user")]);
    let (ids, _) = traces(&app, &user).await;
    let elsewhere = |column: &String| !column.starts_with("audit_") && !column.starts_with("user_search");
    let ids: Vec<_> = ids.into_iter().filter(elsewhere).collect();
    assert_eq!(ids, ["jobs.subject_id", "mailed_links.user_id", "signin_names.user_id", "users.id"]);
}

#[tokio::test]
async fn of_an_individual_the_organizations_audit_log_keeps_ids_alone() {
    let app = TestApp::start().await;
    let user = with_a_past(&app).await;
    let other = app.admin().users().create(&account("other", Role::User)).await.unwrap().id;
    app.admin().users().convert_to_individual(&user).await.unwrap();
    run_due_erasures(&app.app).await.unwrap();

    let (ids, names) = traces(&app, &user).await;
    let of_log = |columns: Vec<String>| columns.into_iter().filter(|c| c.starts_with("audit_")).collect();
    let (ids, names): (Vec<String>, Vec<String>) = (of_log(ids), of_log(names));
    assert_eq!(
        ids,
        ["audit_details.target", "audit_events.about", "audit_events.actor", "audit_events.target"]
    );
    assert_eq!(names, [""; 0]);
    let receipts = "SELECT target FROM audit_events WHERE event = 'user.erased'";
    assert_eq!(app.column(receipts).await, [user.to_string()]);
    let left = "SELECT id FROM users WHERE organization_id = '000000000000000000000000'";
    assert_eq!(app.column(left).await, [user.to_string()]);
    assert!(app.column("SELECT target FROM audit_details").await.contains(&other.to_string()));
}

#[tokio::test]
async fn an_individual_leaves_all_tokens_and_links_behind() {
    let app = TestApp::start().await;
    let user = with_a_past(&app).await;
    let own = app.client(&app.token(&user, &[Scope::EduAdmin]).await);

    app.admin().users().convert_to_individual(&user).await.unwrap();

    assert_eq!(code(own.users().create(&account("eve", Role::User)).await), "UNAUTHORIZED");
    let left = "SELECT user_id FROM access_tokens UNION SELECT user_id FROM signin_links
                UNION SELECT user_id FROM sessions";
    assert_eq!(app.column(left).await, [app.school.admin.to_string()]);
}

#[tokio::test]
async fn an_individuals_names_are_free_in_the_organization() {
    let app = TestApp::start().await;
    let user = app.admin().users().create(&zebulon()).await.unwrap().id;
    app.admin().users().convert_to_individual(&user).await.unwrap();

    app.admin().users().create(&zebulon()).await.unwrap();
}

#[tokio::test]
async fn nobody_becomes_an_individual_whose_address_another_one_has() {
    let app = TestApp::start().await;
    app.add(&individuals(&app), with_email("elsewhere", EMAIL), Role::User).await;
    let user = app.admin().users().create(&zebulon()).await.unwrap().id;
    let before = crate::audit::everything(&app).await;

    let converted = app.admin().users().convert_to_individual(&user).await;

    assert_eq!(refusal(converted), ("EMAIL_TAKEN".to_owned(), Some("email".to_owned())));
    assert_eq!(crate::audit::everything(&app).await, before);
}

#[tokio::test]
async fn an_individual_whose_username_is_taken_gets_a_number_within_30_characters() {
    let app = TestApp::start().await;
    let long = "x".repeat(30);
    for (username, expected) in [("José", "José"), ("jose", "jose2"), ("JOSE", "JOSE3"), (&long, &long)] {
        let user = app.user(username, Role::User).await;
        app.admin().users().convert_to_individual(&user).await.unwrap();
        let names = app
            .column(
                "SELECT username FROM users WHERE organization_id = '000000000000000000000000' ORDER BY id",
            )
            .await;
        assert_eq!(names.last().map(String::as_str), Some(expected));
    }
    let user = app.user(&long, Role::User).await;
    app.admin().users().convert_to_individual(&user).await.unwrap();
    let cut = format!("{}2", "x".repeat(29));
    assert_eq!(
        app.column("SELECT username FROM users WHERE removed_at IS NULL ORDER BY id").await.last(),
        Some(&cut)
    );
}

#[tokio::test]
async fn a_password_that_an_administrator_set_is_void_and_a_mail_sets_a_new_one() {
    let app = TestApp::start().await;
    let user = app.admin().users().create(&zebulon()).await.unwrap().id;

    app.admin().users().convert_to_individual(&user).await.unwrap();

    let void = "SELECT id FROM users WHERE password_hash IS NULL AND NOT password_by_admin
                AND organization_id = '000000000000000000000000'";
    assert_eq!(app.column(void).await, [user.to_string()]);
    let links = app.column("SELECT id || ' ' || user_id FROM mailed_links WHERE kind = 'setup'").await;
    let (link, of) = links[0].split_once(' ').unwrap();
    assert_eq!((mails(&app).await, of), (vec![format!("password_setup {link}")], user.as_str()));
}

#[tokio::test]
async fn a_password_of_ones_own_and_one_without_an_address_stay() {
    let app = TestApp::start().await;
    let own = app.admin().users().create(&zebulon()).await.unwrap().id;
    let client = app.client(&app.token(&own, &[Scope::EduAdmin]).await);
    client.users().update(&own, &to_password()).await.unwrap();
    let no_address = app.admin().users().create(&account("pupil", Role::User)).await.unwrap().id;
    for user in [&own, &no_address] {
        app.admin().users().convert_to_individual(user).await.unwrap();
    }

    let kept = "SELECT id FROM users WHERE password_hash IS NOT NULL
                AND organization_id = '000000000000000000000000' ORDER BY id";
    assert_eq!(app.column(kept).await, [own.to_string(), no_address.to_string()]);
    assert_eq!(mails(&app).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_converted_account_whose_address_was_cleared_gets_no_mail() {
    let app = TestApp::start().await;
    let user = app.admin().users().create(&zebulon()).await.unwrap().id;
    let cleared = UserAdminUpdate { email: Update::Clear, ..UserAdminUpdate::default() };
    app.admin().users().update(&user, &cleared).await.unwrap();

    app.admin().users().convert_to_individual(&user).await.unwrap();

    assert_eq!(mails(&app).await, Vec::<String>::new());
    let email = "SELECT name_key FROM signin_names WHERE organization_id = '000000000000000000000000'";
    assert_eq!(app.column(email).await, Vec::<String>::new());
}
