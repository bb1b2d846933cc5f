//! What can go wrong in the database, as far as callers act on it.

use tokio_postgres::error::SqlState;

use super::tls;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// It can't be done now; the same call may succeed later.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// A statement or its arguments are wrong, or the file is damaged.
    #[error("the database refused a statement: {0}")]
    Failed(String),
    /// A row would have had a key that another one has.
    #[error("the key {0:?} is taken")]
    Taken(Unique),
    /// The database is not one that this program can serve, or its settings are wrong.
    #[error("{0}")]
    Unfit(String),
}

/// The keys that two requests may ask for at once, where no `ON CONFLICT` can say so: an `UPDATE` has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unique {
    Username,
    Slug,
    Document,
}

impl Unique {
    /// `PostgreSQL` names the constraint.
    fn of_constraint(name: &str) -> Option<Self> {
        match name {
            "users_username" => Some(Self::Username),
            "organizations_slug_key" => Some(Self::Slug),
            "documents_hash" => Some(Self::Document),
            _ => None,
        }
    }

    /// `SQLite` names the columns, in its message alone.
    fn of_message(message: &str) -> Option<Self> {
        match message.strip_prefix("UNIQUE constraint failed: ")? {
            "users.organization_id, users.username_key" => Some(Self::Username),
            "organizations.slug" => Some(Self::Slug),
            "documents.organization_id, documents.hash" => Some(Self::Document),
            _ => None,
        }
    }
}

impl Error {
    pub fn bug(what: &str) -> Self {
        Self::Failed(what.to_owned())
    }

    pub fn unavailable(what: &str) -> Self {
        Self::Unavailable(what.to_owned())
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        if let rusqlite::Error::SqliteFailure(_, Some(message)) = &error
            && let Some(key) = Unique::of_message(message)
        {
            return Self::Taken(key);
        }
        match error.sqlite_error_code() {
            Some(
                Code::DiskFull
                | Code::SystemIoFailure
                | Code::DatabaseBusy
                | Code::DatabaseLocked
                | Code::CannotOpen
                | Code::ReadOnly
                | Code::OutOfMemory
                | Code::OperationInterrupted,
            ) => Self::Unavailable(error.to_string()),
            _ => Self::Failed(error.to_string()),
        }
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        let constraint = error.as_db_error().filter(|db| *db.code() == SqlState::UNIQUE_VIOLATION);
        if let Some(key) = constraint.and_then(|db| Unique::of_constraint(db.constraint()?)) {
            return Self::Taken(key);
        }
        // Class 08 connection, 53 resources, 57 operator intervention, 40 serialization and deadlock.
        let passing = error
            .code()
            .is_none_or(|state| ["08", "53", "57", "40"].iter().any(|class| state.code().starts_with(class)));
        let text = error.as_db_error().map_or_else(|| describe(&error), |db| db.message().to_owned());
        let lost_link = error.code().is_none() && (error.is_closed() || is_io(&error));
        if (error.code().is_some() && passing) || lost_link {
            Self::Unavailable(text)
        } else {
            Self::Failed(text)
        }
    }
}

impl From<deadpool_postgres::PoolError> for Error {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        use deadpool_postgres::{PoolError as Pool, TimeoutType};
        Self::Unavailable(match error {
            Pool::Backend(error) => format!("{}{}", describe(&error), tls::mend(&error)),
            Pool::Timeout(TimeoutType::Wait) => "no connection of the pool became free in time".to_owned(),
            Pool::Timeout(_) => "the server did not answer in time".to_owned(),
            other => describe(&other),
        })
    }
}

fn is_io(error: &tokio_postgres::Error) -> bool {
    std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
}

/// The error and what it came from, each once.
fn describe(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let why = error.to_string();
        if !text.contains(&why) {
            text = format!("{text}: {why}");
        }
        cause = error.source();
    }
    text
}
