//! Tokens for the LMS's services: asked for with an assertion that Homeroom signs (Security Framework §4.1, RFC 7523).

use serde::Deserialize;
use serde_json::json;

use super::CLAIM;
use super::signing::{CantSign, Signer};

/// How long an assertion is good, in seconds.
const LIFETIME: i64 = 300;
/// How long before its end a token is no longer used.
const MARGIN: i64 = 60;

/// What is asked for. `id` is new; `now` is in seconds since 1970.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    pub client_id: &'a str,
    /// The `authorization_server` of the LMS's configuration if it has one, else the token URL.
    pub audience: &'a str,
    pub deployment_id: Option<&'a str>,
    pub scopes: &'a [&'a str],
    pub id: &'a str,
    pub now: i64,
}

impl Request<'_> {
    /// The form to post to the token URL.
    pub fn form(&self, signer: &Signer<'_>) -> Result<String, CantSign> {
        let mut claims = json!({
            "iss": self.client_id, "sub": self.client_id, "aud": self.audience, "jti": self.id,
            "iat": self.now, "exp": self.now + LIFETIME,
        });
        if let Some(deployment) = self.deployment_id {
            claims[format!("{CLAIM}deployment_id")] = json!(deployment);
        }
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials");
        form.append_pair("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        form.append_pair("client_assertion", &signer.sign(&claims)?);
        form.append_pair("scope", &self.scopes.join(" "));
        Ok(form.finish())
    }
}

/// A token, and until when to use it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    pub value: String,
    /// May be fewer than were asked for.
    pub scopes: Vec<String>,
    /// In seconds since 1970.
    pub use_until: i64,
}

/// Why there is no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("The LMS does not let this tool use the service. Allow it there.")]
    Scope,
    #[error(
        "The LMS does not know this tool, or not its keys. Check client id, token URL and the key set URL pasted there."
    )]
    Client,
    #[error("The LMS gives no token: {0}.")]
    Other(String),
    #[error("The LMS's answer is no token.")]
    Unreadable,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    token_type: String,
    #[serde(default)]
    expires_in: Option<i64>,
    #[serde(default)]
    scope: Option<String>,
}

#[derive(Deserialize)]
struct Failed {
    error: String,
}

impl Token {
    /// Of an answer with status 200 to a request for `scopes`, at `now`.
    pub fn read(json: &[u8], scopes: &[&str], now: i64) -> Result<Self, Refused> {
        let granted: Granted = serde_json::from_slice(json).map_err(|_| Refused::Unreadable)?;
        let bearer = granted.token_type.is_empty() || granted.token_type.eq_ignore_ascii_case("bearer");
        let header = granted.access_token.bytes().all(|byte| byte.is_ascii_graphic());
        if !bearer || !header || granted.access_token.is_empty() {
            return Err(Refused::Unreadable);
        }
        let scope = granted.scope.unwrap_or_else(|| scopes.join(" "));
        let scopes = scope.split_whitespace().map(str::to_owned).collect();
        let lifetime = granted.expires_in.unwrap_or(3600).clamp(0, 24 * 3600);
        Ok(Self { value: granted.access_token, scopes, use_until: now + lifetime - MARGIN })
    }
}

impl Refused {
    /// Of an answer with another status.
    pub fn read(json: &[u8]) -> Self {
        match serde_json::from_slice::<Failed>(json) {
            Ok(Failed { error }) if error == "invalid_scope" => Self::Scope,
            Ok(Failed { error }) if matches!(&*error, "invalid_client" | "unauthorized_client") => {
                Self::Client
            }
            Ok(Failed { error }) => Self::Other(crate::person::line(&error)),
            Err(_) => Self::Unreadable,
        }
    }
}
