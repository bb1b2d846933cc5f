use homeroom_api::{InvitationId, InvitationStatus, OrganizationId, Role, Timestamp, UserId};
use serde::Serialize;

use super::joining::note_use;
use super::may_replace;
use crate::db::{self, Conn, FromRow, Query, Read, Row, Tx};
use crate::http::{Caller, Order, Page, PageQuery, Select, Way};
use crate::text::fold;
use crate::{App, Error, Result};

/// An invitation as it stands now.
#[derive(Debug, Clone)]
pub struct Invitation {
    pub id: InvitationId,
    pub organization: OrganizationId,
    pub email: Option<String>,
    pub role: Role,
    /// Encrypted; absent once closed.
    pub code: Option<Vec<u8>>,
    pub allow_multiple_use: bool,
    pub invited_by: Option<UserId>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub status: InvitationStatus,
    pub used_by: Vec<UserId>,
}

/// `$2` is now.
macro_rules! columns {
    () => {
        "i.id, i.organization_id, i.email, i.role, i.code, i.allow_multiple_use, i.invited_by, i.created_at,
         i.expires_at, CASE WHEN i.status = 'open' AND i.expires_at <= $2 THEN 'expired' ELSE i.status END,
         (SELECT string_agg(n.user_id, ',' ORDER BY n.used_at, n.user_id) FROM invitation_uses n
          WHERE n.organization_id = i.organization_id AND n.invitation_id = i.id)"
    };
}

impl FromRow for Invitation {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.take()?,
            organization: row.take()?,
            email: row.take()?,
            role: row.take()?,
            code: row.take()?,
            allow_multiple_use: row.take()?,
            invited_by: row.take()?,
            created_at: row.take()?,
            expires_at: row.take()?,
            status: row.take::<String>()?.parse().map_err(db::Error::Failed)?,
            used_by: used_by(row.take()?),
        })
    }
}

fn used_by(ids: Option<String>) -> Vec<UserId> {
    ids.map(|ids| ids.split(',').map(UserId::from).collect()).unwrap_or_default()
}

pub async fn find(
    conn: &mut impl Read,
    organization: &OrganizationId,
    id: &InvitationId,
    now: Timestamp,
) -> Result<Option<Invitation>> {
    let sql =
        concat!("SELECT ", columns!(), " FROM invitations i WHERE i.organization_id = $1 AND i.id = $3");
    Ok(conn.optional(sql, (organization, now, id)).await?)
}

/// Which invitations to list.
#[derive(Debug, Clone, Serialize)]
pub struct Filter {
    pub role: Option<Role>,
    pub status: Vec<InvitationStatus>,
}

pub async fn list(
    app: &App,
    conn: &mut Conn,
    organization: &OrganizationId,
    filter: &Filter,
    page: &PageQuery,
) -> Result<Page<Invitation>> {
    let select = Select {
        args: vec![organization.into(), app.clock.now().into()],
        found: "i.*",
        columns: columns!(),
        page: "i",
        from: " FROM invitations i WHERE i.organization_id = $1",
        way: Way::Walk,
        filter: |query: &mut Query| {
            query.push(" AND (FALSE");
            for status in &filter.status {
                query.push(match status {
                    InvitationStatus::Open => " OR (i.status = 'open' AND i.expires_at > $2)",
                    InvitationStatus::Used => " OR i.status = 'used'",
                    InvitationStatus::Revoked => " OR i.status = 'revoked'",
                    InvitationStatus::Expired => {
                        " OR i.status = 'expired' OR (i.status = 'open' AND i.expires_at <= $2)"
                    }
                });
            }
            query.push(")");
            if let Some(role) = filter.role {
                query.push(" AND i.role = ").bind(role);
            }
        },
        order: Order::by_id("i.id"),
    };
    select.page(conn, page).await
}

/// An invitation to open.
pub struct Open<'a> {
    pub email: Option<&'a str>,
    pub role: Role,
    pub multiple_use: bool,
}

/// Inserts an open invitation, or gives the open one for the same address its code, role and expiry. The id that
/// stands in the table: the open one's if there was one.
pub async fn put_open(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    open: &Open<'_>,
    code: &str,
) -> Result<InvitationId> {
    let id = app.random.id(app.clock.now());
    if insert_open(app, tx, caller, &id, open, code).await? {
        put_key(app, tx, &caller.organization, &id, code).await?;
        return Ok(id);
    }
    let replaced = replace_open(app, tx, caller, open.email.unwrap_or_default(), open.role, code).await?;
    put_key(app, tx, &caller.organization, &replaced, code).await?;
    Ok(replaced)
}

fn place(id: &InvitationId) -> String {
    format!("invitation/{id}")
}

/// The code of an open invitation.
pub fn open_code(app: &App, invitation: &Invitation) -> Option<String> {
    app.keys.open_secret(&place(&invitation.id), invitation.code.as_deref()?)
}

async fn insert_open(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    id: &InvitationId,
    open: &Open<'_>,
    code: &str,
) -> Result<bool> {
    let now = app.clock.now();
    let inserted = tx
        .execute(
            "INSERT INTO invitations (organization_id, id, email, email_key, role, code, allow_multiple_use,
                                      invited_by, created_at, expires_at, status, closed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', NULL)
             ON CONFLICT (organization_id, email_key) WHERE status = 'open' AND email_key <> '' DO NOTHING",
            (
                &caller.organization,
                id,
                open.email,
                open.email.map(fold).unwrap_or_default(),
                open.role,
                app.keys.seal_secret(&app.random, &place(id), code),
                open.multiple_use,
                &caller.user,
                now,
                now + app.settings.invitation_ttl,
            ),
        )
        .await?;
    Ok(inserted > 0)
}

/// Replaces the open invitation for an address, whose row is locked first.
async fn replace_open(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    email: &str,
    role: Role,
    code: &str,
) -> Result<InvitationId> {
    let organization = &caller.organization;
    let open: Option<(InvitationId, Role, Timestamp)> = tx
        .optional(
            "UPDATE invitations SET status = 'open'
             WHERE organization_id = $1 AND email_key = $2 AND status = 'open'
             RETURNING id, role, expires_at",
            (organization, fold(email)),
        )
        .await?;
    let (id, present, ends) =
        open.ok_or_else(|| Error::unavailable("an invitation was closed while it was replaced"))?;
    // One that has expired is as good as closed: upkeep only comes later.
    if app.clock.now() < ends {
        may_replace(caller, present)?;
    }
    tx.execute(
        "UPDATE invitations SET email = $3, role = $4, code = $5, invited_by = $6, expires_at = $7
         WHERE organization_id = $1 AND id = $2",
        (
            organization,
            &id,
            email,
            role,
            app.keys.seal_secret(&app.random, &place(&id), code),
            &caller.user,
            app.clock.now() + app.settings.invitation_ttl,
        ),
    )
    .await?;
    Ok(id)
}

/// Gives an open invitation a new code and a new end, and makes it the caller's. Whether there was such an open one.
pub async fn renew(app: &App, tx: &mut Tx, caller: &Caller, id: &InvitationId, code: &str) -> Result<bool> {
    let now = app.clock.now();
    let renewed = tx
        .execute(
            "UPDATE invitations SET code = $3, invited_by = $4, expires_at = $5
             WHERE organization_id = $1 AND id = $2 AND status = 'open' AND expires_at > $6",
            (
                &caller.organization,
                id,
                app.keys.seal_secret(&app.random, &place(id), code),
                &caller.user,
                now + app.settings.invitation_ttl,
                now,
            ),
        )
        .await?;
    if renewed > 0 {
        put_key(app, tx, &caller.organization, id, code).await?;
    }
    Ok(renewed > 0)
}

/// Makes `code` the one that leads to the invitation.
async fn put_key(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    id: &InvitationId,
    code: &str,
) -> Result<()> {
    let sql = "DELETE FROM invitation_keys WHERE organization_id = $1 AND invitation_id = $2";
    tx.execute_later(sql, (organization, id)).await?;
    tx.execute_later(
        "INSERT INTO invitation_keys (code_hash, organization_id, invitation_id) VALUES ($1, $2, $3)",
        (app.keys.hash_code(code), organization, id),
    )
    .await?;
    Ok(())
}

/// Inserts an invitation that a member has used by being one.
pub async fn insert_used(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    email: &str,
    role: Role,
    member: &UserId,
) -> Result<InvitationId> {
    let now = app.clock.now();
    let id = app.random.id(now);
    tx.execute(
        "INSERT INTO invitations (organization_id, id, email, email_key, role, code, allow_multiple_use, invited_by,
                                  created_at, expires_at, status, closed_at)
         VALUES ($1, $2, $3, $4, $5, NULL, FALSE, $6, $7, $7, 'used', $7)",
        (&caller.organization, &id, email, fold(email), role, &caller.user, now),
    )
    .await?;
    note_use(tx, &caller.organization, &id, member, now).await?;
    Ok(id)
}

/// Whether there was such an open invitation.
pub async fn revoke(
    tx: &mut Tx,
    organization: &OrganizationId,
    id: &InvitationId,
    now: Timestamp,
) -> Result<bool> {
    let revoked = tx
        .execute(
            "UPDATE invitations SET status = 'revoked', closed_at = $3, code = NULL
             WHERE organization_id = $1 AND id = $2 AND status = 'open' AND expires_at > $3",
            (organization, id, now),
        )
        .await?;
    Ok(revoked > 0)
}

/// Revokes the open invitations of `user` to roles that `role` can't grant; all of them where there is no role.
pub async fn revoke_beyond(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    role: Option<Role>,
) -> Result<()> {
    let sql = match role {
        Some(Role::Admin) => return Ok(()),
        Some(Role::AccountAdmin) => {
            "UPDATE invitations SET status = 'revoked', closed_at = $3, code = NULL
             WHERE organization_id = $1 AND invited_by = $2 AND status = 'open' AND role = 'admin'"
        }
        _ => {
            "UPDATE invitations SET status = 'revoked', closed_at = $3, code = NULL
             WHERE organization_id = $1 AND invited_by = $2 AND status = 'open'"
        }
    };
    tx.execute(sql, (organization, user, app.clock.now())).await?;
    Ok(())
}

/// Clears what names a person who leaves: as inviter, as the one who joined, and by their address. An open
/// invitation for it would let them in again: it is revoked.
pub async fn forget_person(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<()> {
    tx.execute(
        "UPDATE invitations SET status = 'revoked', closed_at = $3, code = NULL
         WHERE organization_id = $1 AND status = 'open' AND email_key =
             (SELECT email_key FROM users WHERE organization_id = $1 AND id = $2 AND email_key <> '' AND NOT email_shared)",
        (organization, user, app.clock.now()),
    )
    .await?;
    for sql in [
        "UPDATE invitations SET email = NULL, email_key = ''
         WHERE organization_id = $1 AND email_key =
             (SELECT email_key FROM users WHERE organization_id = $1 AND id = $2 AND email_key <> '' AND NOT email_shared)",
        "UPDATE invitations SET invited_by = NULL WHERE organization_id = $1 AND invited_by = $2",
        "UPDATE invitations SET email = NULL, email_key = ''
         WHERE organization_id = $1 AND NOT allow_multiple_use AND id IN
             (SELECT invitation_id FROM invitation_uses WHERE organization_id = $1 AND user_id = $2)",
        "DELETE FROM invitation_uses WHERE organization_id = $1 AND user_id = $2",
    ] {
        tx.execute(sql, (organization, user)).await?;
    }
    Ok(())
}

/// Closes up to `most` invitations whose time is over.
pub async fn expire(tx: &mut Tx, now: Timestamp, most: i64) -> Result<u64> {
    Ok(tx
        .execute(
            "UPDATE invitations SET status = 'expired', closed_at = expires_at, code = NULL
             WHERE (organization_id, id) IN
                 (SELECT organization_id, id FROM invitations WHERE status = 'open' AND expires_at <= $1
                  ORDER BY expires_at LIMIT $2)",
            (now, most),
        )
        .await?)
}

/// Clears the addresses of up to `most` invitations that were closed before `before`.
pub async fn forget_addresses(tx: &mut Tx, before: Timestamp, most: i64) -> Result<u64> {
    Ok(tx
        .execute(
            "UPDATE invitations SET email = NULL, email_key = '' WHERE (organization_id, id) IN
                 (SELECT organization_id, id FROM invitations WHERE email_key <> '' AND closed_at < $1
                  ORDER BY closed_at LIMIT $2)",
            (before, most),
        )
        .await?)
}
