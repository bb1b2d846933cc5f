//! Users: the accounts of an organization.
//!
//! A username is unique by its fold, and one namespace with the exclusive e-mail addresses. An organization keeps
//! at least one admin. Nobody touches or makes an account above their own rank.
mod account;
mod activity;
pub mod api;
mod creation;
mod erasures;
pub mod export;
mod filter;
mod joining;
mod list;
mod names;
mod narrow;
pub mod own;
mod password;
mod public;
mod removal;
mod role;
mod search;
mod store;
mod update;

use homeroom_api::{OrganizationId, Role, Timestamp, UserId};

use crate::db::{Read, Tx};
use crate::http::Caller;
use crate::{App, Error, Result};

pub use account::{NewUser, Profile};
pub use activity::{Activity, note_activity};
pub use api::printable_name;
pub use creation::{create, insert};
pub use erasures::find_erasure;
pub use filter::{Filter, LicenseFilter};
pub use joining::{find_and_lock, insert_own, move_in, set_own_password};
pub use list::{Sorting, count, list};
pub use password::choose_password;
pub(crate) use public::person;
pub use public::{Person, get_public, must_know, named};
pub use removal::{bury, convert_to_individual, remove};
pub use role::{narrow_teachers, set_role};
pub use store::{
    Contact, Member, User, contact, find_by_username, find_member_by_email, find_role, password_hash,
};
pub use update::update;

/// A user of the caller's organization.
pub async fn get(app: &App, caller: &Caller, user: &UserId) -> Result<User> {
    store::get(&mut app.db.read().await?, &caller.organization, user, app.clock.now()).await
}

/// A user who is there, as of `now`.
pub async fn get_member(
    conn: &mut impl Read,
    organization: &OrganizationId,
    user: &UserId,
    now: Timestamp,
) -> Result<User> {
    store::get(conn, organization, user, now).await
}

/// The role of a user who is there.
pub async fn get_role(conn: &mut impl Read, organization: &OrganizationId, user: &UserId) -> Result<Role> {
    store::find_role(conn, organization, user).await?.ok_or_else(|| Error::not_found("user"))
}

/// Removes the account of a test student, for good; whether it was there.
pub async fn remove_test_student(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<bool> {
    let found = store::lock(tx, organization, user).await?;
    if found.is_some() {
        removal::entomb(app, tx, organization, user).await?;
    }
    Ok(found.is_some())
}

/// As [`hold`], several.
pub async fn hold_all(tx: &mut Tx, organization: &OrganizationId, users: &[UserId]) -> Result<()> {
    store::hold_all(tx, organization, users).await
}

/// Keeps a user as they are until the transaction ends, whether they are there or not.
pub async fn hold(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    store::hold(tx, organization, user).await
}

/// As [`get_role`]; the user stays, and keeps the role, until the transaction ends.
pub async fn hold_role(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<Role> {
    store::hold(tx, organization, user).await?;
    get_role(tx, organization, user).await
}
