//! What a crash leaves behind, made without one.

use homeroom_server::db::Db;

use crate::support::Database;

/// The table in which it is noted which migrations are applied, and a crash when it is written to.
const CRASH: &str = "
    CREATE TABLE refinery_schema_history (version INT4 PRIMARY KEY, name VARCHAR(255), applied_on VARCHAR(255),
        checksum VARCHAR(255));
    CREATE TRIGGER crash BEFORE INSERT ON refinery_schema_history BEGIN SELECT RAISE(ABORT, 'crash'); END";

#[tokio::test]
async fn a_migration_and_the_note_that_it_is_applied_are_one_transaction() {
    let database = Database::Sqlite(tempfile::tempdir().unwrap());
    let url = database.url();
    let sqlite = rusqlite::Connection::open(url.strip_prefix("sqlite://").unwrap()).unwrap();
    sqlite.execute_batch(CRASH).unwrap();
    assert!(Db::open(&url.parse().unwrap()).await.is_err());
    sqlite.execute_batch("DROP TRIGGER crash").unwrap();
    database.open().await;
}
