use std::time::Duration;

use homeroom_client::{Client, Error, ErrorCode, UserCreation};
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::{TOKEN, client, error};

async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

#[tokio::test]
async fn an_error_tells_code_message_param_id_status_and_headers() {
    let body = json!({"code": "USERNAME_TAKEN", "message": "Taken.", "param": "username", "id": "r1"});
    let answer = ResponseTemplate::new(409).set_body_json(body).insert_header("x-request-id", "r1");
    let server = answering(answer).await;

    let error = client(&server).users().create(&UserCreation::default()).await.unwrap_err();

    assert_eq!(error.code(), Some(ErrorCode::UsernameTaken));
    assert_eq!(error.status().unwrap(), 409);
    assert_eq!(error.headers().unwrap()["x-request-id"], "r1");
    assert_eq!(error.api().unwrap().param.as_deref(), Some("username"));
    assert_eq!(error.to_string(), "Taken. (409 USERNAME_TAKEN, `username`, request r1)");
}

#[tokio::test]
async fn a_code_of_another_server_is_kept_as_text() {
    let server = answering(error(402, "PLAN_TOO_SMALL")).await;

    let error = client(&server).me().await.unwrap_err();

    assert_eq!(error.code(), None);
    assert_eq!(error.api().unwrap().code, "PLAN_TOO_SMALL");
}

#[tokio::test]
async fn an_answer_of_a_proxy_is_an_error_with_the_beginning_of_its_text() {
    let page = "<html>\n<h1>502 Bad Gateway</h1>\n".to_owned() + &"é".repeat(500);
    let server = answering(ResponseTemplate::new(502).set_body_raw(page, "text/html")).await;

    let error = client(&server).me().await.unwrap_err();

    let api = error.api().unwrap();
    assert_eq!((api.code.as_str(), api.status.as_u16()), ("HTTP_502", 502));
    assert!(api.message.contains("<html> <h1>502 Bad Gateway</h1>"), "{api}");
    assert!(api.message.chars().count() < 250, "{api}");
}

#[tokio::test]
async fn an_error_without_a_body_is_still_a_sentence() {
    let server = answering(ResponseTemplate::new(500)).await;

    let error = client(&server).me().await.unwrap_err();

    assert_eq!(error.to_string(), "The answer is not one of this API (500 HTTP_500)");
}

#[tokio::test]
async fn a_success_that_is_not_the_apis_is_a_decode_error_with_status_and_headers() {
    let server = answering(ResponseTemplate::new(200).set_body_raw("<html>", "text/html")).await;

    let error = client(&server).me().await.unwrap_err();

    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    assert_eq!(error.status().unwrap(), 200);
    assert_eq!(error.headers().unwrap()["content-type"], "text/html");
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_says_where_it_leads() {
    let other = answering(ResponseTemplate::new(200)).await;
    let moved = ResponseTemplate::new(308).insert_header("location", format!("{}/v2/me", other.uri()));
    let server = answering(moved).await;

    let error = client(&server).me().await.unwrap_err();

    assert!(error.to_string().contains(&other.uri()), "{error}");
    assert!(other.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_slow_answer_is_a_timeout() {
    let server = answering(ResponseTemplate::new(200).set_delay(Duration::from_secs(5))).await;
    let client = Client::builder(server.uri()).timeout(Duration::from_millis(50)).build().unwrap();

    let error = client.me().await.unwrap_err();

    assert!(matches!(error, Error::Timeout(_)), "{error:?}");
}

#[tokio::test]
async fn a_refused_connection_is_told_from_one_that_broke_and_names_its_cause() {
    // Port 1 is never listened on.
    let client = Client::builder("http://127.0.0.1:1").token(TOKEN).max_retries(0).build().unwrap();

    let error = client.me().await.unwrap_err();

    assert!(error.is_connect(), "{error:?}");
    assert!(error.to_string().contains("refused"), "{error}");
    assert!(!format!("{error:?}").contains(TOKEN));
}

#[test]
fn a_token_that_is_no_header_is_refused_without_being_repeated() {
    let error = Client::new("http://h", "se\ncret").unwrap_err();

    assert!(!error.to_string().contains("cret") && !format!("{error:?}").contains("cret"), "{error:?}");
}
