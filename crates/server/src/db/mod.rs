//! The database: one SQL text, run on SQLite or PostgreSQL. The only module that names a driver.
//!
//! A statement is written in the subset that both share, with `$1…$n`, and run on a [`Conn`] (reading) or a
//! [`Tx`] (writing).
mod copy;
mod error;
mod inspect;
mod letters;
mod migrate;
mod postgres;
mod query;
mod row;
mod sqlite;
mod tls;
mod url;
mod value;

use std::sync::Arc;

pub use copy::{Copied, Progress, copy};
pub use error::{Error, Result, Unique};
pub use migrate::latest as latest_schema;
pub use query::{Query, Sql};
pub use row::{FromColumn, FromRow, Row, ValueRef};
pub use sqlite::file;
pub use url::DatabaseUrl;
pub use value::{Args, Value};

/// Which database is behind a [`Db`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// The text for this database, where the two need different ones.
    pub const fn pick(self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self {
            Self::Sqlite => sqlite,
            Self::Postgres => postgres,
        }
    }
}

/// A handle to the database; clones share its threads or its pool.
#[derive(Clone)]
pub struct Db(Backend);

#[derive(Clone)]
enum Backend {
    Sqlite(Arc<sqlite::Sqlite>),
    Postgres(postgres::Pool),
}

/// A connection to read with. On SQLite each statement may run on another reader thread.
pub enum Conn {
    Sqlite(Arc<sqlite::Sqlite>),
    Postgres(Box<postgres::Client>),
}

/// A transaction. Rolled back when dropped; end it with [`Tx::commit`] or [`Tx::finish`].
pub enum Tx {
    Sqlite(sqlite::Session),
    Postgres(Box<postgres::Transaction>),
}

/// What connections and transactions can both do.
pub trait Read: Send {
    /// Every row of a statement that was put together.
    fn fetch<T: FromRow>(
        &mut self,
        sql: Sql,
        args: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<T>>> + Send;

    /// Every row of `sql`.
    fn all<T: FromRow>(
        &mut self,
        sql: &'static str,
        args: impl Args,
    ) -> impl Future<Output = Result<Vec<T>>> + Send {
        self.fetch(sql.into(), args.values())
    }

    /// The first row of `sql`, if there is one.
    fn optional<T: FromRow>(
        &mut self,
        sql: &'static str,
        args: impl Args,
    ) -> impl Future<Output = Result<Option<T>>> + Send {
        async move { Ok(self.all(sql, args).await?.into_iter().next()) }
    }

    /// The first row of `sql`, which always has one.
    fn one<T: FromRow>(
        &mut self,
        sql: &'static str,
        args: impl Args,
    ) -> impl Future<Output = Result<T>> + Send {
        async move { self.optional(sql, args).await?.ok_or_else(|| Error::bug("a statement gave no row")) }
    }
}

impl Db {
    /// Opens the database and brings its schema up to date.
    pub async fn open(url: &DatabaseUrl) -> Result<Self> {
        let db = Self::connect(url)?;
        db.migrate().await?;
        Ok(db)
    }

    /// Opens the database as it is.
    pub fn connect(url: &DatabaseUrl) -> Result<Self> {
        Ok(Self(match url {
            DatabaseUrl::Sqlite(path) => Backend::Sqlite(Arc::new(sqlite::Sqlite::open(path)?)),
            DatabaseUrl::Postgres(postgres) => Backend::Postgres(postgres::connect(postgres)?),
        }))
    }

    pub const fn engine(&self) -> Engine {
        match self.0 {
            Backend::Sqlite(_) => Engine::Sqlite,
            Backend::Postgres(_) => Engine::Postgres,
        }
    }

    pub async fn read(&self) -> Result<Conn> {
        Ok(match &self.0 {
            Backend::Sqlite(sqlite) => Conn::Sqlite(sqlite.clone()),
            Backend::Postgres(pool) => Conn::Postgres(Box::new(postgres::client(pool).await?)),
        })
    }

    pub async fn write(&self) -> Result<Tx> {
        Ok(match &self.0 {
            Backend::Sqlite(sqlite) => Tx::Sqlite(sqlite.begin()?),
            Backend::Postgres(pool) => Tx::Postgres(Box::new(postgres::Transaction::begin(pool).await?)),
        })
    }

    /// Runs statements outside any transaction of ours: upkeep.
    pub async fn batch(&self, sql: &'static str) -> Result<()> {
        match &self.0 {
            Backend::Sqlite(sqlite) => sqlite.alone(move |c| Ok(c.execute_batch(sql)?)).await,
            Backend::Postgres(pool) => Ok(postgres::client(pool).await?.batch_execute(sql).await?),
        }
    }

    /// Tells the planner what the tables hold, after much was written at once. On SQLite that stands in the schema.
    pub async fn analyze(&self) -> Result<()> {
        match self.engine() {
            Engine::Sqlite => Ok(()),
            Engine::Postgres => self.batch("ANALYZE").await,
        }
    }

    /// Moves all that was committed from the write-ahead log into the database file, and empties the log: what was
    /// erased stands in neither of them then. Unavailable while somebody reads what is older. SQLite only; elsewhere it
    /// is for who looks after the server.
    pub async fn truncate_log(&self) -> Result<()> {
        match &self.0 {
            Backend::Sqlite(sqlite) => sqlite.truncate_log().await,
            Backend::Postgres(_) => Ok(()),
        }
    }

    /// Writes a consistent copy of the database to `file`, while others read and write. SQLite only.
    pub async fn copy_to(&self, file: &str) -> Result<()> {
        let Backend::Sqlite(sqlite) = &self.0 else {
            return Err(Error::bug("PostgreSQL is backed up with its own tools"));
        };
        let file = file.to_owned();
        sqlite.alone(move |c| Ok(c.execute("VACUUM INTO ?1", [file]).map(drop)?)).await
    }
}

impl Conn {
    pub const fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }
}

impl Read for Conn {
    async fn fetch<T: FromRow>(&mut self, sql: Sql, args: Vec<Value>) -> Result<Vec<T>> {
        match self {
            Self::Sqlite(sqlite) => sqlite.read(move |c| sqlite::all(c, sql.text(), &args)).await,
            Self::Postgres(client) => postgres::all(client, &sql, &args).await,
        }
    }
}

impl Read for Tx {
    async fn fetch<T: FromRow>(&mut self, sql: Sql, args: Vec<Value>) -> Result<Vec<T>> {
        match self {
            Self::Sqlite(session) => session.run(move |c| sqlite::all(c, sql.text(), &args)).await,
            Self::Postgres(tx) => postgres::all(tx.client()?, &sql, &args).await,
        }
    }
}

impl Tx {
    /// Runs a statement; the number of rows that it changed.
    pub async fn execute(&mut self, sql: &'static str, args: impl Args) -> Result<u64> {
        let args = args.values();
        match self {
            Self::Sqlite(session) => session.run(move |c| sqlite::execute(c, sql, &args)).await,
            Self::Postgres(tx) => postgres::execute(tx.client()?, sql, &args).await,
        }
    }

    /// Runs a statement of which nothing is asked but that it succeeds. Where it does not, the transaction can't be
    /// committed, and its end gives the error. On SQLite nobody waits for the answer, which is half of what a
    /// statement takes.
    pub async fn execute_later(&mut self, sql: &'static str, args: impl Args) -> Result<()> {
        let args = args.values();
        match self {
            Self::Sqlite(session) => session.run_later(move |c| sqlite::execute(c, sql, &args).map(drop)),
            Self::Postgres(tx) => postgres::execute(tx.client()?, sql, &args).await.map(drop),
        }
    }

    /// Locks the rows of a `SELECT … FOR SHARE` until the transaction ends. SQLite has one writer at a time, so there
    /// is nothing to lock.
    pub async fn lock(&mut self, sql: &'static str, args: impl Args) -> Result<()> {
        if let Self::Postgres(tx) = self {
            postgres::execute(tx.client()?, sql, &args.values()).await?;
        }
        Ok(())
    }

    pub const fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Makes the changes durable.
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(session) => session.end(true).await,
            Self::Postgres(tx) => tx.end(true).await,
        }
    }

    /// Commits if `result` is good, else rolls back; then gives `result` back.
    ///
    /// An error is held back until what it may rest on is durable: on SQLite a conflict may be with a row of a
    /// neighbour in the same group commit.
    pub async fn finish<T, E: From<Error>>(self, result: Result<T, E>) -> Result<T, E> {
        let ended = match self {
            Self::Sqlite(session) => session.end(result.is_ok()).await,
            Self::Postgres(tx) => tx.end(result.is_ok()).await,
        };
        match (result, ended) {
            (Ok(_), Err(lost)) => Err(lost.into()),
            (result, _) => result,
        }
    }
}
