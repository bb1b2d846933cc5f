//! What older official SDKs need in order not to raise on a right answer. Each has its reason; the README lists
//! them. Answers that differ carry `Vary: User-Agent`.

use axum::body::Body;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::stream;
use homeroom_api::{InvitedRole, Role, UserAdminUpdate};

use crate::{App, Error, Result};

/// Which family of SDKs is asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sdk {
    /// Ruby 0.3 and Python 1.1: they declare `count` as an array, and raise on `accountAdmin`.
    Api220,
    /// PHP 0.6: it raises on `accountAdmin`.
    Php,
    /// Python 2.0: it raises on `picture: null`, which the contract allows.
    Python2,
    Current,
}

impl FromRequestParts<App> for Sdk {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Self::Rejection> {
        let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        Ok(agent.map_or(Self::Current, Self::of))
    }
}

/// An array of this many of these stands for a count.
const NOBODY: &str =
    r#"{"id":"000000000000000000000000","type":"user","product":"flatEdu","username":"-","picture":null}"#;
const LONGEST_ARRAY: u64 = 100_000;
const ARRAY_CHUNK: u64 = 500;

impl Sdk {
    fn of(agent: &str) -> Self {
        let is_old_ruby = agent.starts_with("OpenAPI-Generator/0.3.") && agent.ends_with("/ruby");
        if is_old_ruby || agent.starts_with("flat_api/1.1.") {
            Self::Api220
        } else if agent.starts_with("Swagger-Codegen/0.6.") && agent.ends_with("/php") {
            Self::Php
        } else if agent.starts_with("Flat-SDK-Python/2.") {
            Self::Python2
        } else {
            Self::Current
        }
    }

    /// The picture of somebody who has none.
    pub fn no_picture(self) -> Option<String> {
        (self == Self::Python2).then(String::new)
    }

    /// The role that this SDK can read.
    pub fn sees(self, role: Role) -> Role {
        match (self, role) {
            (Self::Api220 | Self::Php, Role::AccountAdmin) => Role::Admin,
            (_, role) => role,
        }
    }

    /// A script writes back the role that it read: what this SDK saw as `admin` stays `accountAdmin`.
    pub fn writes_back(self, update: &mut UserAdminUpdate, present: Role) {
        if update.organization_role == Some(self.sees(present)) {
            update.organization_role = None;
        }
    }

    /// The role that an invitation names. These SDKs send their default, `teacher`, where the script named none: it
    /// must not lower a member who is more.
    pub fn named_role(self, role: Option<InvitedRole>) -> Option<InvitedRole> {
        role.filter(|role| self == Self::Current || *role != InvitedRole::Teacher)
    }

    /// A count: an integer, or an array as long.
    pub fn count(self, count: u64) -> Result<Response> {
        if self != Self::Api220 {
            return Ok(super::Json(count).into_response());
        }
        if count > LONGEST_ARRAY {
            let message = format!(
                "There are more than {LONGEST_ARRAY} users, which this SDK can't be told: it reads a count as an \
                 array. Use flat-api 2.0 for Python or the API itself."
            );
            return Err(Error::invalid("User-Agent", message));
        }
        let chunks = stream::unfold(0, move |done| async move { array_chunk(done, count) });
        let json = HeaderValue::from_static("application/json");
        Ok(([(header::CONTENT_TYPE, json)], Body::from_stream(chunks)).into_response())
    }

    /// Says to caches that the answer depends on the SDK.
    pub fn vary(self, mut response: Response) -> Response {
        if self != Self::Current {
            response.headers_mut().append(header::VARY, HeaderValue::from_static("User-Agent"));
        }
        response
    }
}

/// Python 2.0 reads a person wherever one stands in an answer, and raises where they have no picture.
pub async fn without_null_pictures(sdk: Sdk, request: Request, next: Next) -> Response {
    let is_stored_data = request.uri().path().contains("/revisions/"); // as it was uploaded
    let response = next.run(request).await;
    let is_json = response.headers().get(header::CONTENT_TYPE).is_some_and(|ty| ty == "application/json");
    if sdk != Sdk::Python2 || !is_json || is_stored_data {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = axum::body::to_bytes(body, usize::MAX).await else {
        return Error::internal("a body that was in memory could not be read").into_response();
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    sdk.vary(Response::from_parts(parts, Body::from(with_empty_pictures(&body))))
}

/// In a text of JSON the quotes are escaped: this stands nowhere but at a field.
fn with_empty_pictures(json: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(json).replace(r#""picture":null"#, r#""picture":"""#).into_bytes()
}

/// The next part of an array of `count` nobodies, of which `done` are written; past `count`: the end.
fn array_chunk(done: u64, count: u64) -> Option<(Result<Bytes, std::convert::Infallible>, u64)> {
    if done > count {
        return None;
    }
    let open = if done == 0 { "[" } else { "" };
    let upto = (done + ARRAY_CHUNK).min(count);
    let items: Vec<&str> = (done..upto).map(|_| NOBODY).collect();
    let comma = if done > 0 && upto > done { "," } else { "" };
    let (close, next) = if upto == count { ("]", count + 1) } else { ("", upto) };
    Some((Ok(Bytes::from(format!("{open}{comma}{}{close}", items.join(",")))), next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_empty_texts_and_texts_stay_as_they_are() {
        let json = br#"{"picture":null,"bio":"\"picture\":null","user":{"picture":null}}"#;
        let expected = br#"{"picture":"","bio":"\"picture\":null","user":{"picture":""}}"#;
        assert_eq!(with_empty_pictures(json), expected);
    }

    #[test]
    fn the_array_for_a_count_has_that_length() {
        for count in [0, 1, 2, 499, 500, 501, 1000, 1234] {
            let mut done = 0;
            let mut text = String::new();
            while let Some((Ok(part), next)) = array_chunk(done, count) {
                text.push_str(std::str::from_utf8(&part).unwrap());
                done = next;
            }
            let array: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
            assert_eq!(array.len() as u64, count);
        }
    }

    #[test]
    fn sdks_are_known_by_their_user_agent() {
        assert_eq!(Sdk::of("OpenAPI-Generator/0.3.5/ruby"), Sdk::Api220);
        assert_eq!(Sdk::of("flat_api/1.1.0"), Sdk::Api220);
        assert_eq!(Sdk::of("Swagger-Codegen/0.6.0/php"), Sdk::Php);
        assert_eq!(Sdk::of("Flat-SDK-Python/2.0.4 (python/3.11.7)"), Sdk::Python2);
        assert_eq!(Sdk::of("curl/8.5.0"), Sdk::Current);
    }
}
