//! Launches of LTI 1.3 that are refused, each for its own reason.

use homeroom_lti::v1p3::jwt::{Expected, Unverified};
use homeroom_lti::v1p3::keys::Keys;
use homeroom_lti::v1p3::refusal::Refusal;
use jsonwebtoken::{Algorithm, EncodingKey};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::platform::{
    KEY, NOW, OTHER_KEY, claims, claims_with, expected, header, jwk, keys, launched, lti, open, part, sign,
};

/// Why a launch is refused in which a claim was changed before it was signed; `null` takes it out.
fn with(name: &str, value: Value) -> Refusal {
    launched(&claims_with(&[(name, value)])).unwrap_err()
}

#[test]
fn tokens_for_others_or_of_another_time_are_refused() {
    let cases = [
        (with("iss", json!("https://lms.example/")), Refusal::Issuer),
        (with("iss", json!("HTTPS://lms.example")), Refusal::Issuer),
        (with("iss", Value::Null), Refusal::Missing("iss")),
        (with("aud", json!("other")), Refusal::Audience),
        (with("aud", json!([])), Refusal::Audience),
        (with("aud", json!(7)), Refusal::Shape("aud")),
        (with("aud", Value::Null), Refusal::Missing("aud")),
        (with("aud", json!(["client", "other"])), Refusal::NoParty),
        (with("azp", json!("other")), Refusal::Party),
        (with("azp", json!(7)), Refusal::Party),
        (with("exp", json!(NOW - 60)), Refusal::Expired(60)),
        (with("exp", Value::Null), Refusal::Missing("exp")),
        (with("exp", json!("tomorrow")), Refusal::Shape("exp")),
        (with("iat", json!(NOW - 601)), Refusal::TooOld(601)),
        (with("iat", json!(NOW + 61)), Refusal::TooNew(61)),
        (with("iat", Value::Null), Refusal::Missing("iat")),
        (with("nonce", json!("n2")), Refusal::Nonce),
        (with("nonce", Value::Null), Refusal::Missing("nonce")),
    ];
    for (refusal, expected) in cases {
        assert_eq!(refusal, expected);
    }
    let both = claims_with(&[("aud", json!(["client", "other"])), ("azp", json!("client"))]);
    assert_eq!(launched(&both).unwrap_err(), Refusal::OtherAudience);
}

#[test]
fn messages_that_lack_or_garble_something_are_refused() {
    let long = "x".repeat(256);
    let cases = [
        (with(&lti("version"), Value::Null), Refusal::Missing("version")),
        (with(&lti("version"), json!("1.3")), Refusal::Version),
        (with(&lti("message_type"), Value::Null), Refusal::Missing("message_type")),
        (with(&lti("message_type"), json!("LtiStartProctoring")), Refusal::MessageType),
        (with(&lti("deployment_id"), Value::Null), Refusal::Missing("deployment_id")),
        (with(&lti("deployment_id"), json!("")), Refusal::Missing("deployment_id")),
        (with(&lti("deployment_id"), json!(1)), Refusal::Shape("deployment_id")),
        (with(&lti("deployment_id"), json!(long)), Refusal::TooLong("deployment_id", 255)),
        (with(&lti("target_link_uri"), Value::Null), Refusal::Missing("target_link_uri")),
        (with(&lti("target_link_uri"), json!("https://evil.example/lti/launch/r/1")), Refusal::Target),
        (with(&lti("target_link_uri"), json!("http://school.example/")), Refusal::Target),
        (with(&lti("target_link_uri"), json!("https://school.example@evil.example/")), Refusal::Target),
        (with(&lti("target_link_uri"), json!("https://a:b@school.example/")), Refusal::Target),
        (with(&lti("target_link_uri"), json!("/lti/launch")), Refusal::Target),
        (with(&lti("roles"), Value::Null), Refusal::Missing("roles")),
        (with(&lti("roles"), json!("Instructor")), Refusal::Shape("roles")),
        (with(&lti("resource_link"), Value::Null), Refusal::Missing("resource_link.id")),
        (with(&lti("resource_link"), json!("x")), Refusal::Shape("resource_link")),
        (with(&lti("context"), json!({ "id": 5 })), Refusal::Shape("context.id")),
        (with("sub", Value::Null), Refusal::Anonymous),
        (with("sub", json!(long)), Refusal::TooLong("sub", 255)),
        (with("email", json!("a\0b")), Refusal::NotText("id_token")),
        (with(&lti("custom"), json!({ "a": ["\0"] })), Refusal::NotText("id_token")),
    ];
    for (refusal, expected) in cases {
        assert_eq!(refusal, expected);
    }
}

/// Why a token is refused whose header has this in it.
fn headed(name: &str, value: Value) -> Result<(), Refusal> {
    let mut header = header();
    header[name] = value;
    open(&sign(&header, &claims(), &KEY)).map(drop)
}

#[test]
fn headers_that_choose_their_own_key_or_algorithm_are_refused() {
    let cases = [
        (headed("alg", json!("none")), Err(Refusal::Algorithm)),
        (headed("alg", json!("NONE")), Err(Refusal::Algorithm)),
        (headed("alg", json!("HS256")), Err(Refusal::Algorithm)),
        (headed("alg", json!("RS384")), Err(Refusal::Algorithm)),
        (headed("alg", json!("ES256")), Err(Refusal::Algorithm)),
        (headed("alg", Value::Null), Err(Refusal::Algorithm)),
        (headed("kid", Value::Null), Err(Refusal::NoKid)),
        (headed("kid", json!("")), Err(Refusal::NoKid)),
        (headed("kid", json!("k2")), Err(Refusal::UnknownKid)),
        (headed("crit", json!(["exp"])), Err(Refusal::Critical)),
        (headed("jku", json!("https://evil.example/jwks")), Ok(())),
    ];
    for (found, expected) in cases {
        assert_eq!(found, expected);
    }
    let mut own_key = header();
    own_key["jwk"] = jwk("k1", &OTHER_KEY);
    assert_eq!(open(&sign(&own_key, &claims(), &OTHER_KEY)).unwrap_err(), Refusal::Signature);
}

#[test]
fn what_is_not_signed_by_the_platform_is_refused() {
    let token = sign(&header(), &claims(), &KEY);
    let (message, signature) = token.rsplit_once('.').unwrap();
    let forged = part(&claims_with(&[("sub", json!("u1"))]));
    let large = format!("{token}{}", "A".repeat(64 << 10));
    let cases = [
        (sign(&header(), &claims(), &OTHER_KEY), Refusal::Signature),
        (format!("{}.{forged}.{signature}", part(&header())), Refusal::Signature),
        (format!("{message}."), Refusal::Signature),
        (format!("{message}.!!!"), Refusal::Signature),
        (message.to_owned(), Refusal::NotJwt),
        (format!("{token}.x"), Refusal::NotJwt),
        (format!("%%.{forged}.{signature}"), Refusal::NotJwt),
        (sign(&header(), &json!([1]), &KEY), Refusal::NotJwt),
        (String::new(), Refusal::NotJwt),
        (large, Refusal::TooLarge),
    ];
    for (token, expected) in cases {
        assert_eq!(open(&token).unwrap_err(), expected, "{}", &token[..token.len().min(80)]);
    }
}

#[test]
fn the_public_key_is_no_secret_to_sign_with() {
    let public = jwk("k1", &KEY).to_string();
    let header = json!({ "alg": "HS256", "kid": "k1" });
    let message = format!("{}.{}", part(&header), part(&claims()));
    let key = EncodingKey::from_secret(public.as_bytes());
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap();
    assert_eq!(open(&format!("{message}.{signature}")).unwrap_err(), Refusal::Algorithm);
}

#[test]
fn a_configuration_may_allow_more_algorithms_but_the_key_decides() {
    let mut header = header();
    header["alg"] = json!("ES256");
    let token = sign(&header, &claims(), &KEY);
    let allowed = Expected { algorithms: &[Algorithm::RS256, Algorithm::ES256], ..expected() };
    assert_eq!(Unverified::read(&token).unwrap().verify(&keys(), &allowed).unwrap_err(), Refusal::Signature);
}

#[test]
fn a_key_is_good_for_its_own_name_alone() {
    let set = json!({ "keys": [jwk("k1", &KEY), jwk("k2", &OTHER_KEY)] });
    let keys = Keys::read(set.to_string().as_bytes()).unwrap();
    let verify = |token: &str| Unverified::read(token).unwrap().verify(&keys, &expected()).map(drop);
    assert_eq!(verify(&sign(&header(), &claims(), &KEY)), Ok(()));
    assert_eq!(verify(&sign(&header(), &claims(), &OTHER_KEY)), Err(Refusal::Signature));
}

proptest! {
    #[test]
    fn any_text_is_refused(token in "[A-Za-z0-9_.=-]{0,200}|\\PC{0,60}") {
        prop_assert!(open(&token).is_err());
    }
}
