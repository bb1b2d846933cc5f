use axum::http::StatusCode;
use homeroom_api::{
    ErrorBody, Scope, Scopes, ScoreCreation, ScoreDetails, ScoreFork, ScoreId, ScoreModification,
};

use crate::http::{Access, Allowed, Caller, Json, LargeJson, Params, Path, Routes, parse_id};
use crate::{App, Result, scores};

pub const SCORES_READ: Access =
    Access { scopes: Scopes::of(&[Scope::Scores, Scope::ScoresReadonly]), roles: Allowed::Everybody };
pub const SCORES_WRITE: Access = Access { scopes: Scopes::of(&[Scope::Scores]), roles: Allowed::Everybody };

pub fn routes() -> Routes {
    Routes::new()
        .post("/v2/scores", SCORES_WRITE, create)
        .get("/v2/scores/{score}", SCORES_READ, get)
        .put("/v2/scores/{score}", SCORES_WRITE, edit)
        .delete("/v2/scores/{score}", SCORES_WRITE, remove)
        .post("/v2/scores/{score}/untrash", SCORES_WRITE, restore)
        .post("/v2/scores/{score}/fork", SCORES_WRITE, fork)
}

/// Create a score
///
/// From MusicXML, compressed MusicXML or MIDI in `data`. The title is that of the request, else that in the file, else
/// the file's name. The body has at most 8 MiB: create the score from a smaller file and upload the larger one as its
/// next version.
#[utoipa::path(
    post, path = "/v2/scores", operation_id = "createScore", tag = "Score", request_body = ScoreCreation,
    responses((status = 200, description = "The score", body = ScoreDetails), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn create(
    app: App,
    caller: Caller,
    LargeJson(new, _place): LargeJson<ScoreCreation>,
) -> Result<Json<ScoreDetails>> {
    let score = scores::create(&app, &caller, new).await?;
    show(&app, &caller, &score, None).await
}

/// Get a score
#[utoipa::path(
    get, path = "/v2/scores/{score}", operation_id = "getScore", tag = "Score",
    params(
        ("score" = String, Path, description = "The id of the score"),
        ("sharingKey" = Option<String>, Query, description = "The key of a score whose privacy is `privateLink`"),
    ),
    responses((status = 200, description = "The score", body = ScoreDetails), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn get(
    app: App,
    caller: Caller,
    Path([score]): Path<1>,
    params: Params,
) -> Result<Json<ScoreDetails>> {
    show(&app, &caller, &parse_id("score", score)?, params.text("sharingKey")?).await
}

/// Change what a score says about itself
///
/// Only the fields that came. Who may see it is changed by those who administer the score.
#[utoipa::path(
    put, path = "/v2/scores/{score}", operation_id = "editScore", tag = "Score",
    params(("score" = String, Path, description = "The id of the score")),
    request_body = ScoreModification,
    responses((status = 200, description = "The score", body = ScoreDetails), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn edit(
    app: App,
    caller: Caller,
    Path([score]): Path<1>,
    Json(change): Json<ScoreModification>,
) -> Result<Json<ScoreDetails>> {
    let score = parse_id("score", score)?;
    scores::edit(&app, &caller, &score, change).await?;
    show(&app, &caller, &score, None).await
}

/// Delete a score
///
/// It goes into the trash for 30 days; with `now`, it is deleted for good. Who only has it shared with them gives it
/// back.
#[utoipa::path(
    delete, path = "/v2/scores/{score}", operation_id = "deleteScore", tag = "Score",
    params(
        ("score" = String, Path, description = "The id of the score"),
        ("now" = Option<bool>, Query, description = "`true`: for good", example = false),
    ),
    responses((status = 204, description = "Deleted"), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn remove(app: App, caller: Caller, Path([score]): Path<1>, params: Params) -> Result<StatusCode> {
    let (score, now) = (parse_id("score", score)?, params.flag("now")?);
    if now {
        scores::delete(&app, &caller, &score).await?;
    } else {
        scores::remove(&app, &caller, &score).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Take a score out of the trash
#[utoipa::path(
    post, path = "/v2/scores/{score}/untrash", operation_id = "untrashScore", tag = "Score",
    params(("score" = String, Path, description = "The id of the score")),
    responses((status = 204, description = "It is back"), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn restore(app: App, caller: Caller, Path([score]): Path<1>) -> Result<StatusCode> {
    scores::restore(&app, &caller, &parse_id("score", score)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Fork a score
///
/// A score of one's own, of the newest version of another. Its title says that it is a copy, unless
/// `keepOriginalTitle` is set.
#[utoipa::path(
    post, path = "/v2/scores/{score}/fork", operation_id = "forkScore", tag = "Score",
    params(
        ("score" = String, Path, description = "The id of the score"),
        ("sharingKey" = Option<String>, Query, description = "The key of a score whose privacy is `privateLink`"),
    ),
    request_body = ScoreFork,
    responses((status = 200, description = "The fork", body = ScoreDetails), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn fork(
    app: App,
    caller: Caller,
    Path([score]): Path<1>,
    params: Params,
    Json(new): Json<ScoreFork>,
) -> Result<Json<ScoreDetails>> {
    let score = parse_id("score", score)?;
    let fork = scores::fork(&app, &caller, &score, params.text("sharingKey")?, new).await?;
    show(&app, &caller, &fork, None).await
}

async fn show(app: &App, caller: &Caller, score: &ScoreId, key: Option<&str>) -> Result<Json<ScoreDetails>> {
    let score = scores::open(&mut app.db.read().await?, caller, score, key).await?;
    Ok(Json(score.details(app)))
}
