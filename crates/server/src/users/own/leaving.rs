use serde_json::json;

use super::lock_confirmed;
use crate::db::Tx;
use crate::http::Origin;
use crate::sessions::Session;
use crate::users::removal;
use crate::{App, Error, Result};

/// Removes one's own account, for good. Members of an organization ask an administrator: their account is the
/// organization's.
pub async fn remove_oneself(app: &App, session: &Session, origin: &Origin) -> Result<()> {
    let mut tx = app.db.write().await?;
    let removed = remove_in(app, &mut tx, session, origin).await;
    tx.finish(removed).await
}

async fn remove_in(app: &App, tx: &mut Tx, session: &Session, origin: &Origin) -> Result<()> {
    let member = lock_confirmed(app, tx, session).await?;
    if !session.is_individual() {
        return Err(Error::forbidden("Your account belongs to your organization: ask an administrator."));
    }
    removal::entomb(app, tx, &session.organization, &member.id).await?;
    let details = json!({ "role": member.role });
    session.event(origin, "user.removed", member.id.as_str(), details).record(app, tx).await
}
