//! Access tokens: who a bearer is, and tokens that an administrator makes for a user.
//!
//! Of a token only its SHA-256 is kept. A delegated one ends with the token that made it, and as soon as its maker
//! is removed or ranks below its user.
pub mod api;
mod cache;
mod delegation;
mod store;

use homeroom_api::{AccessTokenId, OrganizationId, Role, Scope, Scopes, Timestamp, UserId};
use serde_json::json;

use crate::db::Tx;
use crate::http::{Caller, Page, PageQuery, parse_id};
use crate::{App, Error, Result, users};

pub use cache::{TokenCache, identify, identify_afresh};
pub use delegation::create;
pub use store::{
    AccessToken, New, OfApp, end_after_role_change, end_all_of, end_as_app, end_family, end_given_to_app,
    end_of_app, end_one_of_app, end_personal, insert, insert_for_app, note_use, prune,
};

/// The scopes that a token of a user with `role` may carry.
pub fn holdable(role: Role, lti_teachers: bool) -> Scopes {
    let may = |scope: &Scope| {
        let word = scope.as_str();
        match role {
            _ if !word.starts_with("edu.admin") => true,
            Role::Admin => true,
            Role::AccountAdmin => word.starts_with("edu.admin.users"),
            Role::Teacher => lti_teachers && word.starts_with("edu.admin.lti"),
            Role::User => false,
        }
    };
    Scope::ALL.iter().copied().filter(may).collect()
}

/// `caller` as the transaction sees it: its token may have ended, its role may have changed. Who changes either waits
/// until the transaction ends.
pub async fn check_again(app: &App, tx: &mut Tx, caller: &Caller) -> Result<Caller> {
    store::hold(tx, &caller.organization, &caller.token).await?;
    let found = store::find(tx, caller.token_hash, app.clock.now()).await?;
    let identity = std::sync::Arc::new(found.ok_or_else(Error::unauthorized)?);
    let caller = Caller { identity, ..caller.clone() };
    caller.access.check(&caller)?;
    Ok(caller)
}

/// The tokens of a user, oldest first.
pub async fn list(app: &App, caller: &Caller, user: &UserId, page: &PageQuery) -> Result<Page<AccessToken>> {
    let mut conn = app.db.read().await?;
    users::get_role(&mut conn, &caller.organization, user).await?;
    store::list(app, &mut conn, &caller.organization, user, page).await
}

/// Ends a token of a user, and those that it made.
pub async fn revoke(app: &App, caller: &Caller, user: &UserId, token: String) -> Result<()> {
    let token: AccessTokenId = parse_id("access token", token)?;
    let (mut tx, caller) = app.begin(caller).await?;
    let revoked = revoke_in(app, &mut tx, &caller, user, &token).await;
    tx.finish(revoked).await
}

async fn revoke_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    user: &UserId,
    token: &AccessTokenId,
) -> Result<()> {
    let role = users::hold_role(tx, &caller.organization, user).await?;
    caller.must_rank_over(role)?;
    if !store::delete(tx, &caller.organization, user, token).await? {
        return Err(Error::not_found("access token"));
    }
    let details = json!({ "user": user });
    caller.event("access_token.revoked", token.as_str(), details).about(user).record(app, tx).await
}

/// Takes from the tokens of `user` the scopes that they may no longer hold: a later promotion does not bring them
/// back. What is being written with one of them comes first.
pub async fn narrow(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    holdable: Scopes,
) -> Result<()> {
    for (id, scopes) in store::lock_scopes_of(tx, organization, user).await? {
        let kept = scopes.intersection(holdable);
        if kept != scopes {
            store::set_scopes(tx, organization, &id, kept).await?;
        }
    }
    Ok(())
}

/// Rules on the caller that concern rank and having somebody's account.
impl Caller {
    /// Nobody touches an account above their own rank.
    pub fn must_rank_over(&self, target: Role) -> Result<()> {
        if self.role.rank() >= target.rank() {
            return Ok(());
        }
        Err(Error::forbidden(format!(
            "This account is an `{target}`, which is above your own role, `{}`.",
            self.role
        )))
    }

    /// Nobody grants a role above their own. Who makes an administrator may be that administrator from then on.
    pub fn may_grant(&self, role: Role, param: &'static str) -> Result<()> {
        if self.role.rank() < role.rank() {
            let message =
                format!("You can't give the role `{role}`, which is above your own, `{}`.", self.role);
            return Err(Error::forbidden(message).with_param(param));
        }
        match role {
            Role::Admin | Role::AccountAdmin => self.may_have_account(role),
            Role::Teacher | Role::User => Ok(()),
        }
    }

    /// Signing in as somebody, holding their token, setting their password or e-mail: having their account. Over an
    /// admin, oneself included, the token must carry `edu.admin`; an app never has an administrator's.
    pub fn may_have_account(&self, target: Role) -> Result<()> {
        if self.delegated {
            let message =
                "A token that was made for you by somebody else can't do this: use one of your own.";
            return Err(Error::forbidden(message));
        }
        if self.app.is_some() && target.rank() > Role::Teacher.rank() {
            let message =
                "An app's token can do this to teachers and students alone: use a token of your own.";
            return Err(Error::forbidden(message));
        }
        if target == Role::Admin && !self.scopes.has(Scope::EduAdmin) {
            let message = "Over an admin's account the token needs the scope `edu.admin`.";
            return Err(Error::new(homeroom_api::ErrorCode::InsufficientScope, message));
        }
        Ok(())
    }
}

/// Whether a token made by somebody is still good: its maker is there and not below its user's rank.
fn maker_stands(delegated: bool, maker: Option<Role>, user: Role) -> bool {
    !delegated || maker.is_some_and(|maker| maker.rank() >= user.rank())
}

/// Whether `end` (0 for never) lies ahead.
fn lasts(end: Timestamp, now: Timestamp) -> bool {
    end == Timestamp::default() || now < end
}
