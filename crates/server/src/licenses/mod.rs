//! Licences: what a school has bought. A `credit` licence has seats, which people hold; a `site` licence covers
//! everybody. The one that counts for a user is the active one that ends last, else the one that ends last.
//!
//! Of the seats that a user holds, the licence that counts stands on the user's row; of the organization's site
//! licences, on the organization's. Which one counts can change when one begins or ends: `licenses_change_at` says
//! when that is next, and [`settle_due`] chooses again.
//!
//! Whoever makes, changes or deletes a licence, gives a seat or takes one holds the organization's row: so what is
//! counted (`seats_used`) is as many as hold a seat, and never more than were bought.
pub mod api;
mod choosing;
mod report;
mod seats;
mod store;

use homeroom_api::{
    ErrorCode, LicenseId, LicenseMode, OrganizationLicenseCreation, OrganizationLicenseUpdate, Timestamp,
};
use serde_json::json;

use crate::db::Tx;
use crate::http::Caller;
use crate::{App, Error, Result};

pub use choosing::{has_site, settle};
pub use report::{report, set_settings, settings};
pub use seats::{assign, give, give_seat, take_away};
pub use store::{License, NewLicense, insert, miscounted};

const MOST_LICENSES: usize = 1000;
const MOST_SEATS: i64 = 1_000_000;
/// 2000-01-01 to 3000-01-01: what no licence is bought for is a slip.
const EARLIEST: Timestamp = Timestamp::from_millis(946_684_800_000);
const LATEST: Timestamp = Timestamp::from_millis(32_503_680_000_000);

/// The organization's licences, oldest first.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<License>> {
    store::list(&mut app.db.read().await?, &caller.organization).await
}

/// Makes a licence; one of mode `site` covers everybody from its start on.
pub async fn create(app: &App, caller: &Caller, new: OrganizationLicenseCreation) -> Result<License> {
    let seats = check_seats(new.mode, new.seats)?;
    check_dates(new.start_date, new.expiration_date)?;
    let (mut tx, caller) = app.begin_with_roles(caller).await?;
    let created = create_in(app, &mut tx, &caller, &new, seats).await;
    tx.finish(created).await
}

async fn create_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    new: &OrganizationLicenseCreation,
    seats: i64,
) -> Result<License> {
    if store::list(tx, &caller.organization).await?.len() >= MOST_LICENSES {
        let message = "An organization has at most 1000 licences: delete those that have ended.";
        return Err(Error::invalid("licenses", message));
    }
    let now = app.clock.now();
    let license = NewLicense {
        id: app.random.id(now),
        mode: new.mode,
        source: new.source,
        seats,
        starts_at: new.start_date,
        expires_at: new.expiration_date,
    };
    insert(tx, &caller.organization, &license, now).await?;
    let details = json!({ "mode": new.mode, "source": new.source, "seats": new.seats, "startDate": new.start_date,
                          "expirationDate": new.expiration_date });
    caller.event("license.created", license.id.as_str(), details).record(app, tx).await?;
    get(tx, caller, &license.id).await
}

/// 0 for a licence without seats.
fn check_seats(mode: LicenseMode, seats: Option<i64>) -> Result<i64> {
    match (mode, seats) {
        (LicenseMode::Site, None) => Ok(0),
        (LicenseMode::Site, Some(_)) => {
            Err(Error::invalid("seats", "A `site` licence covers everybody: leave out `seats`."))
        }
        (LicenseMode::Credit, Some(seats)) if (1..=MOST_SEATS).contains(&seats) => Ok(seats),
        (LicenseMode::Credit, _) => {
            Err(Error::invalid("seats", "Say how many `seats` were bought: 1 to 1000000."))
        }
    }
}

fn check_dates(start: Timestamp, end: Timestamp) -> Result<()> {
    for (param, date) in [("startDate", start), ("expirationDate", end)] {
        if !(EARLIEST..=LATEST).contains(&date) {
            let message = format!("`{param}` is in no year from 2000 to 2999: check the year.");
            return Err(Error::invalid(param, message));
        }
    }
    if start >= end {
        return Err(Error::invalid("expirationDate", "`expirationDate` must be later than `startDate`."));
    }
    Ok(())
}

async fn get(tx: &mut Tx, caller: &Caller, id: &LicenseId) -> Result<License> {
    let found = store::find(tx, &caller.organization, id).await?;
    found.ok_or_else(|| Error::not_found("licence"))
}

/// Changes what came of a licence. 409 where more seats are in use than it would have.
pub async fn update(
    app: &App,
    caller: &Caller,
    id: &LicenseId,
    update: OrganizationLicenseUpdate,
) -> Result<License> {
    let (mut tx, caller) = app.begin_with_roles(caller).await?;
    let updated = update_in(app, &mut tx, &caller, id, update).await;
    tx.finish(updated).await
}

async fn update_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    id: &LicenseId,
    update: OrganizationLicenseUpdate,
) -> Result<License> {
    let before = get(tx, caller, id).await?;
    let after = apply(&before, &update)?;
    let changed = changed(&before, &after);
    if changed.is_empty() {
        return Ok(before);
    }
    if !store::save(tx, &caller.organization, &after).await? {
        return Err(in_use(before.seats_used));
    }
    if (before.starts_at, before.expires_at) != (after.starts_at, after.expires_at) {
        choosing::move_dates(tx, &caller.organization, &after, app.clock.now()).await?;
    }
    let details = json!({ "changed": changed });
    caller.event("license.updated", id.as_str(), details).record(app, tx).await?;
    Ok(after)
}

/// The licence as it will be.
fn apply(before: &License, update: &OrganizationLicenseUpdate) -> Result<License> {
    if update.mode.is_some_and(|mode| mode != before.mode) {
        let message = format!("A licence stays `{}`: make another one, and delete this.", before.mode);
        return Err(Error::invalid("mode", message));
    }
    let seats = match update.seats {
        Some(seats) => check_seats(before.mode, Some(seats))?,
        None => before.seats,
    };
    let after = License {
        source: update.source.unwrap_or(before.source),
        seats,
        starts_at: update.start_date.unwrap_or(before.starts_at),
        expires_at: update.expiration_date.unwrap_or(before.expires_at),
        ..before.clone()
    };
    check_dates(after.starts_at, after.expires_at)?;
    Ok(after)
}

/// Which fields changed.
fn changed(before: &License, after: &License) -> Vec<&'static str> {
    let fields = [
        ("source", before.source != after.source),
        ("seats", before.seats != after.seats),
        ("startDate", before.starts_at != after.starts_at),
        ("expirationDate", before.expires_at != after.expires_at),
    ];
    fields.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name).collect()
}

fn in_use(seats: i64) -> Error {
    let message =
        format!("{seats} seats are in use: take some away first, or let `seats` be {seats} at least.");
    Error::new(ErrorCode::SeatsInUse, message).with_param("seats")
}

/// Deletes a licence. Who held a seat of it has none of it any more; which other one counts is chosen again.
pub async fn delete(app: &App, caller: &Caller, id: &LicenseId) -> Result<()> {
    let (mut tx, caller) = app.begin_with_roles(caller).await?;
    let deleted = delete_in(app, &mut tx, &caller, id).await;
    tx.finish(deleted).await
}

async fn delete_in(app: &App, tx: &mut Tx, caller: &Caller, id: &LicenseId) -> Result<()> {
    let license = get(tx, caller, id).await?;
    choosing::forget(tx, &caller.organization, id, app.clock.now()).await?;
    let details = json!({ "mode": license.mode, "seatsUsed": license.seats_used });
    caller.event("license.deleted", id.as_str(), details).record(app, tx).await
}

/// Chooses again in every organization where a licence has begun or ended.
pub async fn settle_due(app: &App) -> Result<()> {
    let now = app.clock.now();
    for organization in choosing::due(&mut app.db.read().await?, now).await? {
        let mut tx = app.db.write().await?;
        settle(&mut tx, &organization, now).await?;
        tx.commit().await?;
    }
    Ok(())
}
