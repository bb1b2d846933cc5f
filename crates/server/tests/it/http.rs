//! What every answer has, and the pages beside the API.

use homeroom_client::UserFilter;
use reqwest::Method;
use secrecy::SecretString;

use crate::support::TestApp;

const USERS: &str = "/v2/organizations/users";

#[tokio::test]
async fn a_browser_on_any_site_may_call_the_api_without_credentials() {
    let app = TestApp::start().await;
    let preflight = app.http().request(Method::OPTIONS, format!("{}{USERS}", app.url));
    let preflight =
        preflight.header("origin", "https://tool.example").header("access-control-request-method", "PUT");
    let preflight = preflight.header("access-control-request-headers", "authorization,content-type");
    let headers = preflight.send().await.unwrap().headers().clone();
    assert_eq!(headers["access-control-allow-origin"], "*");
    assert_eq!(headers["access-control-allow-headers"], "authorization,content-type");
    assert!(headers["access-control-allow-methods"].to_str().unwrap().contains("PUT"));
    assert!(!headers.contains_key("access-control-allow-credentials"));

    let answer =
        app.request(Method::GET, USERS).header("origin", "https://tool.example").send().await.unwrap();
    let exposed = answer.headers()["access-control-expose-headers"].to_str().unwrap().to_owned();
    for name in [
        "link",
        "x-request-id",
        "retry-after",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
    ] {
        assert!(exposed.contains(name), "{exposed}");
    }
}

#[tokio::test]
async fn other_sites_can_not_read_what_is_not_the_api() {
    let app = TestApp::start().await;
    for path in ["/healthz", "/metrics", "/docs/"] {
        let answer =
            app.request(Method::GET, path).header("origin", "https://evil.example").send().await.unwrap();
        assert!(!answer.headers().contains_key("access-control-allow-origin"), "{path}");
    }
}

#[tokio::test]
async fn every_address_below_v2_is_answered_as_the_api_answers() {
    let app = TestApp::start().await;
    for path in ["/v2", "/v2/", "/v2/nothing", "/v2/organizations/users/"] {
        let answer =
            app.request(Method::GET, path).header("origin", "https://tool.example").send().await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
        assert_eq!(answer.headers()["access-control-allow-origin"], "*", "{path}");
        assert_eq!(answer.headers()["x-ratelimit-limit"], "60000", "{path}");
    }
}

#[tokio::test]
async fn answers_are_compressed_for_those_who_ask() {
    let app = TestApp::start().await;
    for number in 0..20 {
        app.user(&format!("pupil{number}"), homeroom_client::Role::User).await;
    }
    for encoding in ["gzip", "br"] {
        let answer =
            app.request(Method::GET, USERS).header("accept-encoding", encoding).send().await.unwrap();
        assert_eq!(answer.headers()["content-encoding"], encoding);
    }
    let plain = app.request(Method::GET, USERS).send().await.unwrap();
    assert!(!plain.headers().contains_key("content-encoding"));
}

#[tokio::test]
async fn no_cookie_stands_for_a_token() {
    let app = TestApp::start().await;
    let request = app.http().get(format!("{}{USERS}", app.url));
    let cookie = format!("token={0}; session={0}; Authorization=Bearer {0}", app.school.token);
    assert_eq!(request.header("cookie", cookie).send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn a_token_in_the_address_is_none() {
    let app = TestApp::start().await;
    let url = format!("{}{USERS}?access_token={}", app.url, app.school.token);
    let answer = app.http().get(url).send().await.unwrap();
    assert_eq!(answer.status(), 401);
    assert_eq!(answer.headers()["www-authenticate"], "Bearer");
}

#[tokio::test]
async fn answers_are_not_kept_by_caches() {
    let app = TestApp::start().await;
    let answer = app.request(Method::GET, USERS).send().await.unwrap();
    assert_eq!(answer.headers()["cache-control"], "no-store");
}

#[tokio::test]
async fn health_and_readiness_need_no_token_and_have_no_limit() {
    let app = TestApp::start_with(|settings| settings.rate_limit_address = 1).await;
    for _ in 0..3 {
        for path in ["/healthz", "/readyz"] {
            let answer = app.http().get(format!("{}{path}", app.url)).send().await.unwrap();
            assert_eq!(answer.status(), 200, "{path}");
            assert!(!answer.headers().contains_key("x-ratelimit-limit"));
        }
    }
}

#[tokio::test]
async fn metrics_count_requests_by_route_and_hold_no_address() {
    let app = TestApp::start().await;
    let filter = UserFilter { q: Some("secretword".to_owned()), ..UserFilter::default() };
    app.admin().users().count(&filter).await.unwrap();
    let metrics = app.http().get(format!("{}/metrics", app.url)).send().await.unwrap().text().await.unwrap();
    let line = "homeroom_http_requests_total{method=\"GET\",route=\"/v2/organizations/users/count\",status=\"200\"} 1";
    assert!(metrics.contains(line), "{metrics}");
    assert!(!metrics.contains("secretword"));
}

#[tokio::test]
async fn metrics_are_not_for_clients_of_a_proxy_on_this_machine() {
    let app = TestApp::start().await;
    let metrics = app.http().get(format!("{}/metrics", app.url));
    assert_eq!(metrics.header("x-forwarded-for", "203.0.113.9").send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn metrics_with_a_token_ask_for_it() {
    let app =
        TestApp::start_with(|settings| settings.metrics_token = Some(SecretString::from("scrape-me"))).await;
    let ask = |token: &str| app.http().get(format!("{}/metrics", app.url)).bearer_auth(token).send();
    assert_eq!(ask("").await.unwrap().status(), 404);
    assert_eq!(ask("scrape-m").await.unwrap().status(), 404);
    assert_eq!(ask("scrape-me").await.unwrap().status(), 200);
}

#[tokio::test]
async fn the_reference_page_loads_nothing_from_elsewhere() {
    let app = TestApp::start().await;
    let page = app.http().get(format!("{}/docs/", app.url)).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self';"), "{policy}");
    let settings = app.http().get(format!("{}/docs/swagger-initializer.js", app.url)).send().await.unwrap();
    let settings = settings.text().await.unwrap();
    assert!(settings.contains(r#""validatorUrl": "none""#), "{settings}");
    let asset = app.http().get(format!("{}/docs/swagger-ui-bundle.js", app.url)).send().await.unwrap();
    assert_eq!(asset.status(), 200);
    assert_eq!(app.http().get(format!("{}/docs/nothing.js", app.url)).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn every_route_is_described_and_asks_in_the_document_for_what_it_asks_in_the_table() {
    let app = TestApp::start().await;
    let document: serde_json::Value =
        app.http().get(format!("{}/v2/openapi.json", app.url)).send().await.unwrap().json().await.unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let routes = homeroom_server::router::routes();
    for route in routes.table() {
        let operation = &document["paths"][route.path][route.method.to_ascii_lowercase()];
        let described = operation["summary"].as_str().is_some_and(|summary| !summary.is_empty());
        assert!(described && operation["operationId"].is_string(), "{route:?}: {operation}");
        let scopes: Vec<_> = route.access.scopes.iter().map(|scope| scope.as_str()).collect();
        assert_eq!(operation["security"][0]["OAuth2"], serde_json::json!(scopes));
    }
    let paths = document["paths"].as_object().unwrap().values();
    let operations: usize = paths.map(|path| path.as_object().unwrap().len()).sum();
    assert_eq!(operations, routes.table().len());
}

#[tokio::test]
async fn a_client_that_hangs_up_does_not_stop_its_write() {
    use tokio::io::AsyncWriteExt as _;
    let app = TestApp::start().await;
    let body = r#"{"username":"ada","password":"correct horse"}"#;
    let address = app.url.trim_start_matches("http://");
    let request = format!(
        "POST {USERS} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        app.school.token,
        body.len()
    );
    let mut connection = tokio::net::TcpStream::connect(address).await.unwrap();
    connection.write_all(request.as_bytes()).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(10)).await; // it is read; hashing takes longer
    drop(connection);
    for _ in 0..100 {
        if app.admin().users().count(&UserFilter::default()).await.unwrap() == 2 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the user was not created");
}
