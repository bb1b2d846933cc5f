//! The page that asks whether an app may.

use std::time::Duration;

use homeroom_client::{Role, Scope, UserSigninLinkCreation};

use crate::support::browser::between;
use crate::support::oauth::{CALLBACK, asking, diary, public_diary, value};
use crate::support::{TestApp, named, person};

#[tokio::test]
async fn the_page_says_which_app_may_do_what_and_where_the_answer_goes() {
    let app = TestApp::start().await;
    let new =
        homeroom_client::OrganizationAppCreation { name: "<script>alert(1)</script>".to_owned(), ..diary() };
    let registered = app.admin().apps().create(&new).await.unwrap();
    app.member(named("ada", "Ada", "<b>L</b>"), Role::User).await;
    let mut browser = app.browser();
    browser.sign_in("ada").await;
    let seen = browser.get(&asking(&registered, &[("scope", "openid email scores")])).await;
    assert_eq!(seen.status, 200);
    for text in [
        "&#60;script&#62;",
        "app.example",
        "Ada &#60;b&#62;L&#60;/b&#62;",
        "see, change and delete your scores",
    ] {
        assert!(seen.text.contains(text), "{text}: {}", seen.text);
    }
    assert!(!seen.text.contains("<script>") && !seen.text.contains("<b>"));
    let policy = seen.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self' https://app.example;"), "{policy}");
}

#[tokio::test]
async fn the_answer_names_the_request_and_who_answers() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let mut browser = app.teacher("grace").await;
    let address = app.allow(&mut browser, &asking(&registered, &[])).await;
    assert!(address.starts_with(&format!("{CALLBACK}?code=hrc_")), "{address}");
    assert_eq!(value(&address, "state").as_deref(), Some("s&1"));
    assert_eq!(value(&address, "iss"), Some(app.url.clone()));
}

#[tokio::test]
async fn who_does_not_allow_it_goes_back_without_a_code() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let mut browser = app.teacher("grace").await;
    let page = asking(&registered, &[]);
    browser.get(&page).await;
    let fields = [("request", page.split_once('?').unwrap().1), ("decision", "deny")];
    let gone = browser.post("/auth/oauth", &fields).await.location().to_owned();
    assert_eq!((value(&gone, "error").as_deref(), value(&gone, "code")), (Some("access_denied"), None));
    assert!(app.column("SELECT scope FROM consents").await.is_empty());
}

#[tokio::test]
async fn what_was_allowed_once_is_not_asked_again_but_more_is() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let mut browser = app.teacher("grace").await;
    app.allow(&mut browser, &asking(&registered, &[])).await;
    for changed in [&[][..], &[("prompt", "none")], &[("scope", "openid")]] {
        let seen = browser.get(&asking(&registered, changed)).await;
        assert!(value(seen.location(), "code").is_some(), "{changed:?}");
    }
    for changed in [&[("prompt", "consent")][..], &[("scope", "openid scores")]] {
        assert_eq!(browser.get(&asking(&registered, changed)).await.status, 200, "{changed:?}");
    }
    let silent = asking(&registered, &[("scope", "openid scores"), ("prompt", "none")]);
    assert_eq!(value(browser.get(&silent).await.location(), "error").as_deref(), Some("consent_required"));
}

#[tokio::test]
async fn a_program_that_another_could_pose_as_is_asked_about_each_time() {
    let app = TestApp::start().await;
    let uris = vec!["http://127.0.0.1/callback".to_owned()];
    let new = homeroom_client::OrganizationAppCreation { redirect_uris: uris, ..public_diary() };
    let registered = app.admin().apps().create(&new).await.unwrap();
    let mut browser = app.teacher("grace").await;
    let page = asking(&registered, &[("redirect_uri", "http://127.0.0.1:51234/callback")]);
    assert!(app.allow(&mut browser, &page).await.starts_with("http://127.0.0.1:51234/callback?code="));
    assert_eq!(browser.get(&page).await.status, 200);
}

#[tokio::test]
async fn who_is_not_signed_in_signs_in_and_comes_back() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    app.member(person("grace"), Role::Teacher).await;
    let mut browser = app.browser();
    let page = asking(&registered, &[("prompt", "login"), ("login_hint", "grace")]);
    let to = browser.get(&page).await.location().to_owned();
    assert!(to.starts_with("/o/north-hill-school/auth/signin?next="), "{to}");
    let shown = browser.get(&to).await;
    assert!(shown.text.contains(r#"value="grace""#));
    let next = value(&to, "next").unwrap();
    let fields = [("name", "grace"), ("password", crate::support::browser::PASSWORD), ("next", &next)];
    let onward = browser.post("/o/north-hill-school/auth/signin", &fields).await;
    let back = between(&onward.text, "0;url=", "\"").unwrap().replace("&#38;", "&").replace("&amp;", "&");
    assert!(back.starts_with("/auth/oauth?"), "{back}");
    assert_eq!(browser.get(&back).await.status, 200);
}

#[tokio::test]
async fn an_app_can_ask_that_nothing_is_shown() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let silent = asking(&registered, &[("prompt", "none")]);
    let error = |location: &str| value(location, "error").unwrap();
    assert_eq!(error(app.browser().get(&silent).await.location()), "login_required");
    let mut browser = app.teacher("grace").await;
    assert_eq!(error(browser.get(&silent).await.location()), "consent_required");
    app.app.clock.advance(Duration::from_secs(61));
    let old = asking(&registered, &[("prompt", "none"), ("max_age", "60")]);
    assert_eq!(error(browser.get(&old).await.location()), "login_required");
    let both = asking(&registered, &[("prompt", "none login")]);
    assert_eq!(error(browser.get(&both).await.location()), "invalid_request");
}

#[tokio::test]
async fn an_app_can_ask_for_a_new_sign_in() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let mut browser = app.teacher("grace").await;
    app.app.clock.advance(Duration::from_secs(61));
    for changed in [("prompt", "login"), ("max_age", "60"), ("max_age", "0")] {
        let page = asking(&registered, &[changed]);
        assert_eq!(browser.get(&page).await.title(), "Please sign in again");
        let query = page.split_once('?').unwrap().1;
        let asked = browser.post("/auth/oauth", &[("request", query), ("decision", "allow")]).await;
        assert_eq!(asked.title(), "Please sign in again", "{changed:?}");
    }
    let page = asking(&registered, &[("prompt", "login")]);
    let fields = [("request", page.split_once('?').unwrap().1), ("decision", "switch")];
    let to = browser.post("/auth/oauth", &fields).await.location().to_owned();
    assert!(to.starts_with("/o/north-hill-school/auth/signin?next=") && !to.contains("login%3D"), "{to}");
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn only_members_of_the_apps_school_are_asked() {
    let app = TestApp::start().await;
    let other = app.other_school().await;
    let theirs = app.client(&other.token).apps().create(&diary()).await.unwrap();
    let mut browser = app.teacher("grace").await;
    let page = asking(&theirs, &[]);
    assert_eq!(browser.get(&page).await.title(), "This is an app of another school");
    let fields = [("request", page.split_once('?').unwrap().1), ("decision", "allow")];
    let asked = browser.post("/auth/oauth", &fields).await;
    assert_eq!((asked.title(), asked.location()), ("This is an app of another school", ""));
    let silent = asking(&theirs, &[("prompt", "none")]);
    assert_eq!(value(browser.get(&silent).await.location(), "error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn who_came_by_somebodys_link_can_not_let_an_app_in() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let mut own = app.teacher("grace").await;
    app.allow(&mut own, &asking(&registered, &[])).await;
    let ids = app.column("SELECT id FROM users WHERE username = 'grace'").await;
    let link =
        app.admin().users().create_signin_link(&ids[0].as_str().into(), &UserSigninLinkCreation::default());
    let link = link.await.unwrap();
    let mut browser = app.browser();
    browser.get(&link.url).await;
    browser.post(&format!("/auth/signin-link/{}", link.token), &[]).await;
    assert!(browser.is_signed_in().await);
    let page = asking(&registered, &[]);
    assert_eq!(browser.get(&page).await.title(), "Sign in with your password first");
    let fields = [("request", page.split_once('?').unwrap().1), ("decision", "allow")];
    let asked = browser.post("/auth/oauth", &fields).await;
    assert_eq!((asked.title(), asked.location()), ("Sign in with your password first", ""));
}

#[tokio::test]
async fn an_app_is_told_what_is_wrong_with_its_request() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let mut browser = app.teacher("grace").await;
    for (changed, error) in [
        (("response_type", ""), "invalid_request"),
        (("response_type", "token"), "unsupported_response_type"),
        (("response_type", "code id_token"), "unsupported_response_type"),
        (("scope", "nonsense"), "invalid_scope"),
        (("scope", "edu.admin"), "invalid_scope"),
        (("prompt", "maybe"), "invalid_request"),
        (("max_age", "soon"), "invalid_request"),
        (("response_mode", "form_post"), "invalid_request"),
        (("request", "x.y.z"), "request_not_supported"),
        (("request_uri", "https://app.example/r"), "request_uri_not_supported"),
    ] {
        let address = browser.get(&asking(&registered, &[changed])).await.location().to_owned();
        assert!(address.starts_with(CALLBACK), "{changed:?}: {address}");
        assert_eq!(value(&address, "error").as_deref(), Some(error), "{changed:?}");
        assert_eq!(
            (value(&address, "state"), value(&address, "iss")),
            (Some("s&1".to_owned()), Some(app.url.clone()))
        );
    }
    let long = asking(&registered, &[("state", "s".repeat(8193).as_str())]);
    let address = browser.get(&long).await.location().to_owned();
    assert_eq!(value(&address, "error").as_deref(), Some("invalid_request"));
    assert_eq!(value(&address, "state"), None, "a proxy could not pass it on");
    let twice = asking(&registered, &[]) + "&scope=openid";
    assert_eq!(value(browser.get(&twice).await.location(), "error").as_deref(), Some("invalid_request"));
}

#[tokio::test]
async fn a_consent_that_is_taken_back_ends_what_the_app_has() {
    let app = TestApp::start().await;
    let registered = app.admin().apps().create(&diary()).await.unwrap();
    let mut browser = app.teacher("grace").await;
    let told = app.tokens(&mut browser, &registered).await;
    let session = app.session(&browser).await;
    let all = homeroom_server::oauth::consents(&app.app, &session.organization, &session.user).await.unwrap();
    assert_eq!((all.len(), all[0].app_name.as_str()), (1, "Diary"));
    assert!(all[0].grant.api.has(Scope::AccountPublicProfile));
    let origin = homeroom_server::http::Origin { address: [127, 0, 0, 1].into(), device: None };
    homeroom_server::oauth::revoke_consent(&app.app, &session, &origin, &registered.id).await.unwrap();
    assert_eq!(app.refresh(&registered, &told.text("refresh_token")).await.error(), "invalid_grant");
    assert!(app.column("SELECT id FROM access_tokens WHERE app_id IS NOT NULL").await.is_empty());
    assert_eq!(browser.get(&asking(&registered, &[])).await.status, 200, "asked anew");
}
