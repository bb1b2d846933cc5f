//! What people let apps do, to look at and to take back.

use homeroom_api::{AppId, OrganizationId, Timestamp, UserId};
use serde_json::json;

use super::grant::Grant;
use super::{authorize, store};
use crate::db::{self, FromRow, Read as _, Row, Tx};
use crate::http::Origin;
use crate::{App, Error, Result, access_tokens, users};

/// What a person lets an app do.
#[derive(Debug, Clone)]
pub struct Consent {
    pub app: AppId,
    pub app_name: String,
    pub grant: Grant,
    pub since: Timestamp,
}

impl FromRow for Consent {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self { app: row.take()?, app_name: row.take()?, grant: row.take()?, since: row.take()? })
    }
}

/// The apps that a person lets do something.
pub async fn list(app: &App, organization: &OrganizationId, user: &UserId) -> Result<Vec<Consent>> {
    let sql = "SELECT c.app_id, a.name, c.scope, c.created_at
               FROM consents c JOIN apps a ON a.organization_id = c.organization_id AND a.id = c.app_id
               WHERE c.organization_id = $1 AND c.user_id = $2 ORDER BY c.app_id";
    Ok(app.db.read().await?.all(sql, (organization, user)).await?)
}

/// Takes back what a person let an app do: its codes and tokens end.
pub async fn revoke(
    app: &App,
    organization: &OrganizationId,
    user: &UserId,
    client: &AppId,
    origin: &Origin,
) -> Result<()> {
    let mut tx = app.db.write().await?;
    let revoked = revoke_in(app, &mut tx, (organization, user, client), origin).await;
    tx.finish(revoked).await
}

async fn revoke_in(
    app: &App,
    tx: &mut Tx,
    (organization, user, client): (&OrganizationId, &UserId, &AppId),
    origin: &Origin,
) -> Result<()> {
    users::hold_role(tx, organization, user).await?;
    if !store::delete_consent(tx, organization, user, client).await? {
        return Err(Error::not_found("app"));
    }
    store::end_authorizations_for(tx, organization, user, client).await?;
    access_tokens::end_given_to_app(tx, organization, user, client).await?;
    let event = authorize::event(organization, user, origin, "consent.revoked", client.as_str(), json!({}));
    event.about(user).record(app, tx).await
}
