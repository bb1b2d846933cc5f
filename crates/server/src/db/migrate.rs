//! The schema and its changes, in order; one text for both databases.

use std::borrow::Cow;
use std::time::Duration;

use refinery::{Migration, Runner};
use rusqlite::Connection;

use super::{Backend, Db, Engine, Error, Result, postgres};

/// Each once: its number, its name, its text. A file that has been released is never changed.
const MIGRATIONS: &[(&str, Text)] = &[
    ("V1__organizations", Text::Shared(include_str!("../../migrations/0001_organizations.sql"))),
    (
        "V2__search",
        Text::Each {
            sqlite: include_str!("../../migrations/0002_search.sqlite.sql"),
            postgres: include_str!("../../migrations/0002_search.postgres.sql"),
        },
    ),
];

enum Text {
    Shared(&'static str),
    /// What the two databases do each in a way of their own.
    Each {
        sqlite: &'static str,
        postgres: &'static str,
    },
}

/// Replicas that start together migrate one after the other. The number is any that is ours alone; the lock lasts as
/// long as its transaction, so that it works through a pooler too.
const LOCK: &str = "SELECT pg_advisory_xact_lock(4846510773)";

impl Db {
    /// Brings the schema up to date.
    pub async fn migrate(&self) -> Result<()> {
        match &self.0 {
            Backend::Sqlite(sqlite) => sqlite.alone(|c| run_beside_others(&runner(Engine::Sqlite)?, c)).await,
            Backend::Postgres(pool) => {
                let lock = postgres::Transaction::begin(pool).await?;
                lock.client()?.batch_execute(LOCK).await?;
                let mut client = postgres::client(pool).await?;
                let migrated = runner(Engine::Postgres)?.run_async(client.driver()).await.map_err(failed);
                lock.end(true).await?;
                migrated.map(drop)
            }
        }
    }
}

/// Two processes that start together may both find a migration missing. It fails in the one that comes second,
/// which then looks again.
fn run_beside_others(runner: &Runner, connection: &mut Connection) -> Result<()> {
    for _ in 0..=MIGRATIONS.len() {
        if runner.run(connection).is_ok() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    runner.run(connection).map(drop).map_err(failed)
}

/// The number of the last migration.
pub fn latest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

fn runner(engine: Engine) -> Result<Runner> {
    let migrations: Result<Vec<_>, _> =
        MIGRATIONS.iter().map(|(name, text)| Migration::unapplied(name, &text.of(engine))).collect();
    // Else a migration and the note that it is applied are two transactions: who is killed between them leaves a
    // database that can't be opened again.
    Ok(Runner::new(&migrations.map_err(failed)?).set_grouped(true))
}

impl Text {
    /// Text compares bytewise on SQLite; on PostgreSQL only where the column says so.
    fn of(&self, engine: Engine) -> Cow<'static, str> {
        match (self, engine) {
            (Self::Shared(text) | Self::Each { sqlite: text, .. }, Engine::Sqlite)
            | (Self::Each { postgres: text, .. }, Engine::Postgres) => (*text).into(),
            (Self::Shared(text), Engine::Postgres) => text.replace(" TEXT", " TEXT COLLATE \"C\"").into(),
        }
    }
}

#[allow(clippy::needless_pass_by_value)] // for map_err
fn failed(error: refinery::Error) -> Error {
    Error::Failed(format!("the schema could not be brought up to date: {error}"))
}
