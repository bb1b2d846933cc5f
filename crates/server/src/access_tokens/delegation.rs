//! Tokens that an administrator makes for a user.

use homeroom_api::{
    ApiAccessToken, OrganizationUserAccessTokenCreation, Role, Scope, Scopes, Timestamp, UserId,
};
use secrecy::ExposeSecret as _;
use serde_json::json;

use super::{New, holdable, store};
use crate::crypto::NewToken;
use crate::db::Tx;
use crate::http::Caller;
use crate::{App, Error, Result, users};

const NAME: &str = "Delegated token";
const MOST_SCOPES: usize = 100;

/// Makes a token for `user`: with it a script acts as that user.
pub async fn create(
    app: &App,
    caller: &Caller,
    user: &UserId,
    new: OrganizationUserAccessTokenCreation,
) -> Result<ApiAccessToken> {
    if new.scopes.len() > MOST_SCOPES {
        return Err(Error::invalid("scopes", format!("`scopes` has more than {MOST_SCOPES} values.")));
    }
    let scopes = new.scopes.into_iter().collect();
    let (mut tx, caller) = app.begin(caller).await?;
    let created = create_in(app, &mut tx, &caller, user, scopes).await;
    tx.finish(created).await
}

async fn create_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    user: &UserId,
    scopes: Scopes,
) -> Result<ApiAccessToken> {
    let role = users::hold_role(tx, &caller.organization, user).await?;
    caller.must_rank_over(role)?;
    caller.may_have_account(role)?;
    may_delegate(caller, role, scopes)?;

    let now = app.clock.now();
    let token = NewToken::access(&app.random);
    let new = New {
        id: app.random.id(now),
        user,
        name: NAME,
        scopes,
        created_at: now,
        expires_at: caller.no_later_than_token(now + app.settings.access_token_ttl),
        maker: Some(caller),
    };
    store::insert(tx, &caller.organization, &new, &token).await?;
    let details = json!({ "user": user, "scopes": scopes });
    caller.event("access_token.created", new.id.as_str(), details).about(user).record(app, tx).await?;
    Ok(shown(new, &token))
}

fn shown(new: New<'_>, token: &NewToken) -> ApiAccessToken {
    ApiAccessToken {
        id: new.id,
        name: new.name.to_owned(),
        token: token.secret.expose_secret().to_owned(),
        issued_date: new.created_at,
        expiration_date: Some(new.expires_at).filter(|end| *end != Timestamp::default()),
        scopes: new.scopes,
    }
}

/// Only scopes that the user's role may hold, and `edu.admin…` only where the caller's own token covers it.
fn may_delegate(caller: &Caller, role: Role, scopes: Scopes) -> Result<()> {
    let beyond_role = scopes.without(holdable(role, caller.lti_teachers));
    if let Some(scope) = beyond_role.iter().next() {
        let message = format!("A token of a user with the role `{role}` can't carry the scope `{scope}`.");
        return Err(Error::forbidden(message).with_param("scopes"));
    }
    let not_covered =
        |scope: &Scope| scope.as_str().starts_with("edu.admin") && !caller.scopes.covers(*scope);
    if let Some(scope) = scopes.iter().find(not_covered) {
        let message = format!("Your own token doesn't cover the scope `{scope}`, so it can't give it.");
        return Err(Error::forbidden(message).with_param("scopes"));
    }
    Ok(())
}
