use axum::http::StatusCode;
use axum::response::Response;
use homeroom_api::{
    AccessTokenSummary, ApiAccessToken, ErrorBody, OrganizationUserAccessTokenCreation, UserId,
};

use crate::http::cursor::List;
use crate::http::{Caller, Json, PageQuery, Params, Path, Routes, parse_id};
use crate::users::api::{USERS_READ, USERS_WRITE};
use crate::{App, Result, access_tokens};

pub fn routes() -> Routes {
    Routes::new()
        .post("/v2/organizations/users/{user}/accessToken", USERS_WRITE, create)
        .get("/v2/organizations/users/{user}/accessTokens", USERS_READ, list)
        .delete("/v2/organizations/users/{user}/accessTokens/{token}", USERS_WRITE, revoke)
}

/// Make an access token for a user
///
/// With it a script acts as that user. It lasts 24 hours unless the server is set otherwise, never longer than the
/// token that makes it, and ends with that one. The token is shown this once.
#[utoipa::path(
    post, path = "/v2/organizations/users/{user}/accessToken", operation_id = "createOrganizationUserAccessToken",
    tag = "Organization", params(("user" = String, Path, description = "The id of the user")),
    request_body = OrganizationUserAccessTokenCreation,
    responses((status = 200, description = "The new token", body = ApiAccessToken), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn create(
    app: App,
    caller: Caller,
    Path([user]): Path<1>,
    Json(new): Json<OrganizationUserAccessTokenCreation>,
) -> Result<Json<ApiAccessToken>> {
    let user = parse_id("user", user)?;
    access_tokens::create(&app, &caller, &user, new).await.map(Json)
}

/// List the access tokens of a user
///
/// Never the tokens themselves. Not in the contract.
#[utoipa::path(
    get, path = "/v2/organizations/users/{user}/accessTokens", operation_id = "listOrganizationUserAccessTokens",
    tag = "Organization",
    params(
        ("user" = String, Path, description = "The id of the user"),
        ("limit" = Option<u16>, Query, description = "How many at most", minimum = 1, maximum = 1000),
        ("next" = Option<String>, Query, description = "The cursor of the next page, from the `Link` header"),
        ("previous" = Option<String>, Query, description = "The cursor of the previous page, from the `Link` header"),
    ),
    responses((status = 200, description = "The tokens, oldest first", body = [AccessTokenSummary]), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn list(app: App, caller: Caller, Path([user]): Path<1>, params: Params) -> Result<Response> {
    let user: UserId = parse_id("user", user)?;
    let list = List::of(&("accessTokens", &caller.organization, &user));
    let page = PageQuery::read(&app, &params, &list, 50)?;
    let path = format!("/v2/organizations/users/{user}/accessTokens");
    let page = access_tokens::list(&app, &caller, &user, &page).await?;
    Ok(page.map(|token| token.0).respond(&app, &list, &path, &params))
}

/// Revoke an access token of a user
///
/// It ends at once for writes and within a second for reads, and so do the tokens and links that it made. Not in
/// the contract.
#[utoipa::path(
    delete, path = "/v2/organizations/users/{user}/accessTokens/{token}",
    operation_id = "revokeOrganizationUserAccessToken", tag = "Organization",
    params(
        ("user" = String, Path, description = "The id of the user"),
        ("token" = String, Path, description = "The id of the token"),
    ),
    responses((status = 204, description = "Revoked"), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn revoke(app: App, caller: Caller, Path([user, token]): Path<2>) -> Result<StatusCode> {
    let user = parse_id("user", user)?;
    access_tokens::revoke(&app, &caller, &user, token).await?;
    Ok(StatusCode::NO_CONTENT)
}
