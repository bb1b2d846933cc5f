use homeroom_api::{OrganizationId, Timestamp, UserId};

use crate::Result;
use crate::crypto::TokenHash;
use crate::db::{self, FromRow, Read, Row, Tx};
use crate::http::Caller;

/// A link to insert.
pub struct New<'a> {
    pub id: String,
    pub organization: &'a OrganizationId,
    pub user: &'a UserId,
    pub destination: &'a str,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// Absent: the operator, on the machine itself.
    pub maker: Option<&'a Caller>,
}

pub async fn insert(tx: &mut Tx, link: &New<'_>, hash: TokenHash) -> Result<()> {
    let maker = link.maker;
    tx.execute_later(
        "INSERT INTO signin_links (organization_id, id, user_id, destination_path, created_at, expires_at,
                                   maker_user_id, maker_token_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        (
            link.organization,
            &link.id,
            link.user,
            link.destination,
            link.created_at,
            link.expires_at,
            maker.map(|maker| &maker.user),
            maker.map(|maker| &maker.token),
        ),
    )
    .await?;
    tx.execute_later(
        "INSERT INTO signin_link_keys (token_hash, organization_id, link_id) VALUES ($1, $2, $3)",
        (hash.to_vec(), link.organization, &link.id),
    )
    .await?;
    Ok(())
}

/// Whether a link still works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Open,
    Used,
    Expired,
}

/// A link, its person and where it leads.
#[derive(Debug, Clone)]
pub struct Link {
    pub organization: OrganizationId,
    pub id: String,
    pub user: UserId,
    pub destination: String,
    /// Absent: the operator.
    pub maker: Option<UserId>,
    expires_at: Timestamp,
    used_at: Option<Timestamp>,
    pub username: String,
    pub firstname: String,
    pub lastname: String,
    pub locale: String,
    pub organization_name: String,
    pub organization_slug: String,
}

impl Link {
    pub fn state(&self, now: Timestamp) -> State {
        match self.used_at {
            Some(_) => State::Used,
            None if self.expires_at <= now => State::Expired,
            None => State::Open,
        }
    }
}

impl FromRow for Link {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            organization: row.take()?,
            id: row.take()?,
            user: row.take()?,
            destination: row.take()?,
            maker: row.take()?,
            expires_at: row.take()?,
            used_at: row.take()?,
            username: row.take()?,
            firstname: row.take()?,
            lastname: row.take()?,
            locale: row.take()?,
            organization_name: row.take()?,
            organization_slug: row.take()?,
        })
    }
}

/// The link with this token, used or not.
pub async fn find(conn: &mut impl Read, hash: TokenHash) -> Result<Option<Link>> {
    Ok(conn
        .optional(
            "SELECT l.organization_id, l.id, l.user_id, l.destination_path, l.maker_user_id, l.expires_at, l.used_at,
                    u.username, u.firstname, u.lastname, u.locale, o.name, o.slug
             FROM signin_link_keys k
             JOIN signin_links l ON l.organization_id = k.organization_id AND l.id = k.link_id
             JOIN users u ON u.organization_id = l.organization_id AND u.id = l.user_id AND u.removed_at IS NULL
             JOIN organizations o ON o.id = l.organization_id
             WHERE k.token_hash = $1",
            (hash.to_vec(),),
        )
        .await?)
}

/// Uses a link, if it is open. A second use finds nothing.
pub async fn take(tx: &mut Tx, link: &Link, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE signin_links SET used_at = $3
               WHERE organization_id = $1 AND id = $2 AND used_at IS NULL AND expires_at > $3";
    Ok(tx.execute(sql, (&link.organization, &link.id, now)).await? > 0)
}

/// Ends the links of `user` that are open.
pub async fn end_open(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    let sql = "DELETE FROM signin_links WHERE organization_id = $1 AND user_id = $2 AND used_at IS NULL";
    tx.execute(sql, (organization, user)).await?;
    Ok(())
}

/// Ends the links of `user`, and those that `user` made for others.
pub async fn end_all_of(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    for sql in [
        "DELETE FROM signin_links WHERE organization_id = $1 AND user_id = $2",
        "DELETE FROM signin_links WHERE organization_id = $1 AND maker_user_id = $2",
    ] {
        tx.execute(sql, (organization, user)).await?;
    }
    Ok(())
}

/// After `user` got another role: ends the links whose maker now ranks below their user, and those to a new admin
/// that were made without `edu.admin`.
pub async fn end_after_role_change(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    tx.execute(
        "DELETE FROM signin_links
         WHERE organization_id = $1 AND (user_id = $2 OR maker_user_id = $2) AND id IN
             (SELECT l.id FROM signin_links l
              JOIN users u ON u.organization_id = l.organization_id AND u.id = l.user_id
              JOIN users m ON m.organization_id = l.organization_id AND m.id = l.maker_user_id
              JOIN access_tokens mt ON mt.organization_id = l.organization_id AND mt.id = l.maker_token_id
              WHERE l.organization_id = $1 AND (l.user_id = $2 OR l.maker_user_id = $2)
                AND ((CASE u.role WHEN 'admin' THEN 3 WHEN 'accountAdmin' THEN 2 WHEN 'teacher' THEN 1 ELSE 0 END)
                      > (CASE m.role WHEN 'admin' THEN 3 WHEN 'accountAdmin' THEN 2 WHEN 'teacher' THEN 1 ELSE 0 END)
                     OR (u.role = 'admin' AND ' ' || mt.scopes || ' ' NOT LIKE '% edu.admin %')))",
        (organization, user),
    )
    .await?;
    Ok(())
}

/// Deletes up to `most` links that ended before `before`.
pub async fn prune(tx: &mut Tx, before: Timestamp, most: i64) -> Result<u64> {
    Ok(tx
        .execute(
            "DELETE FROM signin_links WHERE (organization_id, id) IN
                 (SELECT organization_id, id FROM signin_links WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            (before, most),
        )
        .await?)
}
