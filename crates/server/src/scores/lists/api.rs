use axum::response::Response;
use homeroom_api::{Direction, ErrorBody, GroupId, LibrarySort, ScoreDetails};

use crate::collections::api::sorting;
use crate::http::cursor::List;
use crate::http::{Caller, PageQuery, Params, Path, Routes, parse_id};
use crate::scores::api::SCORES_READ;
use crate::{App, Result, scores, users};

/// The most of a page.
const MOST: u16 = 100;
/// The most where the contract has no pages.
const MOST_AT_ONCE: u16 = 1000;

pub fn routes() -> Routes {
    Routes::new().get("/v2/users/{user}/scores", SCORES_READ, of_user).get(
        "/v2/groups/{group}/scores",
        SCORES_READ,
        of_group,
    )
}

/// List the scores of a user
///
/// One's own, or those of somebody else that the caller may read.
#[utoipa::path(
    get, path = "/v2/users/{user}/scores", operation_id = "getUserScores", tag = "User",
    params(
        ("user" = String, Path, description = "The id of the user, or `me`"),
        ("paginate" = Option<bool>, Query, description = "`true`: pages of `limit`; else the first thousand at once", example = false),
        ("sort" = Option<LibrarySort>, Query, description = "What to sort by; then, and by default, the order of creation"),
        ("direction" = Option<Direction>, Query, description = "`asc` by default; `desc` is its exact reverse"),
        ("limit" = Option<u16>, Query, description = "How many at most", minimum = 1, maximum = 100, example = 25),
        ("next" = Option<String>, Query, description = "The cursor of the next page, from the `Link` header"),
        ("previous" = Option<String>, Query, description = "The cursor of the previous page, from the `Link` header"),
    ),
    responses(
        (status = 200, description = "The scores", body = [ScoreDetails]),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn of_user(app: App, caller: Caller, Path([user]): Path<1>, params: Params) -> Result<Response> {
    let path = format!("/v2/users/{user}/scores");
    let user = users::named(&caller, user)?;
    let sorting = sorting(&params)?;
    let list = List::of(&("user_scores", &caller.organization, &user, sorting));
    let usual = if params.flag("paginate")? { 25 } else { MOST_AT_ONCE };
    let page = PageQuery::read_within(&app, &params, &list, usual, MOST)?;
    let page = scores::of_user(&app, &caller, &user, sorting, &page).await?;
    Ok(page.respond(&app, &list, &path, &params))
}

/// List the scores that are shared with a group
///
/// For its members, and for the teachers of its class.
#[utoipa::path(
    get, path = "/v2/groups/{group}/scores", operation_id = "getGroupScores", tag = "Group",
    params(
        ("group" = String, Path, description = "The id of the group"),
        ("parent" = Option<String>, Query, description = "Ignored: the scores of a group are in no collection"),
        ("limit" = Option<u16>, Query, description = "How many at most. Not in the contract", minimum = 1, maximum = 1000, example = 1000),
        ("next" = Option<String>, Query, description = "The cursor of the next page, from the `Link` header. Not in the contract"),
        ("previous" = Option<String>, Query, description = "The cursor of the previous page, from the `Link` header. Not in the contract"),
    ),
    responses(
        (status = 200, description = "The scores", body = [ScoreDetails]),
        (status = 404, description = "Not there", body = ErrorBody),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn of_group(app: App, caller: Caller, Path([group]): Path<1>, params: Params) -> Result<Response> {
    let path = format!("/v2/groups/{group}/scores");
    let group: GroupId = parse_id("group", group)?;
    let list = List::of(&("group_scores", &caller.organization, &group));
    let page = PageQuery::read(&app, &params, &list, MOST_AT_ONCE)?;
    let page = scores::of_group(&app, &caller, &group, &page).await?;
    Ok(page.respond(&app, &list, &path, &params))
}
