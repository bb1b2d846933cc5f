//! What Homeroom signs in LTI 1.3, with a key of its published set (RS256).

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::Value;

/// A key, and the name under which its public half is published.
#[derive(Clone, Copy)]
pub struct Signer<'a> {
    pub kid: &'a str,
    pub key: &'a EncodingKey,
}

/// The key can't sign.
#[derive(Debug, thiserror::Error)]
#[error("The signing key is no RSA key.")]
pub struct CantSign(#[from] jsonwebtoken::errors::Error);

impl Signer<'_> {
    pub(super) fn sign(&self, claims: &Value) -> Result<String, CantSign> {
        let header = Header { kid: Some(self.kid.to_owned()), ..Header::new(Algorithm::RS256) };
        Ok(jsonwebtoken::encode(&header, claims, self.key)?)
    }
}
