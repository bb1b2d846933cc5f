//! Copying a whole database to another, of either kind.
//!
//! The source is read in one snapshot, the target is filled in one transaction: the copy is whole, or there is none.
//! Before the commit the target is read back, and each table compared with the source by a checksum over its rows in
//! the order of their keys. Which tables there are, the schema itself says: none can be forgotten.
mod digest;
mod long;
mod tables;

use super::{Db, Error, Query, Read, Result, Row, Value};
use digest::Digest;
use long::Long;
use tables::{Table, tables};

/// Rows that are in memory at once.
const BATCH: i64 = 2_000;

/// What has been done so far: rows read, and read back.
pub trait Progress: Sync {
    fn begin(&self, rows: u64);
    fn advance(&self, table: &str, rows: u64);
}

/// A table that was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    pub table: String,
    pub rows: u64,
    /// SHA-256 over the rows.
    pub checksum: String,
}

/// Copies every table of `from` to `to`, whose schema is brought up to date first and in which nothing may be.
pub async fn copy(from: &Db, to: &Db, progress: &impl Progress) -> Result<Vec<Copied>> {
    check_source(from).await?;
    to.migrate().await?;
    let list = tables(from).await?;
    check_shape(&list, &tables(to).await?)?;
    let mut source = Long::snapshot(from).await?;
    let mut target = Long::filling(to).await?;
    check_emptiness(&mut target, &list).await?;
    progress.begin(2 * count(&mut source, &list).await?);
    for table in list.iter().rev() {
        target.execute(&format!("DELETE FROM {}", table.name)).await?; // what migrations put there
    }
    let mut copied = Vec::new();
    for table in &list {
        copied.push(transfer(&mut source, &mut target, table, progress).await?);
    }
    for (table, copied) in list.iter().zip(&copied) {
        verify(&mut target, table, copied, progress).await?;
    }
    target.commit().await?;
    to.analyze().await?;
    Ok(copied)
}

async fn check_source(from: &Db) -> Result<()> {
    from.check_letters().await?;
    let (applied, latest) = from.schema().await?;
    let what = match applied {
        0 => "is not one of Homeroom: check --from".to_owned(),
        _ if applied < latest => format!(
            "has version {applied} of a schema of which this program knows {latest}: back it up, then have this \
             program bring it up to date (`homeroom serve`)"
        ),
        _ if applied > latest => format!("has version {applied} of the schema: use the newer program"),
        _ => return Ok(()),
    };
    Err(Error::Unfit(format!("the database to copy from {what}")))
}

/// Both databases have the same tables with the same columns.
fn check_shape(source: &[Table], target: &[Table]) -> Result<()> {
    let shapes =
        |tables: &[Table]| tables.iter().map(Table::shape).collect::<std::collections::BTreeSet<_>>();
    match shapes(source).symmetric_difference(&shapes(target)).next() {
        None => Ok(()),
        Some(shape) => {
            Err(Error::Unfit(format!("one of the databases has another table than the other: {shape}")))
        }
    }
}

/// Beyond what migrations put there: the organization of individuals, and settings other than the key's check.
async fn check_emptiness(target: &mut Long, tables: &[Table]) -> Result<()> {
    for table in tables {
        let (most, of) = match table.name.as_str() {
            "organizations" => (1, ""),
            "settings" => (0, " WHERE name = 'key_check'"),
            _ => (0, ""),
        };
        let rows = target
            .number(format!("SELECT count(*) FROM (SELECT 1 FROM {}{of} LIMIT 2) few", table.name))
            .await?;
        if rows > most {
            return Err(Error::Unfit(format!(
                "there is something in the database to copy to (table {}): name an empty one with --to",
                table.name
            )));
        }
    }
    Ok(())
}

async fn count(source: &mut Long, tables: &[Table]) -> Result<u64> {
    let mut all = 0;
    for table in tables {
        all += source.number(format!("SELECT count(*) FROM {}", table.name)).await?;
    }
    Ok(all.unsigned_abs())
}

async fn transfer(
    source: &mut Long,
    target: &mut Long,
    table: &Table,
    progress: &impl Progress,
) -> Result<Copied> {
    let mut digest = Digest::new();
    let mut filling = target.begin_table(table).await?;
    let mut last = None;
    while let Some(rows) = next(source, table, &mut last).await? {
        digest.add(&rows);
        progress.advance(&table.name, rows.len() as u64);
        target.put(&mut filling, rows).await?;
    }
    target.end_table(filling).await?;
    Ok(digest.done(&table.name))
}

async fn verify(target: &mut Long, table: &Table, expected: &Copied, progress: &impl Progress) -> Result<()> {
    let mut digest = Digest::new();
    let mut last = None;
    while let Some(rows) = next(target, table, &mut last).await? {
        digest.add(&rows);
        progress.advance(&table.name, rows.len() as u64);
    }
    let found = digest.done(&table.name);
    if found == *expected {
        return Ok(());
    }
    Err(Error::Failed(format!(
        "the copy of {} differs from it: {} rows with checksum {}, instead of {} with {}",
        table.name, found.rows, found.checksum, expected.rows, expected.checksum
    )))
}

/// A row as it stands in the table.
struct Values(Vec<Value>);

impl super::FromRow for Values {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self(row.rest()?))
    }
}

/// The rows behind the key in `last`, in the order of their keys; none at the end.
async fn next(
    from: &mut Long,
    table: &Table,
    last: &mut Option<Vec<Value>>,
) -> Result<Option<Vec<Vec<Value>>>> {
    let (sql, args) = table.page(last.take(), BATCH);
    let rows: Vec<Values> = from.fetch(sql, args).await?;
    let rows: Vec<Vec<Value>> = rows.into_iter().map(|Values(row)| table.typed(row)).collect();
    *last = rows.last().map(|row| table.key_of(row));
    Ok(Some(rows).filter(|rows| !rows.is_empty()))
}
