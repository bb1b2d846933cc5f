//! The reference page: Swagger UI, from the binary, for the document of this server.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use utoipa_swagger_ui::{Config, SwaggerFile, serve};

use super::error::nothing_here;
use crate::App;

/// Nothing from elsewhere, so no badge of swagger.io's validator either. The page's own scripts set styles on elements and draw icons from `data:` addresses.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub fn docs() -> Router<App> {
    let config = Arc::new(Config::from("/v2/openapi.json").validator_url("none"));
    let root = config.clone();
    Router::new()
        .route("/docs", get(|| async { Redirect::permanent("/docs/") }))
        .route("/docs/", get(move || async move { file("", root) }))
        .route(
            "/docs/{*file}",
            get(async move |axum::extract::Path(path): axum::extract::Path<String>| file(&path, config)),
        )
}

fn file(path: &str, config: Arc<Config<'static>>) -> Response {
    match serve(path, config) {
        Ok(Some(SwaggerFile { bytes, content_type, gzpipped: gzipped, .. })) => {
            let mut response = bytes.into_owned().into_response();
            let headers = response.headers_mut();
            let plain = HeaderValue::from_static("text/plain");
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(&content_type).unwrap_or(plain));
            headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
            headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
            headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
            if gzipped {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            }
            response
        }
        _ => nothing_here().into_response(),
    }
}
