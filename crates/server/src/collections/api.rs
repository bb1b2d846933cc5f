use axum::http::StatusCode;
use axum::response::Response;
use homeroom_api::{
    Collection, CollectionCreation, CollectionModification, Direction, ErrorBody, LibrarySort, Scope, Scopes,
    ScoreDetails, ScoreId,
};

use super::{Likes, Name, Place, Sorting};
use crate::http::cursor::List;
use crate::http::{Access, Allowed, Caller, Json, PageQuery, Params, Path, Routes, parse_id};
use crate::{App, Error, Result, collections, users};

const READ: Access = Access {
    scopes: Scopes::of(&[Scope::Collections, Scope::CollectionsReadonly]),
    roles: Allowed::Everybody,
};
const WRITE: Access = Access { scopes: Scopes::of(&[Scope::Collections]), roles: Allowed::Everybody };
const ADD: Access = Access {
    scopes: Scopes::of(&[Scope::Collections, Scope::CollectionsAddScores]),
    roles: Allowed::Everybody,
};
const PROFILE: Access =
    Access { scopes: Scopes::of(&[Scope::AccountPublicProfile]), roles: Allowed::Everybody };

const COLLECTIONS: &str = "/v2/collections";
/// The most of a page.
const MOST: u16 = 100;

pub fn routes() -> Routes {
    Routes::new()
        .get(COLLECTIONS, READ, list)
        .post(COLLECTIONS, WRITE, create)
        .get("/v2/collections/{collection}", READ, get)
        .put("/v2/collections/{collection}", WRITE, edit)
        .delete("/v2/collections/{collection}", WRITE, delete)
        .post("/v2/collections/{collection}/untrash", WRITE, untrash)
        .get("/v2/collections/{collection}/scores", WRITE, list_scores)
        .put("/v2/collections/{collection}/scores/{score}", ADD, add_score)
        .delete("/v2/collections/{collection}/scores/{score}", WRITE, remove_score)
        .get("/v2/users/{user}/likes", PROFILE, list_liked)
}

/// List the collections that the caller made
///
/// The ones that everybody has are not in the list: ask for them by name.
#[utoipa::path(
    get, path = "/v2/collections", operation_id = "listCollections", tag = "Collection",
    params(
        ("parent" = Option<String>, Query, description = "`user` or `root`: all that are not in the trash; `trash`: those that are", example = "user"),
        ("sort" = Option<LibrarySort>, Query, description = "What to sort by; then, and by default, the order of creation"),
        ("direction" = Option<Direction>, Query, description = "`asc` by default; `desc` is its exact reverse"),
        ("limit" = Option<u16>, Query, description = "How many at most", minimum = 1, maximum = 100, example = 25),
        ("next" = Option<String>, Query, description = "The cursor of the next page, from the `Link` header"),
        ("previous" = Option<String>, Query, description = "The cursor of the previous page, from the `Link` header"),
    ),
    responses(
        (status = 200, description = "One page of collections", body = [Collection]),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn list(app: App, caller: Caller, params: Params) -> Result<Response> {
    let place = match params.text("parent")? {
        None | Some("user" | "root") => Place::Library,
        Some("trash") => Place::Trash,
        Some(other) => {
            let message = format!("`parent` is `user`, `root` or `trash`, not `{other:.30}`.");
            return Err(Error::invalid("parent", message));
        }
    };
    let sorting = sorting(&params)?;
    let list = List::of(&("collections", &caller.organization, &caller.user, place, sorting));
    let page = PageQuery::read_within(&app, &params, &list, 25, MOST)?;
    let page = collections::list(&app, &caller, place, sorting, &page).await?;
    Ok(page.map(|collection| collection.shown(&app)).respond(&app, &list, COLLECTIONS, &params))
}

/// Reads `sort` and `direction`.
pub fn sorting(params: &Params) -> Result<Sorting> {
    let descending = params.word("direction")? == Some(Direction::Desc);
    Ok(Sorting { key: params.word("sort")?, descending })
}

/// Create a collection
#[utoipa::path(
    post, path = "/v2/collections", operation_id = "createCollection", tag = "Collection",
    request_body = CollectionCreation,
    responses(
        (status = 200, description = "The collection", body = Collection),
        (status = 400, description = "Wrong", body = ErrorBody),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn create(
    app: App,
    caller: Caller,
    Json(new): Json<CollectionCreation>,
) -> Result<Json<Collection>> {
    Ok(Json(collections::create(&app, &caller, new).await?.shown(&app)))
}

/// Get a collection
///
/// One that the caller made, or one that everybody has.
#[utoipa::path(
    get, path = "/v2/collections/{collection}", operation_id = "getCollection", tag = "Collection",
    params(
        ("collection" = String, Path, description = "The id of the collection, or `root`, `trash`, `allScores`, `likes` or `collaborations`"),
        ("sharingKey" = Option<String>, Query, description = "Ignored: collections are private"),
    ),
    responses(
        (status = 200, description = "The collection", body = Collection),
        (status = 403, description = "Not allowed", body = ErrorBody),
        (status = 404, description = "Not there", body = ErrorBody),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn get(app: App, caller: Caller, Path([collection]): Path<1>) -> Result<Json<Collection>> {
    let name = Name::parse(collection)?;
    Ok(Json(collections::get(&app, &caller, &name).await?.shown(&app)))
}

/// Change a collection
///
/// Only the fields that came are changed.
#[utoipa::path(
    put, path = "/v2/collections/{collection}", operation_id = "editCollection", tag = "Collection",
    request_body = CollectionModification,
    params(
        ("collection" = String, Path, description = "The id of the collection, or `root`, `trash`, `allScores`, `likes` or `collaborations`"),
    ),
    responses(
        (status = 200, description = "The collection", body = Collection),
        (status = 403, description = "Not allowed", body = ErrorBody),
        (status = 404, description = "Not there", body = ErrorBody),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn edit(
    app: App,
    caller: Caller,
    Path([collection]): Path<1>,
    Json(change): Json<CollectionModification>,
) -> Result<Json<Collection>> {
    let name = Name::parse(collection)?;
    Ok(Json(collections::edit(&app, &caller, &name, change).await?.shown(&app)))
}

/// Put a collection into the trash
///
/// It is deleted after 30 days; the scores in it stay.
#[utoipa::path(
    delete, path = "/v2/collections/{collection}", operation_id = "deleteCollection", tag = "Collection",
    params(
        ("collection" = String, Path, description = "The id of the collection, or `root`, `trash`, `allScores`, `likes` or `collaborations`"),
    ),
    responses(
        (status = 204, description = "In the trash"),
        (status = 403, description = "Not allowed", body = ErrorBody),
        (status = 404, description = "Not there", body = ErrorBody),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn delete(app: App, caller: Caller, Path([collection]): Path<1>) -> Result<StatusCode> {
    collections::delete(&app, &caller, &Name::parse(collection)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a collection out of the trash
#[utoipa::path(
    post, path = "/v2/collections/{collection}/untrash", operation_id = "untrashCollection", tag = "Collection",
    params(
        ("collection" = String, Path, description = "The id of the collection, or `root`, `trash`, `allScores`, `likes` or `collaborations`"),
    ),
    responses(
        (status = 204, description = "Out of the trash"),
        (status = 400, description = "Wrong", body = ErrorBody),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn untrash(app: App, caller: Caller, Path([collection]): Path<1>) -> Result<StatusCode> {
    collections::untrash(&app, &caller, &Name::parse(collection)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List the scores of a collection
///
/// Those that the caller may read: a score that became private, or is in the trash, is not among them meanwhile.
#[utoipa::path(
    get, path = "/v2/collections/{collection}/scores", operation_id = "listCollectionScores", tag = "Collection",
    params(
        ("collection" = String, Path, description = "The id of the collection, or `root`, `trash`, `allScores`, `likes` or `collaborations`"),
        ("sharingKey" = Option<String>, Query, description = "Ignored: collections are private"),
        ("sort" = Option<LibrarySort>, Query, description = "What to sort by; then, and by default, the order of creation"),
        ("direction" = Option<Direction>, Query, description = "`asc` by default; `desc` is its exact reverse"),
        ("limit" = Option<u16>, Query, description = "How many at most", minimum = 1, maximum = 100, example = 25),
        ("next" = Option<String>, Query, description = "The cursor of the next page, from the `Link` header"),
        ("previous" = Option<String>, Query, description = "The cursor of the previous page, from the `Link` header"),
    ),
    responses(
        (status = 200, description = "One page of scores", body = [ScoreDetails]),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn list_scores(
    app: App,
    caller: Caller,
    Path([collection]): Path<1>,
    params: Params,
) -> Result<Response> {
    let path = format!("{COLLECTIONS}/{collection}/scores");
    let sorting = sorting(&params)?;
    let list = List::of(&("collection", &caller.organization, &caller.user, &collection, sorting));
    let name = Name::parse(collection)?;
    let page = PageQuery::read_within(&app, &params, &list, 25, MOST)?;
    let page = collections::list_scores(&app, &caller, &name, sorting, &page).await?;
    Ok(page.respond(&app, &list, &path, &params))
}

/// Add a score to a collection
///
/// Adding it to `likes` is liking it.
#[utoipa::path(
    put, path = "/v2/collections/{collection}/scores/{score}", operation_id = "addScoreToCollection", tag = "Collection",
    request_body(content = Option<Object>, content_type = "application/x-www-form-urlencoded", description = "Ignored"),
    params(
        ("collection" = String, Path, description = "The id of the collection, or `root`, `trash`, `allScores`, `likes` or `collaborations`"),
        ("score" = String, Path, description = "The id of the score"),
        ("sharingKey" = Option<String>, Query, description = "The key of a score whose privacy is `privateLink`"),
    ),
    responses(
        (status = 200, description = "The score", body = ScoreDetails),
        (status = 403, description = "Not allowed", body = ErrorBody),
        (status = 404, description = "Not there", body = ErrorBody),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn add_score(
    app: App,
    caller: Caller,
    Path([collection, score]): Path<2>,
    params: Params,
) -> Result<Json<ScoreDetails>> {
    let (name, score) = (Name::parse(collection)?, parse_id("score", score)?);
    let key = params.text("sharingKey")?;
    collections::add_score(&app, &caller, &name, &score, key).await.map(Json)
}

/// Take a score out of a collection
///
/// The score itself stays. Out of `likes`, it is no longer liked.
#[utoipa::path(
    delete, path = "/v2/collections/{collection}/scores/{score}", operation_id = "deleteScoreFromCollection", tag = "Collection",
    request_body(content = Option<Object>, content_type = "application/x-www-form-urlencoded", description = "Ignored"),
    params(
        ("collection" = String, Path, description = "The id of the collection, or `root`, `trash`, `allScores`, `likes` or `collaborations`"),
        ("score" = String, Path, description = "The id of the score"),
        ("sharingKey" = Option<String>, Query, description = "The key of a score whose privacy is `privateLink`"),
        ("eventProperties" = Option<String>, Query, description = "Ignored"),
    ),
    responses(
        (status = 204, description = "Out of the collection"),
        (status = 403, description = "Not allowed", body = ErrorBody),
        (status = 404, description = "Not there", body = ErrorBody),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn remove_score(
    app: App,
    caller: Caller,
    Path([collection, score]): Path<2>,
) -> Result<StatusCode> {
    let (name, score): (_, ScoreId) = (Name::parse(collection)?, parse_id("score", score)?);
    collections::remove_score(&app, &caller, &name, &score).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List the scores that a user likes
///
/// Those that the caller may read, in the order of their creation.
#[utoipa::path(
    get, path = "/v2/users/{user}/likes", operation_id = "getUserLikes", tag = "User",
    params(
        ("user" = String, Path, description = "The id of the user, or `me`"),
        ("ids" = Option<bool>, Query, description = "`true`: only the fields of each score that are always there, without likes, comments and collaborators", example = false),
        ("limit" = Option<u16>, Query, description = "How many at most", minimum = 1, maximum = 100, example = 25),
        ("next" = Option<String>, Query, description = "The cursor of the next page, from the `Link` header"),
        ("previous" = Option<String>, Query, description = "The cursor of the previous page, from the `Link` header"),
    ),
    responses(
        (status = 200, description = "One page of scores", body = [ScoreDetails]),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn list_liked(app: App, caller: Caller, Path([user]): Path<1>, params: Params) -> Result<Response> {
    let path = format!("/v2/users/{user}/likes");
    let user = users::named(&caller, user)?;
    let likes = if params.flag("ids")? { Likes::Ids } else { Likes::Whole };
    let list = List::of(&("likes", &caller.organization, &user));
    let page = PageQuery::read_within(&app, &params, &list, 25, MOST)?;
    let page = collections::list_liked(&app, &caller, &user, likes, &page).await?;
    Ok(page.respond(&app, &list, &path, &params))
}
