//! The audit log as a chain: what `verify` finds, and that many may seal at once.

use aws_lc_rs::digest::{SHA256, digest};
use futures_util::future::try_join_all;
use homeroom_client::{OrganizationId, Role, UserId};
use homeroom_server::audit::{End, Problem, Report, seal_due, verify};
use homeroom_server::db::{Engine, Read as _};
use homeroom_server::jobs::run_due_erasures;

use crate::ranks::{account, to_firstname};
use crate::support::{School, TestApp};
use crate::tokens::carrying;

/// A school whose log has at least ten sealed events, and no others.
async fn with_a_log() -> TestApp {
    let app = TestApp::start().await;
    for number in 0..10 {
        app.admin().users().create(&account(&format!("pupil{number}"), Role::User)).await.unwrap();
    }
    seal_due(&app.app).await.unwrap();
    app
}

async fn report(app: &TestApp) -> Report {
    verify(&app.app, &app.school.organization, None).await.unwrap()
}

/// Each problem with its place.
async fn problems(app: &TestApp) -> Vec<(i64, Problem)> {
    report(app).await.faults.into_iter().map(|fault| (fault.sequence, fault.problem)).collect()
}

/// As somebody does who has the database.
async fn tamper(app: &TestApp, sql: &str) {
    app.app.db.batch(sql.to_owned().leak()).await.unwrap();
}

async fn events(app: &TestApp) -> i64 {
    let sql = "SELECT count(*) FROM audit_events WHERE organization_id = $1";
    app.app.db.read().await.unwrap().one::<(i64,)>(sql, (&app.school.organization,)).await.unwrap().0
}

async fn create(app: &TestApp, name: &str) -> UserId {
    app.admin().users().create(&account(name, Role::User)).await.unwrap().id
}

#[tokio::test]
async fn a_log_that_nobody_touched_is_good_and_its_newest_events_are_not_sealed_yet() {
    let app = with_a_log().await;
    let sealed = events(&app).await;
    create(&app, "late").await;
    let found = report(&app).await;
    assert_eq!((found.good, found.erased, found.unsealed, found.wrong), (sealed as u64, 0, 1, 0));
    assert_eq!(found.end.unwrap().sequence, sealed);
    seal_due(&app.app).await.unwrap();
    let found = report(&app).await;
    assert_eq!((found.good, found.unsealed, found.wrong), (sealed as u64 + 1, 0, 0));
}

#[tokio::test]
async fn a_change_of_any_column_of_an_event_is_found() {
    let app = with_a_log().await;
    let list = match app.app.db.engine() {
        Engine::Sqlite => "SELECT name FROM pragma_table_info('audit_events')",
        Engine::Postgres => {
            "SELECT CAST(column_name AS TEXT) FROM information_schema.columns WHERE table_name = 'audit_events'"
        }
    };
    let columns = app.column(list).await;
    assert!(columns.len() >= 13, "{columns:?}");
    // The number is a place: where it is changed, the place before is empty too.
    for column in columns.iter().filter(|column| !["organization_id", "id", "seq"].contains(&column.as_str()))
    {
        let value = match column.as_str() {
            "at" => "at + 1",
            "previous_seal" | "seal" | "details_hash" => match app.app.db.engine() {
                Engine::Sqlite => "x'00'",
                Engine::Postgres => "'\\x00'",
            },
            _ => "'x'",
        };
        tamper(&app, "CREATE TABLE kept AS SELECT * FROM audit_events").await;
        tamper(&app, &format!("UPDATE audit_events SET {column} = {value} WHERE seq = 5")).await;
        assert_eq!(problems(&app).await, [(5, Problem::Changed)], "{column}");
        tamper(&app, &format!("UPDATE audit_events SET {column} = (SELECT {column} FROM kept k WHERE k.seq = 5) WHERE seq = 5")).await;
        tamper(&app, "DROP TABLE kept").await;
        assert_eq!(problems(&app).await, []);
    }
}

#[tokio::test]
async fn changed_and_lost_details_are_found() {
    let app = with_a_log().await;
    let of = |seq| format!("WHERE event_id = (SELECT id FROM audit_events WHERE seq = {seq})");
    tamper(&app, &format!("UPDATE audit_details SET details = '{{}}' {}", of(4))).await;
    tamper(
        &app,
        &format!("UPDATE audit_details SET salt = (SELECT salt FROM audit_details {}) {}", of(1), of(6)),
    )
    .await;
    tamper(&app, &format!("DELETE FROM audit_details {}", of(8))).await;
    let expected = [(4, Problem::DetailsChanged), (6, Problem::DetailsChanged), (8, Problem::DetailsMissing)];
    assert_eq!(problems(&app).await, expected);
}

#[tokio::test]
async fn events_that_are_missing_in_the_middle_are_one_fault_and_counted() {
    let app = with_a_log().await;
    let good = report(&app).await.good;
    tamper(
        &app,
        "DELETE FROM audit_details WHERE event_id IN (SELECT id FROM audit_events WHERE seq IN (4, 5, 6))",
    )
    .await;
    tamper(&app, "DELETE FROM audit_events WHERE seq IN (4, 5, 6)").await;
    let found = report(&app).await;
    assert_eq!((found.good, found.wrong), (good - 3, 3));
    let [fault] = &found.faults[..] else { panic!("{:?}", found.faults) };
    assert_eq!((fault.sequence, fault.until, fault.problem), (4, Some(6), Problem::Missing));
}

async fn cut(app: &TestApp, from: i64) {
    let events = format!("SELECT id FROM audit_events WHERE seq >= {from}");
    tamper(app, &format!("DELETE FROM audit_details WHERE event_id IN ({events})")).await;
    tamper(app, &format!("DELETE FROM audit_events WHERE seq >= {from}")).await;
}

#[tokio::test]
async fn a_log_that_was_cut_at_its_end_is_found_and_goes_on_with_a_gap() {
    let app = with_a_log().await;
    let last = events(&app).await;
    cut(&app, last - 1).await;
    assert_eq!(problems(&app).await, [(last - 1, Problem::Missing)]);
    create(&app, "later").await;
    seal_due(&app.app).await.unwrap();
    assert_eq!(problems(&app).await, [(last - 1, Problem::Missing)]);
    assert_eq!(report(&app).await.end.unwrap().sequence, last + 1);
}

#[tokio::test]
async fn a_cut_can_not_be_hidden_by_moving_the_end_back() {
    let app = with_a_log().await;
    let last = events(&app).await;
    cut(&app, last).await;
    let moved = format!(
        "UPDATE audit_ends SET seq = {0}, seal = (SELECT seal FROM audit_events WHERE seq = {0})",
        last - 1
    );
    tamper(&app, &moved).await;
    assert_eq!(problems(&app).await, [(last - 1, Problem::EndChanged)]);
    create(&app, "later").await;
    seal_due(&app.app).await.unwrap();
    assert_eq!(problems(&app).await, [(last, Problem::Missing)], "sealing goes on, and does not cover it up");
}

#[tokio::test]
async fn an_end_that_is_gone_is_found_and_sealing_does_not_begin_anew() {
    let app = with_a_log().await;
    let last = events(&app).await;
    tamper(&app, "DELETE FROM audit_ends").await;
    assert_eq!(problems(&app).await, [(last, Problem::EndChanged)]);
    create(&app, "later").await;
    seal_due(&app.app).await.unwrap();
    assert_eq!(problems(&app).await, [(last + 1, Problem::Missing)]);
}

#[tokio::test]
async fn events_that_changed_places_are_found() {
    let app = with_a_log().await;
    for (from, to) in [(4, 1000), (7, 4), (1000, 7)] {
        tamper(&app, &format!("UPDATE audit_events SET seq = {to} WHERE seq = {from}")).await;
    }
    assert_eq!(problems(&app).await, [(4, Problem::Changed), (7, Problem::Changed)]);
}

/// A copy of an event under another id, at a place in the chain.
async fn forge(app: &TestApp, place: i64) {
    tamper(
        app,
        &format!(
            "INSERT INTO audit_events SELECT * FROM (SELECT organization_id, 'forged', event, at, actor, actor_token,
             target, details_hash, maker, about, {place}, previous_seal, seal FROM audit_events WHERE seq = 5) e"
        ),
    )
    .await;
    tamper(
        app,
        "INSERT INTO audit_details SELECT organization_id, 'forged', actor, target, salt, details FROM audit_details
         WHERE event_id = (SELECT id FROM audit_events WHERE seq = 5)",
    )
    .await;
}

#[tokio::test]
async fn an_event_that_was_put_in_between_or_behind_is_found() {
    let app = with_a_log().await;
    let last = events(&app).await;
    for seq in (6..=last).rev() {
        tamper(&app, &format!("UPDATE audit_events SET seq = {} WHERE seq = {seq}", seq + 1)).await;
    }
    forge(&app, 6).await;
    let found = problems(&app).await;
    assert_eq!(found[0], (6, Problem::Changed));
    assert_eq!(
        found.len() as i64,
        last - 3,
        "all behind it stand where they were not sealed; so does the end"
    );

    let app = with_a_log().await;
    forge(&app, last + 1).await;
    assert_eq!(problems(&app).await, [(last + 1, Problem::Changed), (last + 1, Problem::EndChanged)]);
    create(&app, "later").await;
    seal_due(&app.app).await.unwrap();
    assert_eq!(problems(&app).await, [(last + 1, Problem::Changed), (last + 2, Problem::Missing)]);
}

#[tokio::test]
async fn numbers_that_no_chain_has_are_found_and_end() {
    let app = with_a_log().await;
    for place in [0, i64::MIN + 1] {
        forge(&app, place).await;
        assert_eq!(problems(&app).await, [(place, Problem::Changed)]);
        tamper(&app, "DELETE FROM audit_details WHERE event_id = 'forged'").await;
        tamper(&app, "DELETE FROM audit_events WHERE id = 'forged'").await;
    }
    forge(&app, i64::MAX).await;
    let found = problems(&app).await;
    assert!(found.contains(&(i64::MAX, Problem::Changed)), "{found:?}");
}

#[tokio::test]
async fn the_log_of_an_earlier_backup_lacks_the_end_that_was_written_down() {
    let app = with_a_log().await;
    let noted = report(&app).await.end.unwrap();
    let includes = async |end: &End| {
        let found = verify(&app.app, &app.school.organization, Some(end)).await.unwrap();
        found.faults.into_iter().map(|fault| fault.problem).collect::<Vec<_>>()
    };
    assert_eq!(includes(&noted).await, []);
    // The whole end as it was earlier: nothing in the database contradicts it.
    tamper(&app, "CREATE TABLE kept AS SELECT * FROM audit_ends").await;
    create(&app, "later").await;
    seal_due(&app.app).await.unwrap();
    let later = report(&app).await.end.unwrap();
    cut(&app, later.sequence).await;
    tamper(&app, "DELETE FROM audit_ends").await;
    tamper(&app, "INSERT INTO audit_ends SELECT * FROM kept").await;
    assert_eq!(problems(&app).await, []);
    assert_eq!(includes(&noted).await, []);
    assert_eq!(includes(&later).await, [Problem::NotIncluded]);
}

#[tokio::test]
async fn a_chain_is_made_with_the_secret_key_and_not_with_what_stands_in_the_database() {
    let app = with_a_log().await;
    let seals: Vec<(Vec<u8>, String)> = {
        let sql = "SELECT seal, id FROM audit_events ORDER BY seq";
        app.app.db.read().await.unwrap().all(sql, ()).await.unwrap()
    };
    for (seal, id) in seals {
        assert_ne!(seal, digest(&SHA256, id.as_bytes()).as_ref());
        assert_eq!(seal.len(), 32);
    }
}

/// A person who has done something and to whom something has happened, by others and to things of theirs.
async fn with_a_past(app: &TestApp) -> UserId {
    let user = app.admin().users().create(&account("zebulon", Role::AccountAdmin)).await.unwrap().id;
    app.admin().users().update(&user, &to_firstname("Zebulon")).await.unwrap();
    app.admin().users().create_access_token(&user, &carrying(&[])).await.unwrap();
    let own = app.client(&app.token(&user, &[homeroom_client::Scope::EduAdmin]).await);
    own.users().create(&account("other", Role::User)).await.unwrap();
    user
}

#[tokio::test]
async fn what_an_erasure_deleted_is_erased_and_not_wrong() {
    let app = with_a_log().await;
    for converts in [false, true] {
        let before = report(&app).await;
        let user = with_a_past(&app).await;
        match converts {
            false => app.admin().users().remove(&user).await.unwrap(),
            true => app.admin().users().convert_to_individual(&user).await.unwrap(),
        }
        run_due_erasures(&app.app).await.unwrap();
        seal_due(&app.app).await.unwrap();
        let found = report(&app).await;
        assert_eq!((found.wrong, found.unsealed), (0, 0), "{:?}", found.faults);
        assert_eq!(found.erased, before.erased + 5, "created, updated, a token, one made, removed");
        assert_eq!(found.good, before.good + 1, "the receipt");
        app.app.db.batch("DELETE FROM users WHERE username = 'other'").await.unwrap();
    }
}

#[tokio::test]
async fn details_that_an_erasure_deletes_just_now_are_not_wrong_and_others_are() {
    let app = with_a_log().await;
    let user = with_a_past(&app).await;
    app.admin().users().remove(&user).await.unwrap();
    seal_due(&app.app).await.unwrap();
    tamper(&app, &format!("DELETE FROM audit_details WHERE target = '{user}'")).await;
    assert_eq!(problems(&app).await, [], "its job is still there");
    run_due_erasures(&app.app).await.unwrap();
    seal_due(&app.app).await.unwrap();
    tamper(&app, "DELETE FROM audit_details WHERE event_id = (SELECT id FROM audit_events WHERE seq = 5)")
        .await;
    let receipt = report(&app).await.end.unwrap().sequence;
    tamper(&app, "DELETE FROM audit_details WHERE event_id = (SELECT id FROM audit_events WHERE event = 'user.erased')")
        .await;
    assert_eq!(
        problems(&app).await,
        [(5, Problem::DetailsMissing), (receipt, Problem::DetailsMissing)],
        "no receipt covers itself"
    );
}

#[tokio::test]
async fn an_event_of_an_older_program_is_sealed_with_whom_its_details_tell_of() {
    let app = with_a_log().await;
    let user = with_a_past(&app).await;
    tamper(&app, "UPDATE audit_events SET about = NULL").await; // not a column that it knows
    seal_due(&app.app).await.unwrap();
    let about = app.column("SELECT about FROM audit_events WHERE event = 'access_token.created'").await;
    assert_eq!(about, [user.to_string()]);
}

#[tokio::test]
async fn each_organization_has_a_chain_of_its_own() {
    let app = with_a_log().await;
    let other = app.other_school().await;
    seal_due(&app.app).await.unwrap();
    let found = verify(&app.app, &other.organization, None).await.unwrap();
    assert_eq!((found.good, found.wrong, found.end.unwrap().sequence), (2, 0, 2));
    // An event that is moved to another organization's log is missing here and strange there.
    let School { organization, .. } = &other;
    for sql in [
        "INSERT INTO audit_events SELECT * FROM (SELECT '{to}', id, event, at, actor, actor_token, target, details_hash,
         maker, about, 3, previous_seal, seal FROM audit_events WHERE organization_id = '{from}' AND seq = 3) e",
    ] {
        let sql = sql.replace("{to}", organization.as_str());
        tamper(&app, &sql.replace("{from}", app.school.organization.as_str())).await;
    }
    let found = verify(&app.app, organization, None).await.unwrap();
    assert_eq!(found.faults[0].problem, Problem::Changed);
}

#[tokio::test]
async fn many_events_are_sealed_in_batches_and_read_in_pages() {
    let app = with_a_log().await;
    let (org, before) = (&app.school.organization, events(&app).await);
    let numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1700)";
    let empty = digest(&SHA256, b"{}").as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let (hash, salt) = match app.app.db.engine() {
        Engine::Sqlite => (format!("x'{empty}'"), "x''"),
        Engine::Postgres => (format!("'\\x{empty}'::bytea"), "'\\x'::bytea"),
    };
    for table in [
        format!(
            "audit_events (organization_id, id, event, at, details_hash) SELECT '{org}', 'e' || i, 'x.y', 0, {hash}"
        ),
        format!(
            "audit_details (organization_id, event_id, salt, details) SELECT '{org}', 'e' || i, {salt}, '{{}}'"
        ),
    ] {
        tamper(&app, &format!("{numbers} INSERT INTO {table} FROM n")).await;
    }
    seal_due(&app.app).await.unwrap();
    let found = report(&app).await;
    assert_eq!((found.good, found.wrong, found.unsealed), (before as u64 + 1700, 0, 0));
}

async fn nothing_forked(app: &TestApp, organization: &OrganizationId) {
    let found = verify(&app.app, organization, None).await.unwrap();
    assert_eq!((found.wrong, found.unsealed), (0, 0), "{:?}", found.faults);
    assert_eq!(found.good as i64, found.end.unwrap().sequence);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_does_not_fork_when_eight_seal_at_once_while_events_are_written() {
    let app = TestApp::start().await;
    let other = app.other_school().await;
    let mut replicas = Vec::new();
    for _ in 0..3 {
        replicas.push(app.replica().await);
    }
    for round in 0..6 {
        let sealing = (0..8).map(|number| {
            let server = replicas.get(number).unwrap_or(&app).app.clone();
            async move { seal_due(&server).await }
        });
        let writing = (0..12).map(|number| {
            let admin = app.admin();
            let new = account(&format!("p{round}x{number}"), Role::User);
            async move { admin.users().create(&new).await }
        });
        let (sealed, written) = tokio::join!(try_join_all(sealing), try_join_all(writing));
        sealed.unwrap();
        written.unwrap();
    }
    try_join_all((0..8).map(|_| seal_due(&app.app))).await.unwrap();
    for organization in [&app.school.organization, &other.organization] {
        nothing_forked(&app, organization).await;
    }
}
