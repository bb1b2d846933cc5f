//! How a page becomes an answer, and the headers that all of them have.

use askama::Template;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::failure;
use crate::http::Visitor;
use crate::{App, Error};

/// Nothing but our own stylesheet, scripts and pictures; no frames around or inside; forms only to us.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";

pub fn page(template: &impl Template) -> Response {
    page_with_status(StatusCode::OK, template)
}

pub fn page_with_status(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => {
            let html = HeaderValue::from_static("text/html; charset=utf-8");
            (status, [(header::CONTENT_TYPE, html)], text).into_response()
        }
        Err(error) => Error::internal(format!("a template: {error}")).into_response(),
    }
}

/// Goes to a path on this host, after a form (RFC 9110 §15.4.4). One that would leave the host leads home.
pub fn see_other(app: &App, path: &str) -> Response {
    let location = app.site.location(path).unwrap_or_else(|| app.site.path("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// Makes a page of an error, and adds the headers of pages. A page that needs another policy has set it.
pub fn finish(app: &App, visitor: &Visitor, mut response: Response) -> Response {
    if let Some(error) = response.extensions().get::<Error>().cloned() {
        let body = failure::body(app, visitor, &error);
        *response.body_mut() = Body::from(body);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.remove(header::CONTENT_LENGTH);
        response.extensions_mut().insert(crate::http::Shown);
    }
    secure(response.headers_mut(), visitor);
    response
}

fn secure(headers: &mut HeaderMap, visitor: &Visitor) {
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // Addresses hold links that sign people in.
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_LANGUAGE, visitor.language.code()),
        (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (header::HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}
