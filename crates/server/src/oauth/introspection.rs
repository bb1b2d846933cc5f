//! An app asks what a token of its own is good for (RFC 7662).

use serde_json::{Value, json};

use super::denial::Denial;
use super::form::Form;
use super::store;
use crate::crypto::TokenHash;
use crate::{App, access_tokens, apps, users};

/// What a token is good for. One that is not this app's is told apart from an unknown one by nothing.
pub async fn inspect(app: &App, client: &apps::App, form: &Form) -> Result<Value, Denial> {
    if !client.keeps_a_secret() {
        let text = "Only an app that proves by its secret that it is itself may ask.";
        return Err(Denial::new("unauthorized_client", text));
    }
    let token = form.need("token")?;
    let found = match TokenHash::of_access_token(token) {
        Some(hash) => access_token(app, client, hash).await?,
        None => refresh_token(app, client, TokenHash::of(token)).await?,
    };
    Ok(found.unwrap_or_else(|| json!({ "active": false })))
}

async fn access_token(app: &App, client: &apps::App, hash: TokenHash) -> Result<Option<Value>, Denial> {
    let Some(identity) = access_tokens::identify_afresh(app, hash).await? else { return Ok(None) };
    if identity.app.as_ref() != Some(&client.id) {
        return Ok(None);
    }
    let mut conn = app.db.read().await?;
    let family = store::find_by_access_token(&mut conn, hash).await?;
    let scope = family.map_or_else(String::new, |of| of.grant.narrowed(identity.scopes).to_string());
    let scope = if identity.as_app { identity.scopes.to_string() } else { scope };
    let sub = if identity.as_app { client.id.as_str() } else { identity.user.as_str() };
    let mut answer = json!({
        "active": true, "token_type": "Bearer", "client_id": client.id, "sub": sub, "scope": scope,
        "iss": app.settings.public_url, "aud": client.id,
        "exp": identity.expires_at.map(|end| end.as_millis() / 1000),
    });
    if !identity.as_app {
        let now = app.clock.now();
        let user = users::get_member(&mut conn, &identity.organization, &identity.user, now).await?;
        answer["username"] = json!(user.username);
    }
    Ok(Some(answer))
}

async fn refresh_token(app: &App, client: &apps::App, hash: TokenHash) -> Result<Option<Value>, Denial> {
    let mut conn = app.db.read().await?;
    let Some(known) = store::find_by_refresh_token(&mut conn, hash).await? else { return Ok(None) };
    let until = store::open_until(&mut conn, hash).await?.filter(|until| *until > app.clock.now());
    let Some(until) = until.filter(|_| known.app == client.id) else { return Ok(None) };
    Ok(Some(json!({
        "active": true, "client_id": client.id, "sub": known.user, "scope": known.grant.to_string(),
        "iss": app.settings.public_url, "exp": until.as_millis() / 1000,
    })))
}
