//! How an LMS of LTI 1.3 is set up by itself.

use homeroom_lti::v1p3::ags;
use homeroom_lti::v1p3::registration::{PlatformConfiguration, Refused, Registered, Tool};
use serde_json::{Value, json};

fn configuration() -> Value {
    json!({
        "issuer": "https://lms.example", "authorization_endpoint": "https://lms.example/auth",
        "token_endpoint": "https://lms.example/token", "jwks_uri": "https://lms.example/jwks",
        "registration_endpoint": "https://lms.example/register", "scopes_supported": [ags::SCORE, "x"],
        "https://purl.imsglobal.org/spec/lti-platform-configuration": { "product_family_code": "canvas", "version": "1",
            "messages_supported": [{ "type": "LtiDeepLinkingRequest", "placements": ["editor_button"] }] },
    })
}

const ADDRESS: &str = "https://lms.example/.well-known/openid-configuration";

#[test]
fn a_registration_asks_for_what_the_lms_has() {
    let platform = PlatformConfiguration::read(configuration().to_string().as_bytes(), ADDRESS).unwrap();
    let tool = Tool {
        name: "Homeroom",
        description: "Scores",
        login_url: "https://school.example/l",
        redirect_uri: "https://school.example/r",
        jwks_url: "https://school.example/k",
        launch_url: "https://school.example/",
        logo_url: "https://school.example/i",
        domain: "school.example",
    };
    let sent = tool.registration(&platform);
    let configuration = &sent["https://purl.imsglobal.org/spec/lti-tool-configuration"];
    assert_eq!(
        (&sent["scope"], &sent["token_endpoint_auth_method"]),
        (&json!(ags::SCORE), &json!("private_key_jwt"))
    );
    assert_eq!(configuration["messages"][0].get("placements"), None);
    assert_eq!(configuration["messages"][1]["placements"], json!(["editor_button"]));
    assert_eq!(configuration["https://canvas.instructure.com/lti/privacy_level"], "public");
}

#[test]
fn a_configuration_of_another_host_or_without_https_is_refused() {
    let read = |name: &str, value: &str| {
        let mut json = configuration();
        json[name] = json!(value);
        PlatformConfiguration::read(json.to_string().as_bytes(), ADDRESS).unwrap_err()
    };
    assert_eq!(read("issuer", "https://evil.example"), Refused::Issuer);
    assert_eq!(read("issuer", "x"), Refused::Address("issuer"));
    assert_eq!(read("jwks_uri", "http://lms.example/jwks"), Refused::Address("jwks_uri"));
    assert_eq!(read("registration_endpoint", "file:///x"), Refused::Address("registration_endpoint"));
    assert_eq!(PlatformConfiguration::read(b"{}", ADDRESS), Err(Refused::Configuration));
}

#[test]
fn an_lms_may_tell_the_deployment_or_not() {
    let tool = "https://purl.imsglobal.org/spec/lti-tool-configuration";
    let moodle = json!({ "client_id": "c", tool: { "deployment_id": "1" } }).to_string();
    assert_eq!(
        Registered::read(moodle.as_bytes()),
        Ok(Registered { client_id: "c".into(), deployment_id: Some("1".into()) })
    );
    assert_eq!(Registered::read(br#"{"client_id":"c"}"#).unwrap().deployment_id, None);
    assert_eq!(Registered::read(b"{}"), Err(Refused::Answer));
}
