use homeroom_api::{ErrorBody, UserSigninLink, UserSigninLinkCreation};

use crate::http::{Caller, Json, Path, Routes, parse_id};
use crate::users::api::USERS_WRITE;
use crate::{App, Result, signin_links};

pub fn routes() -> Routes {
    Routes::new().post("/v2/organizations/users/{user}/signinLink", USERS_WRITE, create)
}

/// Make a sign-in link for a user
///
/// Whoever opens it first is signed in as that user. It works once, for an hour unless the server is set otherwise.
#[utoipa::path(
    post, path = "/v2/organizations/users/{user}/signinLink", operation_id = "createOrganizationUserSigninLink",
    tag = "Organization", params(("user" = String, Path, description = "The id of the user")),
    request_body = UserSigninLinkCreation,
    responses((status = 200, description = "The link", body = UserSigninLink), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn create(
    app: App,
    caller: Caller,
    Path([user]): Path<1>,
    Json(new): Json<UserSigninLinkCreation>,
) -> Result<Json<UserSigninLink>> {
    let user = parse_id("user", user)?;
    signin_links::create(&app, &caller, &user, new).await.map(Json)
}
