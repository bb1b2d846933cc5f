//! A person lets an app do what it asks.

use homeroom_api::{OrganizationId, Timestamp, UserId};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use super::denial::Refusal;
use super::grant::Grant;
use super::issue::{self, Given};
use super::request::{Request, ResponseType};
use super::store::{self, Authorization};
use super::{ACCESS, CODE};
use crate::audit::Event;
use crate::crypto::NewToken;
use crate::db::Tx;
use crate::http::Origin;
use crate::{App, Result, apps, users};

/// How a code begins.
const PREFIX: &str = "hrc_";

/// Who is asked: somebody who is signed in, and has shown that the account is theirs.
#[derive(Debug, Clone)]
pub struct Person {
    pub organization: OrganizationId,
    pub user: UserId,
    pub signed_in_at: Timestamp,
}

/// What the person said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// Yes, just now.
    Yes,
    /// Yes, the last time that they were asked.
    YesBefore,
    No,
}

/// Where the person goes next: back to the app, with a code or with why there is none. Nothing where they must be asked
/// first.
pub async fn approve(
    app: &App,
    person: &Person,
    origin: &Origin,
    request: &Request,
    said: Said,
) -> Result<Option<String>> {
    if said == Said::No || person.organization != request.app.organization {
        let refusal = Refusal::new("access_denied", "The person did not allow it.");
        return Ok(Some(request.way_back.refuse(&refusal)));
    }
    let mut tx = app.db.write().await?;
    let approved = approve_in(app, &mut tx, person, origin, request, said).await;
    tx.finish(approved).await
}

async fn approve_in(
    app: &App,
    tx: &mut Tx,
    person: &Person,
    origin: &Origin,
    request: &Request,
    said: Said,
) -> Result<Option<String>> {
    let role = users::hold_role(tx, &person.organization, &person.user).await?;
    let client = apps::find_and_hold(tx, &person.organization, &request.app.id).await?;
    let Some(client) =
        client.filter(|app| apps::is_registered(&app.redirect_uris, &request.way_back.redirect_uri))
    else {
        return Err(crate::Error::not_found("app"));
    };
    let most = issue::most(tx, &client, role).await?;
    let grant = request.grant.narrowed(most);
    if !is_agreed(app, tx, person, origin, &client, &grant, said).await? {
        return Ok(None);
    }
    let address = match request.response {
        ResponseType::Code => give_code(app, tx, person, request, grant).await?,
        ResponseType::Token => give_token(app, tx, person, origin, request, &client, grant).await?,
    };
    Ok(Some(address))
}

/// Notes what the person said just now; or whether they said it before.
async fn is_agreed(
    app: &App,
    tx: &mut Tx,
    person: &Person,
    origin: &Origin,
    client: &apps::App,
    grant: &Grant,
    said: Said,
) -> Result<bool> {
    let Person { organization, user, .. } = person;
    let before = store::find_consent(tx, organization, user, &client.id).await?;
    let is_covered = before.as_ref().is_some_and(|before| before.covers(grant));
    if is_covered || said != Said::Yes {
        return Ok(is_covered);
    }
    let all = before.unwrap_or_default().and(grant);
    store::save_consent(tx, (organization, user, &client.id), &all, app.clock.now()).await?;
    let details = json!({ "scope": all.to_string() });
    let event = event(organization, user, origin, "consent.given", client.id.as_str(), details);
    event.about(user).record(app, tx).await?;
    Ok(true)
}

async fn give_code(
    app: &App,
    tx: &mut Tx,
    person: &Person,
    request: &Request,
    grant: Grant,
) -> Result<String> {
    let authorization = authorization(app, person, request, grant);
    let code = NewToken::of_kind(&app.random, PREFIX);
    store::insert(tx, &authorization).await?;
    store::insert_code(tx, &authorization, code.hash).await?;
    Ok(request.way_back.with(&[("code", code.secret.expose_secret())]))
}

/// The implicit grant: no code, no refresh token.
async fn give_token(
    app: &App,
    tx: &mut Tx,
    person: &Person,
    origin: &Origin,
    request: &Request,
    client: &apps::App,
    grant: Grant,
) -> Result<String> {
    let now = app.clock.now();
    let authorization = Authorization {
        code_used_at: Some(now),
        expires_at: now + ACCESS,
        ..authorization(app, person, request, grant)
    };
    store::insert(tx, &authorization).await?;
    let token =
        issue::access_token(app, tx, client, &authorization, &authorization.grant, origin, Given::Implicit)
            .await?;
    Ok(request.way_back.with(&[
        ("access_token", token.secret.expose_secret()),
        ("token_type", "Bearer"),
        ("expires_in", &ACCESS.as_secs().to_string()),
        ("scope", &authorization.grant.to_string()),
    ]))
}

fn authorization(app: &App, person: &Person, request: &Request, grant: Grant) -> Authorization {
    let now = app.clock.now();
    Authorization {
        organization: person.organization.clone(),
        id: app.random.id(now),
        user: person.user.clone(),
        app: request.app.id.clone(),
        grant,
        redirect_uri: request.way_back.redirect_uri.clone(),
        challenge: request.challenge.clone(),
        nonce: request.nonce.clone(),
        signed_in_at: person.signed_in_at,
        created_at: now,
        code_used_at: None,
        expires_at: now + CODE,
    }
}

/// An audit event of what a person, or an app, did without a token.
pub fn event<'a>(
    organization: &'a OrganizationId,
    actor: &'a UserId,
    origin: &Origin,
    name: &'static str,
    target: &'a str,
    mut details: Value,
) -> Event<'a> {
    details["address"] = json!(origin.address);
    details["device"] = json!(origin.device);
    Event {
        organization,
        actor: Some(actor),
        actor_token: None,
        maker: None,
        name,
        target: Some(target),
        about: None,
        details,
    }
}
