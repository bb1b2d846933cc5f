//! The schema and its changes, in order; one text for both databases.
//!
//! Replicas of two versions serve one database while they are exchanged, so a migration leaves what the version
//! before it uses (CONTRIBUTING.md), and a program serves a schema that is newer than itself.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use refinery::{Migration, Runner};
use rusqlite::Connection;

use super::{Backend, Db, Engine, Error, Read as _, Result, postgres};

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
    ("V3__sessions", Text::Shared(include_str!("../../migrations/0003_sessions.sql"))),
    ("V4__mail", Text::Shared(include_str!("../../migrations/0004_mail.sql"))),
    ("V5__oauth", Text::Shared(include_str!("../../migrations/0005_oauth.sql"))),
    (
        "V6__audit_chain",
        Text::SharedAndMore {
            shared: include_str!("../../migrations/0006_audit_chain.sql"),
            sqlite: include_str!("../../migrations/0006_audit_chain.sqlite.sql"),
        },
    ),
    ("V7__classes", Text::Shared(include_str!("../../migrations/0007_classes.sql"))),
    ("V8__scores", Text::Shared(include_str!("../../migrations/0008_scores.sql"))),
    ("V9__assignments", Text::Shared(include_str!("../../migrations/0009_assignments.sql"))),
    (
        "V10__licenses",
        Text::SharedAndMore {
            shared: include_str!("../../migrations/0010_licenses.sql"),
            sqlite: include_str!("../../migrations/0010_licenses.sqlite.sql"),
        },
    ),
];

enum Text {
    Shared(&'static str),
    /// And what SQLite's planner is told besides: PostgreSQL's sees for itself.
    SharedAndMore {
        shared: &'static str,
        sqlite: &'static str,
    },
    /// What the two databases do each in a way of their own.
    Each {
        sqlite: &'static str,
        postgres: &'static str,
    },
}

/// Replicas that start together migrate one after the other. The number is any that is ours alone; the lock lasts as
/// long as its transaction, so that it works through a pooler too.
const LOCK: &str = "SELECT pg_try_advisory_xact_lock($1)";
const LOCK_NUMBER: i64 = 4_846_510_773;
/// How long to wait for another replica's migrations, and between two looks.
const LOCKED: Duration = Duration::from_secs(3600);
const PAUSE: Duration = Duration::from_millis(100);

impl Db {
    /// Brings the schema up to date, or leaves one that is newer as it is.
    pub async fn migrate(&self) -> Result<()> {
        self.check_letters().await?;
        let migrated = match &self.0 {
            Backend::Sqlite(sqlite) => sqlite.alone(|c| run_beside_others(&runner(Engine::Sqlite)?, c)).await,
            Backend::Postgres(pool) => run_alone(pool).await,
        };
        let (applied, known) = self.schema().await?;
        if applied <= known {
            return migrated;
        }
        self.check_newer().await?;
        tracing::warn!(
            applied,
            known,
            "the schema is newer than this program, which it still serves: exchange it soon"
        );
        Ok(())
    }

    /// A schema serves older programs, unless it says how much a program must know.
    pub async fn check_newer(&self) -> Result<()> {
        let sql = "SELECT value FROM settings WHERE name = 'oldest_schema'";
        let oldest: Option<(String,)> = self.read().await?.optional(sql, ()).await?;
        match oldest.and_then(|(number,)| number.parse::<i64>().ok()) {
            Some(oldest) if latest() < oldest => Err(Error::Unfit(format!(
                "the schema serves programs that know version {oldest} of it, and this one knows {}: use a newer \
                 program",
                latest()
            ))),
            _ => Ok(()),
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

/// Migrates on one connection while another holds the lock.
async fn run_alone(pool: &postgres::Pool) -> Result<()> {
    let lock = lock(pool).await?;
    let mut client = postgres::client(pool).await?;
    let migrated = runner(Engine::Postgres)?.run_async(client.driver()).await.map_err(failed);
    lock.end(true).await?;
    migrated.map(drop)
}

/// Asks again and again, and keeps no connection meanwhile: behind a pooler those who wait could hold all of them,
/// and leave none to the one that migrates.
async fn lock(pool: &postgres::Pool) -> Result<postgres::Transaction> {
    let until = Instant::now() + LOCKED;
    loop {
        let tx = postgres::Transaction::begin(pool).await?;
        let held = postgres::all::<(bool,)>(tx.client()?, &LOCK.into(), &[LOCK_NUMBER.into()]).await?;
        if held == [(true,)] {
            return Ok(tx);
        }
        tx.end(false).await?;
        if Instant::now() > until {
            return Err(Error::unavailable("another replica has been changing the schema for an hour"));
        }
        tokio::time::sleep(PAUSE).await;
    }
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
            (Self::SharedAndMore { shared, sqlite }, Engine::Sqlite) => format!("{shared}{sqlite}").into(),
            (Self::Shared(text) | Self::SharedAndMore { shared: text, .. }, Engine::Postgres) => {
                text.replace(" TEXT", " TEXT COLLATE \"C\"").into()
            }
        }
    }
}

#[allow(clippy::needless_pass_by_value)] // for map_err
fn failed(error: refinery::Error) -> Error {
    Error::Unfit(format!("the schema could not be brought up to date: {error}"))
}
