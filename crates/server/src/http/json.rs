//! JSON bodies, in and out.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use homeroom_api::ErrorCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use tokio_util::sync::CancellationToken;

use crate::{App, Error, Result};

/// The largest body, in bytes.
const LARGEST: usize = 1 << 20;
/// Less than a request may take in all.
const BODY_WITHIN: Duration = Duration::from_secs(20);

/// A JSON object as the body of a request, or any value as that of an answer.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self> {
        let (parts, body) = request.into_parts();
        check_type(&parts.headers)?;
        check_length(&parts.headers)?;
        parse(&read_body(app, body).await?).map(Self)
    }
}

/// A whole body, up to the largest that there may be.
pub async fn read_body(app: &App, body: Body) -> Result<Bytes> {
    read(body, BODY_WITHIN, &app.stopping).await
}

/// Waits for the body, but not for ever: the task that serves the request outlives its time limit, and the server's
/// end waits for that task.
async fn read(body: Body, limit: Duration, stopping: &CancellationToken) -> Result<Bytes> {
    tokio::select! {
        bytes = to_bytes(body, LARGEST) => bytes.map_err(|error| unreadable(&error)),
        () = tokio::time::sleep(limit) => {
            Err(Error::new(ErrorCode::InvalidJson, "The body did not arrive in time: send it at once."))
        }
        () = stopping.cancelled() => Err(Error::unavailable("the server stopped before the body was there")),
    }
}

pub(super) fn check_type(headers: &HeaderMap) -> Result<()> {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json")) {
        return Ok(());
    }
    let message = "Send the body as JSON, with `Content-Type: application/json`.";
    Err(Error::new(ErrorCode::UnsupportedMediaType, message))
}

/// Refuses a body that is too large before it is sent.
fn check_length(headers: &HeaderMap) -> Result<()> {
    if length(headers).is_some_and(|length| length > LARGEST) { Err(too_large()) } else { Ok(()) }
}

/// How long the body says that it is.
pub(super) fn length(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn too_large() -> Error {
    Error::new(ErrorCode::PayloadTooLarge, "The body is too large: 1 MiB is the most.")
}

pub(super) fn unreadable(error: &axum::Error) -> Error {
    use std::error::Error as _;
    match error.source() {
        Some(source) if source.is::<http_body_util::LengthLimitError>() => too_large(),
        _ => Error::new(ErrorCode::InvalidJson, "The body ended before it was complete."),
    }
}

/// Reads an object; what is wrong with a field names the field.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => {}
        None => return Err(Error::invalid("body", "The body is empty: send a JSON object, `{}` at least.")),
        Some(_) => return Err(not_an_object(body)),
    }
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let param = error.path().iter().next().map(ToString::to_string).filter(|param| param != "?");
        wrong(error.inner(), param)
    })?;
    deserializer.end().map_err(|error| wrong(&error, None))?;
    Ok(value)
}

fn not_an_object(body: &[u8]) -> Error {
    match serde_json::from_slice::<serde::de::IgnoredAny>(body) {
        Ok(_) => Error::invalid("body", "The body must be a JSON object."),
        Err(error) => wrong(&error, None),
    }
}

fn wrong(error: &serde_json::Error, param: Option<String>) -> Error {
    match (error.classify(), param) {
        (Category::Data, Some(param)) => {
            let message = format!("`{param}` is wrong: {}.", plain(error));
            Error::invalid(param, message)
        }
        (Category::Data, None) => {
            Error::invalid(missing(error), format!("The body is wrong: {}.", plain(error)))
        }
        (_, Some(param)) => malformed(error).with_param(param),
        (_, None) => malformed(error),
    }
}

fn malformed(error: &serde_json::Error) -> Error {
    Error::new(ErrorCode::InvalidJson, format!("The body is not JSON: {error}."))
}

/// What is wrong, in the words of JSON and not of the parser, and without the place: the field is named.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(&*text, |(text, _)| text);
    let expected = text.strip_prefix("invalid type: ").and_then(|types| types.split_once(", expected "));
    match expected {
        Some((found, wanted)) => format!("{} is there instead of {}", in_words(found), in_words(wanted)),
        None => text.to_owned(),
    }
}

fn in_words(kind: &str) -> &str {
    match kind {
        "sequence" | "a sequence" => "a list",
        "map" => "an object",
        "a string" => "a text",
        _ if kind.starts_with("string") => "a text",
        _ if kind.starts_with("integer") || kind.starts_with("floating point") => "a number",
        _ if kind.starts_with("boolean") || kind == "a boolean" => "true or false",
        _ if kind.starts_with("struct ") => "an object",
        other => other,
    }
}

/// The field of "missing field `x`", which has no path.
fn missing(error: &serde_json::Error) -> String {
    error.to_string().split('`').nth(1).unwrap_or("body").to_owned()
}

/// As long as a page of a list, or nearly.
const USUAL: usize = 8 * 1024;

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        let mut body = Vec::with_capacity(USUAL);
        match serde_json::to_writer(&mut body, &self.0) {
            Ok(()) => {
                let json = HeaderValue::from_static("application/json");
                ([(header::CONTENT_TYPE, json)], Body::from(body)).into_response()
            }
            Err(error) => Error::internal(error.to_string()).into_response(),
        }
    }
}

#[cfg(test)]
mod tests {
    use homeroom_api::{OrganizationUserAccessTokenCreation, UserCreation};

    use super::*;

    fn refused(body: &[u8]) -> (ErrorCode, Option<String>) {
        let error = parse::<UserCreation>(body).expect_err("a wrong body");
        (error.code, error.param.map(Into::into))
    }

    #[test]
    fn a_wrong_body_names_the_field_that_is_to_blame() {
        use ErrorCode::{InvalidJson, InvalidParameter};
        let some = |param: &str| Some(param.to_owned());
        for (body, code, param) in [
            (&br#"{"username": 5, "password": "secret"}"#[..], InvalidParameter, some("username")),
            (br#"{"username": "ada"}"#, InvalidParameter, some("password")),
            (br#"{"username": "a", "username": "b"}"#, InvalidParameter, some("username")),
            (br#"{"username": "\ud800", "password": "secret"}"#, InvalidJson, some("username")),
            (br#"["ada", "secret"]"#, InvalidParameter, some("body")),
            (b"null", InvalidParameter, some("body")),
            (b"  ", InvalidParameter, some("body")),
            (b"{", InvalidJson, None),
            (b"nonsense", InvalidJson, None),
            (b"{} {}", InvalidParameter, some("username")),
            (b"\xff\xfe", InvalidJson, None),
        ] {
            assert_eq!(refused(body), (code, param), "{}", String::from_utf8_lossy(body));
        }
    }

    fn sentence<T: DeserializeOwned + std::fmt::Debug>(body: &str) -> String {
        parse::<T>(body.as_bytes()).expect_err("a wrong body").message.into_owned()
    }

    #[test]
    fn a_wrong_type_is_told_in_plain_words() {
        for (body, told) in [
            (r#"{"username":["a"]}"#, "`username` is wrong: a list is there instead of a text."),
            (r#"{"username":5}"#, "`username` is wrong: a number is there instead of a text."),
            (r#"{"username":null}"#, "`username` is wrong: null is there instead of a text."),
            (r#"{"username":{}}"#, "`username` is wrong: an object is there instead of a text."),
            (r#"{"username":"a"}"#, "The body is wrong: missing field `password`."),
        ] {
            assert_eq!(sentence::<UserCreation>(body), told);
        }
        let told = sentence::<OrganizationUserAccessTokenCreation>(r#"{"scopes":true}"#);
        assert_eq!(told, "`scopes` is wrong: true or false is there instead of a list.");
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_is_waited_for_neither_for_ever_nor_past_the_servers_end() {
        let (short, long) = (Duration::from_millis(1), Duration::from_secs(60));
        let silent = || Body::from_stream(futures_util::stream::pending::<Result<Bytes>>());
        let stopping = CancellationToken::new();
        let slow = read(silent(), short, &stopping).await.expect_err("no body");
        assert!(slow.code == ErrorCode::InvalidJson && slow.message.contains("in time"), "{slow}");
        stopping.cancel();
        let cut = read(silent(), long, &stopping).await.expect_err("no body");
        assert_eq!((cut.code, cut.retry_after), (ErrorCode::Unavailable, Some(1)));
    }

    #[test]
    fn deep_nesting_does_not_exhaust_the_stack() {
        let deep = "[".repeat(1_000_000);
        assert_eq!(refused(deep.as_bytes()).0, ErrorCode::InvalidJson);
        assert_eq!(refused(format!("{{\"x\":{deep}").as_bytes()).0, ErrorCode::InvalidJson);
        assert_eq!(refused(format!("{{\"username\":{deep}").as_bytes()).0, ErrorCode::InvalidParameter);
    }
}
