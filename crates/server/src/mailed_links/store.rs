use homeroom_api::{OrganizationId, Timestamp, UserId};

use super::Kind;
use crate::Result;
use crate::crypto::TokenHash;
use crate::db::{self, FromRow, Read, Row, Tx};

/// A link to insert.
pub struct New<'a> {
    pub id: &'a str,
    pub user: &'a UserId,
    pub kind: Kind,
    pub email: &'a str,
    pub sealed: Option<Vec<u8>>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

pub async fn insert(tx: &mut Tx, organization: &OrganizationId, new: &New<'_>) -> Result<()> {
    tx.execute_later(
        "INSERT INTO mailed_links (organization_id, id, user_id, kind, email, token, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        (
            organization,
            new.id,
            new.user,
            new.kind.as_str(),
            new.email,
            new.sealed.clone(),
            new.created_at,
            new.expires_at,
        ),
    )
    .await?;
    Ok(())
}

pub async fn insert_key(tx: &mut Tx, organization: &OrganizationId, id: &str, hash: TokenHash) -> Result<()> {
    tx.execute_later(
        "INSERT INTO mailed_link_keys (token_hash, organization_id, link_id) VALUES ($1, $2, $3)",
        (hash.to_vec(), organization, id),
    )
    .await?;
    Ok(())
}

/// A link as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub organization: OrganizationId,
    pub user: UserId,
    pub email: String,
    pub is_used: bool,
    pub is_expired: bool,
}

impl FromRow for Link {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            organization: row.take()?,
            user: row.take()?,
            email: row.take()?,
            is_used: row.take()?,
            is_expired: row.take()?,
        })
    }
}

pub async fn find(
    conn: &mut impl Read,
    (kind, or_kind): (Kind, Kind),
    hash: TokenHash,
    now: Timestamp,
) -> Result<Option<Link>> {
    Ok(conn
        .optional(
            "SELECT organization_id, user_id, email, token IS NULL, expires_at <= $2 FROM mailed_links
             WHERE (organization_id, id) =
                 (SELECT organization_id, link_id FROM mailed_link_keys WHERE token_hash = $1)
               AND kind IN ($3, $4)",
            (hash.to_vec(), now, kind.as_str(), or_kind.as_str()),
        )
        .await?)
}

/// A link that was open, and is used now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub organization: OrganizationId,
    pub user: UserId,
    /// Where it went.
    pub email: String,
}

impl FromRow for Taken {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self { organization: row.take()?, user: row.take()?, email: row.take()? })
    }
}

/// Of many who come at once with one token, one gets it.
pub async fn take(
    tx: &mut Tx,
    (kind, or_kind): (Kind, Kind),
    hash: TokenHash,
    now: Timestamp,
) -> Result<Option<Taken>> {
    Ok(tx
        .optional(
            "UPDATE mailed_links SET token = NULL
             WHERE token IS NOT NULL AND expires_at > $2 AND kind IN ($3, $4)
               AND (organization_id, id) =
                   (SELECT organization_id, link_id FROM mailed_link_keys WHERE token_hash = $1)
             RETURNING organization_id, user_id, email",
            (hash.to_vec(), now, kind.as_str(), or_kind.as_str()),
        )
        .await?)
}

/// An open link, as its mail needs it.
#[derive(Debug)]
pub struct Open {
    pub id: String,
    pub user: UserId,
    pub email: String,
    pub expires_at: Timestamp,
    pub(super) sealed: Option<Vec<u8>>,
    /// Absent for the address of a notice.
    pub token: Option<String>,
}

impl FromRow for Open {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.take()?,
            user: row.take()?,
            email: row.take()?,
            expires_at: row.take()?,
            sealed: row.take()?,
            token: None,
        })
    }
}

/// The link `id`, and the resets that share its address; of each user the newest first.
pub async fn open_with(
    conn: &mut impl Read,
    organization: &OrganizationId,
    id: &str,
    now: Timestamp,
) -> Result<Vec<Open>> {
    Ok(conn
        .all(
            "SELECT l.id, l.user_id, l.email, l.expires_at, l.token
             FROM mailed_links o JOIN mailed_links l ON l.organization_id = o.organization_id
              AND (l.id = o.id OR (l.kind = 'reset' AND o.kind = 'reset' AND l.email = o.email))
             WHERE o.organization_id = $1 AND o.id = $2 AND l.expires_at > $3
               AND (l.token IS NOT NULL OR l.kind = 'former_address')
             ORDER BY l.user_id, l.id DESC",
            (organization, id, now),
        )
        .await?)
}

/// Where the newest open link of a kind went, and until when it works.
pub async fn newest_open(
    conn: &mut impl Read,
    organization: &OrganizationId,
    user: &UserId,
    kind: Kind,
    now: Timestamp,
) -> Result<Option<(String, Timestamp)>> {
    let sql = "SELECT email, expires_at FROM mailed_links
               WHERE organization_id = $1 AND user_id = $2 AND kind = $3 AND token IS NOT NULL AND expires_at > $4
               ORDER BY id DESC LIMIT 1";
    Ok(conn.optional(sql, (organization, user, kind.as_str(), now)).await?)
}

/// Ends the links of `user` that are open.
pub async fn end_open(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    let sql = "DELETE FROM mailed_links WHERE organization_id = $1 AND user_id = $2 AND token IS NOT NULL";
    tx.execute(sql, (organization, user)).await?;
    Ok(())
}

/// As if the open links of a kind had been used: another one takes their place.
pub async fn supersede(tx: &mut Tx, organization: &OrganizationId, user: &UserId, kind: Kind) -> Result<()> {
    let sql = "UPDATE mailed_links SET token = NULL
               WHERE organization_id = $1 AND user_id = $2 AND kind = $3 AND token IS NOT NULL";
    tx.execute(sql, (organization, user, kind.as_str())).await?;
    Ok(())
}

/// How many links of a kind were made since then, and are not deleted.
pub async fn count_since(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    kind: Kind,
    since: Timestamp,
) -> Result<i64> {
    let sql = "SELECT count(*) FROM mailed_links
               WHERE organization_id = $1 AND user_id = $2 AND kind = $3 AND created_at > $4";
    let (count,): (i64,) = tx.one(sql, (organization, user, kind.as_str(), since)).await?;
    Ok(count)
}

/// Deletes all that is kept of the links of `user`.
pub async fn end_all_of(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    tx.execute("DELETE FROM mailed_links WHERE organization_id = $1 AND user_id = $2", (organization, user))
        .await?;
    Ok(())
}

/// Deletes up to `most` links that ended before `before`.
pub async fn prune(tx: &mut Tx, before: Timestamp, most: i64) -> Result<u64> {
    Ok(tx
        .execute(
            "DELETE FROM mailed_links WHERE (organization_id, id) IN
                 (SELECT organization_id, id FROM mailed_links WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            (before, most),
        )
        .await?)
}
