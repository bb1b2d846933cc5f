//! OAuth2 and OpenID Connect, as they are meant to be used.

use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine as _};
use homeroom_client::{OrganizationAppCreation, Role, Scope};
use homeroom_server::jobs;
use serde_json::Value;

use crate::ranks::to_role;
use crate::support::oauth::{CALLBACK, asking, diary, public_diary, told, value};
use crate::support::{DAY, NOW, TestApp, code, person};

#[tokio::test]
async fn an_app_gets_tokens_for_a_person_who_allows_it() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let mut browser = app.teacher("grace").await;
    let told = app.tokens(&mut browser, &registered).await;
    assert_eq!((told.text("token_type").as_str(), told.json["expires_in"].as_u64()), ("Bearer", Some(3600)));
    assert_eq!(told.text("scope"), "openid profile email account.public_profile");
    assert_eq!(told.headers["cache-control"], "no-store");
    let me = app.client(&told.text("access_token")).me().await.unwrap();
    assert_eq!(me.username, "grace");
    assert!(told.text("refresh_token").starts_with("hrr_"));
}

#[tokio::test]
async fn a_public_app_in_a_browser_gets_them_without_a_secret() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&public_diary()).await.unwrap();
    let told = app.tokens(&mut app.teacher("grace").await, &registered).await;
    let again = app.refresh(&registered, &told.text("refresh_token")).await;
    assert_eq!(again.status, 200);
    assert_eq!(again.headers["access-control-allow-origin"], "*");
}

#[tokio::test]
async fn the_secret_may_come_in_the_header() {
    let app = TestApp::start().await;
    let (registered, _) = app.as_app(Role::Admin, &[Scope::EduAdmin]).await;
    let pair = format!("{}:{}", registered.id, registered.secret.clone().unwrap());
    let header = format!("basic {}", BASE64_STANDARD.encode(pair));
    let fields = [("grant_type", "client_credentials"), ("scope", "edu.admin")];
    let told = app.send_bare("/oauth/access_token", &fields, Some(&header)).await;
    assert_eq!((told.status.as_u16(), told.text("scope")), (200, "edu.admin".to_owned()));
    assert!(told.json.get("refresh_token").is_none());
}

#[tokio::test]
async fn an_access_token_lasts_an_hour_and_a_refresh_token_90_days_without_use() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let mut browser = app.teacher("grace").await;
    let told = app.tokens(&mut browser, &registered).await;
    app.app.clock.advance(Duration::from_secs(3600));
    assert_eq!(code(app.client(&told.text("access_token")).me().await), "UNAUTHORIZED");
    app.app.clock.advance(89 * DAY);
    let told = app.refresh(&registered, &told.text("refresh_token")).await;
    app.client(&told.text("access_token")).me().await.unwrap();
    jobs::keep_up(&app.app).await.unwrap();
    app.app.clock.advance(90 * DAY);
    assert_eq!(app.refresh(&registered, &told.text("refresh_token")).await.error(), "invalid_grant");
    app.app.clock.advance(2 * DAY);
    jobs::keep_up(&app.app).await.unwrap();
    assert!(app.column("SELECT id FROM authorizations").await.is_empty());
}

#[tokio::test]
async fn a_refresh_can_ask_for_less_but_not_for_more() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let told = app.tokens(&mut app.teacher("grace").await, &registered).await;
    let refresh = told.text("refresh_token");
    let asking =
        |scope| [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str()), ("scope", scope)];
    let more = app.send(&registered, "/oauth/access_token", &asking("scores")).await;
    assert_eq!(more.error(), "invalid_scope");
    let less = app.send(&registered, "/oauth/access_token", &asking("account.public_profile")).await;
    assert_eq!(less.text("scope"), "account.public_profile");
    let all = app.refresh(&registered, &less.text("refresh_token")).await;
    assert_eq!(all.text("scope"), told.text("scope"));
}

/// The claims of an id_token, whose signature and times a library has checked.
async fn claims(app: &TestApp, id_token: &str, audience: &str) -> Value {
    let keys = told(app.http().get(format!("{}/oauth/jwks", app.url))).await.json;
    let keys: jsonwebtoken::jwk::JwkSet = serde_json::from_value(keys).unwrap();
    let kid = jsonwebtoken::decode_header(id_token).unwrap().kid.unwrap();
    let key = jsonwebtoken::DecodingKey::from_jwk(keys.find(&kid).unwrap()).unwrap();
    let mut rules = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
    rules.set_audience(&[audience]);
    rules.set_issuer(&[&app.url]);
    rules.validate_exp = false; // the clock of the tests stands still
    jsonwebtoken::decode(id_token, &key, &rules).unwrap().claims
}

#[tokio::test]
async fn an_id_token_says_who_signed_in() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let mut browser = app.teacher("grace").await;
    app.app.clock.advance(Duration::from_secs(30));
    let told = app.tokens(&mut browser, &registered).await;
    let claims = claims(&app, &told.text("id_token"), registered.id.as_str()).await;
    let seconds = NOW.as_millis() / 1000;
    assert_eq!((claims["iat"].as_i64(), claims["exp"].as_i64()), (Some(seconds + 30), Some(seconds + 3630)));
    assert_eq!((claims["auth_time"].as_i64(), claims["nonce"].as_str()), (Some(seconds), Some("n-1")));
    assert_eq!(
        (claims["name"].as_str(), claims["preferred_username"].as_str()),
        (Some("grace"), Some("grace"))
    );
    assert!(claims.get("email").is_none() && claims.get("email_verified").is_none(), "there is no address");
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, told.text("access_token").as_bytes());
    assert_eq!(claims["at_hash"].as_str().unwrap(), BASE64_URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]));
}

#[tokio::test]
async fn a_new_key_signs_every_90_days_and_the_old_one_stays_while_something_signed_by_it_is_valid() {
    let app = TestApp::start().await;
    let kids = || async {
        let keys = told(app.http().get(format!("{}/oauth/jwks", app.url))).await.json;
        let kids = keys["keys"].as_array().unwrap().iter();
        kids.map(|key| key["kid"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let first = kids().await;
    app.app.clock.advance(89 * DAY);
    assert_eq!(kids().await, first);
    app.app.clock.advance(DAY);
    let both = kids().await;
    assert_eq!((both.len(), &both[0]), (2, &first[0]));
    app.app.clock.advance(DAY);
    assert_eq!(kids().await, both[1..]);
    let keys = app.column("SELECT id FROM signing_keys ORDER BY id").await;
    assert_eq!(keys, both);
}

#[tokio::test]
async fn userinfo_tells_what_was_asked_for_and_allowed() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let mut browser = app.teacher("grace").await;
    let page = asking(&registered, &[("scope", "openid account.public_profile")]);
    let code = value(&app.allow(&mut browser, &page).await, "code").unwrap();
    let token = app.redeem(&registered, &code, &[]).await.text("access_token");
    let url = format!("{}/oauth/userinfo", app.url);
    let seen = told(app.http().get(&url).bearer_auth(&token)).await;
    assert_eq!(seen.json.as_object().unwrap().keys().collect::<Vec<_>>(), ["sub"]);
    assert_eq!(told(app.http().post(&url).bearer_auth(&token)).await.json, seen.json);
    let personal = told(app.http().get(&url).bearer_auth(&app.school.token)).await;
    assert_eq!((personal.status.as_u16(), personal.error()), (403, "insufficient_scope".to_owned()));
    let unknown = told(app.http().get(&url).bearer_auth("hr_x")).await;
    assert_eq!((unknown.status.as_u16(), unknown.error()), (401, "invalid_token".to_owned()));
}

#[tokio::test]
async fn a_token_that_is_given_back_ends_and_a_refresh_token_with_its_family() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let told = app.tokens(&mut app.teacher("grace").await, &registered).await;
    let again = app.refresh(&registered, &told.text("refresh_token")).await;
    let give_back = async |token: &str| {
        let told = app.send(&registered, "/oauth/invalidate_token", &[("token", token)]).await;
        assert_eq!(told.status, 200);
    };
    give_back(&told.text("access_token")).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(code(app.client(&told.text("access_token")).me().await), "UNAUTHORIZED");
    app.client(&again.text("access_token")).me().await.unwrap();
    give_back(&again.text("refresh_token")).await;
    give_back(&again.text("refresh_token")).await;
    give_back("nonsense").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(code(app.client(&again.text("access_token")).me().await), "UNAUTHORIZED");
    assert_eq!(app.refresh(&registered, &again.text("refresh_token")).await.error(), "invalid_grant");
}

#[tokio::test]
async fn an_app_can_ask_what_its_tokens_are_good_for() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let told = app.tokens(&mut app.teacher("grace").await, &registered).await;
    let inspect =
        async |token: String| app.send(&registered, "/oauth/introspect", &[("token", &token)]).await.json;
    let access = inspect(told.text("access_token")).await;
    assert_eq!((access["active"].as_bool(), access["username"].as_str()), (Some(true), Some("grace")));
    assert_eq!(access["scope"], told.json["scope"]);
    assert_eq!(inspect(told.text("refresh_token")).await["active"], true);
    assert_eq!(inspect("nonsense".to_owned()).await.to_string(), r#"{"active":false}"#);
    app.app.clock.advance(Duration::from_secs(3600));
    assert_eq!(inspect(told.text("access_token")).await.to_string(), r#"{"active":false}"#);
}

#[tokio::test]
async fn what_a_person_loses_apps_lose_and_a_promotion_does_not_bring_it_back() {
    let app = TestApp::start().await;
    let new = OrganizationAppCreation { scopes: vec![Scope::EduAdminUsers, Scope::Scores], ..diary() };
    let registered = app.admin().apps().create(&new).await.unwrap();
    let user = app.member(person("bea"), Role::AccountAdmin).await;
    let mut browser = app.browser();
    browser.sign_in("bea").await;
    let page = asking(&registered, &[("scope", "edu.admin.users scores")]);
    let code = value(&app.allow(&mut browser, &page).await, "code").unwrap();
    let told = app.redeem(&registered, &code, &[]).await;
    assert_eq!(told.text("scope"), "scores edu.admin.users");
    for role in [Role::Teacher, Role::AccountAdmin] {
        app.admin().users().update(&user, &to_role(role)).await.unwrap();
    }
    assert_eq!(app.refresh(&registered, &told.text("refresh_token")).await.text("scope"), "scores");
    assert_eq!(app.column("SELECT scope FROM consents").await, ["scores"]);
}

#[tokio::test]
async fn the_descriptions_name_every_address() {
    let app = TestApp::start().await;
    for path in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"] {
        let seen = told(app.http().get(format!("{}{path}", app.url))).await;
        assert_eq!(
            (seen.json["issuer"].as_str().unwrap(), &seen.headers["access-control-allow-origin"]),
            (&*app.url, &"*".parse().unwrap())
        );
        assert_eq!(seen.json["response_types_supported"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn an_old_app_may_do_without_a_proof_and_use_the_implicit_grant_where_that_is_on() {
    let app = TestApp::start_with(|settings| settings.oauth_implicit = true).await;
    let old = app.admin().apps().create(&OrganizationAppCreation { legacy: true, ..diary() }).await.unwrap();
    let mut browser = app.teacher("grace").await;
    let plain = [("code_challenge", ""), ("code_challenge_method", "")];
    let code = value(&app.allow(&mut browser, &asking(&old, &plain)).await, "code").unwrap();
    assert_eq!(app.redeem(&old, &code, &[("code_verifier", "")]).await.status, 200);
    let implicit = [("response_type", "token"), ("prompt", "consent"), plain[0], plain[1]];
    let address = app.allow(&mut browser, &asking(&old, &implicit)).await;
    assert!(address.starts_with(&format!("{CALLBACK}#access_token=hr_")), "{address}");
    app.client(&value(&address, "access_token").unwrap()).me().await.unwrap();
    assert_eq!((value(&address, "state").as_deref(), value(&address, "refresh_token")), (Some("s&1"), None));
}
