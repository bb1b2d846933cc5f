//! Seats of `credit` licences: given by an administrator, or by themselves when a person first signs in.

use homeroom_api::{ErrorCode, LicenseId, LicenseMode, OrganizationId, Timestamp, UserId};
use serde_json::json;

use super::choosing::choose_seat;
use super::{get, store};
use crate::audit::Event;
use crate::db::Tx;
use crate::http::Caller;
use crate::{App, Error, Result, organizations};

/// Gives a user a seat of a licence. Who has one keeps it.
pub async fn give(app: &App, caller: &Caller, license: &LicenseId, user: &UserId) -> Result<()> {
    let (mut tx, caller) = app.begin_with_roles(caller).await?;
    let given = give_in(app, &mut tx, &caller, license, user).await;
    tx.finish(given).await
}

async fn give_in(app: &App, tx: &mut Tx, caller: &Caller, license: &LicenseId, user: &UserId) -> Result<()> {
    must_have_seats(tx, caller, license).await?;
    match store::is_test(tx, &caller.organization, user).await? {
        None => return Err(Error::not_found("user")),
        Some(true) => {
            return Err(Error::invalid("user", "A test student needs no licence, and gets no seat."));
        }
        Some(false) => {}
    }
    if !assign(tx, &caller.organization, license, user, app.clock.now()).await? {
        return Ok(());
    }
    let details = json!({ "user": user });
    caller.event("license.assigned", license.as_str(), details).about(user).record(app, tx).await
}

async fn must_have_seats(tx: &mut Tx, caller: &Caller, license: &LicenseId) -> Result<()> {
    match get(tx, caller, license).await?.mode {
        LicenseMode::Credit => Ok(()),
        LicenseMode::Site => {
            let message =
                "This is a `site` licence, which covers everybody: it has no seats to give or take.";
            Err(Error::invalid("license", message))
        }
    }
}

/// Gives a user a seat of a licence, in a transaction that holds the organization's row; whether they had none of it
/// before. 409 where none is free.
pub async fn assign(
    tx: &mut Tx,
    organization: &OrganizationId,
    license: &LicenseId,
    user: &UserId,
    now: Timestamp,
) -> Result<bool> {
    if !store::hold_seat(tx, organization, license, user).await? {
        return Ok(false);
    }
    if !store::use_seat(tx, organization, license).await? {
        let message = "No seat of this licence is free: take one away from somebody, or raise its `seats`.";
        return Err(Error::new(ErrorCode::NoFreeSeat, message));
    }
    store::note_given(tx, organization, user, now).await?;
    choose_seat(tx, organization, user, now).await?;
    Ok(true)
}

/// Takes the seat of a licence away from a user. It is not given again by itself.
pub async fn take_away(app: &App, caller: &Caller, license: &LicenseId, user: &UserId) -> Result<()> {
    let (mut tx, caller) = app.begin_with_roles(caller).await?;
    let taken = take_away_in(app, &mut tx, &caller, license, user).await;
    tx.finish(taken).await
}

async fn take_away_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    license: &LicenseId,
    user: &UserId,
) -> Result<()> {
    let organization = &caller.organization;
    must_have_seats(tx, caller, license).await?;
    store::is_test(tx, organization, user).await?.ok_or_else(|| Error::not_found("user"))?;
    if !store::let_go_of_seat(tx, organization, license, user).await? {
        return Ok(());
    }
    store::free_seat(tx, organization, license).await?;
    choose_seat(tx, organization, user, app.clock.now()).await?;
    let details = json!({ "user": user });
    caller.event("license.unassigned", license.as_str(), details).about(user).record(app, tx).await
}

/// Gives a person who signs in a seat, if they never had one, one is free and the organization lets them have it.
pub async fn give_seat(app: &App, organization: &OrganizationId, user: &UserId) -> Result<()> {
    let now = app.clock.now();
    if store::offered(&mut app.db.read().await?, organization, user, now).await?.is_none() {
        return Ok(());
    }
    let mut tx = app.db.write().await?;
    let given = give_seat_in(app, &mut tx, organization, user, now).await;
    tx.finish(given).await
}

/// Of many who come at once, those who find a seat when it is their turn get one.
async fn give_seat_in(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    now: Timestamp,
) -> Result<()> {
    organizations::lock_roles(tx, organization).await?;
    let Some(license) = store::offered(tx, organization, user, now).await? else { return Ok(()) };
    assign(tx, organization, &license, user, now).await?;
    let event = Event {
        organization,
        actor: None,
        actor_token: None,
        maker: None,
        name: "license.assigned",
        target: Some(license.as_str()),
        about: Some(user),
        details: json!({ "user": user, "by": "signin" }),
    };
    event.record(app, tx).await
}
