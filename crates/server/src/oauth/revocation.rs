//! An app gives a token back (RFC 7009).

use serde_json::json;

use super::denial::Denial;
use super::form::Form;
use super::store::{self, Authorization};
use super::{authorize, code};
use crate::crypto::TokenHash;
use crate::db::Tx;
use crate::http::{Identity, Origin};
use crate::{App, access_tokens, apps};

/// Ends a token of this app: of a refresh token its whole family. One that is unknown has ended already.
pub async fn revoke(app: &App, client: &apps::App, form: &Form) -> Result<(), Denial> {
    let token = form.need("token")?;
    if let Some(hash) = TokenHash::of_access_token(token)
        && let Some(identity) = access_tokens::identify_afresh(app, hash).await?
    {
        return revoke_access_token(app, client, &identity, &form.origin).await;
    }
    let known = store::find_by_refresh_token(&mut app.db.read().await?, TokenHash::of(token)).await?;
    match known {
        Some(known) if known.app == client.id => revoke_family(app, &known, &form.origin).await,
        Some(_) => Err(anothers()),
        None => Ok(()),
    }
}

/// RFC 7009 §2.1.
fn anothers() -> Denial {
    Denial::new("invalid_request", "This token was not given to this app.")
}

async fn revoke_access_token(
    app: &App,
    client: &apps::App,
    identity: &Identity,
    origin: &Origin,
) -> Result<(), Denial> {
    if identity.app.as_ref() != Some(&client.id) {
        return Err(anothers());
    }
    let mut tx = app.db.write().await?;
    let revoked = revoke_in(app, &mut tx, client, identity, origin).await;
    tx.finish(revoked).await
}

async fn revoke_in(
    app: &App,
    tx: &mut Tx,
    client: &apps::App,
    identity: &Identity,
    origin: &Origin,
) -> Result<(), Denial> {
    let organization = &identity.organization;
    access_tokens::end_one_of_app(tx, organization, &client.id, &identity.token).await?;
    let (actor, target) = (&identity.actor, identity.token.as_str());
    let details = json!({ "app": client.id });
    let event = authorize::event(organization, actor, origin, "access_token.revoked", target, details);
    Ok(event.about(actor).record(app, tx).await?)
}

async fn revoke_family(app: &App, known: &Authorization, origin: &Origin) -> Result<(), Denial> {
    let mut tx = app.db.write().await?;
    let revoked = end_in(app, &mut tx, known, origin).await;
    match tx.finish(revoked).await {
        Err(Denial::Refused(_)) => Ok(()), // it ended meanwhile
        other => other,
    }
}

async fn end_in(app: &App, tx: &mut Tx, known: &Authorization, origin: &Origin) -> Result<(), Denial> {
    let (of, client, _) = code::hold(tx, known).await?;
    access_tokens::end_family(tx, &of.organization, &of.id).await?;
    store::end(tx, &of.organization, &of.id).await?;
    let details = json!({ "authorization": of.id });
    let (organization, user) = (&of.organization, &of.user);
    let event =
        authorize::event(organization, user, origin, "app.token_revoked", client.id.as_str(), details);
    Ok(event.about(user).record(app, tx).await?)
}
