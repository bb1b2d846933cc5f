//! Apps: who registers them, and what their own tokens may do.

use homeroom_client::{
    AccessTokenQuery, AppType, LmsName, LtiCredentialsCreation, OrganizationAppCreation,
    OrganizationAppUpdate, OrganizationUserAccessTokenCreation, Role, Scope, Update, UserAdminUpdate,
    UserFilter, UserSigninLinkCreation,
};

use crate::ranks::{account, to_firstname, to_role};
use crate::support::oauth::{diary, public_diary};
use crate::support::{TestApp, code, refusal};

#[tokio::test]
async fn an_app_is_registered_shown_changed_and_removed() {
    let app = TestApp::start().await;
    let apps = app.admin();
    let made = apps.apps().create(&diary()).await.unwrap();
    assert!(made.secret.as_deref().is_some_and(|secret| secret.starts_with("hrs_")));
    let shown = apps.apps().get(&made.id).await.unwrap();
    assert_eq!(
        (shown.secret, shown.name.as_str(), shown.maker),
        (None, "Diary", Some(app.school.admin.clone()))
    );
    let update = OrganizationAppUpdate { name: Some("Notes".to_owned()), ..Default::default() };
    let changed = apps.apps().update(&made.id, &update).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.redirect_uris), ("Notes", made.redirect_uris));
    apps.apps().remove(&made.id).await.unwrap();
    assert_eq!(code(apps.apps().get(&made.id).await), "NOT_FOUND");
    assert!(apps.apps().list().await.unwrap().is_empty());
}

#[tokio::test]
async fn no_secret_of_an_app_is_in_the_database_and_a_public_one_has_none() {
    let app = TestApp::start().await;
    let made = app.admin().apps().create(&diary()).await.unwrap();
    let again = app.admin().apps().rotate_secret(&made.id).await.unwrap();
    for secret in [made.secret.unwrap(), again.secret.unwrap()] {
        assert!(app.tables_that_hold(&secret).await.is_empty());
    }
    let public = app.admin().apps().create(&public_diary()).await.unwrap();
    assert_eq!(public.secret, None);
    assert_eq!(code(app.admin().apps().rotate_secret(&public.id).await), "INVALID_PARAMETER");
}

#[tokio::test]
async fn wrong_fields_of_an_app_are_named() {
    let app = TestApp::start().await;
    let http = vec!["http://app.example/".to_owned()];
    for (new, param) in [
        (OrganizationAppCreation { name: String::new(), ..diary() }, "name"),
        (OrganizationAppCreation { name: "x".repeat(101), ..diary() }, "name"),
        (OrganizationAppCreation { redirect_uris: http, ..diary() }, "redirectUris"),
        (OrganizationAppCreation { redirect_uris: vec![String::new(); 21], ..diary() }, "redirectUris"),
        (OrganizationAppCreation { role: Some(Role::Teacher), ..public_diary() }, "role"),
    ] {
        let refused = refusal(app.admin().apps().create(&new).await);
        assert_eq!(refused, ("INVALID_PARAMETER".to_owned(), Some(param.to_owned())));
    }
}

#[tokio::test]
async fn only_an_admin_in_person_registers_apps() {
    let app = TestApp::start().await;
    for role in [Role::AccountAdmin, Role::Teacher, Role::User] {
        let (_, caller) = app.caller(role.as_str(), role, Scope::ALL).await;
        assert_eq!(code(caller.apps().create(&diary()).await), "FORBIDDEN");
    }
    let new = OrganizationUserAccessTokenCreation { scopes: vec![Scope::EduAdmin] };
    let delegated = app.admin().users().create_access_token(&app.school.admin, &new).await.unwrap();
    let (_, own) = app.as_app(Role::Admin, &[Scope::EduAdmin]).await;
    for client in [app.client(&delegated.token), own] {
        assert_eq!(code(client.apps().create(&diary()).await), "FORBIDDEN");
        let made = app.admin().apps().create(&diary()).await.unwrap();
        assert_eq!(code(client.apps().rotate_secret(&made.id).await), "FORBIDDEN");
        assert_eq!(code(client.apps().update(&made.id, &Default::default()).await), "FORBIDDEN");
        assert_eq!(code(client.apps().remove(&made.id).await), "FORBIDDEN");
    }
}

#[tokio::test]
async fn an_apps_own_token_is_no_user_and_is_not_among_its_makers() {
    let app = TestApp::start().await;
    let (_, own) = app.as_app(Role::AccountAdmin, &[Scope::EduAdminUsers, Scope::AccountPublicProfile]).await;
    assert_eq!(code(own.me().await), "FORBIDDEN");
    assert_eq!(own.users().count(&UserFilter::default()).await.unwrap(), 1);
    let listed =
        app.admin().users().list_access_tokens(&app.school.admin, &AccessTokenQuery::default()).await;
    assert_eq!(listed.unwrap().items.len(), 1);
}

#[tokio::test]
async fn an_app_ranks_as_its_role_says() {
    let app = TestApp::start().await;
    let (_, own) = app.as_app(Role::AccountAdmin, &[Scope::EduAdmin, Scope::EduAdminUsers]).await;
    let pupil = own.users().create(&account("pupil", Role::User)).await.unwrap();
    own.users().update(&pupil.id, &to_role(Role::Teacher)).await.unwrap();
    assert_eq!(code(own.users().update(&app.school.admin, &to_firstname("Eve")).await), "FORBIDDEN");
    assert_eq!(code(own.users().remove(&app.school.admin).await), "FORBIDDEN");
    assert_eq!(code(own.users().create(&account("boss", Role::Admin)).await), "FORBIDDEN");
    assert_eq!(code(own.users().update(&pupil.id, &to_role(Role::Admin)).await), "FORBIDDEN");
    assert_eq!(code(own.apps().list().await), "INSUFFICIENT_SCOPE", "an accountAdmin can't hold edu.admin");
}

#[tokio::test]
async fn an_app_has_the_accounts_of_teachers_and_students_alone() {
    let app = TestApp::start().await;
    let (_, own) = app.as_app(Role::Admin, &[Scope::EduAdmin]).await;
    let password = || UserAdminUpdate { password: Some("battery staple".to_owned()), ..Default::default() };
    let email =
        || UserAdminUpdate { email: Update::Set("eve@evil.example".to_owned()), ..Default::default() };
    let token = OrganizationUserAccessTokenCreation { scopes: vec![Scope::AccountPublicProfile] };
    for (role, may) in
        [(Role::User, true), (Role::Teacher, true), (Role::AccountAdmin, false), (Role::Admin, false)]
    {
        let target = app.user(role.as_str(), role).await;
        let results = [
            own.users().create_signin_link(&target, &UserSigninLinkCreation::default()).await.map(drop),
            own.users().create_access_token(&target, &token).await.map(drop),
            own.users().update(&target, &password()).await.map(drop),
            own.users().update(&target, &email()).await.map(drop),
        ];
        for result in results {
            assert!(if may { result.is_ok() } else { code(result) == "FORBIDDEN" }, "{role}");
        }
        own.users()
            .update(&target, &UserAdminUpdate { email: Update::Clear, ..Default::default() })
            .await
            .ok();
    }
    assert_eq!(code(own.users().create(&account("boss", Role::AccountAdmin)).await), "FORBIDDEN");
}

#[tokio::test]
async fn launches_that_an_app_can_sign_never_match_an_admin() {
    let app = TestApp::start().await;
    let (_, own) = app.as_app(Role::Admin, &[Scope::EduAdmin]).await;
    let new = LtiCredentialsCreation { name: "Moodle".to_owned(), lms: LmsName::Moodle };
    app.admin().lti_credentials().create(&new).await.unwrap();
    assert!(!own.lti_credentials().create(&new).await.unwrap().enable_email_matching);
    let shown = own.lti_credentials().list().await.unwrap();
    let secrets: Vec<_> =
        shown.iter().map(|one| (one.enable_email_matching, one.consumer_secret.is_some())).collect();
    assert_eq!(secrets, [(true, false), (false, true)]);
}

#[tokio::test]
async fn an_app_falls_to_its_makers_present_rank_and_ends_with_their_removal() {
    let app = TestApp::start().await;
    let (second, maker) = app.caller("second", Role::Admin, Scope::ALL).await;
    let new = OrganizationAppCreation {
        role: Some(Role::Admin),
        scopes: vec![Scope::EduAdmin, Scope::EduAdminUsers],
        ..diary()
    };
    let registered = maker.apps().create(&new).await.unwrap();
    let own = app.client(&app.own_token(&registered).await);
    own.apps().list().await.unwrap();
    app.admin().users().update(&second, &to_role(Role::AccountAdmin)).await.unwrap();
    let target = app.user("target", Role::User).await;
    own.users().update(&target, &to_firstname("Ada")).await.unwrap();
    assert_eq!(code(own.users().update(&app.school.admin, &to_firstname("Eve")).await), "FORBIDDEN");
    app.admin().users().remove(&second).await.unwrap();
    assert_eq!(code(own.users().update(&target, &to_firstname("Bea")).await), "UNAUTHORIZED");
    let asked = app.send(&registered, "/oauth/access_token", &[("grant_type", "client_credentials")]).await;
    assert_eq!(asked.error(), "unauthorized_client");
    app.admin().apps().update(&registered.id, &Default::default()).await.unwrap();
    app.own_token(&registered).await;
}

#[tokio::test]
async fn what_an_app_may_no_longer_do_its_tokens_can_not_do_either() {
    let app = TestApp::start().await;
    let (registered, own) = app.as_app(Role::Admin, &[Scope::EduAdmin, Scope::EduAdminUsersReadonly]).await;
    let narrower =
        OrganizationAppUpdate { scopes: Some(vec![Scope::EduAdminUsersReadonly]), ..Default::default() };
    app.admin().apps().update(&registered.id, &narrower).await.unwrap();
    assert_eq!(code(own.users().create(&account("eve", Role::User)).await), "INSUFFICIENT_SCOPE");
    let no_role = OrganizationAppUpdate { role: Update::Clear, ..Default::default() };
    app.admin().apps().update(&registered.id, &no_role).await.unwrap();
    assert_eq!(code(own.users().create(&account("eve", Role::User)).await), "UNAUTHORIZED");
}

#[tokio::test]
async fn with_another_secret_or_without_the_app_its_tokens_end() {
    let app = TestApp::start().await;
    let (registered, own) = app.as_app(Role::Admin, &[Scope::EduAdmin]).await;
    let rotated = app.admin().apps().rotate_secret(&registered.id).await.unwrap();
    assert_eq!(code(own.users().create(&account("eve", Role::User)).await), "UNAUTHORIZED");
    let old = app.send(&registered, "/oauth/access_token", &[("grant_type", "client_credentials")]).await;
    assert_eq!(old.error(), "invalid_client");
    let own = app.client(&app.own_token(&rotated).await);
    app.admin().apps().remove(&registered.id).await.unwrap();
    assert_eq!(code(own.users().create(&account("eve", Role::User)).await), "UNAUTHORIZED");
}

#[tokio::test]
async fn the_audit_log_names_the_app() {
    let app = TestApp::start().await;
    let (registered, own) = app.as_app(Role::Admin, &[Scope::EduAdmin]).await;
    own.users().create(&account("ada", Role::User)).await.unwrap();
    let actors = app
        .column("SELECT actor FROM audit_events WHERE event IN ('user.created', 'access_token.created')")
        .await;
    assert_eq!(actors, vec![format!("app:{}", registered.id); 2]);
    assert!(
        app.column("SELECT actor FROM audit_events WHERE event = 'app.created'").await
            == [app.school.admin.to_string()]
    );
}

#[tokio::test]
async fn who_sets_a_password_through_an_app_is_somebody_else() {
    let app = TestApp::start().await;
    let (teacher, _) = app.caller("teacher", Role::Teacher, &[]).await;
    let (_, own) = app.as_app(Role::AccountAdmin, &[Scope::EduAdminUsers]).await;
    let update = UserAdminUpdate { password: Some("battery staple".to_owned()), ..Default::default() };
    own.users().update(&teacher, &update).await.unwrap();
    let by_admin = app.column("SELECT username FROM users WHERE password_by_admin").await;
    assert_eq!(by_admin, ["teacher"]);
}

#[tokio::test]
async fn another_schools_apps_are_not_found_and_not_listed() {
    let app = TestApp::start().await;
    let other = app.other_school().await;
    let theirs = app.client(&other.token).apps().create(&diary()).await.unwrap();
    assert!(app.admin().apps().list().await.unwrap().is_empty());
    assert_eq!(code(app.admin().apps().get(&theirs.id).await), "NOT_FOUND");
    assert_eq!(theirs.r#type, AppType::Confidential);
}
