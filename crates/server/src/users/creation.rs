//! Making accounts.

use homeroom_api::{OrganizationId, UserCreation, UserId};
use serde_json::json;

use super::{NewUser, User, names, store};
use crate::db::Tx;
use crate::http::Caller;
use crate::{App, Result};

/// Makes an account with a password.
pub async fn create(app: &App, caller: &Caller, new: UserCreation) -> Result<User> {
    let (mut new, password) = NewUser::parse(new)?;
    caller.may_grant(new.role, "role")?;
    new.password = Some(app.passwords.hash(password).await?);
    let (mut tx, caller) = app.begin(caller).await?;
    let created = create_in(app, &mut tx, &caller, &new).await;
    tx.finish(created).await
}

async fn create_in(app: &App, tx: &mut Tx, caller: &Caller, new: &NewUser) -> Result<User> {
    caller.may_grant(new.role, "role")?;
    let id = insert(app, tx, &caller.organization, new).await?;
    let details = json!({ "username": new.profile.username, "role": new.role });
    caller.event("user.created", id.as_str(), details).record(app, tx).await?;
    store::get(tx, &caller.organization, &id, app.clock.now()).await
}

/// Inserts an account; 409 where its username or e-mail is taken.
pub async fn insert(app: &App, tx: &mut Tx, organization: &OrganizationId, new: &NewUser) -> Result<UserId> {
    let now = app.clock.now();
    let id = app.random.id(now);
    if !store::insert(tx, organization, &id, new, now).await? {
        return Err(names::username_taken());
    }
    names::claim(tx, organization, &id, &new.profile).await?;
    Ok(id)
}
