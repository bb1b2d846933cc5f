//! What the contract has and this server does not do: rendering, tracks, reading of pictures, a library of resources.
//! Each operation says so, to those who might call it.

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{MatchedPath, RawPathParams};
use homeroom_api::{Scope, Scopes};
use serde_json::{Value, json};

use super::api::{SCORES_READ, SCORES_WRITE};
use super::open;
use crate::http::{Access, Allowed, Caller, Routes, parse_id};
use crate::{App, Error, Result};

const TASKS: Access = Access { scopes: Scopes::of(&[Scope::TasksReadonly]), roles: Allowed::Everybody };
const OMR: Access = Access { scopes: Scopes::of(&[Scope::Omr]), roles: Allowed::Everybody };
const RESOURCES_READ: Access = Access {
    scopes: Scopes::of(&[
        Scope::EduResources,
        Scope::EduResourcesReadonly,
        Scope::EduAssignments,
        Scope::EduAssignmentsReadonly,
    ]),
    roles: Allowed::Everybody,
};
const RESOURCES_WRITE: Access =
    Access { scopes: Scopes::of(&[Scope::EduResources, Scope::EduAssignments]), roles: Allowed::Everybody };

/// Method, path, name in the contract, who might call it.
pub const OPERATIONS: &[(&str, &str, &str, Access)] = &[
    ("POST", "/v2/scores/{score}/revisions/{revision}/{format}/task", "createExportTask", SCORES_READ),
    ("GET", "/v2/scores/{score}/tracks", "listScoreTracks", SCORES_READ),
    ("POST", "/v2/scores/{score}/tracks", "addScoreTrack", SCORES_WRITE),
    ("GET", "/v2/scores/{score}/tracks/{track}", "getScoreTrack", SCORES_READ),
    ("PUT", "/v2/scores/{score}/tracks/{track}", "updateScoreTrack", SCORES_WRITE),
    ("DELETE", "/v2/scores/{score}/tracks/{track}", "deleteScoreTrack", SCORES_WRITE),
    ("GET", "/v2/tasks/{task}", "getTask", TASKS),
    ("GET", "/v2/omr/capabilities", "getOmrCapabilities", OMR),
    ("POST", "/v2/omr/jobs", "createOmrJob", OMR),
    ("GET", "/v2/omr/jobs", "listOmrJobs", OMR),
    ("GET", "/v2/omr/jobs/{job}", "getOmrJob", OMR),
    ("POST", "/v2/omr/jobs/{job}/files", "addOmrJobFile", OMR),
    ("GET", "/v2/omr/jobs/{job}/files/{index}", "getOmrJobFile", OMR),
    ("POST", "/v2/omr/jobs/{job}/start", "startOmrJob", OMR),
    ("POST", "/v2/omr/jobs/{job}/steps/{step}", "submitOmrJobStep", OMR),
    ("GET", "/v2/omr/jobs/{job}/exports/{format}", "getOmrJobExport", OMR),
    ("POST", "/v2/omr/jobs/{job}/cancel", "cancelOmrJob", OMR),
    ("GET", "/v2/eduResources", "listEduResources", RESOURCES_READ),
    ("POST", "/v2/eduResources", "createEduResource", RESOURCES_WRITE),
    ("GET", "/v2/eduResources/libraries", "listEduLibraries", RESOURCES_READ),
    ("GET", "/v2/eduResources/{resource}", "getEduResource", RESOURCES_READ),
    ("PUT", "/v2/eduResources/{resource}", "updateEduResource", RESOURCES_WRITE),
    ("DELETE", "/v2/eduResources/{resource}", "deleteEduResource", RESOURCES_WRITE),
    ("POST", "/v2/eduResources/{resource}/move", "moveEduResource", RESOURCES_WRITE),
    ("POST", "/v2/eduResources/{resource}/copy", "copyEduResource", RESOURCES_WRITE),
    ("POST", "/v2/eduResources/{resource}/copyToDemoClass", "copyEduResourceToDemoClass", RESOURCES_WRITE),
    ("POST", "/v2/eduResources/{resource}/useInClass", "useEduResourceInClass", RESOURCES_WRITE),
    ("POST", "/v2/eduResources/{resource}/createLtiLink", "createEduResourceLtiLink", RESOURCES_WRITE),
    ("PUT", "/v2/eduResources/{resource}/assignment", "updateEduResourceAssignment", RESOURCES_WRITE),
];

pub fn routes() -> Routes {
    OPERATIONS.iter().fold(Routes::new(), |routes, (method, path, _, access)| match *method {
        "GET" => routes.get(path, *access, answer),
        "POST" => routes.post(path, *access, answer),
        "PUT" => routes.put(path, *access, answer),
        _ => routes.delete(path, *access, answer),
    })
}

/// 501; of a score that the caller may not read, 404.
async fn answer(
    app: App,
    caller: Caller,
    path: MatchedPath,
    params: Result<RawPathParams, RawPathParamsRejection>,
) -> Result<()> {
    let params = params.map_err(|_| Error::not_found("thing"))?;
    if let Some((_, score)) = params.iter().find(|(name, _)| *name == "score") {
        let score = parse_id("score", score.to_owned())?;
        open(&mut app.db.read().await?, &caller, &score, None).await?;
    }
    Err(Error::not_implemented(sentence(path.as_str())))
}

fn sentence(path: &str) -> &'static str {
    match path {
        path if path.ends_with("/task") => {
            "This server keeps scores and does not render them. Get the file of a revision as `xml`, `mxl` or `midi`."
        }
        path if path.contains("/tracks") => "This server does not play scores: they have no tracks.",
        path if path.starts_with("/v2/tasks") => {
            "There are no tasks on this server: every answer is complete."
        }
        path if path.starts_with("/v2/omr") => "This server does not read music from pictures.",
        _ => {
            "This server has no library of resources. Attach scores and links to the assignments of a class."
        }
    }
}

/// The operation in the description of the API.
pub fn described(path: &str, name: &str) -> Value {
    let named = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let parameters: Vec<Value> = named
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    let refused =
        json!({ "application/json": { "schema": { "$ref": "#/components/schemas/FlatErrorResponse" } } });
    json!({
        "tags": ["Not implemented"],
        "operationId": name,
        "summary": "Not implemented",
        "description": sentence(path),
        "parameters": parameters,
        "responses": {
            "501": { "description": "Always", "content": refused },
            "default": { "description": "Refused before", "content": refused },
        },
    })
}
