//! A code becomes tokens, once (RFC 6749 §4.1.3).

use aws_lc_rs::digest::{SHA256, digest};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use serde_json::json;
use subtle::ConstantTimeEq as _;

use super::denial::Denial;
use super::form::Form;
use super::issue::{self, Answer, Given, Tokens};
use super::store::{self, Authorization};
use super::{authorize, id_token};
use crate::crypto::TokenHash;
use crate::db::Tx;
use crate::http::Origin;
use crate::{App, Error, apps, users};

/// What became of a code or a refresh token. Both are committed.
pub enum Outcome {
    Given(Authorization, Tokens),
    /// It came a second time: somebody has a copy, and the family has ended.
    Reused,
}

/// Redeems a code.
pub async fn redeem(app: &App, client: &apps::App, form: &Form) -> Result<Answer, Denial> {
    let hash = TokenHash::of(form.need("code")?);
    let known = store::find_by_code(&mut app.db.read().await?, hash).await?;
    let known = known.filter(|known| known.app == client.id).ok_or_else(Denial::invalid_grant)?;
    is_meant(&known, form)?;
    let mut tx = app.db.write().await?;
    let outcome = redeem_in(app, &mut tx, &known, &form.origin).await;
    answer(app, tx.finish(outcome).await?).await
}

/// What a client is told, once the outcome is durable. An id_token is signed outside any transaction.
pub async fn answer(app: &App, outcome: Outcome) -> Result<Answer, Denial> {
    let Outcome::Given(of, tokens) = outcome else { return Err(Denial::invalid_grant()) };
    let mut answer = Answer::new(&tokens.access, &tokens.grant);
    answer.id_token = id_token::write(app, &of, &answer.access_token).await?;
    answer.refresh_token = Some(secrecy::ExposeSecret::expose_secret(&tokens.refresh).to_owned());
    Ok(answer)
}

/// The code was made for this address and this proof. Who has neither only has a copy of the code, and can't end what
/// came from it.
fn is_meant(known: &Authorization, form: &Form) -> Result<(), Denial> {
    let verifier = form.text("code_verifier");
    let is_proved = match (&known.challenge, verifier) {
        (Some(challenge), Some(verifier)) => is_proof(challenge, verifier),
        (None, None) => true,
        // A challenge that is gone, or a proof of nothing: somebody has taken the request apart (RFC 9700 §4.8.2).
        _ => false,
    };
    let is_address = form.text("redirect_uri") == Some(&known.redirect_uri);
    if is_proved && is_address { Ok(()) } else { Err(Denial::invalid_grant()) }
}

fn is_proof(challenge: &str, verifier: &str) -> bool {
    let is_long_enough = (43..=128).contains(&verifier.len());
    let hash = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
    is_long_enough && bool::from(hash.as_bytes().ct_eq(challenge.as_bytes()))
}

async fn redeem_in(
    app: &App,
    tx: &mut Tx,
    known: &Authorization,
    origin: &Origin,
) -> Result<Outcome, Denial> {
    let (of, client, role) = hold(tx, known).await?;
    if store::use_code(tx, &of, app.clock.now()).await? {
        let grant = of.grant.narrowed(issue::most(tx, &client, role).await?);
        let tokens = issue::pair(app, tx, &client, &of, grant, origin, Given::Code).await?;
        return Ok(Outcome::Given(of, tokens));
    }
    match of.code_used_at {
        Some(_) => reused(app, tx, &of, origin, "code").await,
        None => Err(Denial::invalid_grant()), // too late
    }
}

/// The user, the app and the authorization, locked in this order, as they are now.
pub async fn hold(
    tx: &mut Tx,
    known: &Authorization,
) -> Result<(Authorization, apps::App, homeroom_api::Role), Denial> {
    let gone = |error: Error| match error.code {
        homeroom_api::ErrorCode::NotFound => Denial::invalid_grant(),
        _ => error.into(),
    };
    let role = users::hold_role(tx, &known.organization, &known.user).await.map_err(gone)?;
    let client = apps::find_and_hold(tx, &known.organization, &known.app).await?;
    let client = client.ok_or_else(Denial::invalid_client)?;
    let of = store::lock(tx, &known.organization, &known.id).await?.ok_or_else(Denial::invalid_grant)?;
    Ok((of, client, role))
}

/// Ends the family: who came first may have been the thief.
pub async fn reused(
    app: &App,
    tx: &mut Tx,
    of: &Authorization,
    origin: &Origin,
    what: &'static str,
) -> Result<Outcome, Denial> {
    crate::access_tokens::end_family(tx, &of.organization, &of.id).await?;
    store::end(tx, &of.organization, &of.id).await?;
    let details = json!({ "what": what });
    let event =
        authorize::event(&of.organization, &of.user, origin, "app.token_reused", of.app.as_str(), details);
    event.about(&of.user).record(app, tx).await?;
    Ok(Outcome::Reused)
}
