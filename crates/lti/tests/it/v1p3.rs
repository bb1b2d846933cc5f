//! Good launches of LTI 1.3.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use homeroom_lti::roles::{AccountRole, ClassRole};
use homeroom_lti::v1p3::jwt::{Expected, Unverified};
use homeroom_lti::v1p3::keys::Keys;
use homeroom_lti::v1p3::launch::{Launch, Message};
use homeroom_lti::v1p3::login::{Login, Ours, Response};
use homeroom_lti::v1p3::refusal::Refusal;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::platform::{KEY, NOW, claims, claims_with, expected, jwk, keys, launched, lti};

fn good(changes: &[(&str, Value)]) -> Launch {
    launched(&claims_with(changes)).unwrap()
}

#[test]
fn a_launch_says_who_comes_from_where() {
    let launch = launched(&claims()).unwrap();
    assert_eq!((launch.user_id.as_str(), launch.deployment_id.as_str()), ("u42", "d1"));
    assert_eq!((launch.roles.class, launch.roles.account), (Some(ClassRole::Student), AccountRole::User));
    assert_eq!((launch.person.given_name.as_str(), launch.person.full_name.as_str()), ("Zoë", ""));
    assert!(matches!(launch.message, Message::Link(link) if link.id == "link-1" && link.title == "Scales"));
    assert_eq!(launch.context.unwrap().id, "course-1");
    assert_eq!(launch.platform.product, "canvas");
    assert_eq!(launch.target.path(), "/lti/launch/r/1");
    assert_eq!(launch.return_url.unwrap().as_str(), "https://lms.example/back");
    assert_eq!(launch.custom.into_iter().collect::<Vec<_>>(), [("resource".to_owned(), "7".to_owned())]);
}

#[test]
fn launches_that_certification_asks_for_work() {
    good(&[(&lti("roles"), json!([]))]);
    good(&[(&lti("roles"), json!(["Instructor", "http://example.org/unknown"]))]);
    good(&[("email", Value::Null), ("given_name", Value::Null)]);
    assert_eq!(good(&[(&lti("context"), Value::Null)]).context, None);
    good(&[("aud", json!(["client"])), ("azp", json!("client"))]);
    good(&[("iat", json!(NOW - 600)), ("exp", json!(NOW - 59))]);
    good(&[("iat", json!(f64::from(1_700_000_000) + 0.5))]);
    good(&[("https://example.org/claim", json!({"a": [1]}))]);
    let chooses =
        good(&[(&lti("message_type"), json!("LtiDeepLinkingRequest")), (&lti("resource_link"), Value::Null)]);
    assert_eq!(chooses.message, Message::DeepLinking);
}

#[test]
fn who_an_account_was_in_lti_1_1_is_proved_by_the_old_secret() {
    let signed = format!("KEY&d1&https://lms.example&client&{}&n1", NOW + 300);
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"secret");
    let sign = BASE64_STANDARD.encode(hmac::sign(&key, signed.as_bytes()));
    let claim = json!({ "oauth_consumer_key": "KEY", "oauth_consumer_key_sign": sign, "user_id": "7" });
    let migration = good(&[(&lti("lti1p1"), claim)]).migration.unwrap();
    assert_eq!((migration.consumer_key.as_str(), migration.user_id.as_str()), ("KEY", "7"));
    assert!(migration.verifies("secret") && !migration.verifies("other"));
    let unsigned = json!({ "user_id": "7" });
    assert_eq!(good(&[(&lti("lti1p1"), unsigned)]).migration, None);
}

#[test]
fn keys_without_alg_verify_and_those_for_encryption_do_not() {
    let read = |change: fn(&mut Value)| {
        let mut jwk = jwk("k1", &KEY);
        change(&mut jwk);
        Keys::read(json!({ "keys": [jwk] }).to_string().as_bytes()).unwrap()
    };
    assert!(keys().has("k1") && !keys().has("K1"));
    assert!(read(|jwk| drop(jwk.as_object_mut().unwrap().remove("alg"))).has("k1"));
    assert!(!read(|jwk| jwk["use"] = json!("enc")).has("k1"));
    assert!(!read(|jwk| jwk["n"] = json!("AQAB")).has("k1"), "a short key");
    assert!(Keys::read(b"<html>").is_none() && Keys::read(b"{}").is_none());
}

#[test]
fn a_configuration_may_allow_es256() {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let key = EncodingKey::from_ec_der(pair.to_pkcs8v1().unwrap().as_ref());
    let mut jwk = json!(Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap());
    jwk["kid"] = json!("e1");
    let keys = Keys::read(json!({ "keys": [jwk] }).to_string().as_bytes()).unwrap();
    let header = Header { kid: Some("e1".into()), ..Header::new(Algorithm::ES256) };
    let token = jsonwebtoken::encode(&header, &claims(), &key).unwrap();
    let verify = |allowed| Unverified::read(&token).unwrap().verify(&keys, &allowed).map(drop);
    assert_eq!(verify(Expected { algorithms: &[Algorithm::ES256], ..expected() }), Ok(()));
    assert_eq!(verify(expected()), Err(Refusal::Algorithm));
}

const LOGIN: &str = "iss=https%3A%2F%2Flms.example&login_hint=a+b&target_link_uri=https%3A%2F%2Fevil.example&lti_message_hint=h%26m&client_id=client&redirect_uri=https%3A%2F%2Fevil.example";

#[test]
fn a_login_goes_to_the_address_of_the_configuration_with_its_hints() {
    let login = Login::read(LOGIN.as_bytes()).unwrap();
    let ours = Ours {
        authorization_url: "https://lms.example/auth?tenant=1",
        client_id: "client",
        redirect_uri: "https://school.example/lti/1p3/launch",
        state: "s",
        nonce: "n",
    };
    assert_eq!(
        login.redirect(&ours).unwrap(),
        "https://lms.example/auth?tenant=1&scope=openid&response_type=id_token&response_mode=form_post&prompt=none&client_id=client&redirect_uri=https%3A%2F%2Fschool.example%2Flti%2F1p3%2Flaunch&login_hint=a+b&lti_message_hint=h%26m&state=s&nonce=n"
    );
    let broken = Ours { authorization_url: "javascript:alert(1)", ..ours };
    assert_eq!(login.redirect(&broken), Err(Refusal::AuthorizationUrl));
}

#[test]
fn logins_and_answers_that_lack_something_are_refused() {
    for name in ["iss", "login_hint", "target_link_uri"] {
        let without: Vec<_> = LOGIN.split('&').filter(|pair| !pair.starts_with(name)).collect();
        assert_eq!(Login::read(without.join("&").as_bytes()), Err(Refusal::LoginMissing(name)));
    }
    assert_eq!(Login::read(format!("{LOGIN}&iss=x").as_bytes()), Err(Refusal::Repeated("iss")));
    assert_eq!(
        Login::read(format!("{LOGIN}&lti_deployment_id=%00").as_bytes()),
        Err(Refusal::NotText("lti_deployment_id"))
    );
    assert_eq!(Response::read(b"id_token=a.b.c"), Err(Refusal::LoginMissing("state")));
    assert_eq!(Response::read(b"state=s"), Err(Refusal::LoginMissing("id_token")));
    let refused = Response::read(b"state=s&error=login_required&error_description=Zoe");
    assert_eq!(refused, Err(Refusal::Platform("login_required".into())));
    assert_eq!(Response::read(b"error=%3Cb%3E"), Err(Refusal::Platform("unknown error".into())));
}
