//! Removing people. The first step is one transaction: the account becomes a tombstone, its names are free again,
//! its tokens, links, seats and memberships are gone. The second, in the background, erases what is left.

use homeroom_api::{OrganizationId, Role, UserId};
use serde_json::json;

use super::account::{LONGEST_USERNAME, Profile};
use super::{Member, names, role, store};
use crate::db::Tx;
use crate::http::Caller;
use crate::mailed_links::Kind;
use crate::organizations::INDIVIDUALS;
use crate::{
    App, Error, Result, access_tokens, apps, classes, invitations, jobs, lti, mail, mailed_links, oauth,
    second_factors, sessions, signin_links,
};

/// Removes a user and, in the background, all that is held about them.
pub async fn remove(app: &App, caller: &Caller, user: &UserId) -> Result<()> {
    let (mut tx, caller) = app.begin_with_roles(caller).await?;
    let removed = remove_in(app, &mut tx, &caller, user).await;
    tx.finish(removed).await
}

async fn remove_in(app: &App, tx: &mut Tx, caller: &Caller, user: &UserId) -> Result<()> {
    let member = lock_to_leave(tx, caller, user).await?;
    entomb(app, tx, &caller.organization, user).await?;
    caller.event("user.removed", user.as_str(), json!({ "role": member.role })).record(app, tx).await
}

/// The first step: the account, which is locked, becomes a tombstone.
pub(super) async fn entomb(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<()> {
    leave(app, tx, organization, user).await?;
    store::entomb(tx, organization, user, app.clock.now()).await?;
    jobs::enqueue_erasure(app, tx, organization, user).await
}

/// Turns a user into an individual, who leaves the organization and keeps the account and the scores: they follow in
/// the background, while the rest of what the organization holds of them is erased.
pub async fn convert_to_individual(app: &App, caller: &Caller, user: &UserId) -> Result<()> {
    let (mut tx, caller) = app.begin_with_roles(caller).await?;
    let converted = convert_in(app, &mut tx, &caller, user).await;
    tx.finish(converted).await
}

async fn convert_in(app: &App, tx: &mut Tx, caller: &Caller, user: &UserId) -> Result<()> {
    let organization = &caller.organization;
    let member = lock_to_leave(tx, caller, user).await?;
    jobs::must_have_arrived(tx, user).await?;
    leave(app, tx, organization, user).await?;
    let individuals = OrganizationId::from(INDIVIDUALS);
    let profile = insert_elsewhere(tx, organization, &individuals, &member).await?;
    names::claim(tx, &individuals, user, &profile).await?;
    store::entomb(tx, organization, user, app.clock.now()).await?;
    jobs::enqueue_move(app, tx, organization, user, &individuals).await?;
    if member.password_by_admin
        && let Some(email) = &profile.email
    {
        store::clear_password(tx, &individuals, user).await?;
        mailed_links::send(app, tx, &individuals, user, Kind::Setup, email).await?;
    }
    caller.event("user.converted", user.as_str(), json!({ "role": member.role })).record(app, tx).await
}

/// Inserts the account of one organization in another, with a number after its username where that is taken.
pub(super) async fn insert_elsewhere(
    tx: &mut Tx,
    from: &OrganizationId,
    to: &OrganizationId,
    member: &Member,
) -> Result<Profile> {
    for number in 1..=1000 {
        let username = numbered(&member.profile.username, number);
        let profile = Profile { username, ..member.profile.clone() };
        let key = profile.username_key();
        let is_free =
            !key.contains('@') || key == profile.email_key() || !names::is_claimed(tx, to, &key).await?;
        if is_free && store::move_to(tx, from, to, &member.id, &profile).await? {
            return Ok(profile);
        }
    }
    Err(names::username_taken())
}

/// `ada`, `ada2`, `ada3`…, cut so that both fit.
fn numbered(username: &str, number: u32) -> String {
    if number == 1 {
        return username.to_owned();
    }
    let number = number.to_string();
    let kept: String = username.chars().take(LONGEST_USERNAME - number.len()).collect();
    format!("{}{number}", kept.trim_end())
}

/// Locks the user; the caller must rank over them, and an admin must stay.
async fn lock_to_leave(tx: &mut Tx, caller: &Caller, user: &UserId) -> Result<Member> {
    let organization = &caller.organization;
    let member = store::lock(tx, organization, user).await?.ok_or_else(|| Error::not_found("user"))?;
    caller.must_rank_over(member.role)?;
    if member.role == Role::Admin {
        role::keep_an_admin(tx, organization, user).await?;
    }
    Ok(member)
}

/// Ends all that the user has and holds open in the organization, and clears the columns that name them.
pub(super) async fn leave(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<()> {
    oauth::forget_person(tx, organization, user).await?;
    access_tokens::end_all_of(tx, organization, user).await?;
    signin_links::end_all_of(tx, organization, user).await?;
    sessions::end_of(tx, organization, user).await?;
    sessions::end_all_made_by(tx, organization, user).await?;
    mailed_links::end_all_of(tx, organization, user).await?;
    mail::forget_about(tx, organization, user.as_str()).await?;
    second_factors::forget(tx, organization, user).await?;
    names::release(tx, organization, user).await?;
    invitations::revoke_beyond(app, tx, organization, user, None).await?;
    invitations::forget_person(app, tx, organization, user).await?;
    lti::forget_creator(tx, organization, user).await?;
    apps::forget_maker(tx, organization, user).await?;
    classes::erasure::hand_over(tx, organization, user).await?;
    classes::erasure::end_test_students(tx, organization, user, app.clock.now()).await?;
    store::leave_groups_and_seats(tx, organization, user).await
}

/// Deletes the tombstone, once all else is erased.
pub async fn bury(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    store::delete_tombstone(tx, organization, user).await
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn a_taken_username_gets_a_number_and_is_cut_so_that_both_fit() {
        assert_eq!(numbered("ada", 1), "ada");
        assert_eq!(numbered("ada", 2), "ada2");
        assert_eq!(numbered(&"é".repeat(30), 12), format!("{}12", "é".repeat(28)));
    }
}
