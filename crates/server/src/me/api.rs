use homeroom_api::{ErrorBody, ErrorCode, Scope, Scopes, UserDetails};

use crate::http::quirks::Sdk;
use crate::http::{Caller, Json, Params, Routes};
use crate::users::api::{PROFILE, printable_name, product};
use crate::users::{self, User};
use crate::{App, Error, Result};

pub fn routes() -> Routes {
    Routes::new().get("/v2/me", PROFILE, get)
}

/// Get the authenticated user
///
/// The organization and the role with `account.education_profile`, the e-mail address with `account.email`.
#[utoipa::path(
    get, path = "/v2/me", operation_id = "getAuthenticatedUser", tag = "Account",
    params(("onlyId" = Option<bool>, Query, description = "`true`: only `id`, `type`, `product`, `username` and `picture`", example = false)),
    responses((status = 200, description = "The user that the token stands for", body = UserDetails), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn get(app: App, caller: Caller, sdk: Sdk, params: Params) -> Result<Json<UserDetails>> {
    if caller.as_app {
        return Err(Error::forbidden("This token stands for an app, which is no user."));
    }
    let only_id = params.flag("onlyId")?;
    let user = users::get(&app, &caller, &caller.user).await.map_err(|error| match error.code {
        ErrorCode::NotFound => Error::unauthorized(), // removed since the token was looked up
        _ => error,
    })?;
    Ok(Json(if only_id { basics(&user, sdk) } else { details(user, caller.scopes, sdk) }))
}

fn basics(user: &User, sdk: Sdk) -> UserDetails {
    let basics = UserDetails::basics(user.id.clone(), product(&user.organization), user.username.clone());
    UserDetails { picture: sdk.no_picture(), ..basics }
}

/// What the holder of a token with these scopes sees of the user.
pub fn details(user: User, scopes: Scopes, sdk: Sdk) -> UserDetails {
    let present = |text: String| Some(text).filter(|text| !text.is_empty());
    let basics = basics(&user, sdk);
    let education = scopes.has(Scope::AccountEducationProfile);
    UserDetails {
        printable_name: Some(printable_name(&user.firstname, &user.lastname, &user.username)),
        firstname: present(user.firstname),
        lastname: present(user.lastname),
        registration_date: Some(user.created_at),
        locale: Some(user.locale),
        organization: education.then_some(user.organization),
        organization_role: education.then(|| sdk.sees(user.role)),
        groups: education.then_some(user.groups),
        email: user.email.filter(|_| scopes.has(Scope::AccountEmail)),
        ..basics
    }
}
