//! What an app sends: a form, and perhaps its name and secret in a header.

use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::{HeaderMap, header};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use homeroom_api::ErrorCode;
use secrecy::SecretString;

use super::denial::Denial;
use crate::http::{Origin, read_body};
use crate::{App, Error};

/// A request of an app.
pub struct Form {
    pairs: Vec<(String, String)>,
    /// `client_id` and `client_secret` of `Authorization: Basic …`.
    pub basic: Option<(String, SecretString)>,
    pub origin: Origin,
}

impl Form {
    /// A parameter; an empty one is an absent one (RFC 6749 §3.2).
    pub fn text(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    pub fn need(&self, name: &'static str) -> Result<&str, Denial> {
        self.text(name).ok_or_else(|| Denial::invalid_request(format!("`{name}` is missing.")))
    }

    fn parse(body: &[u8]) -> Result<Vec<(String, String)>, Denial> {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
        for (at, (name, value)) in pairs.iter().enumerate() {
            if pairs[..at].iter().any(|(before, _)| before == name) {
                return Err(Denial::invalid_request("A parameter is there twice: send each once."));
            }
            if name.contains('\0') || value.contains('\0') {
                return Err(Denial::invalid_request("A parameter holds a NUL character."));
            }
        }
        Ok(pairs)
    }
}

impl FromRequest<App> for Form {
    type Rejection = Denial;

    async fn from_request(request: Request, app: &App) -> Result<Self, Denial> {
        let (mut parts, body) = request.into_parts();
        let origin = Origin::from_request_parts(&mut parts, app).await?;
        check_type(&parts.headers)?;
        let basic = basic(&parts.headers)?;
        let body = read_body(app, body).await.map_err(unread)?;
        Ok(Self { pairs: Self::parse(&body)?, basic, origin })
    }
}

fn unread(error: Error) -> Denial {
    match error.code {
        ErrorCode::Unavailable => error.into(),
        _ => Denial::invalid_request(error.message),
    }
}

fn check_type(headers: &HeaderMap) -> Result<(), Denial> {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Ok(());
    }
    Err(Denial::invalid_request("Send the body as `Content-Type: application/x-www-form-urlencoded`."))
}

/// Both halves are written as in a form before they are put together (RFC 6749 §2.3.1).
fn basic(headers: &HeaderMap) -> Result<Option<(String, SecretString)>, Denial> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let decoded = value.to_str().ok().and_then(|value| {
        let (scheme, encoded) = value.split_once(' ')?;
        let bytes = BASE64_STANDARD.decode(encoded.trim()).ok()?;
        let text = String::from_utf8(bytes).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
        let (id, secret) = text.split_once(':')?;
        Some((decode(id), decode(secret).into()))
    });
    decoded.map(Some).ok_or_else(Denial::invalid_client)
}

fn decode(text: &str) -> String {
    form_urlencoded::parse(text.as_bytes()).next().map(|(text, _)| text.into_owned()).unwrap_or_default()
}
