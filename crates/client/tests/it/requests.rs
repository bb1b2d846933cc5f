use homeroom_client::{
    Client, Error, Role, Update, UserAdminUpdate, UserCreation, UserFilter, UserId, UserQuery, UserSort,
};
use serde_json::json;
use wiremock::matchers::{any, body_json, header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::{TOKEN, client, user, users};

#[tokio::test]
async fn a_request_carries_the_token_and_says_who_sends_it() {
    let server = MockServer::start().await;
    let agent = concat!("homeroom-client/", env!("CARGO_PKG_VERSION"));
    Mock::given(path("/v2/me"))
        .and(header("authorization", "Bearer hr_secret"))
        .and(header("user-agent", agent))
        .respond_with(ResponseTemplate::new(200).set_body_json(user("ada")))
        .mount(&server)
        .await;

    assert_eq!(client(&server).me().await.unwrap().username, "ada");
}

#[tokio::test]
async fn without_a_token_no_authorization_is_sent() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_body_json(user("ada")))
        .mount(&server)
        .await;

    Client::builder(server.uri()).build().unwrap().me().await.unwrap();

    let requests = server.received_requests().await.unwrap();
    assert!(!requests[0].headers.contains_key("authorization"));
}

#[test]
fn the_token_is_in_no_debug_text() {
    let builder = Client::builder("http://h").token(TOKEN);
    let client = builder.clone().build().unwrap();

    let texts = format!("{builder:?} {client:?} {:?}", client.users());

    assert!(!texts.contains(TOKEN), "{texts}");
}

#[tokio::test]
async fn a_list_sends_its_query_and_a_count_its_filter() {
    let server = MockServer::start().await;
    let list = Mock::given(path("/v2/organizations/users")).and(query_param("sort", "lastname"));
    list.and(query_param("role", "teacher")).respond_with(users(&["ada"])).mount(&server).await;
    let count = Mock::given(path("/v2/organizations/users/count")).and(query_param("role", "teacher"));
    count.respond_with(ResponseTemplate::new(200).set_body_json(1)).mount(&server).await;

    let filter = UserFilter { role: vec![Role::Teacher], ..Default::default() };
    let query = UserQuery { filter: filter.clone(), sort: vec![UserSort::Lastname], ..Default::default() };

    assert_eq!(client(&server).users().list(&query).await.unwrap().items.len(), 1);
    assert_eq!(client(&server).users().count(&filter).await.unwrap(), 1);
}

#[tokio::test]
async fn an_update_sends_only_what_changes_and_null_for_what_is_cleared() {
    let server = MockServer::start().await;
    Mock::given(method("PUT"))
        .and(path("/v2/organizations/users/u1"))
        .and(header("content-type", "application/json"))
        .and(body_json(json!({"lastname": "Lovelace", "email": null})))
        .respond_with(ResponseTemplate::new(200).set_body_json(user("ada")))
        .mount(&server)
        .await;

    let update = UserAdminUpdate {
        lastname: Update::Set("Lovelace".into()),
        email: Update::Clear,
        ..Default::default()
    };

    client(&server).users().update(&"u1".into(), &update).await.unwrap();
}

#[tokio::test]
async fn converting_to_an_individual_is_a_removal_that_says_so() {
    let server = MockServer::start().await;
    let convert = Mock::given(method("DELETE")).and(query_param("convertToIndividual", "true"));
    convert.respond_with(ResponseTemplate::new(204)).mount(&server).await;

    client(&server).users().convert_to_individual(&"u1".into()).await.unwrap();
    assert!(client(&server).users().remove(&"u1".into()).await.is_err());
}

#[tokio::test]
async fn an_id_stays_one_part_of_the_path() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(204)).mount(&server).await;

    client(&server).users().remove(&"../a?b#c%2f".into()).await.unwrap();

    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests[0].url.path(), "/v2/organizations/users/..%2Fa%3Fb%23c%252f");
}

#[tokio::test]
async fn an_id_that_would_change_the_path_is_not_sent() {
    let server = MockServer::start().await;
    for id in ["", ".", ".."] {
        let error = client(&server).users().remove(&UserId::from(id)).await.unwrap_err();
        assert!(matches!(error, Error::Setting(_)), "{error}");
    }
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_response_gives_status_and_headers_with_the_value() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(201).set_body_json(user("ada")).insert_header("x-request-id", "r1");
    Mock::given(method("POST")).respond_with(answer).mount(&server).await;

    let response = client(&server).users().create(&UserCreation::default()).response().await.unwrap();

    assert_eq!((response.status.as_u16(), response.value.username.as_str()), (201, "ada"));
    assert_eq!(response.headers["x-request-id"], "r1");
}
