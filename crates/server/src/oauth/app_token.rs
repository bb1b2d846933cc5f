//! Tokens with which an app stands for itself: an organization's own scripts (RFC 6749 §4.4).

use homeroom_api::{Role, UserId};
use serde_json::json;

use super::ACCESS;
use super::authorize;
use super::denial::Denial;
use super::form::Form;
use super::grant::Grant;
use super::issue::{self, Answer};
use crate::access_tokens::{self, New, OfApp};
use crate::crypto::NewToken;
use crate::db::Tx;
use crate::http::Origin;
use crate::{App, apps, users};

/// A token for the app itself, under the lower of its own role and its maker's.
pub async fn give(app: &App, client: &apps::App, form: &Form) -> Result<Answer, Denial> {
    let asked = form.text("scope").map(Grant::parse).transpose();
    let asked = asked.map_err(|_| Denial::new("invalid_scope", "`scope` holds a word that is no scope."))?;
    let mut tx = app.db.write().await?;
    let given = give_in(app, &mut tx, client, asked, &form.origin).await;
    let (token, grant) = tx.finish(given).await?;
    Ok(Answer::new(&token, &grant))
}

async fn give_in(
    app: &App,
    tx: &mut Tx,
    client: &apps::App,
    asked: Option<Grant>,
    origin: &Origin,
) -> Result<(NewToken, Grant), Denial> {
    let (maker, role) = answerable(client)?;
    let of_maker = users::hold_role(tx, &client.organization, maker).await.map_err(|_| nobody_answers())?;
    let client = apps::find_and_hold(tx, &client.organization, &client.id).await?;
    let client = client.ok_or_else(Denial::invalid_client)?;
    if client.maker.as_ref() != Some(maker) || client.role != Some(role) {
        return Err(crate::Error::unavailable("the app was changed meanwhile").into());
    }
    let grant = granted(tx, &client, asked, apps::lower(role, of_maker)).await?;
    let token = insert(app, tx, &client, maker, &grant, origin).await?;
    Ok((token, grant))
}

/// Who answers for the app, and its role.
fn answerable(client: &apps::App) -> Result<(&UserId, Role), Denial> {
    let Some(role) = client.role.filter(|_| client.keeps_a_secret()) else {
        let text = "This app was not registered with a role, so it can't act for itself.";
        return Err(Denial::new("unauthorized_client", text));
    };
    Ok((client.maker.as_ref().ok_or_else(nobody_answers)?, role))
}

fn nobody_answers() -> Denial {
    let text = "The administrator who answers for this app is gone: another one has to change it first.";
    Denial::new("unauthorized_client", text)
}

async fn granted(tx: &mut Tx, client: &apps::App, asked: Option<Grant>, role: Role) -> Result<Grant, Denial> {
    let asked = asked.unwrap_or_else(|| Grant::of(client.scopes));
    if !Grant::of(client.scopes).covers(&asked) {
        let text = "`scope` holds what this app was not registered for.";
        return Err(Denial::new("invalid_scope", text));
    }
    let grant = asked.narrowed(issue::most(tx, client, role).await?);
    if grant.is_empty() {
        let text = format!("Nothing of `scope` is for an app with the role `{role}`.");
        return Err(Denial::new("invalid_scope", text));
    }
    Ok(grant)
}

async fn insert(
    app: &App,
    tx: &mut Tx,
    client: &apps::App,
    maker: &UserId,
    grant: &Grant,
    origin: &Origin,
) -> Result<NewToken, Denial> {
    let now = app.clock.now();
    let token = NewToken::access(&app.random);
    let new = New {
        id: app.random.id(now),
        user: maker,
        name: &client.name,
        scopes: grant.api,
        created_at: now,
        expires_at: now + ACCESS,
        maker: None,
    };
    let of_app = OfApp { app: &client.id, family: None };
    access_tokens::insert_for_app(tx, &client.organization, &new, &token, &of_app).await?;
    let actor = UserId::from(format!("app:{}", client.id));
    let details = json!({ "app": client.id, "scope": grant.to_string(), "by": "client_credentials" });
    let organization = &client.organization;
    let event =
        authorize::event(organization, &actor, origin, "access_token.created", new.id.as_str(), details);
    event.record(app, tx).await?;
    Ok(token)
}
