//! PostgreSQL: one pool, prepared statements, `READ COMMITTED`.

use deadpool_postgres::{Manager, ManagerConfig, Object, RecyclingMethod};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Config, NoTls, Statement};

use super::{Error, FromRow, Result, Row, Value};

pub use deadpool_postgres::{Client, Pool};

const POOL_SIZE: usize = 16;

pub fn connect(config: &Config) -> Result<Pool> {
    let manager = Manager::from_config(
        config.clone(),
        NoTls,
        ManagerConfig { recycling_method: RecyclingMethod::Fast },
    );
    Pool::builder(manager).max_size(POOL_SIZE).build().map_err(|error| Error::Failed(error.to_string()))
}

pub async fn client(pool: &Pool) -> Result<Client> {
    Ok(pool.get().await?)
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
            drop(Object::take(client)); // in an unknown state: not for the pool
        }
        Ok(ended?)
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        let Some(client) = self.0.take() else { return };
        tokio::spawn(async move {
            if client.batch_execute("ROLLBACK").await.is_err() {
                drop(Object::take(client));
            }
        });
    }
}

async fn prepare(client: &Client, sql: &str, args: &[Value]) -> Result<Statement> {
    let statement = client.prepare_cached(sql).await?;
    if statement.params().len() != args.len() {
        return Err(Error::bug("a statement has another number of arguments than it names"));
    }
    Ok(statement)
}

fn params(args: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    args.iter().map(|value| value as _).collect()
}

pub async fn all<T: FromRow>(client: &Client, sql: &str, args: &[Value]) -> Result<Vec<T>> {
    let statement = prepare(client, sql, args).await?;
    let rows = client.query(&statement, &params(args)).await?;
    rows.iter().map(|row| T::from_row(&Row::postgres(row))).collect()
}

pub async fn execute(client: &Client, sql: &str, args: &[Value]) -> Result<u64> {
    let statement = prepare(client, sql, args).await?;
    Ok(client.execute(&statement, &params(args)).await?)
}
