//! Every wrong input gets its 4xx with a code, a sentence and the parameter; nothing is written, nothing is 500.

use homeroom_client::{Role, UserFilter};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestApp;

const USERS: &str = "/v2/organizations/users";

/// Status, code and parameter of an answer, whose other parts are checked here.
async fn answer(request: reqwest::RequestBuilder) -> (u16, String, Option<String>) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    assert_eq!(response.headers()["content-type"], "application/json");
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["id"], id.as_str());
    assert!(body["message"].as_str().unwrap().len() > 20, "{body}");
    (status, body["code"].as_str().unwrap().to_owned(), body["param"].as_str().map(str::to_owned))
}

async fn count(app: &TestApp) -> u64 {
    app.admin().users().count(&UserFilter::default()).await.unwrap()
}

#[tokio::test]
async fn a_wrong_field_names_itself_and_writes_nothing() {
    let app = TestApp::start().await;
    let long = "x".repeat(61);
    let good = |field: &str, value: Value| {
        let mut body = json!({ "username": "ada", "password": "correct horse" });
        body[field] = value;
        body
    };
    for (field, value) in [
        ("username", json!("")),
        ("username", json!(" \u{a0} ")),
        ("username", json!("x".repeat(31))),
        ("username", json!("a\u{0}b")),
        ("username", json!("a\nb")),
        ("username", json!("\u{301}")),
        ("username", json!("\u{2800}")),
        ("username", json!("ada\u{fe0f}")),
        ("username", json!("\u{3164}")),
        ("username", json!(5)),
        ("username", Value::Null),
        ("password", json!("12345")),
        ("password", json!("x".repeat(1001))),
        ("password", json!("secret\u{0}")),
        ("password", json!(["secret"])),
        ("firstname", json!(long)),
        ("lastname", json!(long)),
        ("lastname", json!({})),
        ("email", json!("ada")),
        ("email", json!("ada@")),
        ("email", json!("")),
        ("email", json!("ada@school.example\r\nBcc: eve@evil.example")),
        ("email", json!(format!("{}@school.example", "x".repeat(250)))),
        ("role", json!("boss")),
        ("role", Value::Null),
        ("locale", json!(7)),
        ("locale", json!("fr\u{0}")),
        ("locale", json!("x".repeat(36))),
    ] {
        let refused = answer(app.request(Method::POST, USERS).json(&good(field, value.clone()))).await;
        assert_eq!(refused, (400, "INVALID_PARAMETER".into(), Some(field.into())), "{field}: {value}");
    }
    assert_eq!(count(&app).await, 1);
}

#[tokio::test]
async fn a_wrong_update_names_its_field_and_changes_nothing() {
    let app = TestApp::start().await;
    let user = app.user("ada", Role::User).await;
    let path = format!("{USERS}/{user}");
    for (field, value) in [
        ("username", Value::Null),
        ("username", json!(" ")),
        ("password", Value::Null),
        ("password", json!("12345")),
        ("organizationRole", Value::Null),
        ("organizationRole", json!("boss")),
        ("firstname", json!("x".repeat(61))),
        ("email", json!("nobody")),
        ("email", json!("")),
    ] {
        let body = json!({ "lastname": "Changed", field: value });
        let refused = answer(app.request(Method::PUT, &path).json(&body)).await;
        assert_eq!(refused, (400, "INVALID_PARAMETER".into(), Some(field.into())), "{body}");
    }
    assert_eq!(app.admin().users().get(&user).await.unwrap().lastname, None);
}

#[tokio::test]
async fn a_body_that_is_not_a_json_object_is_400() {
    let app = TestApp::start().await;
    for (body, code, param) in [
        ("", "INVALID_PARAMETER", Some("body")),
        ("[]", "INVALID_PARAMETER", Some("body")),
        ("\"text\"", "INVALID_PARAMETER", Some("body")),
        ("{", "INVALID_JSON", None),
        ("{\"username\":\"\\ud800\",\"password\":\"secret\"}", "INVALID_JSON", Some("username")),
        (&format!("{{\"x\":{}", "[".repeat(200_000)), "INVALID_JSON", Some("x")),
    ] {
        let request = app.request(Method::POST, USERS).header("content-type", "application/json");
        let (status, got, blamed) = answer(request.body(body.to_owned())).await;
        assert_eq!((status, got.as_str(), blamed.as_deref()), (400, code, param), "{body:.40}");
    }
    assert_eq!(count(&app).await, 1);
}

#[tokio::test]
async fn a_body_of_another_type_is_415() {
    let app = TestApp::start().await;
    let body = r#"{"username":"ada","password":"secret"}"#;
    for content_type in [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("json")] {
        let mut request = app.request(Method::POST, USERS).body(body);
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        assert_eq!(answer(request).await, (415, "UNSUPPORTED_MEDIA_TYPE".into(), None), "{content_type:?}");
    }
    let request = app.request(Method::POST, USERS).header("content-type", "application/JSON; charset=utf-8");
    assert_eq!(request.body(body).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_body_of_two_mebibytes_is_413_whether_or_not_it_says_its_length() {
    let app = TestApp::start().await;
    let body = format!("{{\"username\":\"{}\"}}", "x".repeat(2 << 20));
    let request = || app.request(Method::POST, USERS).header("content-type", "application/json");
    let told = answer(request().body(body.clone())).await;
    let stream = futures_util::stream::iter([Ok::<_, std::io::Error>(body)]);
    let untold = answer(request().body(reqwest::Body::wrap_stream(stream))).await;
    assert_eq!(told, (413, "PAYLOAD_TOO_LARGE".into(), None));
    assert_eq!(untold, told);
}

#[tokio::test]
async fn an_array_of_ten_thousand_items_is_400() {
    let app = TestApp::start().await;
    let path = format!("{USERS}/{}/accessToken", app.school.admin);
    let scopes = vec!["scores"; 10_000];
    let refused = answer(app.request(Method::POST, &path).json(&json!({ "scopes": scopes }))).await;
    assert_eq!(refused, (400, "INVALID_PARAMETER".into(), Some("scopes".into())));

    let query = "role=user&".repeat(5_000);
    let refused = answer(app.request(Method::GET, &format!("{USERS}?{query}"))).await;
    assert_eq!(refused, (400, "INVALID_PARAMETER".into(), Some("role".into())));
}

#[tokio::test]
async fn a_wrong_query_names_its_parameter() {
    let app = TestApp::start().await;
    for (query, param) in [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=%2B5", "limit"),
        ("limit=1&limit=2", "limit"),
        ("sort=username", "sort"),
        ("direction=up", "direction"),
        ("role=user,boss", "role"),
        ("testAccounts=maybe", "testAccounts"),
        ("noActiveLicense=perhaps", "noActiveLicense"),
        ("onlyIds=2", "onlyIds"),
        ("licenseExpirationDate=tomorrow", "licenseExpirationDate"),
        ("licenseExpirationDate=2026-06-30T00:00:00Z[UTC]", "licenseExpirationDate"),
        ("q=a%00b", "q"),
        ("next=a&previous=b", "previous"),
    ] {
        let refused = answer(app.request(Method::GET, &format!("{USERS}?{query}"))).await;
        assert_eq!(refused, (400, "INVALID_PARAMETER".into(), Some(param.into())), "{query}");
    }
    let refused = answer(app.request(Method::GET, &format!("{USERS}?next=nonsense"))).await;
    assert_eq!(refused, (400, "INVALID_CURSOR".into(), Some("next".into())));
}

#[tokio::test]
async fn what_is_unknown_is_ignored() {
    let app = TestApp::start().await;
    let body = json!({ "username": "ada", "password": "correct horse", "colour": { "of": ["sky\u{0}"] } });
    let response =
        app.request(Method::POST, &format!("{USERS}?colour=blue")).json(&body).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let response = app.request(Method::GET, &format!("{USERS}?colour=blue&limit=")).send().await.unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn an_unknown_method_is_405_and_an_unknown_address_404() {
    let app = TestApp::start().await;
    for method in ["PATCH", "TRACE", "BREW"] {
        let request = app.request(method.parse().unwrap(), USERS);
        assert_eq!(answer(request).await, (405, "METHOD_NOT_ALLOWED".into(), None), "{method}");
    }
    for path in [
        "/nothing",
        "/v2",
        "/v2/",
        "/v2/nothing",
        "/v2/organizations/users/",
        "/%00",
        "/v2/organizations//users",
    ] {
        assert_eq!(answer(app.request(Method::GET, path)).await, (404, "NOT_FOUND".into(), None), "{path}");
    }
}
