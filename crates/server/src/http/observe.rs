//! What every request gets: an id, a line in the log, a place in the figures, a limit of time.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use homeroom_api::ErrorCode;

use super::large;
use crate::{App, Error};

/// Says that an error has its body already: a page.
#[derive(Clone, Copy)]
pub struct Shown;

/// The longest that a request may take.
const LONGEST: Duration = Duration::from_secs(30);

/// Gives the request its id, and its error (if it is one) a body, a log line and a count.
pub async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let id: String = app.random.id(app.clock.now());
    let started = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("(none)", MatchedPath::as_str);

    let mut response = next.run(request).await;

    let error = response.extensions_mut().remove::<Error>();
    if let Some(error) = error.as_ref().filter(|_| response.extensions().get::<Shown>().is_none()) {
        *response.body_mut() = error.body(&id);
        response.headers_mut().remove("content-length");
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    join_vary(response.headers_mut());
    let took = started.elapsed();
    app.metrics.request(method.as_str(), route, response.status().as_u16(), took);
    log(&id, method.as_str(), route, response.status(), took, error.as_ref());
    response
}

/// Several layers add a `Vary`; simple caches and scripts read one line.
fn join_vary(headers: &mut HeaderMap) {
    let values: Vec<&str> =
        headers.get_all(header::VARY).iter().filter_map(|value| value.to_str().ok()).collect();
    if let Ok(joined) = HeaderValue::from_str(&values.join(", "))
        && values.len() > 1
    {
        headers.insert(header::VARY, joined);
    }
}

/// Routes, not addresses: these hold search words, cursors and links. Causes, not messages: these quote input.
fn log(id: &str, method: &str, route: &str, status: StatusCode, took: Duration, error: Option<&Error>) {
    let ms = took.as_secs_f64() * 1000.0;
    let status = status.as_u16();
    match error.map(|error| (error.code, error.cause.as_deref())) {
        Some((code @ ErrorCode::Unavailable, Some(cause))) => {
            tracing::warn!(target: "homeroom::request", id, method, route, status, ms, %code, cause); // it passes
        }
        Some((code, Some(cause))) => {
            tracing::error!(target: "homeroom::request", id, method, route, status, ms, %code, cause);
        }
        Some((code, None)) => {
            tracing::info!(target: "homeroom::request", id, method, route, status, ms, %code)
        }
        None => tracing::info!(target: "homeroom::request", id, method, route, status, ms),
    }
}

/// Answers 503 after [`LONGEST`], or later where the body is large. A write goes on in its own task.
pub async fn time_out(request: Request, next: Next) -> Response {
    within(LONGEST + large::allowance(request.headers()), next.run(request)).await
}

async fn within(limit: Duration, answer: impl Future<Output = Response>) -> Response {
    match tokio::time::timeout(limit, answer).await {
        Ok(response) => response,
        Err(_) => Error::unavailable("the request took too long").into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_request_that_takes_too_long_is_answered_with_when_to_come_back() {
        let answer = within(Duration::from_millis(1), std::future::pending()).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.headers()["retry-after"], "1");
    }
}
