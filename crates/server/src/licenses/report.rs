//! How the licences stand, and how seats are given.

use homeroom_api::{LicenseMode, LicenseReport, LicenseSettings, TestAccounts};
use serde_json::json;

use super::{License, store};
use crate::db::Tx;
use crate::http::Caller;
use crate::users::{self, Filter};
use crate::{App, Result};

/// Seats of the active licences, and how many people have none.
pub async fn report(app: &App, caller: &Caller) -> Result<LicenseReport> {
    let now = app.clock.now();
    let licenses = super::list(app, caller).await?;
    let active = |mode: LicenseMode| {
        licenses.iter().filter(move |license| {
            license.mode == mode && license.starts_at <= now && now < license.expires_at
        })
    };
    let sum = |of: fn(&License) -> i64| active(LicenseMode::Credit).map(of).sum::<i64>();
    let (seats, seats_used) = (sum(|license| license.seats), sum(|license| license.seats_used));
    let filter =
        Filter { no_active_license: true, test_accounts: Some(TestAccounts::Exclude), ..Filter::default() };
    Ok(LicenseReport {
        seats,
        seats_used,
        seats_free: seats - seats_used,
        site: active(LicenseMode::Site).next().is_some(),
        users_without_license: users::count(app, caller, &filter).await?,
        users_without_license_url: format!(
            "{}/v2/organizations/users?noActiveLicense=true&testAccounts=exclude",
            app.settings.public_url
        ),
    })
}

pub async fn settings(app: &App, caller: &Caller) -> Result<LicenseSettings> {
    let assigns_seats = store::assigns_seats(&mut app.db.read().await?, &caller.organization).await?;
    Ok(LicenseSettings { assigns_seats })
}

/// Changes whether people get a seat by themselves. Who has one keeps it.
pub async fn set_settings(app: &App, caller: &Caller, settings: LicenseSettings) -> Result<LicenseSettings> {
    let (mut tx, caller) = app.begin_with_roles(caller).await?;
    let set = set_settings_in(app, &mut tx, &caller, settings).await;
    tx.finish(set).await
}

async fn set_settings_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    settings: LicenseSettings,
) -> Result<LicenseSettings> {
    store::set_assigns_seats(tx, &caller.organization, settings.assigns_seats).await?;
    let details = json!({ "assignsSeats": settings.assigns_seats });
    caller.event("organization.updated", caller.organization.as_str(), details).record(app, tx).await?;
    Ok(settings)
}
