//! Who signed in, asked for with an access token (OpenID Connect Core §5.3).

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use homeroom_api::IdentityScope;
use serde_json::json;

use super::{id_token, store};
use crate::crypto::TokenHash;
use crate::{App, Result, access_tokens, http, users};

/// What an app may know of the person whose token it has.
pub async fn userinfo(app: App, headers: HeaderMap) -> Result<Response> {
    let Some(hash) = http::bearer(&headers).and_then(TokenHash::of_access_token) else {
        return Ok(refused(
            StatusCode::UNAUTHORIZED,
            "invalid_token",
            "Send a token: `Authorization: Bearer hr_…`.",
        ));
    };
    let Some(identity) = access_tokens::identify_afresh(&app, hash).await? else {
        let text = "This token is unknown, expired or revoked.";
        return Ok(refused(StatusCode::UNAUTHORIZED, "invalid_token", text));
    };
    let mut conn = app.db.read().await?;
    let family = store::find_by_access_token(&mut conn, hash).await?;
    let Some(of) = family.filter(|of| of.grant.has(IdentityScope::Openid)) else {
        let text = "The token needs the scope `openid`.";
        return Ok(refused(StatusCode::FORBIDDEN, "insufficient_scope", text));
    };
    let user = users::get_member(&mut conn, &identity.organization, &identity.user, app.clock.now()).await?;
    Ok(axum::Json(id_token::claims(&user, &of.grant)).into_response())
}

/// RFC 6750 §3.1.
fn refused(status: StatusCode, code: &'static str, text: &'static str) -> Response {
    let body = json!({ "error": code, "error_description": text });
    let mut response = (status, axum::Json(body)).into_response();
    if let Ok(value) = HeaderValue::from_str(&format!("Bearer error=\"{code}\"")) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
    }
    response
}
