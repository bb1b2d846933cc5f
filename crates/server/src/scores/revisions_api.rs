use axum::extract::Request;
use axum::http::HeaderMap;
use axum::response::Response;
use homeroom_api::{ErrorBody, ScoreRevision, ScoreRevisionCreation};

use super::api::{SCORES_READ, SCORES_WRITE};
use super::{Note, revision};
use crate::http::{Binary, Caller, Chunks, Json, LargeJson, Params, Path, Routes, parse_id};
use crate::{App, Error, Result, scores};

const REVISIONS: &str = "/v2/scores/{score}/revisions";
/// The largest body of an upload.
const LARGEST: usize = 50 << 20;

pub fn routes() -> Routes {
    Routes::new()
        .get(REVISIONS, SCORES_READ, list)
        .post(REVISIONS, SCORES_WRITE, create)
        .put("/v2/scores/{score}/revisions/upload", SCORES_WRITE, upload)
        .get("/v2/scores/{score}/revisions/{revision}", SCORES_READ, get)
        .get("/v2/scores/{score}/revisions/{revision}/{format}", SCORES_READ, data)
}

/// List the versions of a score
///
/// The newest first, at most 1000.
#[utoipa::path(
    get, path = "/v2/scores/{score}/revisions", operation_id = "getScoreRevisions", tag = "Score",
    params(
        ("score" = String, Path, description = "The id of the score"),
        ("sharingKey" = Option<String>, Query, description = "The key of a score whose privacy is `privateLink`"),
    ),
    responses((status = 200, description = "The versions", body = [ScoreRevision]), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn list(
    app: App,
    caller: Caller,
    Path([score]): Path<1>,
    params: Params,
) -> Result<Json<Vec<ScoreRevision>>> {
    let score = parse_id("score", score)?;
    let found = revision::list(&app, &caller, &score, params.text("sharingKey")?).await?;
    Ok(Json(found.into_iter().map(scores::Revision::shown).collect()))
}

/// Write a new version of a score
///
/// From MusicXML, compressed MusicXML or MIDI in `data`. The body has at most 8 MiB: larger files are uploaded.
#[utoipa::path(
    post, path = "/v2/scores/{score}/revisions", operation_id = "createScoreRevision", tag = "Score",
    params(("score" = String, Path, description = "The id of the score")),
    request_body = ScoreRevisionCreation,
    responses((status = 200, description = "The version", body = ScoreRevision), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn create(
    app: App,
    caller: Caller,
    Path([score]): Path<1>,
    LargeJson(new, _place): LargeJson<ScoreRevisionCreation>,
) -> Result<Json<ScoreRevision>> {
    let revision = scores::revise(&app, &caller, &parse_id("score", score)?, new).await?;
    Ok(Json(revision.shown()))
}

/// Upload a new version of a score
///
/// The body is the file itself: MusicXML, compressed MusicXML or MIDI of at most 50 MiB. What the caller's newest version
/// has already is not written again: the request may be repeated. Not in the contract.
#[utoipa::path(
    put, path = "/v2/scores/{score}/revisions/upload", operation_id = "uploadScoreRevision", tag = "Score",
    params(
        ("score" = String, Path, description = "The id of the score"),
        ("description" = Option<String>, Query, description = "What changed: at most 500 characters"),
        ("autosave" = Option<bool>, Query, description = "`true`: a program wrote it by itself"),
    ),
    request_body(content = Binary, content_type = "application/octet-stream", description = "The file"),
    responses((status = 200, description = "The version", body = ScoreRevision), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn upload(
    app: App,
    caller: Caller,
    Path([score]): Path<1>,
    params: Params,
    request: Request,
) -> Result<Json<ScoreRevision>> {
    let score = parse_id("score", score)?;
    let note = Note::parse(params.text("description")?, params.flag("autosave")?)?;
    scores::may_revise(&app, &caller, &score).await?;
    let (parts, body) = request.into_parts();
    let chunks = Chunks::open(&app, &parts.headers, body, LARGEST).await?;
    Ok(Json(scores::upload(&app, &caller, &score, chunks, &note).await?.shown()))
}

/// Get a version of a score
#[utoipa::path(
    get, path = "/v2/scores/{score}/revisions/{revision}", operation_id = "getScoreRevision", tag = "Score",
    params(
        ("score" = String, Path, description = "The id of the score"),
        ("revision" = String, Path, description = "The id of the version, or `last`"),
        ("sharingKey" = Option<String>, Query, description = "The key of a score whose privacy is `privateLink`"),
    ),
    responses((status = 200, description = "The version", body = ScoreRevision), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn get(
    app: App,
    caller: Caller,
    Path([score, revision]): Path<2>,
    params: Params,
) -> Result<Json<ScoreRevision>> {
    let (score, key) = (parse_id("score", score)?, params.text("sharingKey")?);
    let (revision, _) = revision::find(&app, &caller, &score, revision, key).await?;
    Ok(Json(revision.shown()))
}

/// Get the file of a version
///
/// As it was stored, or MusicXML in its other form: `xml`, `mxl` or `midi`. Nothing is rendered.
#[utoipa::path(
    get, path = "/v2/scores/{score}/revisions/{revision}/{format}", operation_id = "getScoreRevisionData", tag = "Score",
    params(
        ("score" = String, Path, description = "The id of the score"),
        ("revision" = String, Path, description = "The id of the version, or `last`"),
        ("format" = String, Path, description = "`xml`, `mxl` or `midi`"),
        ("sharingKey" = Option<String>, Query, description = "The key of a score whose privacy is `privateLink`"),
        ("parts" = Option<String>, Query, description = "Not implemented: leave it out"),
        ("defaultTrack" = Option<bool>, Query, description = "Ignored: there are no tracks"),
        ("url" = Option<bool>, Query, description = "Not implemented: leave it out"),
    ),
    responses(
        (status = 200, description = "The file", content(
            (Binary = "application/json"),
            (Binary = "application/vnd.recordare.musicxml+xml"),
            (Binary = "application/vnd.recordare.musicxml"),
            (Binary = "audio/mp3"),
            (Binary = "audio/wav"),
            (Binary = "audio/midi"),
            (Binary = "image/png"),
            (Binary = "application/octet-stream"),
        )),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn data(
    app: App,
    caller: Caller,
    Path([score, revision, format]): Path<3>,
    params: Params,
    headers: HeaderMap,
) -> Result<Response> {
    let (score, key) = (parse_id("score", score)?, params.text("sharingKey")?);
    let (revision, title) = revision::find(&app, &caller, &score, revision, key).await?;
    if params.text("parts")?.is_some() || params.flag("url")? {
        let message =
            "This server gives the file itself, with all of its parts: leave out `parts` and `url`.";
        return Err(Error::not_implemented(message));
    }
    scores::download(&app, &caller.organization, &revision, &title, &format, &headers).await
}
