use std::time::Duration;

use homeroom_api::{MailState, OrganizationId, Timestamp};
use serde::Serialize;

use super::worker::LEASE;
use crate::Result;
use crate::db::{self, Conn, FromRow, Query, Read, Tx};
use crate::http::{Order, Page, PageQuery, Select, Way};

/// A row of the outbox.
#[derive(Debug, Clone)]
pub struct Row {
    pub id: String,
    pub organization: OrganizationId,
    pub kind: String,
    pub subject: String,
    pub state: MailState,
    pub attempts: i64,
    pub error: Option<String>,
    pub created_at: Timestamp,
    pub due_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

macro_rules! columns {
    () => {
        "o.id, o.organization_id, o.kind, o.subject_id, o.state, o.attempts, o.error, o.created_at, o.due_at,
         o.ended_at"
    };
}

impl FromRow for Row {
    fn from_row(row: &db::Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.take()?,
            organization: row.take()?,
            kind: row.take()?,
            subject: row.take()?,
            state: row.take::<String>()?.parse().map_err(db::Error::Failed)?,
            attempts: row.take()?,
            error: row.take()?,
            created_at: row.take()?,
            due_at: row.take()?,
            ended_at: row.take()?,
        })
    }
}

pub async fn insert(
    tx: &mut Tx,
    organization: &OrganizationId,
    id: &str,
    kind: &'static str,
    subject: &str,
    now: Timestamp,
) -> Result<()> {
    tx.execute_later(
        "INSERT INTO outbox (id, organization_id, kind, subject_id, due_at, attempts, created_at)
         VALUES ($1, $2, $3, $4, $5, 0, $5)",
        (id, organization, kind, subject, now),
    )
    .await?;
    Ok(())
}

/// Whether any mail is due.
pub async fn is_any_due(conn: &mut impl Read, now: Timestamp) -> Result<bool> {
    let sql = "SELECT id FROM outbox WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at LIMIT 1";
    Ok(conn.optional::<(String,)>(sql, (now,)).await?.is_some())
}

/// `$1` is now, `$2` the end of the lease; the argument says how rows that others are leasing are passed over.
macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "UPDATE outbox AS o SET due_at = $2, attempts = attempts + 1 WHERE o.id =
                 (SELECT id FROM outbox WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at LIMIT 1",
            $lock,
            ") RETURNING id, organization_id, kind, subject_id, state, attempts, error, created_at, due_at, ended_at"
        )
    };
}

/// Leases the mail that has been due the longest: until the lease ends, nobody else gets it.
pub async fn claim(tx: &mut Tx, now: Timestamp) -> Result<Option<Row>> {
    let sql = tx.engine().pick(claim!(""), claim!(" FOR UPDATE SKIP LOCKED"));
    Ok(tx.optional(sql, (now, now + LEASE)).await?)
}

/// Ends a mail: sent, dead or dropped.
pub async fn end(tx: &mut Tx, id: &str, state: MailState, error: Option<&str>, now: Timestamp) -> Result<()> {
    tx.execute(
        "UPDATE outbox SET state = $2, error = $3, ended_at = $4 WHERE id = $1 AND state = 'waiting'",
        (id, state.as_str(), error, now),
    )
    .await?;
    Ok(())
}

/// Has the attempt that failed made again at `due`, unless another one has been made meanwhile.
pub async fn postpone(tx: &mut Tx, row: &Row, error: &str, due: Timestamp) -> Result<()> {
    tx.execute(
        "UPDATE outbox SET error = $3, due_at = $4 WHERE id = $1 AND state = 'waiting' AND attempts = $2",
        (&row.id, row.attempts, error, due),
    )
    .await?;
    Ok(())
}

/// Which mails to list; all where there is no state.
#[derive(Debug, Clone, Serialize)]
pub struct Filter {
    pub state: Vec<MailState>,
}

pub async fn list(
    conn: &mut Conn,
    organization: &OrganizationId,
    filter: &Filter,
    page: &PageQuery,
) -> Result<Page<Row>> {
    let select = Select {
        args: vec![organization.into()],
        found: "o.*",
        columns: columns!(),
        page: "o",
        from: " FROM outbox o WHERE o.organization_id = $1",
        way: Way::Walk,
        filter: |query: &mut Query| {
            if filter.state.is_empty() {
                return;
            }
            query.push(" AND (FALSE");
            for state in &filter.state {
                query.push(" OR o.state = ").bind(state.as_str());
            }
            query.push(")");
        },
        order: Order::by_id("o.id"),
    };
    select.page(conn, page).await
}

/// The mails of all organizations after the id `after`, the newest `most`, newest first: for the operator.
pub async fn list_all(conn: &mut impl Read, after: &str, most: i64) -> Result<Vec<Row>> {
    let sql = concat!("SELECT ", columns!(), " FROM outbox o WHERE o.id > $1 ORDER BY o.id DESC LIMIT $2");
    Ok(conn.all(sql, (after, most)).await?)
}

/// As [`list_all`], those in one state.
pub async fn list_all_in(conn: &mut impl Read, state: MailState, most: i64) -> Result<Vec<Row>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM outbox o WHERE o.id > '' AND o.state = $1 ORDER BY o.id DESC LIMIT $2"
    );
    Ok(conn.all(sql, (state.as_str(), most)).await?)
}

pub async fn find(conn: &mut impl Read, id: &str) -> Result<Option<Row>> {
    let sql = concat!("SELECT ", columns!(), " FROM outbox o WHERE o.id = $1");
    Ok(conn.optional(sql, (id,)).await?)
}

/// Whether a later mail of the same kind about the same thing waits or was sent: it says what is true now too.
pub async fn is_said_again(conn: &mut impl Read, row: &Row) -> Result<bool> {
    let sql = "SELECT id FROM outbox WHERE organization_id = $1 AND subject_id = $2 AND kind = $3 AND id > $4
               AND state IN ('waiting', 'sent') LIMIT 1";
    let later = (&row.organization, row.subject.as_str(), row.kind.as_str(), row.id.as_str());
    Ok(conn.optional::<(String,)>(sql, later).await?.is_some())
}

/// Makes a mail that is dead or waits due at once, as if it had never been tried. Whether there was one.
pub async fn revive(tx: &mut Tx, id: &str, now: Timestamp) -> Result<bool> {
    let revived = tx
        .execute(
            "UPDATE outbox SET state = 'waiting', attempts = 0, due_at = $2, ended_at = NULL
             WHERE id = $1 AND state IN ('dead', 'waiting')",
            (id, now),
        )
        .await?;
    Ok(revived > 0)
}

/// As [`revive`], for every dead mail; how many.
pub async fn revive_all_dead(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    Ok(tx
        .execute(
            "UPDATE outbox SET state = 'waiting', attempts = 0, due_at = $1, ended_at = NULL
             WHERE state = 'dead' AND ended_at > 0",
            (now,),
        )
        .await?)
}

/// Deletes what is kept of mails about a thing that is no longer there.
pub async fn forget_about(tx: &mut Tx, organization: &OrganizationId, subject: &str) -> Result<()> {
    let sql = "DELETE FROM outbox WHERE organization_id = $1 AND subject_id = $2";
    tx.execute(sql, (organization, subject)).await?;
    Ok(())
}

const DAY: Duration = Duration::from_hours(24);

/// Deletes up to `most` mails that were sent or dropped 30 days ago, and dead ones after 90 days.
pub async fn prune(tx: &mut Tx, now: Timestamp, most: i64) -> Result<u64> {
    Ok(tx
        .execute(
            "DELETE FROM outbox WHERE id IN
                 (SELECT id FROM outbox WHERE ended_at < $1 AND (state <> 'dead' OR ended_at < $2)
                  ORDER BY ended_at LIMIT $3)",
            (now - 30 * DAY, now - 90 * DAY, most),
        )
        .await?)
}
