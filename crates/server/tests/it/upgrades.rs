//! Replicas of two versions serve one database while they are exchanged: what an earlier version asks of the schema,
//! the latest one has. `recorded/` holds the statements of each version that may still be serving (CONTRIBUTING.md).

use std::path::PathBuf;

use homeroom_client::{TestAccounts, UserFilter, UserQuery};
use homeroom_server::db::{Db, Engine, FromRow, Read as _, Result, Row, Value};

use crate::statements::call_everything;
use crate::support::{Database, TestApp};

/// Between two statements of a file.
const END: &str = "\n;\n";
/// The schemas that a program was released with: those between came together.
const RELEASED: [i64; 3] = [1, 2, 10];
/// Set, the statements of this version are recorded.
const RECORD: &str = "HOMEROOM_RECORD_STATEMENTS";

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/recorded"))
}

fn file(version: i64, engine: Engine) -> PathBuf {
    folder().join(format!("v{version}.{}.sql", format!("{engine:?}").to_lowercase()))
}

/// A row that nobody looks at.
struct Any;

impl FromRow for Any {
    fn from_row(_: &Row<'_>) -> Result<Self> {
        Ok(Self)
    }
}

/// The highest n of the `$n` in a statement.
fn arguments(sql: &str) -> usize {
    let digits = |rest: &str| rest.chars().take_while(char::is_ascii_digit).collect::<String>();
    sql.split('$').skip(1).filter_map(|rest| digits(rest).parse().ok()).max().unwrap_or(0)
}

/// What the database does not understand of these statements, and what it would not insert.
async fn problems(db: &Db, statements: &str) -> Vec<String> {
    let mut problems = Vec::new();
    for sql in statements.split(END).filter(|sql| !sql.trim().is_empty()) {
        // Not SQLite's `EXPLAIN` alone: where triggers write to a virtual table it reads what was never set, and crashes.
        let explain = db.engine().pick("EXPLAIN QUERY PLAN", "EXPLAIN");
        let explain: &'static str = format!("{explain} {sql}").leak();
        let args = vec![Value::Null; arguments(sql)];
        if let Err(error) = db.read().await.unwrap().all::<Any>(explain, args).await {
            problems.push(format!("{error} in\n{sql}"));
        }
        problems.extend(
            left_out(db, sql).await.map(|column| format!("{column} is needed and not given in\n{sql}")),
        );
    }
    problems
}

/// A column without default that an `INSERT` does not name.
async fn left_out(db: &Db, sql: &str) -> Option<String> {
    let (table, rest) = sql.split_once("INSERT INTO ")?.1.split_once(" (")?;
    let given: Vec<&str> = rest.split_once(')')?.0.split(',').map(str::trim).collect();
    let list = match db.engine() {
        Engine::Sqlite => {
            "SELECT name FROM pragma_table_info($1) WHERE \"notnull\" = 1 AND dflt_value IS NULL"
        }
        Engine::Postgres => {
            "SELECT CAST(column_name AS TEXT) FROM information_schema.columns
             WHERE table_name = $1 AND is_nullable = 'NO' AND column_default IS NULL"
        }
    };
    let needed: Vec<(String,)> = db.read().await.unwrap().all(list, (table,)).await.unwrap();
    assert!(!needed.is_empty(), "there is no table {table}");
    needed.into_iter().map(|(column,)| column).find(|column| !given.contains(&column.as_str()))
}

/// Calls every operation, and every list with every filter.
async fn statements_of_everything() -> (i64, Engine, String) {
    let app = TestApp::start().await;
    let group = app.group(&[&app.school.admin]).await;
    call_everything(&app).await;
    let none = UserFilter::default();
    for filter in [
        UserFilter { role: vec![homeroom_client::Role::User], ..none.clone() },
        UserFilter { group: vec![group], ..none.clone() },
        UserFilter { q: Some("ada".to_owned()), ..none.clone() },
        UserFilter { no_active_license: true, ..none.clone() },
        UserFilter { test_accounts: Some(TestAccounts::Only), ..none.clone() },
        UserFilter { license_expiration_date: vec!["active".to_owned()], ..none.clone() },
        UserFilter { license_expiration_date: vec!["notActive".to_owned()], ..none.clone() },
        UserFilter { license_expiration_date: vec!["2026-06-30".to_owned()], ..none },
    ] {
        app.admin().users().count(&filter).await.unwrap();
        app.admin().users().list(&UserQuery { filter, ..UserQuery::default() }).await.unwrap();
    }
    let db = &app.app.db;
    let statements = db.statements().into_iter().collect::<Vec<_>>().join(END);
    (db.schema().await.unwrap().1, db.engine(), statements)
}

#[tokio::test]
async fn what_every_operation_runs_is_recorded_for_each_earlier_version() {
    let (latest, engine, statements) = statements_of_everything().await;
    assert!(statements.split(END).count() > 90, "only {} statements ran", statements.split(END).count());
    if std::env::var_os(RECORD).is_some() {
        std::fs::write(file(latest, engine), statements + END).unwrap();
    }
    for version in RELEASED.iter().copied().filter(|version| *version < latest) {
        assert!(file(version, engine).exists(), "the statements of version {version} are not recorded");
    }
}

#[tokio::test]
async fn the_latest_schema_serves_the_statements_of_earlier_versions() {
    let database = Database::create().await;
    let db = database.open().await;
    let suffix = format!(".{}.sql", format!("{:?}", db.engine()).to_lowercase());
    for entry in std::fs::read_dir(folder()).unwrap() {
        let file = entry.unwrap().path();
        if !file.to_str().unwrap().ends_with(&suffix) {
            continue;
        }
        let problems = problems(&db, &std::fs::read_to_string(&file).unwrap()).await;
        assert!(problems.is_empty(), "{}: {}", file.display(), problems.join("\n"));
    }
}

#[tokio::test]
async fn a_column_that_is_renamed_or_needed_too_early_is_found() {
    let database = Database::create().await;
    let db = database.open().await;
    let sql = "INSERT INTO settings (name, value) VALUES ($1, $2)";
    assert_eq!(problems(&db, sql).await, Vec::<String>::new());
    db.batch("ALTER TABLE settings ADD COLUMN note TEXT").await.unwrap();
    assert_eq!(problems(&db, sql).await, Vec::<String>::new());
    db.batch("DROP TABLE settings; CREATE TABLE settings (name TEXT, value TEXT, note TEXT NOT NULL)")
        .await
        .unwrap();
    assert_eq!(problems(&db, sql).await.len(), 1, "a column is needed that the statement does not give");
    db.batch("DROP TABLE settings; CREATE TABLE settings (title TEXT NOT NULL, value TEXT)").await.unwrap();
    assert!(problems(&db, sql).await[0].contains("name"), "a column is gone");
}
