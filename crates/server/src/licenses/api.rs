use axum::http::StatusCode;
use homeroom_api::{
    ErrorBody, LicenseMode, LicenseReport, LicenseSettings, OrganizationLicense, OrganizationLicenseCreation,
    OrganizationLicenseUpdate, Scope, Scopes, Timestamp,
};

use super::License;
use crate::http::{Access, Allowed, Caller, Json, Path, Routes, parse_id};
use crate::users::api::USERS_READ;
use crate::{App, Result, licenses};

const WRITE: Access = Access { scopes: Scopes::of(&[Scope::EduAdmin]), roles: Allowed::Admins };

const ALL: &str = "/v2/organizations/licenses";
const ONE: &str = "/v2/organizations/licenses/{license}";
const REPORT: &str = "/v2/organizations/licenses/report";
const SETTINGS: &str = "/v2/organizations/licenses/settings";
const SEAT: &str = "/v2/organizations/licenses/{license}/users/{user}";

pub fn routes() -> Routes {
    Routes::new()
        .get(ALL, USERS_READ, list)
        .post(ALL, WRITE, create)
        .get(REPORT, USERS_READ, report)
        .get(SETTINGS, USERS_READ, settings)
        .put(SETTINGS, WRITE, set_settings)
        .put(ONE, WRITE, update)
        .delete(ONE, WRITE, delete)
        .put(SEAT, WRITE, assign)
        .delete(SEAT, WRITE, unassign)
}

/// List the licences of the organization
///
/// With the seats that were bought, those in use and those that are free. Not in the contract.
#[utoipa::path(
    get, path = "/v2/organizations/licenses", operation_id = "listOrganizationLicenses", tag = "Organization",
    responses((status = 200, description = "All licences, oldest first", body = [OrganizationLicense]), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn list(app: App, caller: Caller) -> Result<Json<Vec<OrganizationLicense>>> {
    let found = licenses::list(&app, &caller).await?;
    Ok(Json(found.into_iter().map(|license| license.show(app.clock.now())).collect()))
}

/// Add a licence
///
/// A `credit` licence has seats: people who sign in for the first time get one by themselves, unless the settings
/// say otherwise. A `site` licence covers everybody. Not in the contract.
#[utoipa::path(
    post, path = "/v2/organizations/licenses", operation_id = "createOrganizationLicense", tag = "Organization",
    request_body = OrganizationLicenseCreation,
    responses((status = 200, description = "The licence", body = OrganizationLicense), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn create(
    app: App,
    caller: Caller,
    Json(new): Json<OrganizationLicenseCreation>,
) -> Result<Json<OrganizationLicense>> {
    Ok(Json(licenses::create(&app, &caller, new).await?.show(app.clock.now())))
}

/// See how the licences stand
///
/// Seats of the active `credit` licences, how many people have no active licence, and where they are listed. Not in the
/// contract.
#[utoipa::path(
    get, path = "/v2/organizations/licenses/report", operation_id = "getOrganizationLicenseReport",
    tag = "Organization",
    responses((status = 200, description = "The report", body = LicenseReport), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn report(app: App, caller: Caller) -> Result<Json<LicenseReport>> {
    licenses::report(&app, &caller).await.map(Json)
}

/// See how seats are given
///
/// Not in the contract.
#[utoipa::path(
    get, path = "/v2/organizations/licenses/settings", operation_id = "getOrganizationLicenseSettings",
    tag = "Organization",
    responses((status = 200, description = "The settings", body = LicenseSettings), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn settings(app: App, caller: Caller) -> Result<Json<LicenseSettings>> {
    licenses::settings(&app, &caller).await.map(Json)
}

/// Change how seats are given
///
/// Who has a seat keeps it. Not in the contract.
#[utoipa::path(
    put, path = "/v2/organizations/licenses/settings", operation_id = "updateOrganizationLicenseSettings",
    tag = "Organization", request_body = LicenseSettings,
    responses((status = 200, description = "The settings as they are now", body = LicenseSettings), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn set_settings(
    app: App,
    caller: Caller,
    Json(settings): Json<LicenseSettings>,
) -> Result<Json<LicenseSettings>> {
    licenses::set_settings(&app, &caller, settings).await.map(Json)
}

/// Change a licence
///
/// Only the fields that come. To renew one, move its end: who holds a seat keeps it. Not in the contract.
#[utoipa::path(
    put, path = "/v2/organizations/licenses/{license}", operation_id = "updateOrganizationLicense",
    tag = "Organization", params(("license" = String, Path, description = "The id of the licence")),
    request_body = OrganizationLicenseUpdate,
    responses((status = 200, description = "The licence as it is now", body = OrganizationLicense), (status = 409, description = "More seats are in use", body = ErrorBody), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn update(
    app: App,
    caller: Caller,
    Path([license]): Path<1>,
    Json(update): Json<OrganizationLicenseUpdate>,
) -> Result<Json<OrganizationLicense>> {
    let license = parse_id("licence", license)?;
    Ok(Json(licenses::update(&app, &caller, &license, update).await?.show(app.clock.now())))
}

/// Delete a licence
///
/// Its seats end with it. Not in the contract.
#[utoipa::path(
    delete, path = "/v2/organizations/licenses/{license}", operation_id = "deleteOrganizationLicense",
    tag = "Organization", params(("license" = String, Path, description = "The id of the licence")),
    responses((status = 204, description = "Deleted"), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn delete(app: App, caller: Caller, Path([license]): Path<1>) -> Result<StatusCode> {
    licenses::delete(&app, &caller, &parse_id("licence", license)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give a user a seat
///
/// Who has one of this licence keeps it. Test students get none. Not in the contract.
#[utoipa::path(
    put, path = "/v2/organizations/licenses/{license}/users/{user}", operation_id = "assignOrganizationLicense",
    tag = "Organization",
    params(("license" = String, Path, description = "The id of the licence"), ("user" = String, Path, description = "The id of the user")),
    responses((status = 204, description = "The user has a seat"), (status = 409, description = "None is free", body = ErrorBody), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn assign(app: App, caller: Caller, Path([license, user]): Path<2>) -> Result<StatusCode> {
    licenses::give(&app, &caller, &parse_id("licence", license)?, &parse_id("user", user)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a seat away from a user
///
/// It is not given to them again by itself. Not in the contract.
#[utoipa::path(
    delete, path = "/v2/organizations/licenses/{license}/users/{user}", operation_id = "unassignOrganizationLicense",
    tag = "Organization",
    params(("license" = String, Path, description = "The id of the licence"), ("user" = String, Path, description = "The id of the user")),
    responses((status = 204, description = "The user has no seat of it"), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn unassign(app: App, caller: Caller, Path([license, user]): Path<2>) -> Result<StatusCode> {
    licenses::take_away(&app, &caller, &parse_id("licence", license)?, &parse_id("user", user)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl License {
    fn show(self, now: Timestamp) -> OrganizationLicense {
        let has_seats = self.mode == LicenseMode::Credit;
        OrganizationLicense {
            id: self.id,
            mode: self.mode,
            source: self.source,
            seats: has_seats.then_some(self.seats),
            seats_used: has_seats.then_some(self.seats_used),
            seats_free: has_seats.then_some(self.seats - self.seats_used),
            start_date: self.starts_at,
            expiration_date: self.expires_at,
            creation_date: self.created_at,
            active: self.starts_at <= now && now < self.expires_at,
        }
    }
}
