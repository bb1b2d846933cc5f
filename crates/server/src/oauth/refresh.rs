//! A refresh token becomes the next one, once (RFC 9700 §4.14).
//!
//! There is no grace for an answer that was lost on its way: whoever comes with a used token has a copy, and which of the
//! two is the thief nobody can tell.

use super::code::{Outcome, answer, hold, reused};
use super::denial::Denial;
use super::form::Form;
use super::grant::Grant;
use super::issue::{self, Answer, Given};
use super::store::{self, Authorization, Use};
use crate::crypto::TokenHash;
use crate::db::Tx;
use crate::{App, apps};

/// Exchanges a refresh token. `scope` may ask for less than was allowed, for this access token alone.
pub async fn exchange(app: &App, client: &apps::App, form: &Form) -> Result<Answer, Denial> {
    let hash = TokenHash::of(form.need("refresh_token")?);
    let known = store::find_by_refresh_token(&mut app.db.read().await?, hash).await?;
    let known = known.filter(|known| known.app == client.id).ok_or_else(Denial::invalid_grant)?;
    let asked = asked(&known.grant, form.text("scope"))?;
    let mut tx = app.db.write().await?;
    let outcome = exchange_in(app, &mut tx, &known, hash, asked, form).await;
    answer(app, tx.finish(outcome).await?).await
}

fn asked(allowed: &Grant, scope: Option<&str>) -> Result<Option<Grant>, Denial> {
    let Some(scope) = scope else { return Ok(None) };
    let asked = Grant::parse(scope).ok().filter(|asked| allowed.covers(asked));
    asked
        .map(Some)
        .ok_or_else(|| Denial::new("invalid_scope", "`scope` holds what the person did not allow."))
}

async fn exchange_in(
    app: &App,
    tx: &mut Tx,
    known: &Authorization,
    hash: TokenHash,
    asked: Option<Grant>,
    form: &Form,
) -> Result<Outcome, Denial> {
    let (of, client, role) = hold(tx, known).await?;
    match store::use_refresh_token(tx, hash, app.clock.now()).await? {
        Use::First => {
            let most = of.grant.api.intersection(issue::most(tx, &client, role).await?);
            let grant = asked.unwrap_or_else(|| of.grant.clone()).narrowed(most);
            let tokens = issue::pair(app, tx, &client, &of, grant, &form.origin, Given::Refresh).await?;
            Ok(Outcome::Given(of, tokens))
        }
        Use::Again => reused(app, tx, &of, &form.origin, "refresh_token").await,
        Use::TooLate => Err(Denial::invalid_grant()),
    }
}
