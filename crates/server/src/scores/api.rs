use homeroom_api::{ErrorBody, Scope, Scopes, ScoreDetails};

use crate::http::{Access, Allowed, Caller, Json, Params, Path, Routes, parse_id};
use crate::{App, Result, scores};

pub const SCORES_READ: Access =
    Access { scopes: Scopes::of(&[Scope::Scores, Scope::ScoresReadonly]), roles: Allowed::Everybody };
pub const SCORES_WRITE: Access = Access { scopes: Scopes::of(&[Scope::Scores]), roles: Allowed::Everybody };

pub fn routes() -> Routes {
    Routes::new().get("/v2/scores/{score}", SCORES_READ, get)
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
    let mut conn = app.db.read().await?;
    let score =
        scores::open(&mut conn, &caller, &parse_id("score", score)?, params.text("sharingKey")?).await?;
    Ok(Json(score.details(&app)))
}
