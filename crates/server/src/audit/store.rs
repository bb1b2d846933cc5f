use homeroom_api::{AuditEventId, OrganizationId, Timestamp, UserId};

use super::Event;
use super::chain::{End, Row, details_hash};
use crate::Result;
use crate::db::{self, Conn, FromRow, Read as _, Tx};

pub async fn insert(tx: &mut Tx, event: &Event<'_>, id: &str, now: Timestamp, salt: &[u8]) -> Result<()> {
    let details = event.details.to_string();
    let Event { organization, actor, actor_token, maker, name, target, about, .. } = *event;
    tx.execute_later(
        "INSERT INTO audit_events (organization_id, id, event, at, actor, actor_token, maker, target, about,
                                   details_hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        (organization, id, name, now, actor, actor_token, maker, target, about, details_hash(salt, &details)),
    )
    .await?;
    tx.execute_later(
        "INSERT INTO audit_details (organization_id, event_id, actor, target, salt, details)
         VALUES ($1, $2, $3, $4, $5, $6)",
        (organization, id, actor, about.map(UserId::as_str).or(target), salt, details),
    )
    .await?;
    Ok(())
}

/// Deletes up to `most` details rows that tell of `user`; how many.
pub async fn erase_details(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    most: i64,
) -> Result<u64> {
    Ok(tx
        .execute(
            "DELETE FROM audit_details WHERE organization_id = $1 AND event_id IN
                 (SELECT event_id FROM audit_details WHERE organization_id = $1 AND (actor = $2 OR target = $2)
                  LIMIT $3)",
            (organization, user, most),
        )
        .await?)
}

/// The newest receipt of somebody's erasure, and its details.
pub async fn find_receipt(
    conn: &mut Conn,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Option<(AuditEventId, String)>> {
    let sql = "SELECT e.id, coalesce(d.details, '{}') FROM audit_events e
               LEFT JOIN audit_details d ON d.organization_id = e.organization_id AND d.event_id = e.id
               WHERE e.organization_id = $1 AND e.event = 'user.erased' AND e.target = $2
               ORDER BY e.id DESC LIMIT 1";
    Ok(conn.optional(sql, (organization, user)).await?)
}

/// The first organization behind `after` that has events to seal.
pub async fn next_unsealed(conn: &mut Conn, after: &OrganizationId) -> Result<Option<OrganizationId>> {
    let sql = "SELECT organization_id FROM audit_events WHERE seq IS NULL AND organization_id > $1
               ORDER BY organization_id LIMIT 1";
    Ok(conn.optional(sql, (after,)).await?.map(|(organization,)| organization))
}

/// Begins a chain, where there is none.
pub async fn put_end(tx: &mut Tx, organization: &OrganizationId, start: &End, mark: &[u8]) -> Result<()> {
    tx.execute(
        "INSERT INTO audit_ends (organization_id, seq, seal, mark) VALUES ($1, $2, $3, $4)
         ON CONFLICT (organization_id) DO NOTHING",
        (organization, start.sequence, start.seal.as_slice(), mark),
    )
    .await?;
    Ok(())
}

/// Locks the end of a chain: itself, and its mark.
pub async fn lock_end(tx: &mut Tx, organization: &OrganizationId) -> Result<(End, Vec<u8>)> {
    let sql = "UPDATE audit_ends SET seq = seq WHERE organization_id = $1 RETURNING seq, seal, mark";
    let (sequence, seal, mark) = tx.one(sql, (organization,)).await?;
    Ok((End { sequence, seal }, mark))
}

pub async fn move_end(tx: &mut Tx, organization: &OrganizationId, end: &End, mark: &[u8]) -> Result<()> {
    tx.execute_later(
        "UPDATE audit_ends SET seq = $2, seal = $3, mark = $4 WHERE organization_id = $1",
        (organization, end.sequence, end.seal.as_slice(), mark),
    )
    .await?;
    Ok(())
}

/// The end of a chain and its mark, as they stand.
pub async fn end(conn: &mut Conn, organization: &OrganizationId) -> Result<Option<(End, Vec<u8>)>> {
    let sql = "SELECT seq, seal, mark FROM audit_ends WHERE organization_id = $1";
    let end = conn.optional(sql, (organization,)).await?;
    Ok(end.map(|(sequence, seal, mark)| (End { sequence, seal }, mark)))
}

/// The highest number that an event has; 0 where none is sealed.
pub async fn last_sealed(tx: &mut Tx, organization: &OrganizationId) -> Result<i64> {
    let sql = "SELECT seq FROM audit_events WHERE organization_id = $1 AND seq IS NOT NULL
               ORDER BY seq DESC LIMIT 1";
    Ok(tx.optional::<(i64,)>(sql, (organization,)).await?.map_or(0, |(sequence,)| sequence))
}

/// The first events without a number. What the program before this one wrote lacks `about`, which the details know.
pub async fn unsealed(tx: &mut Tx, organization: &OrganizationId, most: i64) -> Result<Vec<Row>> {
    let sql = "SELECT e.id, e.event, e.at, e.actor, e.actor_token, e.maker, e.target,
                      coalesce(e.about, nullif(d.target, e.target)), e.details_hash
               FROM audit_events e
               LEFT JOIN audit_details d ON d.organization_id = e.organization_id AND d.event_id = e.id
               WHERE e.organization_id = $1 AND e.seq IS NULL ORDER BY e.id LIMIT $2";
    Ok(tx.all(sql, (organization, most)).await?)
}

/// Gives an event its place, behind the one with the seal `previous`.
pub async fn seal(
    tx: &mut Tx,
    organization: &OrganizationId,
    row: &Row,
    previous: &[u8],
    place: &End,
) -> Result<()> {
    tx.execute_later(
        "UPDATE audit_events SET seq = $3, previous_seal = $4, seal = $5, about = $6
         WHERE organization_id = $1 AND id = $2 AND seq IS NULL",
        (organization, &row.id, place.sequence, previous, place.seal.as_slice(), row.about.as_deref()),
    )
    .await?;
    Ok(())
}

impl FromRow for Row {
    fn from_row(row: &db::Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.take()?,
            event: row.take()?,
            at: row.take()?,
            actor: row.take()?,
            actor_token: row.take()?,
            maker: row.take()?,
            target: row.take()?,
            about: row.take()?,
            details_hash: row.take()?,
        })
    }
}

/// A sealed event, and what is there of its details.
pub struct Sealed {
    pub row: Row,
    pub sequence: i64,
    pub previous: Vec<u8>,
    pub seal: Vec<u8>,
    pub details: Details,
}

pub enum Details {
    There {
        salt: Vec<u8>,
        text: String,
    },
    /// By an erasure that ended with a receipt, or is under way.
    Erased,
    Lost,
}

impl FromRow for Sealed {
    fn from_row(row: &db::Row<'_>) -> db::Result<Self> {
        let event = Row::from_row(row)?;
        let sequence = row.take()?;
        let (previous, seal): (Option<Vec<u8>>, Option<Vec<u8>>) = (row.take()?, row.take()?);
        let (salt, text): (Option<Vec<u8>>, Option<String>) = (row.take()?, row.take()?);
        let details = match (salt, text, row.take::<i64>()? > 0) {
            (Some(salt), Some(text), _) => Details::There { salt, text },
            (_, _, true) => Details::Erased,
            _ => Details::Lost,
        };
        let (previous, seal) = (previous.unwrap_or_default(), seal.unwrap_or_default());
        Ok(Self { row: event, sequence, previous, seal, details })
    }
}

/// The sealed events behind a place, in the order of the chain.
///
/// Details that are gone are erased if the actor, the target or whom they tell of has a receipt (not the event itself,
/// and no older one: who comes back has details again), or if that person's erasure is under way. Ten minutes are
/// what the clocks of replicas may differ by.
pub async fn sealed(
    conn: &mut Conn,
    organization: &OrganizationId,
    after: i64,
    most: i64,
) -> Result<Vec<Sealed>> {
    let sql = "SELECT e.id, e.event, e.at, e.actor, e.actor_token, e.maker, e.target, e.about, e.details_hash,
                      e.seq, e.previous_seal, e.seal, d.salt, d.details,
                      CASE WHEN d.event_id IS NULL AND (EXISTS (SELECT 1 FROM audit_events r
                          WHERE r.organization_id = e.organization_id AND r.event = 'user.erased'
                          AND r.target IN (e.actor, e.target, e.about) AND r.id <> e.id AND r.at >= e.at - 600000)
                      OR EXISTS (SELECT 1 FROM jobs j
                          WHERE j.organization_id = e.organization_id AND j.subject_id IN (e.actor, e.target, e.about)
                          AND j.kind = 'erase_user')) THEN 1 ELSE 0 END
               FROM audit_events e
               LEFT JOIN audit_details d ON d.organization_id = e.organization_id AND d.event_id = e.id
               WHERE e.organization_id = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3";
    Ok(conn.all(sql, (organization, after, most)).await?)
}

pub async fn seal_at(
    conn: &mut Conn,
    organization: &OrganizationId,
    sequence: i64,
) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT seal FROM audit_events WHERE organization_id = $1 AND seq = $2";
    let seal: Option<(Option<Vec<u8>>,)> = conn.optional(sql, (organization, sequence)).await?;
    Ok(seal.and_then(|(seal,)| seal))
}

pub async fn count_unsealed(conn: &mut Conn, organization: &OrganizationId) -> Result<u64> {
    let sql = "SELECT count(*) FROM audit_events WHERE organization_id = $1 AND seq IS NULL";
    let (count,): (i64,) = conn.one(sql, (organization,)).await?;
    Ok(count.unsigned_abs())
}
