//! Where the database is.

use std::path::PathBuf;
use std::str::FromStr;

/// `sqlite://FILE` or `postgres://…`.
#[derive(Clone)]
pub enum DatabaseUrl {
    Sqlite(PathBuf),
    Postgres(Box<tokio_postgres::Config>),
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(url: &str) -> Result<Self, String> {
        if let Some(path) = url.strip_prefix("sqlite://").filter(|path| !path.is_empty()) {
            return Ok(Self::Sqlite(path.into()));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let config =
                url.parse().map_err(|error| format!("the address of the database is wrong: {error}"))?;
            return Ok(Self::Postgres(Box::new(config)));
        }
        Err("a database is sqlite://FILE (sqlite://homeroom.db, sqlite:///var/lib/homeroom.db) or \
             postgres://USER:PASSWORD@HOST/NAME"
            .to_owned())
    }
}

/// Without the password.
impl std::fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Self::Postgres(config) => write!(f, "postgres://…/{}", config.get_dbname().unwrap_or_default()),
        }
    }
}
