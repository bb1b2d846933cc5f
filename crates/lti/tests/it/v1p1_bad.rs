//! Launches of LTI 1.1 that are refused, each for its own reason.

use homeroom_lti::v1p1::parameters::Parameter;
use homeroom_lti::v1p1::refusal::Refusal;
use homeroom_lti::v1p1::request::{Request, Signed};
use homeroom_lti::v1p1::signature::{Method, base_string};
use homeroom_lti::v1p1::signing::Signer;

use crate::v1p1::{FORM, NOW, URL, body, fields, launch, read, read_signed, request, signer};

/// Sets fields of a good launch; an empty value takes one out.
fn with(changes: &[(&str, &str)]) -> Vec<Parameter> {
    let mut fields = launch();
    for &(name, value) in changes {
        fields.retain(|(of, _)| of != name);
        if !value.is_empty() {
            fields.push((name.to_owned(), value.to_owned()));
        }
    }
    fields
}

/// Why a launch is refused of which this was changed before it was signed.
fn signed(changes: &[(&str, &str)]) -> Refusal {
    read_signed(with(changes)).unwrap_err()
}

/// Why a launch is refused of which this was changed after it was signed; an empty value takes a field out.
fn tampered(changes: &[(&str, &str)]) -> Refusal {
    let mut fields = signer().form(URL, launch());
    for &(name, value) in changes {
        fields.retain(|(of, _)| of != name);
        if !value.is_empty() {
            fields.push((name.to_owned(), value.to_owned()));
        }
    }
    read(&request(URL, &body(&fields))).unwrap_err()
}

/// Why a good launch is refused that was signed so.
fn signed_by(signer: &Signer<'_>) -> Refusal {
    read(&request(URL, &body(&signer.form(URL, launch())))).unwrap_err()
}

/// A launch signed with OAuth parameters that the signer here would not choose.
fn signed_raw(changes: &[(&str, &str)]) -> Refusal {
    let mut fields = signer().form(URL, launch());
    fields.retain(|(of, _)| of != "oauth_signature" && !changes.iter().any(|(name, _)| of == name));
    fields.extend(self::fields(changes));
    let signature = Method::HmacSha1.sign("secret", &base_string("POST", URL, &fields));
    fields.push(("oauth_signature".to_owned(), signature));
    read(&request(URL, &body(&fields))).unwrap_err()
}

#[test]
fn messages_that_lack_or_garble_something_are_refused() {
    let long = "x".repeat(256);
    let cases = [
        (signed(&[("lti_message_type", "")]), Refusal::Missing("lti_message_type")),
        (signed(&[("lti_message_type", "ToolProxyRegistrationRequest")]), Refusal::MessageType),
        (signed(&[("lti_version", "")]), Refusal::Missing("lti_version")),
        (signed(&[("lti_version", "LTI-2p0")]), Refusal::Version),
        (signed(&[("resource_link_id", "")]), Refusal::Missing("resource_link_id")),
        (signed(&[("user_id", "")]), Refusal::Missing("user_id")),
        (signed(&[("user_id", "  ")]), Refusal::Missing("user_id")),
        (signed(&[("user_id", &long)]), Refusal::TooLong("user_id", 255)),
        (signed(&[("context_id", &long)]), Refusal::TooLong("context_id", 255)),
        (signed(&[("context_title", "a\0b")]), Refusal::NotText("context_title".into())),
        (
            signed(&[("lti_message_type", "ContentItemSelectionRequest")]),
            Refusal::Missing("content_item_return_url"),
        ),
        (
            signed(&[
                ("lti_message_type", "ContentItemSelectionRequest"),
                ("content_item_return_url", "javascript:alert(1)"),
            ]),
            Refusal::Address("content_item_return_url"),
        ),
    ];
    for (refusal, expected) in cases {
        assert_eq!(refusal, expected);
    }
}

#[test]
fn what_was_changed_after_it_was_signed_is_refused() {
    for change in [
        ("user_id", "1"),
        ("roles", "Administrator"),
        ("lis_person_contact_email_primary", "admin@school.example"),
        ("context_id", ""),
        ("custom_new", "1"),
        ("empty", ""),
        ("oauth_nonce", "n2"),
        ("oauth_timestamp", "1700000001"),
        ("oauth_signature", "AAAA"),
        ("oauth_signature_method", "HMAC-SHA256"),
    ] {
        assert_eq!(tampered(&[change]), Refusal::Signature, "{change:?}");
    }
}

#[test]
fn what_is_signed_wrongly_is_refused() {
    let cases = [
        (signed_by(&Signer { secret: "Secret", ..signer() }), Refusal::Signature),
        (signed_by(&Signer { now: NOW - 301, ..signer() }), Refusal::TooOld(301)),
        (signed_by(&Signer { now: NOW + 301, ..signer() }), Refusal::TooNew(301)),
        (signed_by(&Signer { nonce: "", ..signer() }), Refusal::Missing("oauth_nonce")),
        (signed_by(&Signer { consumer_key: "", ..signer() }), Refusal::Missing("oauth_consumer_key")),
        (signed_raw(&[("oauth_signature_method", "PLAINTEXT")]), Refusal::SignatureMethod),
        (signed_raw(&[("oauth_signature_method", "hmac-sha1")]), Refusal::SignatureMethod),
        (signed_raw(&[("oauth_version", "2.0")]), Refusal::OAuthVersion),
        (signed_raw(&[("oauth_token", "t")]), Refusal::Token),
        (signed_raw(&[("oauth_timestamp", "-5")]), Refusal::Timestamp),
        (signed_raw(&[("oauth_timestamp", "+1700000000")]), Refusal::Timestamp),
        (signed_raw(&[("oauth_timestamp", "99999999999999999999")]), Refusal::Timestamp),
        (tampered(&[("oauth_signature", "")]), Refusal::Missing("oauth_signature")),
        (tampered(&[("oauth_timestamp", "")]), Refusal::Missing("oauth_timestamp")),
    ];
    for (refusal, expected) in cases {
        assert_eq!(refusal, expected);
    }
}

#[test]
fn requests_of_another_kind_are_refused() {
    let good = body(&signer().form(URL, launch()));
    let good = request(URL, &good);
    let large = format!("a={}", "x".repeat(256 << 10));
    let cases = [
        (Request { http_method: "GET", ..good }, Refusal::NotPosted),
        (Request { content_type: Some("application/json"), ..good }, Refusal::NotForm),
        (Request { content_type: None, ..good }, Refusal::NotForm),
        (Request { body: large.as_bytes(), ..good }, Refusal::TooLarge),
        (Request { url: "http://school.example/lti/launch", ..good }, Refusal::Signature),
        (Request { url: "https://proxy.internal/lti/launch", ..good }, Refusal::Signature),
        (Request { url: "https://school.example/lti/launch/", ..good }, Refusal::Signature),
        (Request { url: "https://school.example/lti/launch?user_id=1", ..good }, Refusal::Signature),
    ];
    for (request, expected) in cases {
        assert_eq!(read(&request).unwrap_err(), expected);
    }
    let charset = format!("{FORM}; charset=UTF-8");
    assert!(read(&Request { content_type: Some(&charset), ..good }).is_ok());
}

#[test]
fn a_value_that_stands_twice_is_refused() {
    for name in ["lti_version", "oauth_nonce", "user_id", "roles"] {
        let mut fields = launch();
        fields.push((name.to_owned(), "other".to_owned()));
        let refusal =
            read_signed(if name == "oauth_nonce" { with(&[(name, "x")]) } else { fields }).unwrap_err();
        assert_eq!(refusal, Refusal::Repeated(name.to_owned()));
    }
}

#[test]
fn an_unknown_key_is_answered_as_a_wrong_signature_is() {
    let good = body(&signer().form(URL, launch()));
    let verify =
        |secret, now| Signed::read(&request(URL, &good)).unwrap().verify(secret, 300, now).unwrap_err();
    assert_eq!(verify(None, NOW), Refusal::UnknownKey);
    assert_eq!(verify(None, NOW).answer(), verify(Some("wrong"), NOW).answer());
    assert_eq!(
        verify(None, NOW + 999),
        Refusal::TooOld(999),
        "an old launch does not tell which keys there are"
    );
}

#[test]
fn an_empty_secret_of_an_unknown_key_lets_nobody_in() {
    let forged = body(&Signer { secret: "", ..signer() }.form(URL, launch()));
    let signed = Signed::read(&request(URL, &forged)).unwrap();
    assert_eq!(signed.verify(None, 300, NOW).unwrap_err(), Refusal::UnknownKey);
}

#[test]
fn what_is_printed_of_a_request_tells_nothing_of_the_person() {
    let body = body(&signer().form(URL, launch()));
    let signed = Signed::read(&request(URL, &body)).unwrap();
    assert!(!format!("{signed:?}").contains("zoe"));
    let verified = signed.verify(Some("secret"), 300, NOW).unwrap();
    assert!(!format!("{verified:?}").contains("zoe"));
    assert!(!format!("{:?}", read_signed(launch())).contains("zoe"));
}

#[test]
fn no_refusal_tells_who_launched() {
    for refusal in
        [signed(&[("lti_version", "zoe@school.example")]), tampered(&[("roles", "zoe@school.example")])]
    {
        assert!(!refusal.to_string().contains("zoe"), "{refusal}");
    }
}
