use homeroom_api::{AppId, AppType, OrganizationId, Role, Scopes, Timestamp, UserId};

use crate::Result;
use crate::crypto::TokenHash;
use crate::db::{self, FromRow, Read, Row, Tx};

/// An app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct App {
    pub organization: OrganizationId,
    pub id: AppId,
    pub name: String,
    pub ty: AppType,
    pub redirect_uris: Vec<String>,
    /// What it may do at most.
    pub scopes: Scopes,
    /// Under which it acts for itself.
    pub role: Option<Role>,
    pub legacy: bool,
    /// Absent once that person is gone.
    pub maker: Option<UserId>,
    pub created_at: Timestamp,
}

impl FromRow for App {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            organization: row.take()?,
            id: row.take()?,
            name: row.take()?,
            ty: row.take()?,
            redirect_uris: row.take::<String>()?.lines().map(str::to_owned).collect(),
            scopes: row.take()?,
            role: row.take()?,
            legacy: row.take()?,
            maker: row.take()?,
            created_at: row.take()?,
        })
    }
}

/// An app, and the hash of its secret.
pub struct Client {
    pub app: App,
    pub secret_hash: Option<Vec<u8>>,
}

impl FromRow for Client {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self { app: App::from_row(row)?, secret_hash: row.take()? })
    }
}

/// The app with this `client_id`.
pub async fn find_client(conn: &mut impl Read, client_id: &str) -> Result<Option<Client>> {
    let sql = "SELECT a.organization_id, a.id, a.name, a.type, a.redirect_uris, a.scopes, a.role, a.legacy, a.maker,
                      a.created_at, c.secret_hash
               FROM app_clients c JOIN apps a ON a.organization_id = c.organization_id AND a.id = c.client_id
               WHERE c.client_id = $1";
    Ok(conn.optional(sql, (client_id,)).await?)
}

/// The apps of an organization, oldest first.
pub async fn list(conn: &mut impl Read, organization: &OrganizationId) -> Result<Vec<App>> {
    let sql = "SELECT organization_id, id, name, type, redirect_uris, scopes, role, legacy, maker, created_at
               FROM apps WHERE organization_id = $1 ORDER BY id";
    Ok(conn.all(sql, (organization,)).await?)
}

pub async fn find(conn: &mut impl Read, organization: &OrganizationId, app: &AppId) -> Result<Option<App>> {
    let sql = "SELECT organization_id, id, name, type, redirect_uris, scopes, role, legacy, maker, created_at
               FROM apps WHERE organization_id = $1 AND id = $2";
    Ok(conn.optional(sql, (organization, app)).await?)
}

/// Keeps an app as it is until the transaction ends.
pub async fn hold(tx: &mut Tx, organization: &OrganizationId, app: &AppId) -> Result<()> {
    let sql = "SELECT 1 FROM apps WHERE organization_id = $1 AND id = $2 FOR SHARE";
    Ok(tx.lock(sql, (organization, app)).await?)
}

/// Locks an app that will be changed.
pub async fn lock(tx: &mut Tx, organization: &OrganizationId, app: &AppId) -> Result<Option<App>> {
    let sql = "UPDATE apps SET name = name WHERE organization_id = $1 AND id = $2
               RETURNING organization_id, id, name, type, redirect_uris, scopes, role, legacy, maker, created_at";
    Ok(tx.optional(sql, (organization, app)).await?)
}

pub async fn insert(tx: &mut Tx, app: &App, secret: Option<TokenHash>) -> Result<()> {
    tx.execute(
        "INSERT INTO apps (organization_id, id, name, type, redirect_uris, scopes, role, legacy, maker, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        (
            &app.organization,
            &app.id,
            &app.name,
            app.ty,
            app.redirect_uris.join("\n"),
            app.scopes,
            app.role,
            app.legacy,
            app.maker.as_ref(),
            app.created_at,
        ),
    )
    .await?;
    tx.execute(
        "INSERT INTO app_clients (client_id, organization_id, secret_hash) VALUES ($1, $2, $3)",
        (&app.id, &app.organization, secret.map(TokenHash::to_vec)),
    )
    .await?;
    Ok(())
}

pub async fn save(tx: &mut Tx, app: &App) -> Result<()> {
    tx.execute(
        "UPDATE apps SET name = $3, redirect_uris = $4, scopes = $5, role = $6, legacy = $7, maker = $8
         WHERE organization_id = $1 AND id = $2",
        (
            &app.organization,
            &app.id,
            &app.name,
            app.redirect_uris.join("\n"),
            app.scopes,
            app.role,
            app.legacy,
            app.maker.as_ref(),
        ),
    )
    .await?;
    Ok(())
}

pub async fn set_secret(
    tx: &mut Tx,
    organization: &OrganizationId,
    app: &AppId,
    secret: TokenHash,
) -> Result<()> {
    let sql = "UPDATE app_clients SET secret_hash = $3 WHERE organization_id = $1 AND client_id = $2";
    tx.execute(sql, (organization, app, secret.to_vec())).await?;
    Ok(())
}

pub async fn delete(tx: &mut Tx, organization: &OrganizationId, app: &AppId) -> Result<()> {
    tx.execute("DELETE FROM apps WHERE organization_id = $1 AND id = $2", (organization, app)).await?;
    Ok(())
}

/// When a person leaves: the apps stay, and nobody answers for them until another admin changes them.
pub async fn forget_maker(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    let sql = "UPDATE apps SET maker = NULL WHERE organization_id = $1 AND maker = $2";
    tx.execute(sql, (organization, user)).await?;
    Ok(())
}
