//! A transaction that lasts as long as a copy does, on a connection of its own.

use std::pin::Pin;

use rusqlite::Connection;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};

use super::tables::{Kind, Table};
use crate::db::{Backend, Db, Error, FromRow, Read, Result, Sql, Value, postgres, sqlite};

pub enum Long {
    /// Taken while a thread works with it.
    Sqlite(Option<Connection>),
    Postgres(postgres::Transaction),
}

/// A table into which rows are being put.
pub enum Filling {
    Sqlite(String),
    Postgres(Pin<Box<BinaryCopyInWriter>>),
}

impl Long {
    /// Reads the database as it is now, whatever is written meanwhile.
    pub async fn snapshot(db: &Db) -> Result<Self> {
        let begin = "BEGIN; SELECT count(*) FROM sqlite_master"; // the snapshot begins with the first read
        Self::begin(db, begin, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").await
    }

    /// Writes. SQLite looks at references at the end alone, as PostgreSQL does at the end of each table.
    pub async fn filling(db: &Db) -> Result<Self> {
        Self::begin(
            db,
            "BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = ON",
            "SET LOCAL synchronous_commit = on",
        )
        .await
    }

    async fn begin(db: &Db, on_sqlite: &'static str, on_postgres: &str) -> Result<Self> {
        match &db.0 {
            Backend::Sqlite(sqlite) => {
                let path = sqlite.path().to_owned();
                let mut new = Self::Sqlite(None);
                let connection = blocking(move || {
                    let connection = sqlite::connect(&path)?;
                    sqlite::patiently(|| connection.execute_batch(on_sqlite))?;
                    Ok(connection)
                });
                if let Self::Sqlite(place) = &mut new {
                    *place = Some(connection.await?);
                }
                Ok(new)
            }
            Backend::Postgres(pool) => {
                let tx = postgres::Transaction::begin(pool).await?;
                tx.client()?.batch_execute(on_postgres).await?;
                Ok(Self::Postgres(tx))
            }
        }
    }

    /// Runs `job` on a thread that may wait.
    async fn on_sqlite<T: Send + 'static>(
        place: &mut Option<Connection>,
        job: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let connection = place.take().ok_or_else(|| Error::bug("the transaction has ended"))?;
        let (connection, done) = blocking(move || {
            let done = job(&connection);
            Ok((connection, done))
        })
        .await?;
        *place = Some(connection);
        done
    }

    pub async fn execute(&mut self, sql: &str) -> Result<()> {
        match self {
            Self::Sqlite(place) => {
                let sql = sql.to_owned();
                Self::on_sqlite(place, move |c| Ok(c.execute_batch(&sql)?)).await
            }
            Self::Postgres(tx) => Ok(tx.client()?.batch_execute(sql).await?),
        }
    }

    /// The one number that a statement gives.
    pub async fn number(&mut self, sql: String) -> Result<i64> {
        let rows: Vec<(i64,)> = self.fetch(Sql::of_names(sql), Vec::new()).await?;
        rows.first().map(|(number,)| *number).ok_or_else(|| Error::bug("a statement gave no row"))
    }

    pub async fn begin_table(&mut self, table: &Table) -> Result<Filling> {
        let (name, columns) = (&table.name, table.names());
        match self {
            Self::Sqlite(_) => {
                let places: Vec<String> = (1..=table.columns.len()).map(|n| format!("${n}")).collect();
                Ok(Filling::Sqlite(format!("INSERT INTO {name} ({columns}) VALUES ({})", places.join(", "))))
            }
            Self::Postgres(tx) => {
                let sql = format!("COPY {name} ({columns}) FROM STDIN BINARY");
                let sink = tx.client()?.copy_in(&sql).await?;
                let types: Vec<Type> =
                    table.columns.iter().map(|column| postgres_type(column.kind)).collect();
                Ok(Filling::Postgres(Box::pin(BinaryCopyInWriter::new(sink, &types))))
            }
        }
    }

    pub async fn put(&mut self, filling: &mut Filling, rows: Vec<Vec<Value>>) -> Result<()> {
        match (self, filling) {
            (Self::Sqlite(place), Filling::Sqlite(sql)) => {
                let sql = sql.clone();
                Self::on_sqlite(place, move |c| {
                    rows.iter().try_for_each(|row| sqlite::execute(c, &sql, row).map(drop))
                })
                .await
            }
            (Self::Postgres(_), Filling::Postgres(writer)) => {
                for row in rows {
                    let row: Vec<&(dyn ToSql + Sync)> = row.iter().map(|value| value as _).collect();
                    writer.as_mut().write(&row).await?;
                }
                Ok(())
            }
            _ => Err(Error::bug("a table of one database is filled with rows of another")),
        }
    }

    pub async fn end_table(&mut self, filling: Filling) -> Result<()> {
        if let Filling::Postgres(mut writer) = filling {
            writer.as_mut().finish().await?;
        }
        Ok(())
    }

    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(mut place) => Self::on_sqlite(&mut place, |c| Ok(c.execute_batch("COMMIT")?)).await,
            Self::Postgres(tx) => tx.end(true).await,
        }
    }
}

impl Read for Long {
    async fn fetch<T: FromRow>(&mut self, sql: Sql, args: Vec<Value>) -> Result<Vec<T>> {
        match self {
            Self::Sqlite(place) => Self::on_sqlite(place, move |c| sqlite::all(c, sql.text(), &args)).await,
            Self::Postgres(tx) => postgres::all(tx.client()?, &sql, &args).await,
        }
    }
}

const fn postgres_type(kind: Kind) -> Type {
    match kind {
        Kind::Text => Type::TEXT,
        Kind::Int => Type::INT8,
        Kind::Bool => Type::BOOL,
        Kind::Bytes => Type::BYTEA,
    }
}

async fn blocking<T: Send + 'static>(job: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(job).await.map_err(|error| Error::Failed(error.to_string()))?
}
