//! PostgreSQL: one pool, prepared statements, `READ COMMITTED`.

use std::ops::Deref;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, RecyclingMethod, Runtime};
use tokio_postgres::Statement;
use tokio_postgres::types::{ToSql, Type};

use super::{Error, FromRow, Result, Row, Sql, Value, tls, url};

/// How long a request waits for a connection before it is told to come back later.
const WAIT: Duration = Duration::from_secs(5);
/// How long a connection may take to be made, and what was sent may stay unacknowledged.
const LINK: Duration = Duration::from_secs(5);

#[derive(Clone)]
pub struct Pool {
    connections: deadpool_postgres::Pool,
    statement_cache: usize,
    #[cfg(debug_assertions)]
    pub seen: Seen,
}

/// In debug builds: the statements that ran.
#[cfg(debug_assertions)]
pub type Seen = std::sync::Arc<std::sync::Mutex<std::collections::BTreeSet<String>>>;

/// A connection of the pool.
pub struct Client {
    connection: Object,
    statement_cache: usize,
    #[cfg(debug_assertions)]
    seen: Seen,
}

impl Deref for Client {
    type Target = Object;

    fn deref(&self) -> &Object {
        &self.connection
    }
}

impl Client {
    #[cfg(debug_assertions)]
    fn note(&self, sql: &str) {
        if let Ok(mut seen) = self.seen.lock() {
            seen.insert(sql.to_owned());
        }
    }

    /// For a library that asks for the driver's own type.
    pub fn driver(&mut self) -> &mut tokio_postgres::Client {
        &mut self.connection
    }
}

pub fn connect(to: &url::Postgres) -> Result<Pool> {
    let mut config = to.config.clone();
    config.connect_timeout(LINK).tcp_user_timeout(LINK);
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = Manager::from_config(config, tls::connector(&to.trust)?, recycling);
    let pool = deadpool_postgres::Pool::builder(manager)
        .max_size(to.pool_size)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(WAIT))
        .create_timeout(Some(LINK))
        .recycle_timeout(Some(LINK))
        .build();
    let connections = pool.map_err(|error| Error::Failed(error.to_string()))?;
    Ok(Pool {
        connections,
        statement_cache: to.statement_cache,
        #[cfg(debug_assertions)]
        seen: Seen::default(),
    })
}

pub async fn client(pool: &Pool) -> Result<Client> {
    Ok(Client {
        connection: pool.connections.get().await?,
        statement_cache: pool.statement_cache,
        #[cfg(debug_assertions)]
        seen: pool.seen.clone(),
    })
}

/// A transaction; a dropped one is rolled back before its connection goes back to the pool, else the next
/// reader would see its changes.
pub struct Transaction(Option<Client>);

impl Transaction {
    pub async fn begin(pool: &Pool) -> Result<Self> {
        let client = client(pool).await?;
        client.batch_execute("BEGIN").await?;
        Ok(Self(Some(client)))
    }

    pub fn client(&self) -> Result<&Client> {
        self.0.as_ref().ok_or_else(|| Error::bug("the transaction has ended"))
    }

    pub async fn end(mut self, commit: bool) -> Result<()> {
        let Some(client) = self.0.take() else { return Err(Error::bug("the transaction has ended")) };
        let ended = client.batch_execute(if commit { "COMMIT" } else { "ROLLBACK" }).await;
        if ended.is_err() {
            drop(Object::take(client.connection)); // in an unknown state: not for the pool
        }
        Ok(ended?)
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        let Some(client) = self.0.take() else { return };
        tokio::spawn(async move {
            if client.batch_execute("ROLLBACK").await.is_err() {
                drop(Object::take(client.connection));
            }
        });
    }
}

async fn prepare(client: &Client, sql: &str, args: &[Value]) -> Result<Statement> {
    if client.connection.statement_cache.size() >= client.statement_cache {
        client.connection.statement_cache.clear();
    }
    let statement = client.prepare_cached(sql).await?;
    if statement.params().len() != args.len() {
        return Err(Error::bug("a statement has another number of arguments than it names"));
    }
    Ok(statement)
}

fn params(args: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    args.iter().map(|value| value as _).collect()
}

/// For a statement that is not prepared. An argument that it does not name would not be missed by the server.
fn typed<'a>(sql: &str, args: &'a [Value]) -> Result<Vec<(&'a (dyn ToSql + Sync), Type)>> {
    if highest(sql) != args.len() {
        return Err(Error::bug("a statement has another number of arguments than it names"));
    }
    Ok(args.iter().map(|value| (value as _, value.postgres_type())).collect())
}

/// The highest n of the `$n` in a statement.
fn highest(sql: &str) -> usize {
    let numbers = sql.split('$').skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest[..end].parse().unwrap_or(0)
    });
    numbers.max().unwrap_or(0)
}

pub async fn all<T: FromRow>(client: &Client, sql: &Sql, args: &[Value]) -> Result<Vec<T>> {
    #[cfg(debug_assertions)]
    client.note(sql.text());
    let rows = if client.statement_cache > 0 && !sql.plan_anew {
        client.query(&prepare(client, sql.text(), args).await?, &params(args)).await?
    } else {
        client.query_typed(sql.text(), &typed(sql.text(), args)?).await?
    };
    rows.iter().map(|row| T::from_row(&Row::postgres(row))).collect()
}

pub async fn execute(client: &Client, sql: &str, args: &[Value]) -> Result<u64> {
    #[cfg(debug_assertions)]
    client.note(sql);
    Ok(if client.statement_cache > 0 {
        client.execute(&prepare(client, sql, args).await?, &params(args)).await?
    } else {
        client.execute_typed(sql, &typed(sql, args)?).await?
    })
}
