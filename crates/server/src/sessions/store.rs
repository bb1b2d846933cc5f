use homeroom_api::{OrganizationId, Timestamp, UserId};

use super::{LONGEST, New, Session};
use crate::crypto::TokenHash;
use crate::db::{self, FromRow, Read, Row, Tx};
use crate::http::Origin;
use crate::{Result, users};

/// A session with its person (`u`) and organization (`o`).
macro_rules! columns {
    () => {
        "SELECT s.organization_id, s.id, s.user_id, s.confirmed, s.maker_user_id, s.created_at, s.last_seen_at,
                s.expires_at, u.username, u.firstname, u.lastname, u.email, u.role, u.locale, o.name, o.slug "
    };
}

macro_rules! person {
    () => {
        " JOIN users u ON u.organization_id = s.organization_id AND u.id = s.user_id AND u.removed_at IS NULL
          JOIN organizations o ON o.id = s.organization_id "
    };
}

impl FromRow for Session {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            organization: row.take()?,
            id: row.take()?,
            user: row.take()?,
            confirmed: row.take()?,
            maker: row.take()?,
            created_at: row.take()?,
            last_seen_at: row.take()?,
            expires_at: row.take()?,
            username: row.take()?,
            firstname: row.take()?,
            lastname: row.take()?,
            email: row.take()?,
            role: row.take()?,
            locale: row.take()?,
            organization_name: row.take()?,
            organization_slug: row.take()?,
        })
    }
}

pub async fn find(conn: &mut impl Read, secret: TokenHash) -> Result<Option<Session>> {
    let sql = concat!(
        columns!(),
        "FROM session_keys k JOIN sessions s ON s.organization_id = k.organization_id AND s.id = k.session_id",
        person!(),
        "WHERE k.session_hash = $1"
    );
    Ok(conn.optional(sql, (secret.to_vec(),)).await?)
}

pub async fn get(conn: &mut impl Read, organization: &OrganizationId, id: &str) -> Result<Option<Session>> {
    let sql = concat!(columns!(), "FROM sessions s", person!(), "WHERE s.organization_id = $1 AND s.id = $2");
    Ok(conn.optional(sql, (organization, id)).await?)
}

pub async fn insert(
    tx: &mut Tx,
    new: &New<'_>,
    id: &str,
    hash: TokenHash,
    origin: &Origin,
    now: Timestamp,
) -> Result<()> {
    tx.execute_later(
        "INSERT INTO sessions (organization_id, id, user_id, began_with, confirmed, maker_user_id, maker_token_id,
                               device, address, created_at, last_seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, $8, $9, $9, $10)",
        (
            new.organization,
            id,
            new.user,
            new.with.as_str(),
            new.maker.is_none(),
            new.maker,
            origin.device.as_deref().unwrap_or_default(),
            origin.address.to_string(),
            now,
            now + LONGEST,
        ),
    )
    .await?;
    tx.execute_later(
        "INSERT INTO session_keys (session_hash, organization_id, session_id) VALUES ($1, $2, $3)",
        (hash.to_vec(), new.organization, id),
    )
    .await?;
    Ok(())
}

pub async fn note_seen(tx: &mut Tx, session: &Session, now: Timestamp) -> Result<()> {
    let sql =
        "UPDATE sessions SET last_seen_at = $3 WHERE organization_id = $1 AND id = $2 AND last_seen_at < $3";
    tx.execute(sql, (&session.organization, &session.id, now)).await?;
    Ok(())
}

pub async fn confirm(tx: &mut Tx, organization: &OrganizationId, id: &str) -> Result<()> {
    let sql = "UPDATE sessions SET confirmed = TRUE WHERE organization_id = $1 AND id = $2";
    tx.execute(sql, (organization, id)).await?;
    Ok(())
}

/// Whether the person had such a session.
pub async fn delete(tx: &mut Tx, organization: &OrganizationId, user: &UserId, id: &str) -> Result<bool> {
    let sql = "DELETE FROM sessions WHERE organization_id = $1 AND user_id = $2 AND id = $3";
    Ok(tx.execute(sql, (organization, user, id)).await? > 0)
}

/// Ends the sessions of `user`.
pub async fn end_of(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    let sql = "DELETE FROM sessions WHERE organization_id = $1 AND user_id = $2";
    tx.execute(sql, (organization, user)).await?;
    Ok(())
}

/// Ends the sessions that began with links that `user` made and that nobody has confirmed.
pub async fn end_all_made_by(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    let sql = "DELETE FROM sessions WHERE organization_id = $1 AND maker_user_id = $2 AND NOT confirmed";
    tx.execute(sql, (organization, user)).await?;
    Ok(())
}

/// After `user` got another role: ends the unconfirmed sessions that began with a link whose maker now ranks below
/// their person, and those of a new admin: the link may have been made without `edu.admin`.
pub async fn end_after_role_change(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    tx.execute(
        "DELETE FROM sessions
         WHERE organization_id = $1 AND (user_id = $2 OR maker_user_id = $2) AND NOT confirmed AND id IN
             (SELECT s.id FROM sessions s
              JOIN users u ON u.organization_id = s.organization_id AND u.id = s.user_id
              JOIN users m ON m.organization_id = s.organization_id AND m.id = s.maker_user_id
              WHERE s.organization_id = $1 AND (s.user_id = $2 OR s.maker_user_id = $2)
                AND ((u.id = $2 AND u.role = 'admin')
                     OR (CASE u.role WHEN 'admin' THEN 3 WHEN 'accountAdmin' THEN 2 WHEN 'teacher' THEN 1 ELSE 0 END)
                      > (CASE m.role WHEN 'admin' THEN 3 WHEN 'accountAdmin' THEN 2 WHEN 'teacher' THEN 1 ELSE 0 END)))",
        (organization, user),
    )
    .await?;
    Ok(())
}

/// A session as its person's list shows it.
pub struct Listed {
    pub id: String,
    pub device: String,
    pub address: String,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// Who made the link that it began with; '' where they are gone.
    pub maker: Option<String>,
}

impl FromRow for Listed {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.take()?,
            device: row.take()?,
            address: row.take()?,
            created_at: row.take()?,
            last_seen_at: row.take()?,
            maker: maker(row)?,
        })
    }
}

fn maker(row: &Row<'_>) -> db::Result<Option<String>> {
    let by_link = row.take::<Option<String>>()?.is_some();
    let text = || row.take::<Option<String>>().map(Option::unwrap_or_default);
    let (username, firstname, lastname) = (text()?, text()?, text()?);
    Ok(by_link.then(|| users::printable_name(&firstname, &lastname, &username)))
}

/// The sessions of a person that last, newest first: a hundred at most.
pub async fn list(
    conn: &mut impl Read,
    organization: &OrganizationId,
    user: &UserId,
    now: Timestamp,
) -> Result<Vec<Listed>> {
    let sql = "SELECT s.id, s.device, s.address, s.created_at, s.last_seen_at, s.maker_user_id,
                      m.username, m.firstname, m.lastname
               FROM sessions s LEFT JOIN users m
                 ON m.organization_id = s.organization_id AND m.id = s.maker_user_id AND m.removed_at IS NULL
               WHERE s.organization_id = $1 AND s.user_id = $2 AND s.expires_at > $3 AND s.last_seen_at > $4
               ORDER BY s.id DESC LIMIT 100";
    Ok(conn.all(sql, (organization, user, now, now - super::IDLE)).await?)
}

/// Deletes up to `most` sessions that ended before `before`.
pub async fn prune(tx: &mut Tx, before: Timestamp, most: i64) -> Result<u64> {
    Ok(tx
        .execute(
            "DELETE FROM sessions WHERE (organization_id, id) IN
                 (SELECT organization_id, id FROM sessions WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            (before, most),
        )
        .await?)
}
