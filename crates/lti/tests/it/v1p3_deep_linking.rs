//! Links that a teacher chose, sent back to an LMS of LTI 1.3.

use homeroom_lti::v1p3::deep_linking::{Envelope, Item, LineItem, Report, Settings};
use homeroom_lti::v1p3::refusal::Refusal;
use homeroom_lti::v1p3::signing::Signer;
use serde_json::{Value, json};

use crate::platform::{KEY, NOW};
use crate::v1p3_services::{decoded, verified};

const PREFIX: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/";

fn settings(changes: &[(&str, Value)]) -> Result<Settings, Refusal> {
    let mut settings = json!({ "deep_link_return_url": "https://lms.example/dl?c=1", "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["iframe"], "data": "opaque" });
    for (name, value) in changes {
        settings[*name] = value.clone();
    }
    Settings::read(&verified(&format!("{PREFIX}deep_linking_settings"), settings))
}

fn item() -> Item {
    let line_item =
        LineItem { maximum: 10.0, label: "Scales".into(), resource_id: "7".into(), ..LineItem::default() };
    let custom = [("resource".to_owned(), "7".to_owned())].into();
    Item {
        url: "https://school.example/lti/launch/r/7".into(),
        title: "Scales".into(),
        custom,
        line_item: Some(line_item),
        ..Item::default()
    }
}

/// The claims of the answer with these items.
fn answered(settings: &Settings, items: &[Item], report: Report<'_>) -> Value {
    let envelope = Envelope {
        issuer: "https://lms.example",
        client_id: "client",
        deployment_id: "d1",
        nonce: "n9",
        now: NOW,
    };
    let token = settings.answer(&Signer { kid: "k1", key: &KEY }, &envelope, items, report).unwrap();
    let (header, claims) = decoded(&token);
    assert_eq!((&header["alg"], &header["kid"]), (&json!("RS256"), &json!("k1")));
    claims
}

#[test]
fn a_chosen_link_goes_back_with_its_column() {
    let claims = answered(&settings(&[]).unwrap(), &[item(), item()], Report::Done("Linked"));
    assert_eq!(
        (&claims["iss"], &claims["aud"], &claims["nonce"]),
        (&json!("client"), &json!("https://lms.example"), &json!("n9"))
    );
    assert_eq!((&claims["exp"], claims.get("azp")), (&json!(NOW + 300), None));
    let items = claims[format!("{PREFIX}content_items")].as_array().unwrap();
    assert_eq!(items.len(), 1, "one alone was asked for");
    assert_eq!(
        (&items[0]["url"], &items[0]["custom"]),
        (&json!("https://school.example/lti/launch/r/7"), &json!({ "resource": "7" }))
    );
    assert_eq!(items[0]["lineItem"]["scoreMaximum"], 10.0);
    assert_eq!(
        (&claims[format!("{PREFIX}data")], &claims[format!("{PREFIX}msg")]),
        (&json!("opaque"), &json!("Linked"))
    );
}

#[test]
fn only_what_the_lms_accepts_goes_back() {
    let several = settings(&[("accept_multiple", json!(true)), ("accept_lineitem", json!(false))]).unwrap();
    let claims = answered(&several, &[item(), item()], Report::Done(""));
    let items = claims[format!("{PREFIX}content_items")].as_array().unwrap();
    assert_eq!((items.len(), items[0].get("lineItem")), (2, None));
    let files = settings(&[("accept_types", json!(["file"]))]).unwrap();
    let claims = answered(&files, &[item()], Report::Failed { shown: "No", logged: "" });
    assert_eq!(claims[format!("{PREFIX}content_items")], json!([]));
    assert_eq!(
        (&claims[format!("{PREFIX}errormsg")], claims.get(format!("{PREFIX}msg"))),
        (&json!("No"), None)
    );
}

#[test]
fn settings_without_an_address_to_return_to_are_refused() {
    let refused = |name: &str, value| settings(&[(name, value)]).unwrap_err();
    assert_eq!(refused("deep_link_return_url", Value::Null), Refusal::Missing("deep_link_return_url"));
    assert_eq!(
        refused("deep_link_return_url", json!("javascript:x")),
        Refusal::Shape("deep_link_return_url")
    );
    assert_eq!(refused("accept_types", Value::Null), Refusal::Missing("accept_types"));
}
