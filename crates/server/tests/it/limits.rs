//! Rate limits.

use homeroom_client::{Role, Scope, UserFilter};
use reqwest::Method;

use crate::support::{NOW, TestApp, code};

const USERS: &str = "/v2/organizations/users";

#[tokio::test]
async fn a_user_over_the_limit_is_told_when_to_come_back() {
    let app = TestApp::start_with(|settings| settings.rate_limit_user = 3).await;
    for left in ["2", "1", "0"] {
        let answer = app.request(Method::GET, USERS).send().await.unwrap();
        assert_eq!(answer.headers()["x-ratelimit-limit"], "3");
        assert_eq!(answer.headers()["x-ratelimit-remaining"], left);
    }
    let refused = app.request(Method::GET, USERS).send().await.unwrap();
    assert_eq!(refused.status(), 403);
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=1201).contains(&wait), "one of three an hour comes back within 20 minutes, not {wait} s");
    let body: serde_json::Value = refused.json().await.unwrap();
    assert_eq!(body["code"], "API_RATE_LIMIT_EXCEEDED");
}

#[tokio::test]
async fn answers_that_refuse_tell_the_limit_too() {
    let app = TestApp::start_with(|settings| {
        settings.rate_limit_user = 500;
        settings.rate_limit_address = 50;
    })
    .await;
    let nobody = app.http().get(format!("{}{USERS}", app.url));
    for (request, status, limit) in [
        (nobody, 401, "50"),
        (app.request(Method::GET, "/v2/nothing"), 404, "500"),
        (app.request(Method::PATCH, USERS), 405, "500"),
        (app.request(Method::POST, USERS).body("x"), 415, "500"),
    ] {
        let answer = request.send().await.unwrap();
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!((answer.status().as_u16(), header("x-ratelimit-limit").as_str()), (status, limit));
        assert!(header("x-ratelimit-remaining").parse::<u32>().is_ok(), "{status}");
        let whole: i64 = header("x-ratelimit-reset").parse().unwrap();
        let now = NOW.as_millis() / 1000;
        assert!((now..=now + 3601).contains(&whole), "{status}: {whole}");
    }
}

#[tokio::test]
async fn one_users_limit_is_not_anothers_and_all_tokens_of_a_user_share_it() {
    let app = TestApp::start_with(|settings| settings.rate_limit_user = 1).await;
    let second = app.token(&app.school.admin, &[Scope::EduAdmin]).await;
    let (_, colleague) = app.caller("colleague", Role::Admin, &[Scope::EduAdmin]).await;
    let filter = UserFilter::default();
    assert!(app.admin().users().count(&filter).await.is_ok());
    assert_eq!(code(app.client(&second).users().count(&filter).await), "API_RATE_LIMIT_EXCEEDED");
    assert!(colleague.users().count(&filter).await.is_ok());
}

#[tokio::test]
async fn guesses_of_tokens_are_limited_by_address_and_valid_tokens_are_not() {
    let app = TestApp::start_with(|settings| settings.rate_limit_address = 2).await;
    for (token, expected) in
        [("hr_guess", "UNAUTHORIZED"), ("hr_guess", "UNAUTHORIZED"), ("hr_guess", "API_RATE_LIMIT_EXCEEDED")]
    {
        assert_eq!(code(app.client(token).users().count(&UserFilter::default()).await), expected);
    }
    assert!(app.admin().users().count(&UserFilter::default()).await.is_ok());
}

#[tokio::test]
async fn a_client_can_not_choose_the_address_that_is_counted() {
    let app = TestApp::start_with(|settings| settings.rate_limit_address = 1).await;
    let mut statuses = Vec::new();
    for address in ["198.51.100.1", "198.51.100.2"] {
        let request = app.http().get(format!("{}{USERS}", app.url)).header("x-forwarded-for", address);
        statuses.push(request.send().await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [401, 403]);
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_has_its_own_limit() {
    let app = TestApp::start_with(|settings| {
        settings.rate_limit_address = 1;
        settings.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await;
    for address in ["198.51.100.1", "198.51.100.2"] {
        let request = app.http().get(format!("{}{USERS}", app.url)).header("x-forwarded-for", address);
        assert_eq!(request.send().await.unwrap().status(), 401, "{address}");
    }
}

#[tokio::test]
async fn a_limit_of_zero_is_off() {
    let app = TestApp::start_with(|settings| settings.rate_limit_user = 0).await;
    for _ in 0..5 {
        let answer = app.request(Method::GET, USERS).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert!(!answer.headers().contains_key("x-ratelimit-limit"));
    }
}
