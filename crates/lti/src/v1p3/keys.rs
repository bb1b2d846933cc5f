//! The public keys of an LMS (RFC 7517).

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey};
use serde_json::Value;

/// RSA of 2048 bits.
const SHORTEST: usize = 256;

/// Those keys of a set that can verify; others are passed over.
#[derive(Debug, Clone, Default)]
pub struct Keys(Vec<Key>);

#[derive(Debug, Clone)]
struct Key {
    id: String,
    /// Any of the family where it is absent (Brightspace).
    algorithm: Option<String>,
    public: DecodingKey,
}

impl Keys {
    /// Of `{"keys": […]}`; absent where it is no set of keys.
    pub fn read(json: &[u8]) -> Option<Self> {
        let set: Value = serde_json::from_slice(json).ok()?;
        Some(Self(set.get("keys")?.as_array()?.iter().filter_map(key).collect()))
    }

    /// Whether there is a key with this id; where not, the set may have been rotated: fetch it again, once.
    pub fn has(&self, kid: &str) -> bool {
        self.0.iter().any(|key| key.id == kid)
    }

    /// Whether `signature`, in base64url, is that of `message` by the key.
    pub(super) fn verify(&self, kid: &str, algorithm: Algorithm, message: &str, signature: &str) -> bool {
        let fits = |key: &&Key| {
            let named = key.algorithm.as_ref().is_none_or(|name| *name == format!("{algorithm:?}"));
            key.id == kid && named
        };
        self.0.iter().filter(fits).any(|key| {
            let holds = jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key.public, algorithm);
            holds.unwrap_or(false)
        })
    }
}

fn key(jwk: &Value) -> Option<Key> {
    let text = |name: &str| jwk.get(name).and_then(Value::as_str);
    if text("use").is_some_and(|purpose| purpose != "sig") {
        return None;
    }
    let public = match text("kty")? {
        "RSA" if BASE64_URL_SAFE_NO_PAD.decode(text("n")?).ok()?.len() >= SHORTEST => {
            DecodingKey::from_rsa_components(text("n")?, text("e")?)
        }
        "EC" if text("crv")? == "P-256" => DecodingKey::from_ec_components(text("x")?, text("y")?),
        _ => return None,
    };
    let public =
        public.ok().filter(|key| matches!(key.family(), AlgorithmFamily::Rsa | AlgorithmFamily::Ec))?;
    Some(Key { id: text("kid")?.to_owned(), algorithm: text("alg").map(str::to_owned), public })
}
