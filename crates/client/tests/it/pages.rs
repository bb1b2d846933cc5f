use futures_util::TryStreamExt;
use homeroom_client::{Error, ErrorCode, UserQuery};
use wiremock::matchers::{any, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::{client, error, names, users};

const USERS: &str = "/v2/organizations/users";

fn linking(answer: ResponseTemplate, base: &str, links: &[(&str, &str)]) -> ResponseTemplate {
    let links = links.iter().map(|(rel, query)| format!("<{base}{USERS}?{query}>; rel=\"{rel}\""));
    answer.insert_header("link", links.collect::<Vec<_>>().join(", "))
}

/// Three pages: `a b`, `c`, `d`. Their links say that the server is at `base`.
async fn mount_pages(server: &MockServer, base: &str) {
    let page = |cursor, answer| {
        Mock::given(path(USERS))
            .and(query_param("next", cursor))
            .and(query_param("q", "x"))
            .respond_with(answer)
    };
    let first = linking(users(&["a", "b"]), base, &[("next", "q=x&next=2")]);
    let second = linking(users(&["c"]), base, &[("previous", "q=x&previous=1"), ("next", "q=x&next=3")]);
    let start = Mock::given(path(USERS)).and(query_param_is_missing("next"));
    start.and(query_param("q", "x")).respond_with(first).mount(server).await;
    page("2", second).mount(server).await;
    page("3", users(&["d"])).mount(server).await;
}

fn query() -> UserQuery {
    let mut query = UserQuery::default();
    query.filter.q = Some("x".into());
    query
}

#[tokio::test]
async fn a_page_leads_to_its_neighbours_until_there_is_none() {
    let server = MockServer::start().await;
    mount_pages(&server, &server.uri()).await;

    let first = client(&server).users().list(&query()).await.unwrap();
    assert!(first.has_next() && !first.has_previous());
    assert!(first.previous().await.unwrap().is_none());
    let second = first.next().await.unwrap().unwrap();
    assert_eq!(names(&second.items), ["c"]);
    let back = second.previous().await.unwrap().unwrap();
    assert_eq!(names(&back.items), ["a", "b"]);
    let third = second.next().await.unwrap().unwrap();
    assert!(!third.has_next() && third.next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_page_tells_status_headers_and_cursors() {
    let server = MockServer::start().await;
    mount_pages(&server, &server.uri()).await;

    let first = client(&server).users().list(&query()).await.unwrap();
    let second = first.next().await.unwrap().unwrap();

    assert_eq!(first.status(), 200);
    assert!(first.headers().contains_key("link"));
    assert_eq!((first.next_cursor().as_deref(), first.previous_cursor()), (Some("2"), None));
    assert_eq!(second.previous_cursor().as_deref(), Some("1"));
}

#[tokio::test]
async fn a_stream_gives_the_items_of_all_pages_in_order() {
    let server = MockServer::start().await;
    mount_pages(&server, &server.uri()).await;

    let first = client(&server).users().list(&query()).await.unwrap();
    let all: Vec<_> = first.into_stream().try_collect().await.unwrap();

    assert_eq!(names(&all), ["a", "b", "c", "d"]);
}

#[tokio::test]
async fn links_to_another_host_are_asked_of_the_own_one() {
    let server = MockServer::start().await;
    let other = MockServer::start().await;
    Mock::given(any()).respond_with(users(&["stolen"])).mount(&other).await;
    mount_pages(&server, &other.uri()).await;

    let first = client(&server).users().list(&query()).await.unwrap();
    let all: Vec<_> = first.into_stream().try_collect().await.unwrap();

    assert_eq!(names(&all), ["a", "b", "c", "d"]);
    assert!(other.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_link_to_another_path_is_asked_of_the_lists_own_path() {
    let server = MockServer::start().await;
    mount_pages(&server, "http://inside:1/prefix").await;

    let first = client(&server).users().list(&query()).await.unwrap();
    assert_eq!(names(&first.next().await.unwrap().unwrap().items), ["c"]);
}

#[tokio::test]
async fn a_stream_ends_with_the_error_of_a_page() {
    let server = MockServer::start().await;
    let start = Mock::given(query_param_is_missing("next"));
    start.respond_with(linking(users(&["a"]), "", &[("next", "next=2")])).mount(&server).await;
    let broken = Mock::given(query_param("next", "2"));
    broken.respond_with(error(400, "INVALID_CURSOR")).expect(1).mount(&server).await;

    let mut stream = client(&server).users().list(&UserQuery::default()).await.unwrap().into_stream();

    assert_eq!(stream.try_next().await.unwrap().unwrap().username, "a");
    let error: Error = stream.try_next().await.unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::InvalidCursor));
    assert!(stream.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_stream_asks_for_no_page_before_it_is_needed() {
    let server = MockServer::start().await;
    mount_pages(&server, &server.uri()).await;

    let mut stream = client(&server).users().list(&query()).await.unwrap().into_stream();
    stream.try_next().await.unwrap();
    stream.try_next().await.unwrap();

    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}
