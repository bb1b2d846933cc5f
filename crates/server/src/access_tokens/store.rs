use homeroom_api::{
    AccessTokenId, AccessTokenSummary, AppId, OrganizationId, Role, Scopes, Timestamp, UserId,
};
use std::sync::atomic::AtomicI64;

use super::{holdable, lasts, maker_stands};
use crate::crypto::{NewToken, TokenHash};
use crate::db::{self, FromRow, Query, Read, Row, Tx};
use crate::http::{Caller, Identity, Order, Page, PageQuery, Select, Way};
use crate::{App, Result};

/// A token to insert.
pub struct New<'a> {
    pub id: AccessTokenId,
    pub user: &'a UserId,
    pub name: &'a str,
    pub scopes: Scopes,
    pub created_at: Timestamp,
    /// The epoch for never.
    pub expires_at: Timestamp,
    /// Absent: the user's own.
    pub maker: Option<&'a Caller>,
}

/// What a token is to the app that it was given to.
pub struct OfApp<'a> {
    pub app: &'a AppId,
    /// The authorization that it came from; absent: it stands for the app itself.
    pub family: Option<&'a str>,
}

struct Found {
    organization: OrganizationId,
    user: UserId,
    role: Role,
    scopes: Scopes,
    token: AccessTokenId,
    expires_at: Timestamp,
    last_used_at: Timestamp,
    delegated: bool,
    lti_teachers: bool,
    maker: Option<Role>,
    maker_user: Option<UserId>,
    app: Option<AppId>,
    as_app: bool,
    app_role: Option<Role>,
    app_scopes: Option<Scopes>,
}

impl Found {
    /// Whether the token is good: it has not ended, its maker is still there, and so is its app.
    fn stands(&self, now: Timestamp) -> bool {
        let app_stands = self.app.is_none() || self.app_scopes.is_some();
        let acts = !self.as_app || self.app_role.is_some();
        lasts(self.expires_at, now)
            && maker_stands(self.delegated, self.maker, self.role)
            && app_stands
            && acts
    }

    /// Of an app the lower of its own role and of its maker's.
    fn effective_role(&self) -> Role {
        let own = self.app_role.filter(|role| self.as_app && role.rank() < self.role.rank());
        own.unwrap_or(self.role)
    }

    /// Of a token that was given to an app only what the app may have today.
    fn effective_scopes(&self, role: Role) -> Scopes {
        let of_app = self.app_scopes.map_or(self.scopes, |most| self.scopes.intersection(most));
        if self.as_app { of_app.intersection(holdable(role, self.lti_teachers)) } else { of_app }
    }

    fn identity(self, hash: TokenHash) -> Identity {
        let role = self.effective_role();
        let actor = self.app.as_ref().filter(|_| self.as_app).map(|app| UserId::from(format!("app:{app}")));
        Identity {
            role,
            scopes: self.effective_scopes(role),
            actor: actor.unwrap_or_else(|| self.user.clone()),
            organization: self.organization,
            user: self.user,
            token: self.token,
            token_hash: hash,
            expires_at: Some(self.expires_at).filter(|end| *end != Timestamp::default()),
            delegated: self.delegated,
            maker: self.maker_user,
            app: self.app,
            as_app: self.as_app,
            lti_teachers: self.lti_teachers,
            noted_minute: AtomicI64::new(self.last_used_at.as_millis()),
        }
    }
}

impl FromRow for Found {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            organization: row.take()?,
            user: row.take()?,
            role: row.take()?,
            scopes: row.take()?,
            token: row.take()?,
            expires_at: row.take()?,
            last_used_at: row.take()?,
            delegated: row.take()?,
            lti_teachers: row.take()?,
            maker: row.take()?,
            maker_user: row.take()?,
            app: row.take()?,
            as_app: row.take()?,
            app_role: row.take()?,
            app_scopes: row.take()?,
        })
    }
}

/// The bearer of a token that has not ended.
pub async fn find(conn: &mut impl Read, hash: TokenHash, now: Timestamp) -> Result<Option<Identity>> {
    let found: Option<Found> = conn
        .optional(
            "SELECT t.organization_id, t.user_id, u.role, t.scopes, t.id, t.expires_at, t.last_used_at, t.delegated,
                    o.lti1p1_allow_teachers, m.role, m.id, t.app_id, t.as_app, a.role, a.scopes
             FROM access_token_keys k
             JOIN access_tokens t ON t.organization_id = k.organization_id AND t.id = k.token_id
             JOIN users u ON u.organization_id = t.organization_id AND u.id = t.user_id AND u.removed_at IS NULL
             JOIN organizations o ON o.id = t.organization_id
             LEFT JOIN users m ON m.organization_id = t.organization_id AND m.id = t.maker_user_id
                                  AND m.removed_at IS NULL
             LEFT JOIN apps a ON a.organization_id = t.organization_id AND a.id = t.app_id
             WHERE k.token_hash = $1",
            (hash.to_vec(),),
        )
        .await?;
    Ok(found.filter(|found| found.stands(now)).map(|found| found.identity(hash)))
}

pub async fn insert(
    tx: &mut Tx,
    organization: &OrganizationId,
    new: &New<'_>,
    token: &NewToken,
) -> Result<()> {
    tx.execute_later(
        "INSERT INTO access_tokens (organization_id, id, user_id, name, prefix, scopes, created_at, expires_at,
                                    last_used_at, delegated, maker_user_id, maker_token_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11)",
        (
            organization,
            &new.id,
            new.user,
            new.name,
            &token.prefix,
            new.scopes,
            new.created_at,
            new.expires_at,
            new.maker.is_some(),
            new.maker.map(|maker| &maker.user),
            new.maker.map(|maker| &maker.token),
        ),
    )
    .await?;
    tx.execute_later(
        "INSERT INTO access_token_keys (token_hash, organization_id, token_id) VALUES ($1, $2, $3)",
        (token.hash.to_vec(), organization, &new.id),
    )
    .await?;
    Ok(())
}

/// As [`insert`], for a token that is given to an app.
pub async fn insert_for_app(
    tx: &mut Tx,
    organization: &OrganizationId,
    new: &New<'_>,
    token: &NewToken,
    of: &OfApp<'_>,
) -> Result<()> {
    insert(tx, organization, new, token).await?;
    let sql = "UPDATE access_tokens SET app_id = $3, as_app = $4, family_id = $5
               WHERE organization_id = $1 AND id = $2";
    tx.execute_later(sql, (organization, &new.id, of.app, of.family.is_none(), of.family)).await?;
    Ok(())
}

/// A token as lists show it.
pub struct AccessToken(pub AccessTokenSummary);

impl FromRow for AccessToken {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        let missing = |at: Timestamp| Some(at).filter(|at| *at != Timestamp::default());
        Ok(Self(AccessTokenSummary {
            id: row.take()?,
            name: row.take()?,
            prefix: row.take()?,
            issued_date: row.take()?,
            expiration_date: missing(row.take()?),
            last_usage: missing(row.take()?),
            scopes: row.take()?,
            delegated: row.take()?,
        }))
    }
}

pub async fn list(
    app: &App,
    conn: &mut db::Conn,
    organization: &OrganizationId,
    user: &UserId,
    page: &PageQuery,
) -> Result<Page<AccessToken>> {
    let select = Select {
        args: vec![organization.into(), user.into(), app.clock.now().into()],
        found: "t.*",
        columns: "t.id, t.name, t.prefix, t.created_at, t.expires_at, t.last_used_at, t.scopes, t.delegated",
        page: "t",
        from: " FROM access_tokens t
                WHERE t.organization_id = $1 AND t.user_id = $2 AND (t.expires_at = 0 OR t.expires_at > $3)
                  AND NOT t.as_app",
        filter: |_: &mut Query| {},
        way: Way::Walk,
        order: Order::by_id("t.id"),
    };
    select.page(conn, page).await
}

pub async fn delete(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    token: &AccessTokenId,
) -> Result<bool> {
    let deleted = tx
        .execute(
            "DELETE FROM access_tokens WHERE organization_id = $1 AND user_id = $2 AND id = $3 AND NOT as_app",
            (organization, user, token),
        )
        .await?;
    Ok(deleted > 0)
}

/// Keeps a token until the transaction ends: who ends it or changes its bearer's role waits.
pub async fn hold(tx: &mut Tx, organization: &OrganizationId, token: &AccessTokenId) -> Result<()> {
    let sql = "SELECT 1 FROM access_tokens WHERE organization_id = $1 AND id = $2 FOR SHARE";
    Ok(tx.lock(sql, (organization, token)).await?)
}

/// The scopes of all tokens of `user`, locked.
pub async fn lock_scopes_of(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Vec<(AccessTokenId, Scopes)>> {
    let sql = "UPDATE access_tokens SET scopes = scopes WHERE organization_id = $1 AND user_id = $2
               RETURNING id, scopes";
    Ok(tx.all(sql, (organization, user)).await?)
}

pub async fn set_scopes(
    tx: &mut Tx,
    organization: &OrganizationId,
    token: &AccessTokenId,
    scopes: Scopes,
) -> Result<()> {
    let sql = "UPDATE access_tokens SET scopes = $3 WHERE organization_id = $1 AND id = $2";
    tx.execute(sql, (organization, token, scopes)).await?;
    Ok(())
}

/// Ends the tokens that the user made or gave to apps, not those that were made for the user; with them what they made.
pub async fn end_personal(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    let sql = "DELETE FROM access_tokens
               WHERE organization_id = $1 AND user_id = $2 AND NOT delegated AND NOT as_app";
    tx.execute(sql, (organization, user)).await?;
    Ok(())
}

/// Ends the tokens of `user`, and those that `user` made for others.
pub async fn end_all_of(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    for sql in [
        "DELETE FROM access_tokens WHERE organization_id = $1 AND user_id = $2",
        "DELETE FROM access_tokens WHERE organization_id = $1 AND maker_user_id = $2",
    ] {
        tx.execute(sql, (organization, user)).await?;
    }
    Ok(())
}

/// Ends the tokens of an app.
pub async fn end_of_app(tx: &mut Tx, organization: &OrganizationId, app: &AppId) -> Result<()> {
    let sql = "DELETE FROM access_tokens WHERE organization_id = $1 AND app_id = $2";
    tx.execute(sql, (organization, app)).await?;
    Ok(())
}

/// Ends the tokens with which an app stands for itself.
pub async fn end_as_app(tx: &mut Tx, organization: &OrganizationId, app: &AppId) -> Result<()> {
    let sql = "DELETE FROM access_tokens WHERE organization_id = $1 AND app_id = $2 AND as_app";
    tx.execute(sql, (organization, app)).await?;
    Ok(())
}

/// Ends the tokens that `user` gave to an app.
pub async fn end_given_to_app(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    app: &AppId,
) -> Result<()> {
    let sql = "DELETE FROM access_tokens
               WHERE organization_id = $1 AND app_id = $2 AND user_id = $3 AND NOT as_app";
    tx.execute(sql, (organization, app, user)).await?;
    Ok(())
}

/// Ends the tokens that came from one authorization.
pub async fn end_family(tx: &mut Tx, organization: &OrganizationId, family: &str) -> Result<()> {
    let sql = "DELETE FROM access_tokens WHERE organization_id = $1 AND family_id = $2";
    tx.execute(sql, (organization, family)).await?;
    Ok(())
}

/// Whether there was such a token of this app.
pub async fn end_one_of_app(
    tx: &mut Tx,
    organization: &OrganizationId,
    app: &AppId,
    token: &AccessTokenId,
) -> Result<bool> {
    let sql = "DELETE FROM access_tokens WHERE organization_id = $1 AND id = $2 AND app_id = $3";
    Ok(tx.execute(sql, (organization, token, app)).await? > 0)
}

/// After `user` got another role: ends the delegated tokens whose maker now ranks below their user, and those for a
/// new admin that were made without `edu.admin`.
pub async fn end_after_role_change(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    tx.execute(
        "DELETE FROM access_tokens
         WHERE organization_id = $1 AND (user_id = $2 OR maker_user_id = $2) AND delegated AND id IN
             (SELECT t.id FROM access_tokens t
              JOIN users u ON u.organization_id = t.organization_id AND u.id = t.user_id
              JOIN users m ON m.organization_id = t.organization_id AND m.id = t.maker_user_id
              JOIN access_tokens mt ON mt.organization_id = t.organization_id AND mt.id = t.maker_token_id
              WHERE t.organization_id = $1 AND (t.user_id = $2 OR t.maker_user_id = $2)
                AND ((CASE u.role WHEN 'admin' THEN 3 WHEN 'accountAdmin' THEN 2 WHEN 'teacher' THEN 1 ELSE 0 END)
                      > (CASE m.role WHEN 'admin' THEN 3 WHEN 'accountAdmin' THEN 2 WHEN 'teacher' THEN 1 ELSE 0 END)
                     OR (u.role = 'admin' AND ' ' || mt.scopes || ' ' NOT LIKE '% edu.admin %')))",
        (organization, user),
    )
    .await?;
    Ok(())
}

/// Notes that a token was used at `at`, waiting for nobody. Whether it is there and nobody holds the row.
pub async fn note_use(
    tx: &mut Tx,
    organization: &OrganizationId,
    token: &AccessTokenId,
    at: Timestamp,
) -> Result<bool> {
    let sql = tx.engine().pick(
        "UPDATE access_tokens SET last_used_at = MAX(last_used_at, $3) WHERE organization_id = $1 AND id = $2",
        "UPDATE access_tokens SET last_used_at = GREATEST(last_used_at, $3) WHERE organization_id = $1 AND id =
             (SELECT id FROM access_tokens WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE SKIP LOCKED)",
    );
    Ok(tx.execute(sql, (organization, token, at)).await? > 0)
}

/// Deletes up to `most` tokens that ended before `before`.
pub async fn prune(tx: &mut Tx, before: Timestamp, most: i64) -> Result<u64> {
    Ok(tx
        .execute(
            "DELETE FROM access_tokens WHERE (organization_id, id) IN
                 (SELECT organization_id, id FROM access_tokens
                  WHERE expires_at > 0 AND expires_at < $1 ORDER BY expires_at LIMIT $2)",
            (before, most),
        )
        .await?)
}
