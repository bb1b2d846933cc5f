//! Signatures of OAuth 1.0a (RFC 5849 §3.4), as LTI 1.1 uses them: one secret, no token.

use aws_lc_rs::hmac;
use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::parameters::{Parameter, Parameters, encode};

/// How a message is signed. `PLAINTEXT` and RSA are not spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    HmacSha1,
    HmacSha256,
}

impl Method {
    /// The method of an `oauth_signature_method`.
    pub fn named(name: &str) -> Option<Self> {
        [Self::HmacSha1, Self::HmacSha256].into_iter().find(|method| method.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC-SHA1",
            Self::HmacSha256 => "HMAC-SHA256",
        }
    }

    /// The key is the secret, encoded, and `&` (§3.4.2): there is no token's secret after it.
    fn key(self, secret: &str) -> hmac::Key {
        let algorithm = match self {
            Self::HmacSha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            Self::HmacSha256 => hmac::HMAC_SHA256,
        };
        hmac::Key::new(algorithm, format!("{}&", encode(secret)).as_bytes())
    }

    /// The `oauth_signature` of a base string, in base64.
    pub fn sign(self, secret: &str, base_string: &str) -> String {
        BASE64_STANDARD.encode(hmac::sign(&self.key(secret), base_string.as_bytes()))
    }

    /// Whether `signature` is that of a base string. The bytes are compared in constant time.
    pub fn verifies(self, secret: &str, base_string: &str, signature: &str) -> bool {
        let Ok(signature) = BASE64_STANDARD.decode(signature) else { return false };
        hmac::verify(&self.key(secret), base_string.as_bytes(), &signature).is_ok()
    }
}

/// What is signed: `POST&` the address, encoded, `&` the parameters, encoded (§3.4.1.1). Whoever reads a request gives
/// the parameters of its query too; `oauth_signature` is left out.
pub fn base_string<'a>(
    http_method: &str,
    url: &str,
    parameters: impl IntoIterator<Item = &'a Parameter>,
) -> String {
    let http_method = http_method.to_ascii_uppercase();
    format!("{http_method}&{}&{}", encode(&base_address(url)), encode(&normalized(parameters)))
}

/// The address without query and fragment: scheme and host in lower case, no default port, the path as it was sent
/// (§3.4.1.2).
pub fn base_address(url: &str) -> String {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let (scheme, rest) = url[..end].split_once("://").unwrap_or(("", &url[..end]));
    let (authority, path) = rest.find('/').map_or((rest, "/"), |slash| rest.split_at(slash));
    let (scheme, authority) = (scheme.to_ascii_lowercase(), authority.to_ascii_lowercase());
    let default_port = if scheme == "https" { ":443" } else { ":80" };
    format!("{scheme}://{}{path}", authority.strip_suffix(default_port).unwrap_or(&authority))
}

/// The parameters, encoded and then sorted by name and value (§3.4.1.3.2).
pub fn normalized<'a>(parameters: impl IntoIterator<Item = &'a Parameter>) -> String {
    let signed = parameters.into_iter().filter(|(name, _)| name != "oauth_signature");
    let mut encoded: Vec<_> = signed.map(|(name, value)| (encode(name), encode(value))).collect();
    encoded.sort_unstable();
    let pairs: Vec<_> = encoded.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// Whether `signature` is that of a POST of `parameters` to `url`, the public address with its query.
///
/// Canvas copies the query into the body and signs it once, and the browser posts to the address with the query. So
/// where the query says nothing that the body does not say, it is also tried without the query.
pub fn verifies(method: Method, secret: &str, url: &str, parameters: &Parameters, signature: &str) -> bool {
    let holds = |base_string: &str| method.verifies(secret, base_string, signature);
    let Parameters { header, query, body } = parameters;
    let copied = !query.is_empty() && query.iter().all(|parameter| body.contains(parameter));
    holds(&base_string("POST", url, parameters.all()))
        || copied && holds(&base_string("POST", url, header.iter().chain(body)))
}
