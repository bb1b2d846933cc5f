//! `/healthz`, `/readyz` and `/metrics`.

use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use secrecy::ExposeSecret as _;
use subtle::ConstantTimeEq as _;

use super::{Peer, not_found};
use crate::db::Read as _;
use crate::{App, Result};

/// The process runs.
pub async fn health() -> &'static str {
    "ok\n"
}

/// The database answers.
pub async fn ready(State(app): State<App>) -> Result<&'static str> {
    app.db.read().await?.one::<(i64,)>("SELECT count(*) FROM settings", ()).await?;
    Ok("ok\n")
}

/// For Prometheus on this machine, or with the token that the setting names.
pub async fn metrics(State(app): State<App>, request: Request) -> Response {
    if !may_see(&app, &request) {
        return not_found().await.into_response();
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], app.metrics.text()).into_response()
}

fn may_see(app: &App, request: &Request) -> bool {
    let headers = request.headers();
    if let Some(token) = &app.settings.metrics_token {
        let expected = format!("Bearer {}", token.expose_secret());
        let sent =
            headers.get(header::AUTHORIZATION).map(axum::http::HeaderValue::as_bytes).unwrap_or_default();
        return expected.as_bytes().ct_eq(sent).into();
    }
    // A proxy on this machine makes every client look local, but says so.
    let forwarded = headers.contains_key("x-forwarded-for") || headers.contains_key(header::FORWARDED);
    let local =
        request.extensions().get::<Peer>().is_some_and(|peer| peer.0.ip().to_canonical().is_loopback());
    local && !forwarded
}
