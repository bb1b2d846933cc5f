//! A signed request, read and verified (RFC 5849 §3.2; the order is that in which it costs least to refuse).

use std::fmt;

use super::parameters::{Parameter, Parameters};
use super::refusal::Refusal;
use super::signature::{Method, verifies};
use crate::place::LONGEST_ID;

const LARGEST: usize = 256 << 10;

/// A request as it came. `url` is the configured public address with the path and query of the request; what `Host` and
/// `X-Forwarded-…` say has no part in it.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    pub http_method: &'a str,
    pub url: &'a str,
    pub content_type: Option<&'a str>,
    pub authorization: Option<&'a str>,
    pub body: &'a [u8],
}

/// A request of which nothing is proved yet but that it can be looked at.
#[derive(Debug)]
pub struct Signed {
    url: String,
    parameters: Parameters,
    key: String,
    nonce: String,
}

/// A request that the holder of the secret signed.
pub struct Verified {
    pub consumer_key: String,
    /// To be stored under the key, for at least twice the window; if it is there already: [`Refusal::Replayed`].
    pub nonce: String,
    pub timestamp: i64,
    pub(super) fields: Vec<Parameter>,
}

/// Without what it holds: it is about a person, and logs outlive them.
impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified").field("consumer_key", &self.consumer_key).finish_non_exhaustive()
    }
}

impl Signed {
    /// Errors with what can be seen without a secret: size, method, media type, values that contradict each other.
    pub fn read(request: &Request<'_>) -> Result<Self, Refusal> {
        look_at_envelope(request)?;
        let parameters = Parameters::read(request.url, request.body, request.authorization);
        if let Some((name, _)) =
            parameters.all().find(|(name, value)| name.contains('\0') || value.contains('\0'))
        {
            return Err(Refusal::NotText(name.replace('\0', "")));
        }
        refuse_repeated(&parameters)?;
        let key = required(&parameters, "oauth_consumer_key")?;
        let nonce = required(&parameters, "oauth_nonce")?;
        Ok(Self { url: request.url.to_owned(), key, nonce, parameters })
    }

    /// By which to look up the secret.
    pub fn consumer_key(&self) -> &str {
        &self.key
    }

    /// Checks method, timestamp and signature; `secret` is absent where there is no such key, which is refused last, so
    /// that neither answers nor time tell which keys there are. `window` and `now` are in seconds.
    pub fn verify(self, secret: Option<&str>, window: i64, now: i64) -> Result<Verified, Refusal> {
        self.look_at_protocol()?;
        let method = Method::named(&required(&self.parameters, "oauth_signature_method")?);
        let method = method.ok_or(Refusal::SignatureMethod)?;
        let timestamp = self.timestamp(window, now)?;
        let signature = required(&self.parameters, "oauth_signature")?;
        let holds = verifies(method, secret.unwrap_or_default(), &self.url, &self.parameters, &signature);
        match (secret, holds) {
            (None, _) => Err(Refusal::UnknownKey),
            (Some(_), false) => Err(Refusal::Signature),
            (Some(_), true) => Ok(self.verified(timestamp)),
        }
    }

    fn verified(self, timestamp: i64) -> Verified {
        let Parameters { body, query, .. } = self.parameters;
        let fields = body.into_iter().chain(query).collect();
        Verified { consumer_key: self.key, nonce: self.nonce, timestamp, fields }
    }

    fn look_at_protocol(&self) -> Result<(), Refusal> {
        let version = value(&self.parameters, "oauth_version");
        if version.is_some_and(|version| version != "1.0") {
            return Err(Refusal::OAuthVersion);
        }
        match value(&self.parameters, "oauth_token") {
            Some(token) if !token.is_empty() => Err(Refusal::Token),
            _ => Ok(()),
        }
    }

    fn timestamp(&self, window: i64, now: i64) -> Result<i64, Refusal> {
        let text = required(&self.parameters, "oauth_timestamp")?;
        let digits = text.len() <= 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        let signed: i64 = text.parse().ok().filter(|_| digits).ok_or(Refusal::Timestamp)?;
        match now - signed {
            age if age > window => Err(Refusal::TooOld(age)),
            age if age < -window => Err(Refusal::TooNew(-age)),
            _ => Ok(signed),
        }
    }
}

fn look_at_envelope(request: &Request<'_>) -> Result<(), Refusal> {
    if request.body.len() > LARGEST {
        return Err(Refusal::TooLarge);
    }
    if request.http_method != "POST" {
        return Err(Refusal::NotPosted);
    }
    let media_type = request.content_type.unwrap_or_default().split(';').next().unwrap_or_default();
    let form = media_type.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded");
    if form { Ok(()) } else { Err(Refusal::NotForm) }
}

/// What says how to read a message has one value, wherever it stands.
fn refuse_repeated(parameters: &Parameters) -> Result<(), Refusal> {
    let mut seen = std::collections::HashSet::new();
    let decisive =
        parameters.all().filter(|(name, _)| name.starts_with("oauth_") || name.starts_with("lti_"));
    for (name, _) in decisive {
        if !seen.insert(name) {
            return Err(Refusal::Repeated(name.clone()));
        }
    }
    Ok(())
}

fn value<'a>(parameters: &'a Parameters, name: &str) -> Option<&'a str> {
    parameters.all().find(|(of, _)| of == name).map(|(_, value)| value.as_str())
}

fn required(parameters: &Parameters, name: &'static str) -> Result<String, Refusal> {
    match value(parameters, name) {
        None | Some("") => Err(Refusal::Missing(name)),
        Some(value) if value.len() > LONGEST_ID => Err(Refusal::TooLong(name, LONGEST_ID)),
        Some(value) => Ok(value.to_owned()),
    }
}
