//! The fields of a form.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::Params;
use crate::{App, Error, Result};

/// What a page's form sent; a field that is not there is empty.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads `application/x-www-form-urlencoded`.
    pub fn parse(body: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(body)
            .map_err(|_| Error::invalid("body", "The form is not in UTF-8: open the page again."))?;
        Ok(Self(Params::parse(text)?.pairs().to_vec()))
    }

    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// Every value of a field that may be there several times.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a box was ticked, or a button pressed.
    pub fn has(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }
}

impl FromRequestParts<App> for Fields {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self> {
        Ok(parts.extensions.get().cloned().unwrap_or_default())
    }
}
