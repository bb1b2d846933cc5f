//! Refusals in the words of OAuth (RFC 6749 §5.2).

use std::borrow::Cow;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::{Error, db};

/// Why an app gets nothing: its own fault, or ours.
#[derive(Debug)]
pub enum Denial {
    Refused(Refusal),
    Failed(Error),
}

/// A code of OAuth, and a sentence for whoever writes the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub code: &'static str,
    pub text: Cow<'static, str>,
}

impl Refusal {
    pub fn new(code: &'static str, text: impl Into<Cow<'static, str>>) -> Self {
        Self { code, text: text.into() }
    }
}

impl Denial {
    pub fn new(code: &'static str, text: impl Into<Cow<'static, str>>) -> Self {
        Self::Refused(Refusal::new(code, text))
    }

    pub fn invalid_request(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new("invalid_request", text)
    }

    pub fn invalid_client() -> Self {
        Self::new("invalid_client", "There is no such app, or its secret is wrong.")
    }

    /// The same for every code or refresh token that does not work: whoever has a wrong one learns nothing.
    pub fn invalid_grant() -> Self {
        let text = "This code or refresh token is unknown, used, expired, revoked, or another app's; or the \
                    `redirect_uri` or `code_verifier` is not the one that it was made for.";
        Self::new("invalid_grant", text)
    }
}

impl From<Error> for Denial {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<db::Error> for Denial {
    fn from(error: db::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl IntoResponse for Denial {
    fn into_response(self) -> Response {
        let refusal = match self {
            Self::Refused(refusal) => refusal,
            Self::Failed(error) => return error.into_response(),
        };
        let status = match refusal.code {
            "invalid_client" => StatusCode::UNAUTHORIZED,
            _ => StatusCode::BAD_REQUEST,
        };
        let body = json!({ "error": refusal.code, "error_description": refusal.text });
        let mut response = (status, axum::Json(body)).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let basic = HeaderValue::from_static("Basic realm=\"homeroom\", charset=\"UTF-8\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, basic);
        }
        response
    }
}
