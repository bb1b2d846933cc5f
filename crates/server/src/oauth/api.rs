//! The endpoints of OAuth, which answer in its words. Public apps in browsers call them from anywhere.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::denial::Denial;
use super::form::Form;
use super::issue::Answer;
use super::userinfo::userinfo;
use super::{app_token, client, code, discovery, introspection, keys, refresh, revocation};
use crate::{App, Result, http};

pub fn router(app: &App) -> Router<App> {
    Router::new()
        .route("/oauth/access_token", post(access_token))
        .route("/oauth/invalidate_token", post(invalidate_token))
        .route("/oauth/introspect", post(introspect))
        .route("/oauth/userinfo", get(userinfo).post(userinfo))
        .layer(from_fn(no_store))
        .route("/oauth/jwks", get(jwks))
        .route("/.well-known/openid-configuration", get(description))
        .route("/.well-known/oauth-authorization-server", get(description))
        .layer(from_fn_with_state(app.clone(), http::detach))
}

/// Tokens stay in no cache (RFC 6749 §5.1).
async fn no_store(request: axum::extract::Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

/// A code, a refresh token or the app's own name and secret become an access token.
async fn access_token(State(app): State<App>, form: Form) -> Result<Json<Answer>, Denial> {
    let client = client::authenticate(&app, &form).await?;
    let answer = match form.need("grant_type")? {
        "authorization_code" => code::redeem(&app, &client, &form).await?,
        "refresh_token" => refresh::exchange(&app, &client, &form).await?,
        "client_credentials" => app_token::give(&app, &client, &form).await?,
        _ => {
            let text = "`grant_type` is `authorization_code`, `refresh_token` or `client_credentials`.";
            return Err(Denial::new("unsupported_grant_type", text));
        }
    };
    Ok(Json(answer))
}

async fn invalidate_token(State(app): State<App>, form: Form) -> Result<Json<Value>, Denial> {
    let client = client::authenticate(&app, &form).await?;
    revocation::revoke(&app, &client, &form).await?;
    Ok(Json(json!({})))
}

async fn introspect(State(app): State<App>, form: Form) -> Result<Json<Value>, Denial> {
    let client = client::authenticate(&app, &form).await?;
    introspection::inspect(&app, &client, &form).await.map(Json)
}

async fn jwks(State(app): State<App>) -> Result<Response> {
    let keys = keys::published(&app).await?;
    Ok(([(header::CACHE_CONTROL, "public, max-age=300")], Json(json!({ "keys": keys }))).into_response())
}

async fn description(State(app): State<App>) -> Response {
    ([(header::CACHE_CONTROL, "public, max-age=300")], Json(discovery::describe(&app))).into_response()
}
