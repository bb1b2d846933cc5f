//! What an operation can answer instead of its result.

use std::borrow::Cow;

use homeroom_api::ErrorCode;

use crate::db;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error as the client sees it, and its cause, which only the log sees.
#[derive(Debug, Clone)]
pub struct Error {
    pub code: ErrorCode,
    pub message: Cow<'static, str>,
    pub param: Option<Cow<'static, str>>,
    pub cause: Option<String>,
    /// Seconds after which to try again.
    pub retry_after: Option<u64>,
}

impl Error {
    pub fn new(code: ErrorCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), param: None, cause: None, retry_after: None }
    }

    #[must_use]
    pub fn with_param(mut self, param: impl Into<Cow<'static, str>>) -> Self {
        self.param = Some(param.into());
        self
    }

    /// 400: `param` is wrong, and how.
    pub fn invalid(param: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::InvalidParameter, message).with_param(param)
    }

    pub fn unauthorized() -> Self {
        let message = "Send a valid token: `Authorization: Bearer hr_…`. This one is missing, unknown, expired or revoked.";
        Self::new(ErrorCode::Unauthorized, message)
    }

    pub fn forbidden(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::Forbidden, message)
    }

    /// 409: it can't be done as things stand; the message says what to do first.
    pub fn conflict(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::Conflict, message)
    }

    /// 404, for what is not there and for what is another organization's.
    pub fn not_found(what: &'static str) -> Self {
        Self::new(ErrorCode::NotFound, format!("There is no such {what} in your organization."))
    }

    /// 501, for what the contract has and this server does not do.
    pub fn not_implemented(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::NotImplemented, message)
    }

    pub fn unavailable(cause: impl Into<String>) -> Self {
        let message = "The server can't do this right now. Try again in a moment.";
        let cause = Some(cause.into());
        Self { cause, retry_after: Some(1), ..Self::new(ErrorCode::Unavailable, message) }
    }

    pub fn internal(cause: impl Into<String>) -> Self {
        let message = "Something went wrong on the server. The log tells more under this id.";
        Self { cause: Some(cause.into()), ..Self::new(ErrorCode::InternalError, message) }
    }
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::Unavailable(cause) => Self::unavailable(cause),
            db::Error::Failed(cause) | db::Error::Unfit(cause) => Self::internal(cause),
            // Whoever can run into one says which field it is.
            db::Error::Taken(key) => Self::internal(format!("the key {key:?} is taken")),
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)?;
        self.cause.as_ref().map_or(Ok(()), |cause| write!(f, " ({cause})"))
    }
}

impl std::error::Error for Error {}
