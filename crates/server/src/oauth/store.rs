use homeroom_api::{AppId, OrganizationId, Scopes, Timestamp, UserId};

use super::grant::Grant;
use crate::Result;
use crate::crypto::TokenHash;
use crate::db::{self, FromRow, Read, Row, Tx};

/// One authorization: a code, and the family of tokens that come from it.
#[derive(Debug, Clone)]
pub struct Authorization {
    pub organization: OrganizationId,
    pub id: String,
    pub user: UserId,
    pub app: AppId,
    pub grant: Grant,
    pub redirect_uri: String,
    pub challenge: Option<String>,
    pub nonce: Option<String>,
    pub signed_in_at: Timestamp,
    pub created_at: Timestamp,
    pub code_used_at: Option<Timestamp>,
    pub expires_at: Timestamp,
}

impl FromRow for Authorization {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            organization: row.take()?,
            id: row.take()?,
            user: row.take()?,
            app: row.take()?,
            grant: row.take()?,
            redirect_uri: row.take()?,
            challenge: row.take()?,
            nonce: row.take()?,
            signed_in_at: row.take()?,
            created_at: row.take()?,
            code_used_at: row.take()?,
            expires_at: row.take()?,
        })
    }
}

pub async fn insert(tx: &mut Tx, new: &Authorization) -> Result<()> {
    let Authorization { organization, id, user, app, grant, redirect_uri, challenge, nonce, .. } = new;
    tx.execute(
        "INSERT INTO authorizations (organization_id, id, user_id, app_id, scope, redirect_uri, challenge, nonce,
                                     signed_in_at, created_at, code_used_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        (
            organization,
            id,
            user,
            app,
            grant.to_string(),
            redirect_uri,
            challenge.as_deref(),
            nonce.as_deref(),
            new.signed_in_at,
            new.created_at,
            new.code_used_at,
            new.expires_at,
        ),
    )
    .await?;
    Ok(())
}

pub async fn insert_code(tx: &mut Tx, of: &Authorization, code: TokenHash) -> Result<()> {
    let sql = "INSERT INTO authorization_code_keys (code_hash, organization_id, authorization_id) VALUES ($1, $2, $3)";
    tx.execute(sql, (code.to_vec(), &of.organization, &of.id)).await?;
    Ok(())
}

pub async fn find_by_code(conn: &mut impl Read, code: TokenHash) -> Result<Option<Authorization>> {
    let sql =
        "SELECT a.organization_id, a.id, a.user_id, a.app_id, a.scope, a.redirect_uri, a.challenge, a.nonce,
                      a.signed_in_at, a.created_at, a.code_used_at, a.expires_at
               FROM authorization_code_keys k
               JOIN authorizations a ON a.organization_id = k.organization_id AND a.id = k.authorization_id
               WHERE k.code_hash = $1";
    Ok(conn.optional(sql, (code.to_vec(),)).await?)
}

pub async fn find_by_refresh_token(conn: &mut impl Read, token: TokenHash) -> Result<Option<Authorization>> {
    let sql =
        "SELECT a.organization_id, a.id, a.user_id, a.app_id, a.scope, a.redirect_uri, a.challenge, a.nonce,
                      a.signed_in_at, a.created_at, a.code_used_at, a.expires_at
               FROM refresh_token_keys k
               JOIN authorizations a ON a.organization_id = k.organization_id AND a.id = k.authorization_id
               WHERE k.token_hash = $1";
    Ok(conn.optional(sql, (token.to_vec(),)).await?)
}

/// The authorization that an access token came from.
pub async fn find_by_access_token(conn: &mut impl Read, token: TokenHash) -> Result<Option<Authorization>> {
    let sql =
        "SELECT a.organization_id, a.id, a.user_id, a.app_id, a.scope, a.redirect_uri, a.challenge, a.nonce,
                      a.signed_in_at, a.created_at, a.code_used_at, a.expires_at
               FROM access_token_keys k
               JOIN access_tokens t ON t.organization_id = k.organization_id AND t.id = k.token_id
               JOIN authorizations a ON a.organization_id = t.organization_id AND a.id = t.family_id
               WHERE k.token_hash = $1";
    Ok(conn.optional(sql, (token.to_vec(),)).await?)
}

/// Locks an authorization, as it is now: before its code and tokens, so that those who come at once wait in one line.
pub async fn lock(tx: &mut Tx, organization: &OrganizationId, id: &str) -> Result<Option<Authorization>> {
    let sql = "UPDATE authorizations SET scope = scope WHERE organization_id = $1 AND id = $2
               RETURNING organization_id, id, user_id, app_id, scope, redirect_uri, challenge, nonce, signed_in_at,
                         created_at, code_used_at, expires_at";
    Ok(tx.optional(sql, (organization, id)).await?)
}

/// Whether the code of this authorization was open, and is used from now on.
pub async fn use_code(tx: &mut Tx, of: &Authorization, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE authorizations SET code_used_at = $3
               WHERE organization_id = $1 AND id = $2 AND code_used_at IS NULL AND expires_at > $3";
    Ok(tx.execute(sql, (&of.organization, &of.id, now)).await? > 0)
}

/// How a refresh token was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// It was open, and is used from now on.
    First,
    /// It had been used before.
    Again,
    /// It ended.
    TooLate,
}

pub async fn use_refresh_token(tx: &mut Tx, token: TokenHash, now: Timestamp) -> Result<Use> {
    let sql = "UPDATE refresh_token_keys SET used_at = $2
               WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2";
    if tx.execute(sql, (token.to_vec(), now)).await? > 0 {
        return Ok(Use::First);
    }
    let used: Option<(Option<Timestamp>,)> = tx
        .optional("SELECT used_at FROM refresh_token_keys WHERE token_hash = $1", (token.to_vec(),))
        .await?;
    Ok(if used.is_some_and(|(at,)| at.is_some()) { Use::Again } else { Use::TooLate })
}

/// When a refresh token ends; nothing where it is used or unknown.
pub async fn open_until(conn: &mut impl Read, token: TokenHash) -> Result<Option<Timestamp>> {
    let sql = "SELECT expires_at FROM refresh_token_keys WHERE token_hash = $1 AND used_at IS NULL";
    Ok(conn.optional::<(Timestamp,)>(sql, (token.to_vec(),)).await?.map(|(at,)| at))
}

pub async fn insert_refresh_token(
    tx: &mut Tx,
    of: &Authorization,
    token: TokenHash,
    expires_at: Timestamp,
) -> Result<()> {
    tx.execute(
        "INSERT INTO refresh_token_keys (token_hash, organization_id, authorization_id, expires_at)
         VALUES ($1, $2, $3, $4)",
        (token.to_vec(), &of.organization, &of.id, expires_at),
    )
    .await?;
    Ok(())
}

/// An authorization stays as long as the last of its tokens.
pub async fn keep_until(tx: &mut Tx, of: &Authorization, end: Timestamp) -> Result<()> {
    let sql = "UPDATE authorizations SET expires_at = $3 WHERE organization_id = $1 AND id = $2";
    tx.execute(sql, (&of.organization, &of.id, end)).await?;
    Ok(())
}

/// Ends an authorization, with its code and refresh tokens.
pub async fn end(tx: &mut Tx, organization: &OrganizationId, id: &str) -> Result<()> {
    tx.execute("DELETE FROM authorizations WHERE organization_id = $1 AND id = $2", (organization, id))
        .await?;
    Ok(())
}

pub async fn end_authorizations_of(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    let sql = "DELETE FROM authorizations WHERE organization_id = $1 AND user_id = $2";
    tx.execute(sql, (organization, user)).await?;
    Ok(())
}

pub async fn end_authorizations_for(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    app: &AppId,
) -> Result<()> {
    let sql = "DELETE FROM authorizations WHERE organization_id = $1 AND user_id = $2 AND app_id = $3";
    tx.execute(sql, (organization, user, app)).await?;
    Ok(())
}

/// What a person lets an app do, if they ever did.
pub async fn find_consent(
    conn: &mut impl Read,
    organization: &OrganizationId,
    user: &UserId,
    app: &AppId,
) -> Result<Option<Grant>> {
    let sql = "SELECT scope FROM consents WHERE organization_id = $1 AND user_id = $2 AND app_id = $3";
    Ok(conn.optional::<(Grant,)>(sql, (organization, user, app)).await?.map(|(grant,)| grant))
}

pub async fn save_consent(
    tx: &mut Tx,
    (organization, user, app): (&OrganizationId, &UserId, &AppId),
    grant: &Grant,
    now: Timestamp,
) -> Result<()> {
    tx.execute(
        "INSERT INTO consents (organization_id, user_id, app_id, scope, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $5)
         ON CONFLICT (organization_id, user_id, app_id)
         DO UPDATE SET scope = excluded.scope, updated_at = excluded.updated_at",
        (organization, user, app, grant.to_string(), now),
    )
    .await?;
    Ok(())
}

/// Whether there was one.
pub async fn delete_consent(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    app: &AppId,
) -> Result<bool> {
    let sql = "DELETE FROM consents WHERE organization_id = $1 AND user_id = $2 AND app_id = $3";
    Ok(tx.execute(sql, (organization, user, app)).await? > 0)
}

pub async fn forget_consents_of(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    let sql = "DELETE FROM consents WHERE organization_id = $1 AND user_id = $2";
    tx.execute(sql, (organization, user)).await?;
    Ok(())
}

/// Takes from what `user` let apps do all that is not in `most`.
pub async fn narrow_authorizations(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    most: Scopes,
) -> Result<()> {
    let sql = "UPDATE authorizations SET scope = scope WHERE organization_id = $1 AND user_id = $2
               RETURNING id, scope";
    let all: Vec<(String, Grant)> = tx.all(sql, (organization, user)).await?;
    for (id, grant) in all.into_iter().filter(|(_, grant)| grant.narrowed(most) != *grant) {
        let sql = "UPDATE authorizations SET scope = $3 WHERE organization_id = $1 AND id = $2";
        tx.execute(sql, (organization, &id, grant.narrowed(most).to_string())).await?;
    }
    Ok(())
}

/// As [`narrow_authorizations`], for what they consented to.
pub async fn narrow_consents(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    most: Scopes,
) -> Result<()> {
    let sql = "SELECT app_id, scope FROM consents WHERE organization_id = $1 AND user_id = $2";
    let all: Vec<(AppId, Grant)> = tx.all(sql, (organization, user)).await?;
    for (app, grant) in all.into_iter().filter(|(_, grant)| grant.narrowed(most) != *grant) {
        let sql =
            "UPDATE consents SET scope = $4 WHERE organization_id = $1 AND user_id = $2 AND app_id = $3";
        tx.execute(sql, (organization, user, &app, grant.narrowed(most).to_string())).await?;
    }
    Ok(())
}

/// Deletes up to `most` authorizations and refresh tokens that ended before `before`.
pub async fn prune(tx: &mut Tx, before: Timestamp, most: i64) -> Result<u64> {
    let authorizations = tx
        .execute(
            "DELETE FROM authorizations WHERE (organization_id, id) IN
                 (SELECT organization_id, id FROM authorizations WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            (before, most),
        )
        .await?;
    let tokens = tx
        .execute(
            "DELETE FROM refresh_token_keys WHERE token_hash IN
                 (SELECT token_hash FROM refresh_token_keys WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            (before, most),
        )
        .await?;
    Ok(authorizations + tokens)
}
