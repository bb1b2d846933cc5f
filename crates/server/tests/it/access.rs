//! Who gets in: every route of the table, without a token, without the scope, with another organization's ids.

use homeroom_client::{Role, Scope};
use homeroom_server::http::{Allowed, Route};
use homeroom_server::router;
use reqwest::Method;
use serde_json::Value;

use crate::support::TestApp;

const NOBODY: &str = "0123456789abcdef01234567";

fn path(route: &Route, id: &str) -> String {
    let parts = route.path.split('/').map(|part| if part.starts_with('{') { id } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// Sends a request that would do something if it were let through.
async fn call(app: &TestApp, route: &Route, id: &str, token: Option<&str>) -> (u16, String) {
    let method: Method = route.method.parse().unwrap();
    let mut request = app.http().request(method, format!("{}{}", app.url, path(route, id)));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    if matches!(route.method, "POST" | "PUT") {
        let body = r#"{"username":"eve","password":"secret","scopes":[],"name":"x","lms":"canvas"}"#;
        request = request.header("content-type", "application/json").body(body);
    }
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap_or_default();
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn without_a_token_every_route_is_401() {
    let app = TestApp::start().await;
    for route in router::routes().table() {
        for token in [None, Some("hr_nonsense"), Some("")] {
            let answer = call(&app, route, NOBODY, token).await;
            assert_eq!(answer, (401, "UNAUTHORIZED".to_owned()), "{route:?} with {token:?}");
        }
    }
}

#[tokio::test]
async fn with_every_scope_but_the_right_ones_every_route_is_403() {
    let app = TestApp::start().await;
    for route in router::routes().table() {
        let scopes: Vec<Scope> =
            Scope::ALL.iter().copied().filter(|scope| !route.access.scopes.has(*scope)).collect();
        let token = app.token(&app.school.admin, &scopes).await;
        let answer = call(&app, route, NOBODY, Some(&token)).await;
        assert_eq!(answer, (403, "INSUFFICIENT_SCOPE".to_owned()), "{route:?}");
    }
}

#[tokio::test]
async fn with_a_role_too_low_every_route_for_administrators_is_403() {
    let app = TestApp::start().await;
    let (teacher, pupil) = (app.user("t", Role::Teacher).await, app.user("p", Role::User).await);
    for route in router::routes().table().iter().filter(|route| route.access.roles != Allowed::Everybody) {
        for user in [&teacher, &pupil] {
            if user == &teacher && route.access.roles == Allowed::Teachers {
                continue;
            }
            // No operation gives such a token: it is what a bug would leave behind.
            let token = app.token(user, Scope::ALL).await;
            let answer = call(&app, route, NOBODY, Some(&token)).await;
            assert_eq!(answer, (403, "FORBIDDEN".to_owned()), "{route:?}");
        }
    }
}

#[tokio::test]
async fn another_organizations_things_are_not_found() {
    let app = TestApp::start().await;
    let other = app.other_school().await;
    let token = app.token(&app.school.admin, Scope::ALL).await;
    for route in router::routes().table().iter().filter(|route| route.path.contains('{')) {
        for id in [
            other.admin.as_str(),
            other.organization.as_str(),
            NOBODY,
            "1",
            "%00",
            "%ff",
            "0123456789ABCDEF01234567",
        ] {
            let answer = call(&app, route, id, Some(&token)).await;
            assert_eq!(answer, (404, "NOT_FOUND".to_owned()), "{route:?} with {id}");
        }
    }
}
