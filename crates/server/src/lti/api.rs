use axum::http::StatusCode;
use homeroom_api::{ErrorBody, LtiCredentials, LtiCredentialsCreation, Scope, Scopes, Timestamp};

use super::{Credentials, may_see_secret};
use crate::http::{Access, Allowed, Caller, Json, Path, Routes, parse_id};
use crate::{App, Result, lti};

const LTI_READ: Access = Access {
    scopes: Scopes::of(&[Scope::EduAdmin, Scope::EduAdminLti, Scope::EduAdminLtiReadonly]),
    roles: Allowed::AdminsAndLtiTeachers,
};
const LTI_WRITE: Access = Access {
    scopes: Scopes::of(&[Scope::EduAdmin, Scope::EduAdminLti]),
    roles: Allowed::AdminsAndLtiTeachers,
};

const CREDENTIALS: &str = "/v2/organizations/lti/credentials";

pub fn routes() -> Routes {
    Routes::new().get(CREDENTIALS, LTI_READ, list).post(CREDENTIALS, LTI_WRITE, create).delete(
        "/v2/organizations/lti/credentials/{credentials}",
        LTI_WRITE,
        revoke,
    )
}

/// List the LTI 1.x credentials of the organization
///
/// A teacher sees the own ones. Tokens that may only read, and delegated ones, get no secrets; tokens without
/// `edu.admin` get none of credentials that match accounts by e-mail.
#[utoipa::path(
    get, path = "/v2/organizations/lti/credentials", operation_id = "listLtiCredentials", tag = "Organization",
    responses((status = 200, description = "All credentials, oldest first", body = [LtiCredentials]), (status = 403, description = "Your role or token may not", body = ErrorBody), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn list(app: App, caller: Caller) -> Result<Json<Vec<LtiCredentials>>> {
    let credentials = lti::list(&app, &caller).await?;
    let show = |credentials: Credentials| {
        let with_secret = may_see_secret(&caller, &credentials);
        credentials.show(with_secret)
    };
    Ok(Json(credentials.into_iter().map(show).collect()))
}

/// Make LTI 1.x credentials
///
/// Not with a delegated token: whoever has them can sign launches for anybody. Made without `edu.admin` they never
/// match accounts by e-mail.
#[utoipa::path(
    post, path = "/v2/organizations/lti/credentials", operation_id = "createLtiCredentials", tag = "Organization",
    request_body = LtiCredentialsCreation,
    responses((status = 200, description = "The new credentials", body = LtiCredentials), (status = 403, description = "Your role or token may not", body = ErrorBody), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn create(
    app: App,
    caller: Caller,
    Json(new): Json<LtiCredentialsCreation>,
) -> Result<Json<LtiCredentials>> {
    Ok(Json(lti::create(&app, &caller, new).await?.show(true)))
}

/// Revoke LTI 1.x credentials
///
/// Launches with them stop at once.
#[utoipa::path(
    delete, path = "/v2/organizations/lti/credentials/{credentials}", operation_id = "revokeLtiCredentials",
    tag = "Organization", params(("credentials" = String, Path, description = "The id of the credentials")),
    responses((status = 204, description = "Revoked"), (status = 404, description = "There are no such credentials", body = ErrorBody), (status = 403, description = "Your role or token may not", body = ErrorBody), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn revoke(app: App, caller: Caller, Path([credentials]): Path<1>) -> Result<StatusCode> {
    lti::revoke(&app, &caller, &parse_id("set of LTI credentials", credentials)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl Credentials {
    fn show(self, with_secret: bool) -> LtiCredentials {
        LtiCredentials {
            id: self.id,
            name: self.name,
            lms: self.lms,
            organization: self.organization,
            creator: self.creator,
            creation_date: self.created_at,
            last_usage: Some(self.last_used_at).filter(|at| *at != Timestamp::default()),
            consumer_key: self.consumer_key,
            consumer_secret: self.consumer_secret.filter(|_| with_secret),
            enable_email_matching: self.enable_email_matching,
        }
    }
}
