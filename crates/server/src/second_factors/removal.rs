//! For who has lost phone and recovery codes: an administrator takes the second factor away.

use homeroom_api::UserId;
use serde_json::json;

use super::store;
use crate::db::Tx;
use crate::http::Caller;
use crate::{App, Error, Result, users};

/// Removes the second factor of `user`, who then signs in with the password alone.
pub async fn remove(app: &App, caller: &Caller, user: &UserId) -> Result<()> {
    let (mut tx, caller) = app.begin(caller).await?;
    let removed = remove_in(app, &mut tx, &caller, user).await;
    tx.finish(removed).await
}

async fn remove_in(app: &App, tx: &mut Tx, caller: &Caller, user: &UserId) -> Result<()> {
    let role = users::hold_role(tx, &caller.organization, user).await?;
    caller.must_rank_over(role)?;
    caller.may_have_account(role)?;
    if !store::forget(tx, &caller.organization, user).await? {
        return Err(Error::not_found("second factor"));
    }
    caller.event("second_factor.removed", user.as_str(), json!({})).record(app, tx).await
}
