//! The schema: brought up to date once, by whoever comes first, and newer than the program during an upgrade.

use futures_util::future::{join_all, try_join_all};
use homeroom_client::Role;
use homeroom_server::db::{Db, Error, Read as _};

use crate::support::{Database, TestApp, run_on};

#[tokio::test(flavor = "multi_thread")]
async fn eight_that_start_together_on_a_new_database_bring_it_up_to_date_once() {
    for _ in 0..4 {
        let database = Database::create().await;
        let all = join_all((0..8).map(|_| database.open())).await;
        let (applied, latest) = all[0].schema().await.unwrap();
        assert_eq!(applied, latest);
        let history = "SELECT CAST(count(*) AS BIGINT) FROM refinery_schema_history";
        let (rows,): (i64,) = all[7].read().await.unwrap().one(history, ()).await.unwrap();
        assert_eq!(rows, latest);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_wait_for_the_migration_hold_no_connection() {
    let database = Database::create().await;
    // Two connections for all eight: one holds the lock, the other migrates.
    let shared = Db::connect(&database.narrow(2)).unwrap();
    try_join_all((0..8).map(|_| shared.migrate())).await.unwrap();
}

/// As if a later version of the program had migrated.
async fn newer(db: &Db, settings: &'static str) {
    let (_, known) = db.schema().await.unwrap();
    let mut tx = db.write().await.unwrap();
    let number = i32::try_from(known).unwrap() + 1;
    let sql = "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
               VALUES (CAST($1 AS INTEGER), 'later', '2026-03-02T08:00:00Z', '1')";
    tx.execute(sql, (i64::from(number),)).await.unwrap();
    tx.commit().await.unwrap();
    db.batch("ALTER TABLE groups ADD COLUMN colour TEXT NOT NULL DEFAULT ''").await.unwrap();
    db.batch(settings).await.unwrap();
}

#[tokio::test]
async fn a_program_serves_a_schema_that_is_newer_than_itself() {
    let app = TestApp::start().await;
    newer(&app.app.db, "").await;
    let again = app.restarted().await;
    let pupil = again.user("pupil", Role::User).await;
    again.group(&[&pupil]).await;
    let (applied, known) = again.app.db.schema().await.unwrap();
    assert_eq!(applied, known + 1);
}

#[tokio::test]
async fn a_schema_that_no_longer_serves_a_program_says_so() {
    let database = Database::create().await;
    let db = database.open().await;
    newer(&db, "INSERT INTO settings (name, value) VALUES ('oldest_schema', '1000')").await;
    let Err(Error::Unfit(refusal)) = Db::open(&database.address()).await else { panic!("it was opened") };
    assert!(refusal.contains("1000") && refusal.contains("newer program"), "{refusal}");
}

/// A database of PostgreSQL made with these words; why it is refused.
async fn refusal(with: &str) -> Option<String> {
    let Ok(server) = std::env::var("HOMEROOM_TEST_POSTGRES") else { return None };
    let database = Database::create().await;
    let url = database.url();
    let name = url.rsplit_once('/').unwrap().1;
    run_on(&server, &format!("DROP DATABASE {name}")).await;
    run_on(&server, &format!("CREATE DATABASE {name} TEMPLATE template0 {with}")).await;
    Some(Db::open(&url.parse().unwrap()).await.err().map(|error| error.to_string()).unwrap_or_default())
}

#[tokio::test]
async fn a_database_that_can_not_hold_or_find_every_name_is_refused_with_the_command_for_a_right_one() {
    for (with, words) in [
        ("ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'", "SQL_ASCII"),
        ("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'", "LATIN1"),
        ("ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'", "LC_CTYPE C"),
        ("ENCODING 'UTF8' LC_COLLATE 'POSIX' LC_CTYPE 'POSIX'", "LC_CTYPE"),
    ] {
        let Some(refusal) = refusal(with).await else { return };
        assert!(refusal.contains(words), "{with}: {refusal}");
        assert!(refusal.contains("createdb -E UTF8 --locale=C.UTF-8 -T template0"), "{refusal}");
    }
}

#[tokio::test]
async fn a_database_of_utf_8_is_served() {
    let with = "ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'";
    assert_eq!(refusal(with).await.unwrap_or_default(), "");
}
