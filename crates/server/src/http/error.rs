//! Errors as answers.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use homeroom_api::{ErrorBody, ErrorCode};

use crate::Error;

impl Error {
    pub const fn status(&self) -> StatusCode {
        match self.code {
            ErrorCode::InvalidParameter | ErrorCode::InvalidJson | ErrorCode::InvalidCursor => {
                StatusCode::BAD_REQUEST
            }
            ErrorCode::Unauthorized => StatusCode::UNAUTHORIZED,
            // The contract says 403, not 429, for a rate limit.
            ErrorCode::InsufficientScope | ErrorCode::Forbidden | ErrorCode::ApiRateLimitExceeded => {
                StatusCode::FORBIDDEN
            }
            ErrorCode::NotFound => StatusCode::NOT_FOUND,
            ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            ErrorCode::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            ErrorCode::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ErrorCode::UsernameTaken | ErrorCode::EmailTaken | ErrorCode::LastAdmin | ErrorCode::Conflict => {
                StatusCode::CONFLICT
            }
            ErrorCode::InternalError => StatusCode::INTERNAL_SERVER_ERROR,
            ErrorCode::NotImplemented => StatusCode::NOT_IMPLEMENTED,
            ErrorCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Writes the body, which names the request.
    pub(super) fn body(&self, request_id: &str) -> Body {
        let body = ErrorBody {
            code: self.code.to_string(),
            message: self.message.to_string(),
            id: Some(request_id.to_owned()),
            param: self.param.as_ref().map(ToString::to_string),
        };
        Body::from(serde_json::to_vec(&body).unwrap_or_default())
    }
}

/// Status and headers; [`observe`](super::observe) adds the body, because only it knows the request's id.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if self.code == ErrorCode::Unauthorized {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

pub async fn not_found() -> Error {
    nothing_here()
}

pub(super) fn nothing_here() -> Error {
    let message = "There is nothing at this address. /v2/openapi.json and /docs list what there is.";
    Error::new(ErrorCode::NotFound, message)
}

pub async fn method_not_allowed() -> Error {
    let message = "This address doesn't take that method. The `Allow` header lists those that it takes.";
    Error::new(ErrorCode::MethodNotAllowed, message)
}
