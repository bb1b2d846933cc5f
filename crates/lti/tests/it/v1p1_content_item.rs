//! Links that a teacher chose, sent back to an LMS of LTI 1.1.

use homeroom_lti::v1p1::content_item::{Item, Selection, redirect};
use homeroom_lti::v1p1::launch::Message;
use homeroom_lti::v1p1::parameters::Parameter;
use homeroom_lti::v1p1::request::Signed;

use crate::v1p1::{NOW, body, fields, launch, read_signed, request, signer};

fn selection(fields: Vec<Parameter>) -> Selection {
    match read_signed(fields).unwrap() {
        Message::Selection(_, selection) => selection,
        Message::Launch(_) => panic!("it opens"),
    }
}

fn content_item_request() -> Vec<Parameter> {
    fields(&[
        ("lti_message_type", "ContentItemSelectionRequest"),
        ("lti_version", "LTI-1p0"),
        ("user_id", "42"),
        ("roles", "Instructor"),
        ("content_item_return_url", "https://lms.example/items?id=3"),
        ("accept_media_types", "application/vnd.ims.lti.v1.ltilink"),
        ("accept_presentation_document_targets", "window,iframe"),
        ("data", "opaque"),
    ])
}

#[test]
fn a_chosen_link_goes_back_signed() {
    let Selection::ContentItem(wanted) = selection(content_item_request()) else { panic!() };
    assert!(wanted.accepts_links() && !wanted.multiple);
    let item = Item {
        url: "https://school.example/lti/launch/r/1".into(),
        title: "Scales".into(),
        maximum: Some(10.0),
        ..Item::default()
    };
    let fields = wanted.answer(&signer(), &[item.clone(), item], "Linked");
    let get = |name: &str| fields.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str());
    let content: serde_json::Value = serde_json::from_str(get("content_items").unwrap()).unwrap();
    assert_eq!(content["@graph"].as_array().unwrap().len(), 1);
    assert_eq!(content["@graph"][0]["placementAdvice"]["presentationDocumentTarget"], "iframe");
    assert_eq!(content["@graph"][0]["lineItem"]["scoreConstraints"]["normalMaximum"], 10.0);
    assert_eq!(
        (get("data"), get("lti_msg"), get("oauth_callback")),
        (Some("opaque"), Some("Linked"), Some("about:blank"))
    );
    let body = body(&fields);
    let back = Signed::read(&request("https://lms.example/items?id=3", &body)).unwrap();
    assert!(back.verify(Some("secret"), 300, NOW).is_ok());
}

#[test]
fn nothing_chosen_is_an_empty_graph() {
    let Selection::ContentItem(wanted) = selection(content_item_request()) else { panic!() };
    let fields = wanted.answer(&signer(), &[], "");
    assert!(fields.iter().any(|(_, value)| value.contains("\"@graph\":[]")));
    assert!(!fields.iter().any(|(name, _)| name == "lti_msg"));
}

#[test]
fn canvas_light_weight_selection_is_a_redirect() {
    let mut fields = launch();
    fields.push(("ext_content_return_url".into(), "https://canvas.example/back?x=1".into()));
    fields.push(("ext_content_return_types".into(), "lti_launch_url,url".into()));
    let Selection::Redirect { return_url, types } = selection(fields) else { panic!() };
    assert_eq!(types, ["lti_launch_url", "url"]);
    let item = Item { url: "https://school.example/a?b=1".into(), title: "A & B".into(), ..Item::default() };
    let to = redirect(&return_url, &item);
    assert_eq!(
        to,
        "https://canvas.example/back?x=1&return_type=lti_launch_url&url=https%3A%2F%2Fschool.example%2Fa%3Fb%3D1&title=A+%26+B"
    );
}
