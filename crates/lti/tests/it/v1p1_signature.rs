//! The base string of oauthlib's vectors comes from
//! `python -c 'from oauthlib.oauth1.rfc5849 import signature as s; …'` with `s.base_string_uri`,
//! `s.normalize_parameters`, `s.signature_base_string` and `s.sign_hmac_sha1_with_client`.

use homeroom_lti::v1p1::parameters::{Parameter, Parameters, encode, of_form, of_header};
use homeroom_lti::v1p1::signature::{Method, base_address, base_string, normalized, verifies};
use homeroom_lti::v1p1::signing::Signer;
use proptest::prelude::*;

const URL: &str = "https://school.example/lti/launch";

fn pairs(of: &[(&str, &str)]) -> Vec<Parameter> {
    of.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[test]
fn the_example_of_rfc_5849_comes_out_as_it_stands_there() {
    let url = "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b";
    let header = r#"OAuth realm="Example", oauth_consumer_key="9djdj82h48djs9d2", oauth_token="kkk9d7dh3k39sjv7", oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", oauth_nonce="7d8f3e4a", oauth_signature="bYT5CMsGcbgUdFHObYMEfcx6bsw%3D""#;
    let parameters = Parameters::read(url, b"c2&a3=2+q", Some(header));
    let expected = "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7";
    assert_eq!(base_string("post", url, parameters.all()), expected);
}

#[test]
fn oauthlib_signs_the_same() {
    let url = "HTTPS://School.Example:443/lti/launch/r/a%20b?q=x%20y";
    let body = "oauth_consumer_key=k+%C3%A9&oauth_nonce=n%2B1%2F%3D&oauth_timestamp=1700000000&oauth_signature_method=HMAC-SHA1&oauth_version=1.0&empty=&a=2&a=1&a+b=c%26d%3De~*%27()%21&name=Zo%C3%AB+%E9%9F%B3";
    let parameters = Parameters::read(url, body.as_bytes(), None);
    let base = base_string("POST", url, parameters.all());
    assert_eq!(Method::HmacSha1.sign("s3/cr et", &base), "UD5hbzYXVNUe6vpvj9TZJ8mxRHw=");
    assert_eq!(Method::HmacSha256.sign("s3/cr et", &base), "kJ/KiXzU1D4DTwxJLbBZZeEWOcUqM0g7BGSrgTq2x2I=");
}

#[test]
fn an_address_is_taken_as_it_was_sent_but_for_host_and_default_port() {
    let cases = [
        ("HTTPS://School.Example:443/A%2fb?x=1#y", "https://school.example/A%2fb"),
        ("http://school.example:80", "http://school.example/"),
        ("https://school.example:80/x", "https://school.example:80/x"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
    ];
    for (url, base) in cases {
        assert_eq!(base_address(url), base);
    }
}

#[test]
fn a_header_of_another_scheme_has_no_parameters() {
    assert!(of_header("Bearer oauth_nonce=\"1\"").is_empty());
    assert_eq!(of_header("OAuth REALM=\"a\", a=\"x%2By+z%26\""), pairs(&[("a", "x+y+z&")]));
}

fn canvas(query: &str, body: &str, signed_with_query: bool) -> bool {
    let url = format!("{URL}?{query}");
    let parameters = Parameters::read(&url, body.as_bytes(), None);
    let signed: Vec<Parameter> =
        if signed_with_query { parameters.all().cloned().collect() } else { of_form(body.as_bytes()) };
    let signature = Method::HmacSha1.sign("s", &base_string("POST", URL, &signed));
    verifies(Method::HmacSha1, "s", &url, &parameters, &signature)
}

#[test]
fn a_query_that_canvas_copied_into_the_body_is_signed_once() {
    assert!(canvas("r=1", "a=b", true));
    assert!(canvas("r=1", "a=b&r=1", false));
    assert!(!canvas("r=2", "a=b&r=1", false), "the query says something else");
    assert!(!canvas("r=1&x=2", "a=b&r=1", false), "the query says more");
}

fn signer() -> Signer<'static> {
    Signer { consumer_key: "key", secret: "secret", method: Method::HmacSha1, nonce: "n", now: 1_700_000_000 }
}

#[test]
fn a_form_that_is_signed_here_verifies() {
    let url = "https://lms.example/return?course=7";
    let fields = signer().form(url, pairs(&[("content_items", "{\"a\": 1}"), ("data", "")]));
    let parameters = Parameters { body: fields.clone(), ..Parameters::read(url, b"", None) };
    let signature = &fields.iter().find(|(name, _)| name == "oauth_signature").unwrap().1;
    assert!(verifies(Method::HmacSha1, "secret", url, &parameters, signature));
    assert!(!verifies(Method::HmacSha1, "Secret", url, &parameters, signature));
    assert!(!verifies(Method::HmacSha256, "secret", url, &parameters, signature));
    assert!(!verifies(
        Method::HmacSha1,
        "secret",
        "https://evil.example/return?course=7",
        &parameters,
        signature
    ));
}

/// `oauthlib.oauth1.Client('key', client_secret='secret', nonce='n', timestamp='1700000000').sign(url, 'POST', '<a/>',
/// {'Content-Type': 'application/xml'})` puts the hash in where the body is no form.
#[test]
fn xml_is_signed_by_the_hash_of_its_bytes() {
    let url = "https://lms.example/outcome?course=7";
    let header = signer().authorization(url, b"<a/>");
    assert!(header.starts_with("OAuth realm=\"\",oauth_consumer_key=\"key\","), "{header}");
    assert!(header.contains(&format!("oauth_body_hash=\"{}\"", encode(BODY_HASH))), "{header}");
    let parameters = Parameters::read(url, b"", Some(&header));
    let signature = &parameters.header.iter().find(|(name, _)| name == "oauth_signature").unwrap().1;
    assert_eq!(signature, XML_SIGNATURE);
    assert!(verifies(Method::HmacSha1, "secret", url, &parameters, signature));
}

const BODY_HASH: &str = "25qoZjLG8syZaEot0V0rZIKOdiI=";
const XML_SIGNATURE: &str = "Pc39Uw7Q0a+6H7AKwDWQ8nPN0e0=";

#[test]
fn what_is_no_base64_verifies_nothing() {
    for signature in ["", "=", "%%%", "AAAA"] {
        assert!(!Method::HmacSha1.verifies("s", "base", signature));
    }
}

proptest! {
    #[test]
    fn the_order_of_parameters_changes_nothing(mut pairs in proptest::collection::vec(("\\PC{0,8}", "\\PC{0,8}"), 0..8)) {
        let forwards = normalized(&pairs);
        pairs.reverse();
        prop_assert_eq!(forwards, normalized(&pairs));
    }

    #[test]
    fn different_values_are_told_apart(a in "\\PC{1,12}", b in "\\PC{1,12}") {
        prop_assert_eq!(normalized(&pairs(&[("n", &a)])) == normalized(&pairs(&[("n", &b)])), a == b);
    }

    #[test]
    fn only_unreserved_characters_are_left(text in "\\PC{0,40}") {
        let encoded = encode(&text);
        prop_assert!(encoded.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b)));
        prop_assert_eq!(of_header(&format!("OAuth a=\"{encoded}\"")), pairs(&[("a", &text)]));
    }

    #[test]
    fn no_bytes_make_it_fail(body in proptest::collection::vec(any::<u8>(), 0..200), header in "\\PC{0,60}", url in "\\PC{0,60}") {
        let parameters = Parameters::read(&url, &body, Some(&header));
        let _ = base_string("POST", &url, parameters.all());
    }
}
