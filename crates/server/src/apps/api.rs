use axum::http::StatusCode;
use homeroom_api::{
    AppId, ErrorBody, OrganizationApp, OrganizationAppCreation, OrganizationAppUpdate, Scope, Scopes,
};

use super::{App as Registered, shown_secret};
use crate::http::{Access, Allowed, Caller, Json, Path, Routes, parse_id};
use crate::{App, Result, apps};

const APPS: Access = Access { scopes: Scopes::of(&[Scope::EduAdmin]), roles: Allowed::Admins };

const ALL: &str = "/v2/organizations/apps";
const ONE: &str = "/v2/organizations/apps/{app}";

pub fn routes() -> Routes {
    Routes::new()
        .get(ALL, APPS, list)
        .post(ALL, APPS, create)
        .get(ONE, APPS, get)
        .put(ONE, APPS, update)
        .delete(ONE, APPS, remove)
        .post("/v2/organizations/apps/{app}/secret", APPS, rotate_secret)
}

/// List the apps of the organization
///
/// Oldest first, without their secrets. Not in the contract.
#[utoipa::path(
    get, path = "/v2/organizations/apps", operation_id = "listOrganizationApps", tag = "Organization",
    responses((status = 200, description = "The apps", body = [OrganizationApp]), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn list(app: App, caller: Caller) -> Result<Json<Vec<OrganizationApp>>> {
    let apps = apps::list(&app, &caller).await?;
    Ok(Json(apps.into_iter().map(|app| app.show(None)).collect()))
}

/// Register an app
///
/// Not with a delegated token or an app's own. The secret of a confidential app is shown this once. Not in the
/// contract.
#[utoipa::path(
    post, path = "/v2/organizations/apps", operation_id = "createOrganizationApp", tag = "Organization",
    request_body = OrganizationAppCreation,
    responses((status = 200, description = "The new app", body = OrganizationApp), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn create(
    app: App,
    caller: Caller,
    Json(new): Json<OrganizationAppCreation>,
) -> Result<Json<OrganizationApp>> {
    let (created, secret) = apps::create(&app, &caller, new).await?;
    Ok(Json(created.show(shown_secret(secret))))
}

/// Get an app
///
/// Without its secret. Not in the contract.
#[utoipa::path(
    get, path = "/v2/organizations/apps/{app}", operation_id = "getOrganizationApp", tag = "Organization",
    params(("app" = String, Path, description = "The id of the app")),
    responses((status = 200, description = "The app", body = OrganizationApp), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn get(app: App, caller: Caller, Path([id]): Path<1>) -> Result<Json<OrganizationApp>> {
    Ok(Json(apps::get(&app, &caller, &parse(id)?).await?.show(None)))
}

/// Change an app
///
/// Only the fields that come are changed; `null` clears `role`. Tokens lose scopes that the app may no longer have at
/// once. Whoever changes an app answers for it from then on. Not in the contract.
#[utoipa::path(
    put, path = "/v2/organizations/apps/{app}", operation_id = "updateOrganizationApp", tag = "Organization",
    params(("app" = String, Path, description = "The id of the app")), request_body = OrganizationAppUpdate,
    responses((status = 200, description = "The app as it is now", body = OrganizationApp), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn update(
    app: App,
    caller: Caller,
    Path([id]): Path<1>,
    Json(update): Json<OrganizationAppUpdate>,
) -> Result<Json<OrganizationApp>> {
    Ok(Json(apps::update(&app, &caller, &parse(id)?, update).await?.show(None)))
}

/// Remove an app
///
/// Its tokens, codes and consents end with it. Not in the contract.
#[utoipa::path(
    delete, path = "/v2/organizations/apps/{app}", operation_id = "removeOrganizationApp", tag = "Organization",
    params(("app" = String, Path, description = "The id of the app")),
    responses((status = 204, description = "Removed"), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn remove(app: App, caller: Caller, Path([id]): Path<1>) -> Result<StatusCode> {
    apps::remove(&app, &caller, &parse(id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give an app another secret
///
/// The one before it, and the tokens with which the app acts for itself, end at once. Not in the contract.
#[utoipa::path(
    post, path = "/v2/organizations/apps/{app}/secret", operation_id = "rotateOrganizationAppSecret",
    tag = "Organization", params(("app" = String, Path, description = "The id of the app")),
    responses((status = 200, description = "The app with its new secret", body = OrganizationApp), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn rotate_secret(app: App, caller: Caller, Path([id]): Path<1>) -> Result<Json<OrganizationApp>> {
    let (rotated, secret) = apps::rotate_secret(&app, &caller, &parse(id)?).await?;
    Ok(Json(rotated.show(shown_secret(Some(secret)))))
}

fn parse(id: String) -> Result<AppId> {
    parse_id("app", id)
}

impl Registered {
    fn show(self, secret: Option<String>) -> OrganizationApp {
        OrganizationApp {
            id: self.id,
            secret,
            name: self.name,
            r#type: self.ty,
            redirect_uris: self.redirect_uris,
            scopes: self.scopes,
            role: self.role,
            legacy: self.legacy,
            maker: self.maker,
            creation_date: self.created_at,
        }
    }
}
