use homeroom_api::{OrganizationId, Timestamp, UserId};

use crate::Result;
use crate::crypto::TokenHash;
use crate::db::{Read as _, Tx};
use crate::http::Caller;

/// A link to insert.
pub struct New<'a> {
    pub id: String,
    pub user: &'a UserId,
    pub destination: &'a str,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub maker: &'a Caller,
}

pub async fn insert(tx: &mut Tx, link: &New<'_>, hash: TokenHash) -> Result<()> {
    let maker = link.maker;
    tx.execute_later(
        "INSERT INTO signin_links (organization_id, id, user_id, destination_path, created_at, expires_at,
                                   maker_user_id, maker_token_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        (
            &maker.organization,
            &link.id,
            link.user,
            link.destination,
            link.created_at,
            link.expires_at,
            &maker.user,
            &maker.token,
        ),
    )
    .await?;
    tx.execute_later(
        "INSERT INTO signin_link_keys (token_hash, organization_id, link_id) VALUES ($1, $2, $3)",
        (hash.to_vec(), &maker.organization, &link.id),
    )
    .await?;
    Ok(())
}

/// Uses the link with this token, if it is open: its user and where they go. A second use finds nothing.
pub async fn take(
    tx: &mut Tx,
    hash: TokenHash,
    now: Timestamp,
) -> Result<Option<(OrganizationId, UserId, String)>> {
    Ok(tx
        .optional(
            "UPDATE signin_links SET used_at = $2
             WHERE used_at IS NULL AND expires_at > $2
               AND (organization_id, id) = (SELECT organization_id, link_id FROM signin_link_keys WHERE token_hash = $1)
             RETURNING organization_id, user_id, destination_path",
            (hash.to_vec(), now),
        )
        .await?)
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
