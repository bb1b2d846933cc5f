//! The id_token of a launch: that the LMS signed it, for us, now, and for this login (Security Framework §5.1.3).

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use jsonwebtoken::Algorithm;
use serde_json::{Map, Value};

use super::claims::{Claims, has_nul};
use super::keys::Keys;
use super::refusal::Refusal;

const LARGEST: usize = 64 << 10;
/// How far clocks may differ, in seconds.
const LEEWAY: i64 = 60;
/// The age at which a token is too old, whatever its `exp` says.
const OLDEST: i64 = 600;

/// What configuration and login say that a token must say. `now` is in seconds since 1970.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub nonce: &'a str,
    /// RS256; a configuration may allow RS384, RS512 and ES256 too.
    pub algorithms: &'a [Algorithm],
    pub now: i64,
}

/// A token of which the header alone was read.
#[derive(Debug)]
pub struct Unverified<'a> {
    /// The key to look for. Keys and addresses of keys in the header are passed over (§5.4).
    pub kid: String,
    algorithm: Algorithm,
    message: &'a str,
    signature: &'a str,
}

impl<'a> Unverified<'a> {
    /// Errors with what the header lacks.
    pub fn read(token: &'a str) -> Result<Self, Refusal> {
        if token.len() > LARGEST {
            return Err(Refusal::TooLarge);
        }
        if token.matches('.').count() != 2 {
            return Err(Refusal::NotJwt);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(Refusal::NotJwt)?;
        let (header, _) = message.split_once('.').ok_or(Refusal::NotJwt)?;
        let header = object(header).ok_or(Refusal::NotJwt)?;
        let algorithm = header.get("alg").and_then(algorithm).ok_or(Refusal::Algorithm)?;
        if header.contains_key("crit") {
            return Err(Refusal::Critical);
        }
        let kid = header.get("kid").and_then(Value::as_str).filter(|kid| !kid.is_empty());
        Ok(Self { kid: kid.ok_or(Refusal::NoKid)?.to_owned(), algorithm, message, signature })
    }

    /// The claims, where signature, issuer, audience, times and nonce are as expected.
    pub fn verify(&self, keys: &Keys, expected: &Expected<'_>) -> Result<Claims, Refusal> {
        if !expected.algorithms.contains(&self.algorithm) {
            return Err(Refusal::Algorithm);
        }
        if !keys.has(&self.kid) {
            return Err(Refusal::UnknownKid);
        }
        if !keys.verify(&self.kid, self.algorithm, self.message, self.signature) {
            return Err(Refusal::Signature);
        }
        let (_, payload) = self.message.split_once('.').ok_or(Refusal::NotJwt)?;
        let claims = Claims(object(payload).ok_or(Refusal::NotJwt)?);
        if claims.0.iter().any(|(name, value)| name.contains('\0') || has_nul(value)) {
            return Err(Refusal::NotText("id_token"));
        }
        look_at_parties(&claims, expected)?;
        look_at_times(&claims, expected.now)?;
        match claims.text("nonce") {
            None => Err(Refusal::Missing("nonce")),
            Some(nonce) if nonce != expected.nonce => Err(Refusal::Nonce),
            Some(_) => Ok(claims),
        }
    }
}

/// Those that are signed with a private key; `none` and the `HS…` are not.
fn algorithm(name: &Value) -> Option<Algorithm> {
    match name.as_str()? {
        "RS256" => Some(Algorithm::RS256),
        "RS384" => Some(Algorithm::RS384),
        "RS512" => Some(Algorithm::RS512),
        "ES256" => Some(Algorithm::ES256),
        _ => None,
    }
}

fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

fn look_at_parties(claims: &Claims, expected: &Expected<'_>) -> Result<(), Refusal> {
    match claims.text("iss") {
        None => return Err(Refusal::Missing("iss")),
        Some(issuer) if issuer != expected.issuer => return Err(Refusal::Issuer),
        Some(_) => {}
    }
    let audience = match claims.get("aud") {
        None => return Err(Refusal::Missing("aud")),
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(_)) => claims.texts("aud"),
        Some(_) => return Err(Refusal::Shape("aud")),
    };
    if !audience.iter().any(|name| name == expected.client_id) {
        return Err(Refusal::Audience);
    }
    look_at_party(claims, &audience, expected.client_id)
}

/// Of several audiences none is trusted but our own, so that `azp` decides the reason and not the outcome.
fn look_at_party(claims: &Claims, audience: &[String], client_id: &str) -> Result<(), Refusal> {
    match claims.get("azp") {
        Some(party) if party.as_str() != Some(client_id) => return Err(Refusal::Party),
        None if audience.len() > 1 => return Err(Refusal::NoParty),
        _ => {}
    }
    let ours_alone = audience.iter().all(|name| name == client_id);
    if ours_alone { Ok(()) } else { Err(Refusal::OtherAudience) }
}

fn look_at_times(claims: &Claims, now: i64) -> Result<(), Refusal> {
    let (expires, issued) = (claims.seconds("exp")?, claims.seconds("iat")?);
    if now - LEEWAY >= expires {
        return Err(Refusal::Expired(now - expires));
    }
    match now - issued {
        age if age > OLDEST => Err(Refusal::TooOld(age)),
        age if age < -LEEWAY => Err(Refusal::TooNew(-age)),
        _ => Ok(()),
    }
}
