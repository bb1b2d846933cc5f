//! What can go wrong.

use std::fmt;

use homeroom_api::ErrorCode;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, LOCATION};
use serde::Deserialize;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call has no value. Its text is a sentence for people, without the token.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server refused, or something in front of it did.
    #[error(transparent)]
    Api(Box<ApiError>),
    /// There is no answer: no connection, or one that broke.
    #[error("no answer from the server: {}", cause(.0))]
    Transport(#[source] reqwest::Error),
    /// There is no answer in time. The server may have done what it was asked to.
    #[error("no answer from the server in time")]
    Timeout(#[source] reqwest::Error),
    /// The answer says success, but holds something else than the API promises.
    #[error("the answer ({status}) is not one of this API: {source}")]
    Decode { status: StatusCode, headers: HeaderMap, source: serde_json::Error },
    /// An address, token or id that can't be one. Nothing was sent.
    #[error("{0}")]
    Setting(String),
}

/// An answer that is not a success.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ApiError {
    pub status: StatusCode,
    /// For programs: an [`ErrorCode`], or a code that only this server knows. `HTTP_502` and the like where the answer
    /// has none, because something in front of the server gave it.
    pub code: String,
    /// What went wrong and what to do, for people.
    pub message: String,
    /// The parameter or field that is to blame.
    pub param: Option<String>,
    /// The id of the request: name it when you ask the operator for help.
    pub id: Option<String>,
    pub headers: HeaderMap,
}

impl Error {
    /// The code of the answer, if there is one that the contract knows.
    pub fn code(&self) -> Option<ErrorCode> {
        self.api()?.code.parse().ok()
    }

    /// The answer, if there is one that is not a success.
    pub fn api(&self) -> Option<&ApiError> {
        match self {
            Self::Api(error) => Some(error),
            _ => None,
        }
    }

    /// The status of the answer, if there is one.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Api(error) => Some(error.status),
            Self::Decode { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// The headers of the answer, if there is one.
    pub fn headers(&self) -> Option<&HeaderMap> {
        match self {
            Self::Api(error) => Some(&error.headers),
            Self::Decode { headers, .. } => Some(headers),
            _ => None,
        }
    }

    /// Whether there was no connection at all, so that the server certainly did nothing.
    pub fn is_connect(&self) -> bool {
        matches!(self, Self::Transport(error) | Self::Timeout(error) if error.is_connect())
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        let error = error.without_url(); // it may hold names that were searched for
        if error.is_timeout() { Self::Timeout(error) } else { Self::Transport(error) }
    }
}

/// What a body may hold; everything is optional, because proxies answer too.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Body {
    code: Option<String>,
    message: Option<String>,
    param: Option<String>,
    id: Option<String>,
}

impl ApiError {
    pub(crate) fn read(status: StatusCode, headers: HeaderMap, body: &[u8]) -> Self {
        let parsed: Body = serde_json::from_slice(body).unwrap_or_default();
        let message = parsed.message.unwrap_or_else(|| foreign(status, &headers, body));
        let code = parsed.code.unwrap_or_else(|| format!("HTTP_{}", status.as_u16()));
        Self { status, code, message, param: parsed.param, id: parsed.id, headers }
    }

    /// Whether the server turned the request down unread, because there were too many.
    pub(crate) fn is_rate_limit(&self) -> bool {
        self.code == ErrorCode::ApiRateLimitExceeded.as_str() || self.status == StatusCode::TOO_MANY_REQUESTS
    }
}

impl std::error::Error for ApiError {}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} {}", self.message, self.status.as_u16(), self.code)?;
        if let Some(param) = &self.param {
            write!(f, ", `{param}`")?;
        }
        if let Some(id) = &self.id {
            write!(f, ", request {id}")?;
        }
        f.write_str(")")
    }
}

/// A sentence about an answer that is not the API's.
fn foreign(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> String {
    if let Some(place) = headers.get(LOCATION).and_then(|place| place.to_str().ok())
        && status.is_redirection()
    {
        return format!(
            "The server redirects to {place}; redirects are not followed: set its address as the base URL."
        );
    }
    let text = String::from_utf8_lossy(body);
    let start: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect();
    format!("The answer is not one of this API: {start}").trim_end_matches([':', ' ']).to_owned()
}

/// The innermost cause, which says most ("Connection refused").
fn cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
