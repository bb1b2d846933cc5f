use axum::http::StatusCode;
use homeroom_api::ErrorBody;

use crate::http::{Caller, Path, Routes, parse_id};
use crate::users::api::USERS_WRITE;
use crate::{App, Result, second_factors};

pub fn routes() -> Routes {
    Routes::new().delete("/v2/organizations/users/{user}/secondFactor", USERS_WRITE, remove)
}

/// Remove the second factor of a user
///
/// For somebody who has lost their phone and their recovery codes: from then on the password is enough. Not in the
/// contract.
#[utoipa::path(
    delete, path = "/v2/organizations/users/{user}/secondFactor",
    operation_id = "removeOrganizationUserSecondFactor", tag = "Organization",
    params(("user" = String, Path, description = "The id of the user")),
    responses((status = 204, description = "Removed"), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn remove(app: App, caller: Caller, Path([user]): Path<1>) -> Result<StatusCode> {
    let user = parse_id("user", user)?;
    second_factors::remove(&app, &caller, &user).await?;
    Ok(StatusCode::NO_CONTENT)
}
