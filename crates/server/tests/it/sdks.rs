//! What older official SDKs need in order not to raise.

use homeroom_client::{Role, UserAdminUpdate, UserFilter, UserQuery};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestApp;

const RUBY: &str = "OpenAPI-Generator/0.3.5/ruby";
const PYTHON: &str = "flat_api/1.1.0";
const PYTHON_2: &str = "Flat-SDK-Python/2.0.4 (python/3.11.7)";
const PHP: &str = "Swagger-Codegen/0.6.0/php";
const USERS: &str = "/v2/organizations/users";

async fn get(app: &TestApp, agent: &str, path: &str) -> (Value, bool) {
    let answer = app.request(Method::GET, path).header("user-agent", agent).send().await.unwrap();
    let varies = answer.headers()["vary"].to_str().unwrap().contains("User-Agent");
    (answer.json().await.unwrap(), varies)
}

#[tokio::test]
async fn old_ruby_and_python_count_the_length_of_an_array() {
    let app = TestApp::start().await;
    app.user("ada", Role::User).await;
    for agent in [RUBY, PYTHON] {
        let (count, varies) = get(&app, agent, "/v2/organizations/users/count").await;
        let nobody = json!({ "id": "000000000000000000000000", "type": "user", "product": "flatEdu", "username": "-", "picture": null });
        assert_eq!(count, json!([nobody, nobody]));
        assert!(varies);
    }
    for agent in [PHP, PYTHON_2, "curl/8"] {
        assert_eq!(get(&app, agent, "/v2/organizations/users/count").await.0, json!(2), "{agent}");
    }
}

#[tokio::test]
async fn old_sdks_see_an_account_admin_as_an_admin() {
    let app = TestApp::start().await;
    let user = app.user("ada", Role::AccountAdmin).await;
    for (agent, role) in [(RUBY, "admin"), (PYTHON, "admin"), (PHP, "admin"), ("curl/8", "accountAdmin")] {
        let (seen, varies) = get(&app, agent, &format!("{USERS}/{user}")).await;
        assert_eq!(seen["organizationRole"], role, "{agent}");
        assert_eq!(varies, agent != "curl/8");
    }
}

#[tokio::test]
async fn an_old_sdk_that_writes_back_what_it_read_changes_no_role() {
    let app = TestApp::start().await;
    let user = app.user("ada", Role::AccountAdmin).await;
    let write_back = |agent| {
        let body = json!({ "organizationRole": "admin", "firstname": "Ada" });
        app.request(Method::PUT, &format!("{USERS}/{user}")).header("user-agent", agent).json(&body).send()
    };
    for agent in [RUBY, PYTHON, PHP] {
        assert_eq!(write_back(agent).await.unwrap().status(), 200);
        let now = app.admin().users().get(&user).await.unwrap();
        assert_eq!(
            (now.organization_role, now.firstname.as_deref()),
            (Some(Role::AccountAdmin), Some("Ada"))
        );
    }
    write_back("curl/8").await.unwrap();
    assert_eq!(app.admin().users().get(&user).await.unwrap().organization_role, Some(Role::Admin));
}

#[tokio::test]
async fn python_2_reads_a_picture_that_is_not_there_as_an_empty_text() {
    let app = TestApp::start().await;
    assert_eq!(get(&app, PYTHON_2, "/v2/me").await.0["picture"], "");
    assert_eq!(get(&app, PYTHON_2, USERS).await.0[0]["picture"], "");
    assert_eq!(get(&app, "curl/8", USERS).await.0[0]["picture"], Value::Null);
}

#[tokio::test]
async fn a_get_may_say_that_it_carries_json_and_carry_none() {
    let app = TestApp::start().await;
    let request = app.request(
        Method::GET,
        &format!("{USERS}?role%5B0%5D=admin&sort%5B0%5D=lastname&sort%5B1%5D=firstname"),
    );
    let answer = request.header("content-type", "application/json").send().await.unwrap();
    assert_eq!(answer.json::<Value>().await.unwrap().as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn our_own_sdk_reads_all_of_it() {
    let app = TestApp::start().await;
    let user = app.user("ada", Role::AccountAdmin).await;
    let update = UserAdminUpdate { organization_role: Some(Role::Teacher), ..UserAdminUpdate::default() };
    app.admin().users().update(&user, &update).await.unwrap();
    let page = app.admin().users().list(&UserQuery::default()).await.unwrap();
    assert_eq!(app.admin().users().count(&UserFilter::default()).await.unwrap(), page.items.len() as u64);
}

#[tokio::test]
async fn an_sdk_that_sends_its_default_role_lowers_nobody() {
    let app = TestApp::start().await;
    let profile = crate::support::with_email("ada", "ada@school.example");
    let user = app.add(&app.school, profile, Role::AccountAdmin).await;
    let invite = |agent| {
        let body = json!({ "email": "ada@school.example", "organizationRole": "teacher" });
        app.request(Method::POST, "/v2/organizations/invitations")
            .header("user-agent", agent)
            .json(&body)
            .send()
    };
    for agent in [RUBY, PYTHON, PYTHON_2, PHP] {
        assert_eq!(invite(agent).await.unwrap().status(), 200);
        let role = app.admin().users().get(&user).await.unwrap().organization_role;
        assert_eq!(role, Some(Role::AccountAdmin), "{agent}");
    }
    invite("curl/8").await.unwrap();
    assert_eq!(app.admin().users().get(&user).await.unwrap().organization_role, Some(Role::Teacher));
}
