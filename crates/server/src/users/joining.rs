//! Coming into an organization by oneself: with a new account, or with an individual one that moves.

use homeroom_api::{OrganizationId, Role, UserId};

use super::{Member, NewUser, Profile, creation, names, removal, store};
use crate::crypto::PasswordHash;
use crate::db::Tx;
use crate::organizations::INDIVIDUALS;
use crate::{App, Result, jobs};

/// Inserts an account whose owner chose its password; 409 where its username or e-mail is taken.
pub async fn insert_own(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    new: &NewUser,
) -> Result<UserId> {
    let user = creation::insert(app, tx, organization, new).await?;
    if let Some(hash) = &new.password {
        set_own_password(tx, organization, &user, hash).await?;
    }
    Ok(user)
}

/// Sets a password that the account's owner chose.
pub async fn set_own_password(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    hash: &PasswordHash,
) -> Result<()> {
    store::set_password(tx, organization, user, hash, false).await
}

/// Locks an account until the transaction ends, and reads it, if it is there.
pub async fn find_and_lock(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Option<Member>> {
    store::lock(tx, organization, user).await
}

/// Moves an individual account, which is locked, into an organization: the reverse of leaving as an individual. All
/// that it had open ends. 409 where its e-mail is taken there; a taken username gets a number.
pub async fn move_in(
    app: &App,
    tx: &mut Tx,
    individual: &Member,
    organization: &OrganizationId,
    role: Role,
) -> Result<Profile> {
    let (individuals, user) = (OrganizationId::from(INDIVIDUALS), &individual.id);
    jobs::must_have_arrived(tx, user).await?;
    removal::leave(app, tx, &individuals, user).await?;
    let profile = removal::insert_elsewhere(tx, &individuals, organization, individual).await?;
    names::claim(tx, organization, user, &profile).await?;
    store::set_role(tx, organization, user, role).await?;
    store::entomb(tx, &individuals, user, app.clock.now()).await?;
    // Whoever removes the account later looks into the organization's log alone.
    jobs::enqueue_move(app, tx, &individuals, user, organization).await?;
    Ok(profile)
}
