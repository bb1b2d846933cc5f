//! A database for one test: a file, or, where `HOMEROOM_TEST_POSTGRES` names a server, a database there.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use homeroom_server::db::{DatabaseUrl, Db, Read as _};
use tempfile::TempDir;

pub enum Database {
    Sqlite(TempDir),
    Postgres(String),
}

/// Where `cargo xtask test` runs everything behind a pooler: how many statements stay prepared, which is none.
const STATEMENT_CACHE: &str = "HOMEROOM_TEST_PG_STATEMENT_CACHE";

impl Database {
    pub async fn create() -> Self {
        match std::env::var("HOMEROOM_TEST_POSTGRES") {
            Ok(server) => Self::Postgres(create_on(&server).await),
            Err(_) => Self::file(),
        }
    }

    /// One of the kind that is always there.
    pub fn file() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    pub async fn open(&self) -> Db {
        Db::open(&self.address()).await.unwrap()
    }

    /// The address for a pool of few connections.
    pub fn narrow(&self, connections: usize) -> DatabaseUrl {
        let mut address = self.address();
        if let DatabaseUrl::Postgres(postgres) = &mut address {
            postgres.pool_size = connections;
        }
        address
    }

    pub fn address(&self) -> DatabaseUrl {
        let mut address: DatabaseUrl = self.url().parse().unwrap();
        if let DatabaseUrl::Postgres(postgres) = &mut address
            && let Ok(statements) = std::env::var(STATEMENT_CACHE)
        {
            postgres.statement_cache = statements.parse().unwrap();
        }
        address
    }

    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite://{}", folder.path().join("test.db").display()),
            Self::Postgres(url) => url.clone(),
        }
    }

    /// The columns (`table.column`) that hold `text` somewhere.
    pub async fn tables_that_hold(&self, db: &Db, text: &str) -> Vec<String> {
        let mut conn = db.read().await.unwrap();
        let list = match self {
            Self::Sqlite(_) => {
                "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'
                   AND m.sql NOT LIKE 'CREATE VIRTUAL%'"
            }
            Self::Postgres(_) => {
                "SELECT table_name::text, column_name::text FROM information_schema.columns
                 WHERE table_schema = 'public'"
            }
        };
        let columns: Vec<(String, String)> = conn.all(list, ()).await.unwrap();
        let mut found = Vec::new();
        for (table, column) in columns {
            // The names are ours: no value gets into the text.
            let sql = format!("SELECT count(*) FROM {table} WHERE CAST({column} AS TEXT) LIKE $1");
            let (count,): (i64,) = conn.one(sql.leak(), (format!("%{text}%"),)).await.unwrap();
            if count > 0 {
                found.push(format!("{table}.{column}"));
            }
        }
        found.sort();
        found
    }
}

/// The databases of tests that have ended: the next one drops them, else they fill the disk.
static ENDED: Mutex<Vec<String>> = Mutex::new(Vec::new());

impl Drop for Database {
    fn drop(&mut self) {
        if let Self::Postgres(url) = self {
            ENDED.lock().unwrap().extend(url.rsplit_once('/').map(|(_, name)| name.to_owned()));
        }
    }
}

/// Makes a database on the server at `server` (`postgres://…/postgres`); its address.
async fn create_on(server: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let ended = std::mem::take(&mut *ENDED.lock().unwrap());
    for name in ended {
        run_on(server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
    }
    let name = format!("homeroom_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    run_on(server, &format!("CREATE DATABASE {name}")).await;
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}

/// Has a PostgreSQL server run statements that are ours.
pub async fn run_on(server: &str, sql: &str) {
    let (client, connection) = tokio_postgres::connect(server, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap();
}
