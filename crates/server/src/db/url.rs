//! Where the database is.

use std::path::PathBuf;
use std::str::FromStr;

use super::tls::Trust;

/// `sqlite://FILE` or `postgres://…`.
#[derive(Clone)]
pub enum DatabaseUrl {
    Sqlite(PathBuf),
    Postgres(Box<Postgres>),
}

/// How to reach a PostgreSQL server, and how many connections to hold.
#[derive(Clone)]
pub struct Postgres {
    pub config: tokio_postgres::Config,
    pub trust: Trust,
    pub pool_size: usize,
    /// How many statements stay prepared on a connection. 0 behind a pooler that hands out another connection for
    /// each transaction.
    pub statement_cache: usize,
}

const POOL_SIZE: usize = 16;
const STATEMENT_CACHE: usize = 256;

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(url: &str) -> Result<Self, String> {
        if let Some(path) = url.strip_prefix("sqlite://").filter(|path| !path.is_empty()) {
            return Ok(Self::Sqlite(path.into()));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(Box::new(postgres(url)?)));
        }
        Err("a database is sqlite://FILE (sqlite://homeroom.db, sqlite:///var/lib/homeroom.db) or \
             postgres://USER:PASSWORD@HOST/NAME"
            .to_owned())
    }
}

fn postgres(url: &str) -> Result<Postgres, String> {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let mut trust = Trust::Anybody;
    let mut rest = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match (&*name, &*value) {
            ("sslmode", "verify-full") => {
                rest.append_pair("sslmode", "require");
                if trust == Trust::Anybody {
                    trust = Trust::System;
                }
            }
            ("sslmode", "disable" | "prefer" | "require") => drop(rest.append_pair(&name, &value)),
            ("sslmode", _) => return Err(format!("sslmode={value} is not one of {SSL_MODES}")),
            ("sslrootcert", "system") => trust = Trust::System,
            ("sslrootcert", file) => trust = Trust::File(file.into()),
            _ => drop(rest.append_pair(&name, &value)),
        }
    }
    // The driver reads `+` as itself.
    let query = rest.finish().replace('+', "%20");
    let config = format!("{address}?{query}")
        .parse()
        .map_err(|error| format!("the address of the database is wrong: {error}"))?;
    Ok(Postgres { config, trust, pool_size: POOL_SIZE, statement_cache: STATEMENT_CACHE })
}

const SSL_MODES: &str = "disable, prefer (encrypted where the server can), require (encrypted, for whoever answers), \
                         verify-full (encrypted, for the host of that name)";

/// Without the password.
impl std::fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Self::Postgres(postgres) => {
                write!(f, "postgres://…/{}", postgres.config.get_dbname().unwrap_or_default())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio_postgres::config::{Host, SslMode};

    use super::*;

    fn parsed(url: &str) -> Postgres {
        match url.parse().unwrap() {
            DatabaseUrl::Postgres(postgres) => *postgres,
            DatabaseUrl::Sqlite(_) => panic!("{url}"),
        }
    }

    #[test]
    fn sslmode_and_sslrootcert_mean_what_they_mean_to_libpq() {
        let file = Trust::File("/ca.pem".into());
        for (query, mode, trust) in [
            ("", SslMode::Prefer, Trust::Anybody),
            ("?sslmode=disable", SslMode::Disable, Trust::Anybody),
            ("?sslmode=require", SslMode::Require, Trust::Anybody),
            ("?sslmode=verify-full", SslMode::Require, Trust::System),
            ("?sslrootcert=/ca.pem&sslmode=verify-full", SslMode::Require, file.clone()),
            ("?sslmode=verify-full&sslrootcert=%2Fca.pem", SslMode::Require, file),
        ] {
            let postgres = parsed(&format!("postgres://ada@db.example/school{query}"));
            assert_eq!((postgres.config.get_ssl_mode(), postgres.trust), (mode, trust), "{query}");
        }
    }

    #[test]
    fn an_unknown_sslmode_is_refused_with_those_that_are_known() {
        let error = "postgres://h/d?sslmode=verify-ca".parse::<DatabaseUrl>().err().unwrap();
        assert!(error.contains("verify-ca") && error.contains("verify-full"), "{error}");
    }

    #[test]
    fn a_socket_and_other_options_pass_through() {
        let postgres = parsed("postgres://ada@/school?host=/run/postgresql&application_name=my+school");
        assert_eq!(postgres.config.get_hosts(), [Host::Unix("/run/postgresql".into())]);
        assert_eq!(postgres.config.get_application_name(), Some("my school"));
    }

    #[test]
    fn a_password_is_not_shown() {
        let url: DatabaseUrl = "postgres://ada:secret@db.example/school?sslmode=require".parse().unwrap();
        assert_eq!(url.to_string(), "postgres://…/school");
    }
}
