//! The body of every answer that is not a success.

use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// What went wrong, for programs.
    ErrorCode {
        InvalidParameter = "INVALID_PARAMETER",
        InvalidJson = "INVALID_JSON",
        InvalidCursor = "INVALID_CURSOR",
        Unauthorized = "UNAUTHORIZED",
        InsufficientScope = "INSUFFICIENT_SCOPE",
        Forbidden = "FORBIDDEN",
        ApiRateLimitExceeded = "API_RATE_LIMIT_EXCEEDED",
        NotFound = "NOT_FOUND",
        MethodNotAllowed = "METHOD_NOT_ALLOWED",
        PayloadTooLarge = "PAYLOAD_TOO_LARGE",
        UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE",
        UsernameTaken = "USERNAME_TAKEN",
        EmailTaken = "EMAIL_TAKEN",
        LastAdmin = "LAST_ADMIN",
        Conflict = "CONFLICT",
        InternalError = "INTERNAL_ERROR",
        NotImplemented = "NOT_IMPLEMENTED",
        Unavailable = "UNAVAILABLE",
    }
}

/// An error (`FlatErrorResponse` in the contract).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = FlatErrorResponse))]
pub struct ErrorBody {
    /// What went wrong, for programs: one of the codes that the description of the API lists.
    pub code: String,
    /// What went wrong and what to do, for people.
    pub message: String,
    /// The id of the request, as in `X-Request-Id`: name it when you ask for help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub id: Option<String>,
    /// The parameter or field that is to blame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub param: Option<String>,
}
