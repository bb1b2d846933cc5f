//! What people try against OAuth, and what they get.

use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use futures_util::future::join_all;
use homeroom_client::{OrganizationAppCreation, Role, Scope, UserAdminUpdate};

use crate::support::oauth::{CALLBACK, VERIFIER, asking, diary, public_diary, value};
use crate::support::{TestApp, code};

#[tokio::test]
async fn a_replayed_code_gets_nothing_and_ends_all_that_came_from_it() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let code = app.code(&mut app.teacher("grace").await, &registered).await;
    let first = app.redeem(&registered, &code, &[]).await;
    let second = app.refresh(&registered, &first.text("refresh_token")).await;
    assert_eq!(app.redeem(&registered, &code, &[]).await.error(), "invalid_grant");
    assert_eq!(app.refresh(&registered, &second.text("refresh_token")).await.error(), "invalid_grant");
    assert!(app.column("SELECT id FROM access_tokens WHERE app_id IS NOT NULL").await.is_empty());
    assert_eq!(app.redeem(&registered, &code, &[]).await.error(), "invalid_grant");
    assert_eq!(app.column("SELECT event FROM audit_events WHERE event = 'app.token_reused'").await.len(), 1);
}

#[tokio::test]
async fn a_used_refresh_token_ends_its_family() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&public_diary()).await.unwrap();
    let first = app.tokens(&mut app.teacher("grace").await, &registered).await;
    let thief = app.refresh(&registered, &first.text("refresh_token")).await;
    assert_eq!(app.refresh(&registered, &first.text("refresh_token")).await.error(), "invalid_grant");
    assert_eq!(app.refresh(&registered, &thief.text("refresh_token")).await.error(), "invalid_grant");
    assert!(app.column("SELECT id FROM access_tokens WHERE app_id IS NOT NULL").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_come_with_one_code_or_refresh_token_at_once_one_gets_tokens_and_none_keeps_them() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let mut browser = app.teacher("grace").await;
    let code = app.code(&mut browser, &registered).await;
    let got = join_all((0..16).map(|_| app.redeem(&registered, &code, &[]))).await;
    assert_eq!(got.iter().filter(|told| told.status == 200).count(), 1);
    let refresh = app.tokens(&mut browser, &registered).await.text("refresh_token");
    let got = join_all((0..16).map(|_| app.refresh(&registered, &refresh))).await;
    assert_eq!(got.iter().filter(|told| told.status == 200).count(), 1);
    assert!(got.iter().filter(|told| told.status != 200).all(|told| told.error() == "invalid_grant"));
    assert!(app.column("SELECT id FROM access_tokens WHERE app_id IS NOT NULL").await.is_empty());
    assert!(app.column("SELECT id FROM authorizations").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_replicas_that_make_the_first_key_at_once_one_key_wins() {
    let app = TestApp::start().await;
    let other = app.replica().await;
    let ask = |app: &TestApp| app.http().get(format!("{}/oauth/jwks", app.url)).send();
    let answers = join_all((0..6).map(|which| ask(if which % 2 == 0 { &app } else { &other }))).await;
    let texts = join_all(answers.into_iter().map(|answer| answer.unwrap().text())).await;
    assert!(texts.iter().all(|text| text.as_ref().unwrap() == texts[0].as_ref().unwrap()));
    assert_eq!(app.column("SELECT id FROM signing_keys").await.len(), 1);
    assert!(app.tables_that_hold("PRIVATE KEY").await.is_empty());
}

#[tokio::test]
async fn a_code_is_good_for_its_app_its_address_and_its_proof_alone() {
    let app = TestApp::start().await;
    let uris = vec![CALLBACK.to_owned(), "https://app.example/other".to_owned()];
    let registered =
        app.admin().apps().create(&OrganizationAppCreation { redirect_uris: uris, ..diary() }).await.unwrap();
    let other = app.admin().apps().create(&diary()).await.unwrap();
    let code = app.code(&mut app.teacher("grace").await, &registered).await;
    let long = "x".repeat(43);
    for changed in [
        [("redirect_uri", "https://app.example/other")],
        [("redirect_uri", "")],
        [("code_verifier", "")],
        [("code_verifier", &long)],
        [("code_verifier", crate::support::oauth::CHALLENGE)],
        [("code_verifier", &VERIFIER[1..])],
        [("code", "hrc_nonsense")],
    ] {
        assert_eq!(app.redeem(&registered, &code, &changed).await.error(), "invalid_grant", "{changed:?}");
    }
    assert_eq!(app.redeem(&other, &code, &[]).await.error(), "invalid_grant");
    assert_eq!(app.redeem(&registered, &code, &[]).await.status, 200, "none of them used it up");
}

#[tokio::test]
async fn a_code_works_for_a_minute() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let mut browser = app.teacher("grace").await;
    for (seconds, status) in [(59, 200), (60, 400)] {
        let code = app.code(&mut browser, &registered).await;
        app.app.clock.advance(Duration::from_secs(seconds));
        assert_eq!(app.redeem(&registered, &code, &[]).await.status, status, "after {seconds} s");
    }
}

#[tokio::test]
async fn a_proof_can_neither_be_left_out_nor_weakened_nor_added() {
    let app = TestApp::start().await;
    let mut browser = app.teacher("grace").await;
    for new in [diary(), public_diary()] {
        let registered = app.admin().apps().create(&new).await.unwrap();
        for changed in [
            &[("code_challenge", ""), ("code_challenge_method", "")][..],
            &[("code_challenge", "")],
            &[("code_challenge_method", "plain")],
            &[("code_challenge_method", "")],
            &[("code_challenge_method", "s256")],
            &[("code_challenge", "short")],
        ] {
            let seen = browser.get(&asking(&registered, changed)).await;
            assert_eq!(value(seen.location(), "error").as_deref(), Some("invalid_request"), "{changed:?}");
        }
    }
    let old = app.admin().apps().create(&OrganizationAppCreation { legacy: true, ..diary() }).await.unwrap();
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    let code = value(&app.allow(&mut browser, &asking(&old, &without)).await, "code").unwrap();
    assert_eq!(
        app.redeem(&old, &code, &[]).await.error(),
        "invalid_grant",
        "somebody took the challenge away"
    );
}

#[tokio::test]
async fn another_apps_tokens_can_be_neither_used_nor_inspected_nor_ended() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let other = app.admin().apps().create(&diary()).await.unwrap();
    let told = app.tokens(&mut app.teacher("grace").await, &registered).await;
    for token in [told.text("access_token"), told.text("refresh_token"), app.school.token.clone()] {
        let seen = app.send(&other, "/oauth/introspect", &[("token", &token)]).await;
        assert_eq!(seen.json.to_string(), r#"{"active":false}"#);
        let ended = app.send(&other, "/oauth/invalidate_token", &[("token", &token)]).await;
        assert_eq!(ended.error(), "invalid_request");
    }
    assert_eq!(app.refresh(&other, &told.text("refresh_token")).await.error(), "invalid_grant");
    app.client(&told.text("access_token")).me().await.unwrap();
    assert_eq!(app.refresh(&registered, &told.text("refresh_token")).await.status, 200);
}

#[tokio::test]
async fn who_is_not_the_app_gets_401() {
    let app = TestApp::start().await;
    let (registered, _) = app.as_app(Role::Admin, &[Scope::EduAdmin]).await;
    let public = app.admin().apps().create(&public_diary()).await.unwrap();
    let basic = |text: String| Some(format!("Basic {}", BASE64_STANDARD.encode(text)));
    let (id, secret) = (registered.id.as_str(), registered.secret.clone().unwrap());
    for (fields, header) in [
        (vec![], None),
        (vec![("client_id", id)], None),
        (vec![("client_id", id), ("client_secret", "")], None),
        (vec![("client_id", id), ("client_secret", "wrong")], None),
        (vec![("client_id", "nobody"), ("client_secret", &secret)], None),
        (vec![("client_id", public.id.as_str()), ("client_secret", "any")], None),
        (vec![], basic(format!("{id}:wrong"))),
        (vec![], basic(format!("{id}:"))),
        (vec![], basic(id.to_owned())),
        (vec![], Some("Basic %%%".to_owned())),
        (vec![], Some(format!("Bearer {}", app.school.token))),
    ] {
        let fields: Vec<_> = fields.into_iter().chain([("grant_type", "client_credentials")]).collect();
        for path in ["/oauth/access_token", "/oauth/invalidate_token", "/oauth/introspect"] {
            let told = app.send_bare(path, &fields, header.as_deref()).await;
            assert_eq!(
                (told.status.as_u16(), told.error()),
                (401, "invalid_client".to_owned()),
                "{fields:?}"
            );
            assert!(told.headers["www-authenticate"].to_str().unwrap().starts_with("Basic "));
        }
    }
}

#[tokio::test]
async fn requests_that_are_not_what_they_should_be_are_refused_in_the_words_of_oauth() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let public = app.admin().apps().create(&public_diary()).await.unwrap();
    let send =
        async |fields: &[(&str, &str)]| app.send(&registered, "/oauth/access_token", fields).await.error();
    assert_eq!(send(&[]).await, "invalid_request");
    assert_eq!(send(&[("grant_type", "password")]).await, "unsupported_grant_type");
    assert_eq!(send(&[("grant_type", "authorization_code")]).await, "invalid_request");
    assert_eq!(
        send(&[("grant_type", "refresh_token"), ("refresh_token", "x"), ("refresh_token", "x")]).await,
        "invalid_request"
    );
    assert_eq!(send(&[("grant_type", "client_credentials")]).await, "unauthorized_client", "it has no role");
    assert_eq!(send(&[("grant_type", "x\0")]).await, "invalid_request");
    let of_public = app.send(&public, "/oauth/access_token", &[("grant_type", "client_credentials")]).await;
    assert_eq!(of_public.error(), "unauthorized_client");
    let seen = app.send(&public, "/oauth/introspect", &[("token", "x")]).await;
    assert_eq!(seen.error(), "unauthorized_client");
    let json = app.http().post(format!("{}/oauth/access_token", app.url)).json(&serde_json::json!({}));
    assert_eq!(crate::support::oauth::told(json).await.error(), "invalid_request");
}

#[tokio::test]
async fn an_apps_own_token_is_good_for_no_more_than_its_scopes_and_role() {
    let app = TestApp::start().await;
    let (registered, _) = app.as_app(Role::AccountAdmin, &[Scope::EduAdmin, Scope::EduAdminUsers]).await;
    let ask = async |scope: &str| {
        let fields = [("grant_type", "client_credentials"), ("scope", scope)];
        app.send(&registered, "/oauth/access_token", &fields).await
    };
    assert_eq!(ask("").await.text("scope"), "edu.admin.users");
    for scope in ["edu.admin", "scores", "openid", "nonsense"] {
        assert_eq!(ask(scope).await.error(), "invalid_scope", "{scope}");
    }
}

#[tokio::test]
async fn nobody_is_sent_where_the_app_did_not_say() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let mut browser = app.teacher("grace").await;
    for address in [
        "https://app.example/callback/",
        "https://app.example/callback?x=1",
        "https://app.example/callback#x",
        "https://app.example/Callback",
        "https://app.example/callback/../evil",
        "https://app.example:443/callback",
        "https://APP.example/callback",
        "https://app.example.evil.example/callback",
        "https://app.example@evil.example/callback",
        "https://evil.example/?https://app.example/callback",
        "https://evil.example\\@app.example/callback",
        "https://evil.example#@app.example/callback",
        "https://app.example/callback%0d%0aLocation:%20https://evil.example",
        "https://app.example/callback\r\nLocation: https://evil.example",
        "https://app.example\t/callback",
        " https://app.example/callback",
        "https:app.example/callback",
        "https:///app.example/callback",
        "http://app.example/callback",
        "//app.example/callback",
        "/callback",
        "javascript:alert(1)//https://app.example/callback",
        "data:text/html,<script>alert(1)</script>",
        "https://app.example/callback\0",
        "https://app.example./callback",
        "",
    ] {
        for page in [
            asking(&registered, &[("redirect_uri", address)]),
            asking(&registered, &[("redirect_uri", address), ("scope", "nonsense"), ("prompt", "none")]),
        ] {
            let seen = browser.get(&page).await;
            assert_eq!((seen.status.as_u16(), seen.location()), (400, ""), "{address}");
            let (_, query) = page.split_once('?').unwrap();
            let seen = browser.post("/auth/oauth", &[("request", query), ("decision", "deny")]).await;
            assert_eq!((seen.status.as_u16(), seen.location()), (400, ""), "{address}");
        }
    }
    let twice = asking(&registered, &[]) + "&redirect_uri=https://evil.example/";
    assert_eq!(browser.get(&twice).await.status, 400);
    for unknown in [
        asking(&registered, &[("client_id", "")]),
        asking(&registered, &[("client_id", "000000000000000000000000")]),
    ] {
        assert_eq!(browser.get(&unknown).await.status, 400);
    }
}

#[tokio::test]
async fn a_password_that_an_administrator_sets_ends_codes_and_tokens() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let mut browser = app.teacher("grace").await;
    let told = app.tokens(&mut browser, &registered).await;
    let open = app.code(&mut browser, &registered).await;
    let me = app.client(&told.text("access_token")).me().await.unwrap();
    let update = UserAdminUpdate { password: Some("battery staple".to_owned()), ..Default::default() };
    app.admin().users().update(&me.id, &update).await.unwrap();
    assert_eq!(app.redeem(&registered, &open, &[]).await.error(), "invalid_grant");
    assert_eq!(app.refresh(&registered, &told.text("refresh_token")).await.error(), "invalid_grant");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(code(app.client(&told.text("access_token")).me().await), "UNAUTHORIZED");
}

#[tokio::test]
async fn with_the_person_or_the_app_everything_ends() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let mut browser = app.teacher("grace").await;
    let told = app.tokens(&mut browser, &registered).await;
    let open = app.code(&mut browser, &registered).await;
    let me = app.client(&told.text("access_token")).me().await.unwrap();
    app.admin().users().remove(&me.id).await.unwrap();
    assert_eq!(app.redeem(&registered, &open, &[]).await.error(), "invalid_grant");
    assert_eq!(app.refresh(&registered, &told.text("refresh_token")).await.error(), "invalid_grant");
    for table in ["SELECT id FROM authorizations", "SELECT scope FROM consents"] {
        assert!(app.column(table).await.is_empty(), "{table}");
    }
    let mut other = app.browser();
    app.member(crate::support::person("bea"), Role::User).await;
    other.sign_in("bea").await;
    let told = app.tokens(&mut other, &registered).await;
    app.admin().apps().remove(&registered.id).await.unwrap();
    assert_eq!(app.refresh(&registered, &told.text("refresh_token")).await.error(), "invalid_client");
    for table in [
        "SELECT id FROM authorizations",
        "SELECT scope FROM consents",
        "SELECT id FROM access_tokens WHERE app_id IS NOT NULL",
    ] {
        assert!(app.column(table).await.is_empty(), "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_given_to_who_is_removed_or_gets_another_password_meanwhile() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    for round in 0..12 {
        let mut browser = app.teacher(&format!("teacher{round}")).await;
        let user = app.session(&browser).await.user;
        let refresh = app.tokens(&mut browser, &registered).await.text("refresh_token");
        let open = app.code(&mut browser, &registered).await;
        let admin = app.admin();
        let end = async {
            if round % 2 == 0 {
                return admin.users().remove(&user).await;
            }
            let update =
                UserAdminUpdate { password: Some("battery staple".to_owned()), ..Default::default() };
            admin.users().update(&user, &update).await.map(drop)
        };
        let redeem = async { app.redeem(&registered, &open, &[]).await };
        let (ended, _, _) = tokio::join!(end, redeem, app.refresh(&registered, &refresh));
        ended.unwrap();
    }
    assert!(app.column("SELECT id FROM authorizations").await.is_empty());
    assert!(app.column("SELECT id FROM access_tokens WHERE app_id IS NOT NULL").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_given_to_an_app_that_is_removed_meanwhile() {
    let app = TestApp::start().await;
    let mut browser = app.teacher("grace").await;
    for _ in 0..8 {
        let new = OrganizationAppCreation { role: Some(Role::Teacher), ..diary() };
        let registered = app.admin().apps().create(&new).await.unwrap();
        let open = app.code(&mut browser, &registered).await;
        let own = [("grant_type", "client_credentials")];
        let admin = app.admin();
        let (removed, _, _) = tokio::join!(
            async { admin.apps().remove(&registered.id).await },
            app.redeem(&registered, &open, &[]),
            app.send(&registered, "/oauth/access_token", &own),
        );
        removed.unwrap();
    }
    assert!(app.column("SELECT id FROM authorizations").await.is_empty());
    assert!(app.column("SELECT id FROM access_tokens WHERE app_id IS NOT NULL").await.is_empty());
}

#[tokio::test]
async fn the_implicit_grant_takes_both_the_setting_and_the_mark() {
    let old = OrganizationAppCreation { legacy: true, ..diary() };
    for (setting, new) in [(false, old), (true, diary())] {
        let app = TestApp::start_with(|settings| settings.oauth_implicit = setting).await;
        let registered = app.admin().apps().create(&new).await.unwrap();
        let mut browser = app.teacher("grace").await;
        let address =
            browser.get(&asking(&registered, &[("response_type", "token")])).await.location().to_owned();
        assert_eq!(value(&address, "error").as_deref(), Some("unsupported_response_type"));
        assert!(address.starts_with(&format!("{CALLBACK}#")), "{address}");
    }
}

#[tokio::test]
async fn another_site_can_not_answer_for_the_person() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let mut browser = app.teacher("grace").await;
    let page = asking(&registered, &[]);
    let seen = browser.get(&page).await;
    assert!(seen.headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"));
    assert_eq!(seen.headers["x-frame-options"], "DENY");
    let fields = [("request", page.split_once('?').unwrap().1), ("decision", "allow"), ("csrf", "x")];
    let forged = browser.post_bare("/auth/oauth", &fields).await;
    assert_eq!((forged.status.as_u16(), forged.location()), (403, ""));
    assert!(app.column("SELECT scope FROM consents").await.is_empty());
}
