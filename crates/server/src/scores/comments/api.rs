use axum::http::StatusCode;
use homeroom_api::{
    CommentId, CommentQuery, CommentSort, CommentType, Direction, ErrorBody, Scope, Scopes, ScoreComment,
    ScoreCommentCreation, ScoreCommentUpdate, ScoreId,
};

use super::{Comment, Place, State};
use crate::http::{Access, Allowed, Caller, Json, Params, Path, Routes, parse_id};
use crate::scores::comments;
use crate::{App, Result};

const READ: Access = Access {
    scopes: Scopes::of(&[Scope::ScoresReadonly, Scope::ScoresSocial, Scope::Scores]),
    roles: Allowed::Everybody,
};
const WRITE: Access =
    Access { scopes: Scopes::of(&[Scope::ScoresSocial, Scope::Scores]), roles: Allowed::Everybody };

const COMMENTS: &str = "/v2/scores/{score}/comments";
const COMMENT: &str = "/v2/scores/{score}/comments/{comment}";
const RESOLVED: &str = "/v2/scores/{score}/comments/{comment}/resolved";

pub fn routes() -> Routes {
    Routes::new()
        .get(COMMENTS, READ, list)
        .post(COMMENTS, WRITE, create)
        .put(COMMENT, WRITE, update)
        .delete(COMMENT, WRITE, delete)
        .put(RESOLVED, WRITE, resolve)
        .delete(RESOLVED, WRITE, unresolve)
}

/// List the comments of a score
#[utoipa::path(
    get, path = "/v2/scores/{score}/comments", operation_id = "getScoreComments", tag = "Score",
    params(
        ("score" = String, Path, description = "The id of the score"),
        ("sharingKey" = Option<String>, Query, description = "The key of a score whose privacy is `privateLink`"),
        ("type" = Option<CommentType>, Query, description = "Only those on the whole score, or on a place in it"),
        ("sort" = Option<CommentSort>, Query, description = "`date`, which is also the default: the order of creation"),
        ("direction" = Option<Direction>, Query, description = "`asc` by default; `desc` is its exact reverse"),
    ),
    responses(
        (status = 200, description = "The comments", body = [ScoreComment]),
        (status = 402, description = "Not sent by Homeroom", body = ErrorBody),
        (status = 403, description = "Not allowed", body = ErrorBody),
        (status = 404, description = "Not there", body = ErrorBody),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn list(
    app: App,
    caller: Caller,
    Path([score]): Path<1>,
    params: Params,
) -> Result<Json<Vec<ScoreComment>>> {
    let score = parse_id("score", score)?;
    params.word::<CommentSort>("sort")?;
    let query = CommentQuery {
        r#type: params.word("type")?,
        direction: params.word("direction")?,
        sharing_key: params.text("sharingKey")?.map(str::to_owned),
    };
    let comments = comments::list(&app, &caller, &score, &query).await?;
    Ok(Json(comments.into_iter().map(Comment::shown).collect()))
}

/// Comment on a score
///
/// Who can read it can. With `context` the comment is on a place in the score.
#[utoipa::path(
    post, path = "/v2/scores/{score}/comments", operation_id = "postScoreComment", tag = "Score",
    request_body = ScoreCommentCreation,
    params(
        ("score" = String, Path, description = "The id of the score"),
        ("sharingKey" = Option<String>, Query, description = "The key of a score whose privacy is `privateLink`"),
    ),
    responses(
        (status = 200, description = "The comment", body = ScoreComment),
        (status = 402, description = "Not sent by Homeroom", body = ErrorBody),
        (status = 403, description = "Not allowed", body = ErrorBody),
        (status = 404, description = "Not there", body = ErrorBody),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn create(
    app: App,
    caller: Caller,
    Path([score]): Path<1>,
    params: Params,
    Json(new): Json<ScoreCommentCreation>,
) -> Result<Json<ScoreComment>> {
    let score = parse_id("score", score)?;
    let made = comments::create(&app, &caller, &score, params.text("sharingKey")?, new).await?;
    Ok(Json(made.shown()))
}

/// Change a comment
///
/// Its author may.
#[utoipa::path(
    put, path = "/v2/scores/{score}/comments/{comment}", operation_id = "updateScoreComment", tag = "Score",
    request_body = ScoreCommentUpdate,
    params(
        ("score" = String, Path, description = "The id of the score"),
        ("comment" = String, Path, description = "The id of the comment"),
        ("sharingKey" = Option<String>, Query, description = "The key of a score whose privacy is `privateLink`"),
    ),
    responses(
        (status = 200, description = "The comment", body = ScoreComment),
        (status = 402, description = "Not sent by Homeroom", body = ErrorBody),
        (status = 403, description = "Not allowed", body = ErrorBody),
        (status = 404, description = "Not there", body = ErrorBody),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn update(
    app: App,
    caller: Caller,
    Path(ids): Path<2>,
    params: Params,
    Json(change): Json<ScoreCommentUpdate>,
) -> Result<Json<ScoreComment>> {
    let (score, comment) = parse(ids)?;
    let place = Place { score: &score, comment: &comment, sharing_key: params.text("sharingKey")? };
    Ok(Json(comments::update(&app, &caller, place, change).await?.shown()))
}

fn parse([score, comment]: [String; 2]) -> Result<(ScoreId, CommentId)> {
    Ok((parse_id("score", score)?, parse_id("comment", comment)?))
}

/// Delete a comment
///
/// Its author may, and who administers the score. Answers to it stay.
#[utoipa::path(
    delete, path = "/v2/scores/{score}/comments/{comment}", operation_id = "deleteScoreComment", tag = "Score",
    request_body(content = Option<Object>, content_type = "application/x-www-form-urlencoded", description = "Ignored"),
    params(
        ("score" = String, Path, description = "The id of the score"),
        ("comment" = String, Path, description = "The id of the comment"),
        ("sharingKey" = Option<String>, Query, description = "The key of a score whose privacy is `privateLink`"),
        ("eventProperties" = Option<String>, Query, description = "Ignored"),
    ),
    responses(
        (status = 204, description = "Deleted"),
        (status = 402, description = "Not sent by Homeroom", body = ErrorBody),
        (status = 403, description = "Not allowed", body = ErrorBody),
        (status = 404, description = "Not there", body = ErrorBody),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn delete(app: App, caller: Caller, Path(ids): Path<2>, params: Params) -> Result<StatusCode> {
    let (score, comment) = parse(ids)?;
    let place = Place { score: &score, comment: &comment, sharing_key: params.text("sharingKey")? };
    comments::delete(&app, &caller, place).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Mark a comment as resolved
///
/// Its author may, and who may change the score.
#[utoipa::path(
    put, path = "/v2/scores/{score}/comments/{comment}/resolved", operation_id = "markScoreCommentResolved", tag = "Score",
    params(
        ("score" = String, Path, description = "The id of the score"),
        ("comment" = String, Path, description = "The id of the comment"),
        ("sharingKey" = Option<String>, Query, description = "The key of a score whose privacy is `privateLink`"),
    ),
    responses(
        (status = 204, description = "Resolved"),
        (status = 402, description = "Not sent by Homeroom", body = ErrorBody),
        (status = 403, description = "Not allowed", body = ErrorBody),
        (status = 404, description = "Not there", body = ErrorBody),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn resolve(app: App, caller: Caller, ids: Path<2>, params: Params) -> Result<StatusCode> {
    mark(&app, &caller, ids, &params, State::Resolved).await
}

async fn mark(
    app: &App,
    caller: &Caller,
    Path(ids): Path<2>,
    params: &Params,
    state: State,
) -> Result<StatusCode> {
    let (score, comment) = parse(ids)?;
    let place = Place { score: &score, comment: &comment, sharing_key: params.text("sharingKey")? };
    comments::mark(app, caller, place, state).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Mark a comment as not resolved
#[utoipa::path(
    delete, path = "/v2/scores/{score}/comments/{comment}/resolved", operation_id = "markScoreCommentUnresolved", tag = "Score",
    params(
        ("score" = String, Path, description = "The id of the score"),
        ("comment" = String, Path, description = "The id of the comment"),
        ("sharingKey" = Option<String>, Query, description = "The key of a score whose privacy is `privateLink`"),
    ),
    responses(
        (status = 204, description = "Not resolved"),
        (status = 402, description = "Not sent by Homeroom", body = ErrorBody),
        (status = 403, description = "Not allowed", body = ErrorBody),
        (status = 404, description = "Not there", body = ErrorBody),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn unresolve(app: App, caller: Caller, ids: Path<2>, params: Params) -> Result<StatusCode> {
    mark(&app, &caller, ids, &params, State::Unresolved).await
}

impl Comment {
    fn shown(self) -> ScoreComment {
        let context = self.context.as_deref().and_then(|context| serde_json::from_str(context).ok());
        ScoreComment {
            r#type: if context.is_some() { CommentType::Inline } else { CommentType::Document },
            id: self.id,
            user: self.user,
            score: self.score,
            revision: self.revision,
            reply_to: self.reply_to,
            date: self.created_at,
            modification_date: Some(self.modified_at).filter(|at| *at != self.created_at),
            comment: self.comment,
            raw_comment: self.raw_comment,
            context,
            mentions: self.mentions,
            resolved: self.resolved,
            resolved_by: self.resolved_by,
            moderation: None,
            spam: None,
        }
    }
}
