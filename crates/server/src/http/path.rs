//! Ids in paths.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use crate::{App, Error, Result};

/// The ids in the path, from left to right, as they came: whether there is such a thing, the operation says.
pub struct Path<const N: usize>(pub [String; N]);

impl<const N: usize> FromRequestParts<App> for Path<N> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let not_found = || Error::not_found("thing");
        let params = RawPathParams::from_request_parts(parts, app).await.map_err(|_| not_found())?;
        let values: Vec<String> = params.iter().map(|(_, value)| value.to_owned()).collect();
        values.try_into().map(Self).map_err(|_| not_found())
    }
}

/// An id of ours: 24 lower-case hexadecimal digits. Anything else is not there.
pub fn parse_id<T: From<String>>(what: &'static str, text: String) -> Result<T> {
    let is_id = text.len() == 24 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if is_id { Ok(T::from(text)) } else { Err(Error::not_found(what)) }
}
