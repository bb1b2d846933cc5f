//! The database behind the server, looked into past the server.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use rusqlite::{Connection, OpenFlags};
use tokio_postgres::NoTls;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

#[derive(Debug, Clone)]
pub enum Database {
    Sqlite(PathBuf),
    /// Its URL.
    Postgres(String),
}

/// A connection of our own.
pub enum Sql {
    Sqlite(Connection),
    Postgres(tokio_postgres::Client),
}

impl Database {
    /// As `--database` takes it.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(file) => format!("sqlite://{}", file.display()),
            Self::Postgres(url) => url.clone(),
        }
    }

    pub async fn open(&self) -> Result<Sql> {
        Ok(match self {
            Self::Sqlite(file) => {
                let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
                connection.busy_timeout(Duration::from_secs(10))?;
                Sql::Sqlite(connection)
            }
            Self::Postgres(url) => Sql::Postgres(connect(url).await?),
        })
    }
}

/// A connection whose other half runs by itself.
pub async fn connect(url: &str) -> Result<tokio_postgres::Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection); // ends with the client, or tells it what went wrong
    Ok(client)
}

impl Sql {
    /// The first column of a statement, as text. The same text runs on both.
    pub async fn column(&self, sql: &str) -> Result<Vec<String>> {
        Ok(match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare(sql)?;
                let rows = statement.query_map([], |row| row.get(0))?;
                rows.collect::<rusqlite::Result<_>>()?
            }
            Self::Postgres(client) => client.query(sql, &[]).await?.iter().map(|row| row.get(0)).collect(),
        })
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}
