use std::time::{Duration, Instant, SystemTime};

use homeroom_client::{Client, Error, ErrorCode, UserAdminUpdate, UserCreation};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::{client, error, user};

/// Answers `first` the first `times`, then `then`.
async fn answer(server: &MockServer, first: ResponseTemplate, times: u64, then: ResponseTemplate) {
    Mock::given(any()).respond_with(first).up_to_n_times(times).mount(server).await;
    Mock::given(any()).respond_with(then).mount(server).await;
}

async fn count(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

fn ada() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(user("ada"))
}

#[tokio::test]
async fn a_get_is_sent_again_while_the_server_is_unavailable() {
    let server = MockServer::start().await;
    answer(&server, error(503, "UNAVAILABLE"), 2, ada()).await;

    assert_eq!(client(&server).me().await.unwrap().username, "ada");
    assert_eq!(count(&server).await, 3);
}

#[tokio::test]
async fn retries_end_and_give_the_last_error() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(error(503, "UNAVAILABLE")).mount(&server).await;

    let error = Client::builder(server.uri()).max_retries(2).build().unwrap().me().await.unwrap_err();

    assert_eq!(error.code(), Some(ErrorCode::Unavailable));
    assert_eq!(count(&server).await, 3);
}

#[tokio::test]
async fn no_retries_can_be_asked_for() {
    let server = MockServer::start().await;
    answer(&server, error(503, "UNAVAILABLE"), 1, ada()).await;

    assert!(Client::builder(server.uri()).max_retries(0).build().unwrap().me().await.is_err());
}

#[tokio::test]
async fn other_errors_are_not_tried_again() {
    let cases = [(400, "INVALID_PARAMETER"), (403, "FORBIDDEN"), (404, "NOT_FOUND"), (500, "INTERNAL_ERROR")];
    for (status, code) in cases {
        let server = MockServer::start().await;
        answer(&server, error(status, code), 1, ada()).await;

        assert_eq!(client(&server).me().await.unwrap_err().api().unwrap().code, code);
        assert_eq!(count(&server).await, 1, "{code}");
    }
}

#[tokio::test]
async fn a_put_is_sent_again_while_the_server_is_unavailable() {
    let server = MockServer::start().await;
    answer(&server, error(503, "UNAVAILABLE"), 1, ada()).await;

    client(&server).users().update(&"u1".into(), &UserAdminUpdate::default()).await.unwrap();
    assert_eq!(count(&server).await, 2);
}

#[tokio::test]
async fn a_delete_is_sent_again_while_the_server_is_unavailable() {
    let server = MockServer::start().await;
    answer(&server, error(503, "UNAVAILABLE"), 1, ResponseTemplate::new(204)).await;

    client(&server).users().remove(&"u1".into()).await.unwrap();
    assert_eq!(count(&server).await, 2);
}

#[tokio::test]
async fn a_post_is_not_sent_again_when_the_server_is_unavailable() {
    let server = MockServer::start().await;
    answer(&server, error(503, "UNAVAILABLE"), 1, ada()).await;

    assert!(client(&server).users().create(&UserCreation::default()).await.is_err());
    assert_eq!(count(&server).await, 1);
}

#[tokio::test]
async fn a_post_is_sent_again_after_a_rate_limit_because_nothing_was_done() {
    let server = MockServer::start().await;
    answer(&server, error(403, "API_RATE_LIMIT_EXCEEDED"), 1, ada()).await;

    client(&server).users().create(&UserCreation::default()).await.unwrap();
    assert_eq!(count(&server).await, 2);
}

#[tokio::test]
async fn the_wait_is_the_one_that_the_server_asks_for() {
    let server = MockServer::start().await;
    let limited = error(403, "API_RATE_LIMIT_EXCEEDED").insert_header("retry-after", "1");
    answer(&server, limited, 1, ada()).await;

    let start = Instant::now();
    client(&server).me().await.unwrap();

    assert!(start.elapsed() >= Duration::from_secs(1), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_wait_that_is_too_long_is_an_error_at_once() {
    let tomorrow = SystemTime::now() + Duration::from_hours(24);
    for wait in ["2", &httpdate::fmt_http_date(tomorrow)] {
        let server = MockServer::start().await;
        let unavailable = error(503, "UNAVAILABLE").insert_header("retry-after", wait);
        answer(&server, unavailable, 1, ada()).await;

        let error = client(&server).me().await.unwrap_err();

        assert_eq!(error.headers().unwrap()["retry-after"], wait);
        assert_eq!(count(&server).await, 1);
    }
}

/// A server whose first `breaks` connections end after the request was read; later ones get `204`.
async fn breaking_server(breaks: usize) -> (String, tokio::task::JoinHandle<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let served = tokio::spawn(async move {
        for connection in 0.. {
            let accepted = tokio::time::timeout(Duration::from_secs(2), listener.accept()).await;
            let Ok(Ok((mut stream, _))) = accepted else { return connection };
            let _ = stream.read(&mut [0; 4096]).await;
            if connection >= breaks {
                let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await;
            }
        }
        0
    });
    (address, served)
}

#[tokio::test]
async fn a_delete_is_sent_again_when_its_connection_breaks() {
    let (address, connections) = breaking_server(1).await;

    Client::new(address, "t").unwrap().users().remove(&"u1".into()).await.unwrap();

    assert_eq!(connections.await.unwrap(), 2);
}

#[tokio::test]
async fn a_post_is_not_sent_again_when_its_connection_breaks() {
    let (address, connections) = breaking_server(1).await;

    let error =
        Client::new(address, "t").unwrap().users().create(&UserCreation::default()).await.unwrap_err();

    assert!(matches!(error, Error::Transport(_)) && !error.is_connect(), "{error:?}");
    assert_eq!(connections.await.unwrap(), 1);
}

#[tokio::test]
async fn a_post_waits_for_a_server_that_does_not_listen_yet() {
    let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let later = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let listener = std::net::TcpListener::bind(address).unwrap();
        let server = MockServer::builder().listener(listener).start().await;
        Mock::given(any()).respond_with(ada()).mount(&server).await;
        server
    });

    Client::new(format!("http://{address}"), "t")
        .unwrap()
        .users()
        .create(&UserCreation::default())
        .await
        .unwrap();

    assert_eq!(count(&later.await.unwrap()).await, 1);
}
