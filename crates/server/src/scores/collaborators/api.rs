use axum::http::StatusCode;
use homeroom_api::{ErrorBody, ResourceCollaborator, ResourceCollaboratorCreation, Scope, Scopes};

use super::{add, get, list, remove};
use crate::http::{Access, Allowed, Caller, Json, Params, Path, Routes, parse_id};
use crate::scores::api::{SCORES_READ, SCORES_WRITE};
use crate::{App, Result};

const COLLABORATORS: &str = "/v2/scores/{score}/collaborators";
/// As the contract has it.
const READ_ONE: Access = Access { scopes: Scopes::of(&[Scope::ScoresReadonly]), roles: Allowed::Everybody };

pub fn routes() -> Routes {
    Routes::new()
        .get(COLLABORATORS, SCORES_READ, list_all)
        .post(COLLABORATORS, SCORES_WRITE, share)
        .get("/v2/scores/{score}/collaborators/{collaborator}", READ_ONE, get_one)
        .delete("/v2/scores/{score}/collaborators/{collaborator}", SCORES_WRITE, remove_one)
}

/// List who may read or change a score
///
/// The owner first. Who reads a score only because it is open sees the owner alone.
#[utoipa::path(
    get, path = "/v2/scores/{score}/collaborators", operation_id = "getScoreCollaborators", tag = "Score",
    params(
        ("score" = String, Path, description = "The id of the score"),
        ("sharingKey" = Option<String>, Query, description = "The key of a score whose privacy is `privateLink`"),
    ),
    responses(
        (status = 200, description = "The collaborators", body = [ResourceCollaborator]),
        (status = 402, description = "Not sent by Homeroom", body = ErrorBody),
        (status = 403, description = "Not allowed", body = ErrorBody),
        (status = 404, description = "Not there", body = ErrorBody),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn list_all(
    app: App,
    caller: Caller,
    Path([score]): Path<1>,
    params: Params,
) -> Result<Json<Vec<ResourceCollaborator>>> {
    let score = parse_id("score", score)?;
    list(&app, &caller, &score, params.text("sharingKey")?).await.map(Json)
}

/// Share a score with a person or a group
///
/// Sharing again changes the rights. A person is named by `user`, or by `userEmail`, which is not for students.
#[utoipa::path(
    post, path = "/v2/scores/{score}/collaborators", operation_id = "addScoreCollaborator", tag = "Score",
    request_body = ResourceCollaboratorCreation,
    params(
        ("score" = String, Path, description = "The id of the score"),
    ),
    responses(
        (status = 200, description = "The collaborator", body = ResourceCollaborator),
        (status = 402, description = "Not sent by Homeroom", body = ErrorBody),
        (status = 403, description = "Not allowed", body = ErrorBody),
        (status = 404, description = "Not there", body = ErrorBody),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn share(
    app: App,
    caller: Caller,
    Path([score]): Path<1>,
    Json(new): Json<ResourceCollaboratorCreation>,
) -> Result<Json<ResourceCollaborator>> {
    add(&app, &caller, &parse_id("score", score)?, new).await.map(Json)
}

/// Get one who may read or change a score
#[utoipa::path(
    get, path = "/v2/scores/{score}/collaborators/{collaborator}", operation_id = "getScoreCollaborator", tag = "Score",
    params(
        ("score" = String, Path, description = "The id of the score"),
        ("collaborator" = String, Path, description = "The id of the collaborator; the owner's is that of the person"),
        ("sharingKey" = Option<String>, Query, description = "The key of a score whose privacy is `privateLink`"),
    ),
    responses(
        (status = 200, description = "The collaborator", body = ResourceCollaborator),
        (status = 402, description = "Not sent by Homeroom", body = ErrorBody),
        (status = 403, description = "Not allowed", body = ErrorBody),
        (status = 404, description = "Not there", body = ErrorBody),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn get_one(
    app: App,
    caller: Caller,
    Path([score, collaborator]): Path<2>,
    params: Params,
) -> Result<Json<ResourceCollaborator>> {
    let (score, id) = (parse_id("score", score)?, parse_id("collaborator", collaborator)?);
    get(&app, &caller, &score, &id, params.text("sharingKey")?).await.map(Json)
}

/// Stop sharing a score with a person or a group
///
/// A collaborator may leave by themselves.
#[utoipa::path(
    delete, path = "/v2/scores/{score}/collaborators/{collaborator}", operation_id = "removeScoreCollaborator", tag = "Score",
    request_body(content = Option<Object>, content_type = "application/x-www-form-urlencoded", description = "Ignored"),
    params(
        ("score" = String, Path, description = "The id of the score"),
        ("collaborator" = String, Path, description = "The id of the collaborator; the owner's is that of the person"),
        ("eventProperties" = Option<String>, Query, description = "Ignored"),
    ),
    responses(
        (status = 204, description = "No longer shared"),
        (status = 403, description = "Not allowed", body = ErrorBody),
        (status = 404, description = "Not there", body = ErrorBody),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn remove_one(
    app: App,
    caller: Caller,
    Path([score, collaborator]): Path<2>,
) -> Result<StatusCode> {
    let (score, id) = (parse_id("score", score)?, parse_id("collaborator", collaborator)?);
    remove(&app, &caller, &score, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
