//! A platform of LTI 1.3: a key, and launches that it signs.

use std::sync::LazyLock;

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine as _};
use homeroom_lti::v1p3::jwt::{Expected, Unverified};
use homeroom_lti::v1p3::keys::Keys;
use homeroom_lti::v1p3::launch::Launch;
use homeroom_lti::v1p3::refusal::Refusal;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

pub const NOW: i64 = 1_700_000_000;
pub const ORIGIN: &str = "https://school.example";
pub static KEY: LazyLock<EncodingKey> = LazyLock::new(make_key);
pub static OTHER_KEY: LazyLock<EncodingKey> = LazyLock::new(make_key);

fn make_key() -> EncodingKey {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let body = BASE64_STANDARD.encode(der.as_ref());
    let lines: Vec<_> = body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"));
    EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap()
}

pub fn jwk(kid: &str, key: &EncodingKey) -> Value {
    let mut jwk = json!(Jwk::from_encoding_key(key, Algorithm::RS256).unwrap());
    jwk["kid"] = json!(kid);
    jwk["use"] = json!("sig");
    jwk
}

pub fn keys() -> Keys {
    Keys::read(json!({ "keys": [jwk("k1", &KEY), {"kty": "oct"}] }).to_string().as_bytes()).unwrap()
}

pub fn lti(name: &str) -> String {
    format!("https://purl.imsglobal.org/spec/lti/claim/{name}")
}

/// A good launch.
pub fn claims() -> Value {
    json!({
        "iss": "https://lms.example", "aud": "client", "sub": "u42", "nonce": "n1", "iat": NOW, "exp": NOW + 300,
        "given_name": "Zoë", "email": "zoe@school.example",
        lti("version"): "1.3.0",
        lti("message_type"): "LtiResourceLinkRequest",
        lti("deployment_id"): "d1",
        lti("target_link_uri"): "https://school.example/lti/launch/r/1",
        lti("roles"): ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
        lti("resource_link"): { "id": "link-1", "title": "Scales" },
        lti("context"): { "id": "course-1", "title": "Band" },
        lti("tool_platform"): { "guid": "g", "product_family_code": "canvas" },
        lti("launch_presentation"): { "return_url": "https://lms.example/back" },
        lti("custom"): { "resource": "7", "number": 3 },
    })
}

/// A good launch with this changed; `null` takes a claim out.
pub fn claims_with(changes: &[(&str, Value)]) -> Value {
    let mut claims = claims();
    for (name, value) in changes {
        claims[*name] = value.clone();
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(*name);
        }
    }
    claims
}

pub fn header() -> Value {
    json!({ "alg": "RS256", "kid": "k1", "typ": "JWT" })
}

pub fn part(value: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
}

pub fn sign(header: &Value, claims: &Value, key: &EncodingKey) -> String {
    let message = format!("{}.{}", part(header), part(claims));
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key, Algorithm::RS256).unwrap();
    format!("{message}.{signature}")
}

pub fn expected() -> Expected<'static> {
    Expected {
        issuer: "https://lms.example",
        client_id: "client",
        nonce: "n1",
        algorithms: &[Algorithm::RS256],
        now: NOW,
    }
}

pub fn open(token: &str) -> Result<Launch, Refusal> {
    Launch::read(&Unverified::read(token)?.verify(&keys(), &expected())?, ORIGIN)
}

pub fn launched(claims: &Value) -> Result<Launch, Refusal> {
    open(&sign(&header(), claims, &KEY))
}
