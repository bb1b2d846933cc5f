//! The audit log: one event for each operation, in its transaction, without names.

use aws_lc_rs::digest::{SHA256, digest};
use homeroom_client::{
    InvitedRole, Role, Scope, Update, UserAdminUpdate, UserCreation, UserSigninLinkCreation,
};
use homeroom_server::db::Read as _;

use crate::invitations::{invite, link_for};
use crate::lti::credentials;
use crate::ranks::{account, to_email, to_firstname, to_password, to_role};
use crate::support::{TestApp, code, with_email};
use crate::tokens::carrying;

/// What a refused request must leave as it was: every row, by what matters of it.
pub async fn everything(app: &TestApp) -> Vec<String> {
    app.column(
        "SELECT 'user ' || id || username || role || coalesce(email, '') || firstname || version
                || coalesce(password_hash, '') FROM users
         UNION ALL SELECT 'token ' || id || scopes FROM access_tokens
         UNION ALL SELECT 'link ' || id FROM signin_links
         UNION ALL SELECT 'invitation ' || id || role || status || coalesce(email, '') FROM invitations
         UNION ALL SELECT 'use ' || invitation_id || user_id FROM invitation_uses
         UNION ALL SELECT 'name ' || name_key || user_id FROM signin_names
         UNION ALL SELECT 'lti ' || id FROM lti_credentials
         UNION ALL SELECT 'mail ' || id FROM outbox
         UNION ALL SELECT 'job ' || id FROM jobs
         UNION ALL SELECT 'event ' || id || event FROM audit_events
         UNION ALL SELECT 'details ' || event_id FROM audit_details ORDER BY 1",
    )
    .await
}

/// Events since the first `seen` ones: name, target and whether the admin and the token stand there.
async fn since(app: &TestApp, seen: usize) -> Vec<String> {
    let sql = "SELECT event || ' ' || coalesce(target, '') || CASE WHEN actor_token IS NULL THEN ' without token' ELSE '' END
                      || CASE WHEN actor = (SELECT id FROM users WHERE username = 'head') THEN '' ELSE ' by another' END
               FROM audit_events ORDER BY id";
    app.column(sql).await.split_off(seen)
}

#[tokio::test]
async fn each_operation_on_an_account_is_one_event() {
    let app = TestApp::start().await;
    let (admin, seen) = (app.admin(), since(&app, 0).await.len());
    let id = admin.users().create(&account("ada", Role::User)).await.unwrap().id;
    admin.users().update(&id, &to_firstname("Ada")).await.unwrap();
    admin.users().update(&id, &to_password()).await.unwrap();
    admin.users().update(&id, &to_role(Role::Teacher)).await.unwrap();
    let token = admin.users().create_access_token(&id, &carrying(&[])).await.unwrap().id;
    admin.users().revoke_access_token(&id, &token).await.unwrap();
    admin.users().remove(&id).await.unwrap();
    let leaves = app.user("bob", Role::User).await;
    admin.users().convert_to_individual(&leaves).await.unwrap();

    let expected = [
        format!("user.created {id}"),
        format!("user.updated {id}"),
        format!("user.updated {id}"),
        format!("user.role_changed {id}"),
        format!("access_token.created {token}"),
        format!("access_token.revoked {token}"),
        format!("user.removed {id}"),
        format!("user.converted {leaves}"),
    ];
    assert_eq!(since(&app, seen).await, expected);
}

#[tokio::test]
async fn each_operation_on_links_invitations_and_credentials_is_one_event() {
    let app = TestApp::start().await;
    let user = app.user("ada", Role::User).await;
    let (admin, seen) = (app.admin(), since(&app, 0).await.len());
    admin.users().create_signin_link(&user, &UserSigninLinkCreation::default()).await.unwrap();
    let invitation = admin.invitations().create(&link_for(InvitedRole::Teacher)).await.unwrap().id;
    admin.invitations().remove(&invitation).await.unwrap();
    let lti = admin.lti_credentials().create(&credentials("LMS")).await.unwrap().id;
    admin.lti_credentials().revoke(&lti).await.unwrap();

    let link = app.column("SELECT id FROM signin_links ORDER BY id DESC").await.remove(0);
    let expected = [
        format!("signin_link.created {link}"),
        format!("invitation.created {invitation}"),
        format!("invitation.revoked {invitation}"),
        format!("lti_credentials.created {lti}"),
        format!("lti_credentials.revoked {lti}"),
    ];
    assert_eq!(since(&app, seen).await, expected);
}

#[tokio::test]
async fn an_invited_members_role_is_an_event_of_its_own() {
    let app = TestApp::start().await;
    let member = app.add(&app.school, with_email("ada", "ada@school.example"), Role::User).await;
    let seen = since(&app, 0).await.len();
    let made = app.admin().invitations().create(&invite("ada@school.example", None)).await.unwrap();

    let expected = [format!("user.role_changed {member}"), format!("invitation.created {}", made.id)];
    assert_eq!(since(&app, seen).await, expected);
}

#[tokio::test]
async fn reads_updates_that_change_nothing_and_refusals_are_no_events() {
    let app = TestApp::start().await;
    let user = app.add(&app.school, with_email("ada", "ada@school.example"), Role::User).await;
    let seen = since(&app, 0).await.len();
    let same = Update::Set("ada@school.example".to_owned());
    for update in [UserAdminUpdate::default(), to_role(Role::User), to_email(same)] {
        app.admin().users().update(&user, &update).await.unwrap();
    }
    app.admin().users().get(&user).await.unwrap();
    assert_eq!(code(app.admin().users().create(&account("ADA", Role::User)).await), "USERNAME_TAKEN");
    assert_eq!(code(app.admin().users().remove(&app.school.admin).await), "LAST_ADMIN");

    assert_eq!(since(&app, seen).await, Vec::<String>::new());
}

#[tokio::test]
async fn bad_input_writes_nothing() {
    let app = TestApp::start().await;
    let user = app.user("ada", Role::User).await;
    let before = everything(&app).await;
    for (path, body, param) in [
        (format!("users/{user}/accessToken"), r#"{"scopes":["edu.admin.everything"]}"#, "scopes"),
        (format!("users/{user}/accessToken"), r#"{"scopes":"scores"}"#, "scopes"),
        (format!("users/{user}/accessToken"), "{}", "scopes"),
        (format!("users/{user}/signinLink"), r#"{"destinationPath":7}"#, "destinationPath"),
        ("invitations".to_owned(), r#"{"email":"ada@"}"#, "email"),
        (
            "invitations".to_owned(),
            r#"{"email":"new@school.example","organizationRole":"user"}"#,
            "organizationRole",
        ),
        ("lti/credentials".to_owned(), r#"{"name":"x","lms":"abacus"}"#, "lms"),
        ("lti/credentials".to_owned(), r#"{"name":"a\u0000b","lms":"moodle"}"#, "name"),
    ] {
        let request = app.request(reqwest::Method::POST, &format!("/v2/organizations/{path}"));
        let answer = request.header("content-type", "application/json").body(body).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{path} {body}");
        let answer: serde_json::Value = answer.json().await.unwrap();
        assert!(answer["param"].as_str().unwrap().starts_with(param), "{path} {body}: {answer}");
    }
    assert_eq!(everything(&app).await, before);
}

#[tokio::test]
async fn the_events_hold_no_names_and_the_details_do() {
    let app = TestApp::start().await;
    let new = UserCreation {
        firstname: Some("Zebulonia".to_owned()),
        email: Some("quixotic@school.example".to_owned()),
        ..account("xylophon", Role::User)
    };
    app.admin().users().create(&new).await.unwrap();
    app.admin().invitations().create(&invite("nobody@yet.example", None)).await.unwrap();

    for name in ["xylophon", "Zebulonia", "quixotic", "nobody@yet.example", "127.0.0.1"] {
        let columns = app.tables_that_hold(name).await;
        assert!(columns.iter().all(|column| !column.starts_with("audit_events")), "{name}: {columns:?}");
    }
    assert!(app.tables_that_hold("xylophon").await.contains(&"audit_details.details".to_owned()));
    assert!(app.tables_that_hold("127.0.0.1").await.contains(&"audit_details.details".to_owned()));
}

#[tokio::test]
async fn neither_events_nor_details_hold_secrets() {
    let app = TestApp::start().await;
    let user = app.admin().users().create(&account("ada", Role::User)).await.unwrap().id;
    app.admin()
        .users()
        .update(&user, &UserAdminUpdate { password: Some("hunter twelve".to_owned()), ..to_password() })
        .await
        .unwrap();

    for secret in ["correct horse", "hunter twelve", &app.school.token[3..]] {
        assert_eq!(app.tables_that_hold(secret).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn an_event_holds_the_hash_of_its_salt_and_details() {
    let app = TestApp::start().await;
    app.admin().users().create(&account("ada", Role::User)).await.unwrap();
    let sql = "SELECT e.details_hash, d.details, d.salt FROM audit_events e
               JOIN audit_details d ON d.organization_id = e.organization_id AND d.event_id = e.id";
    let rows: Vec<(Vec<u8>, String, Vec<u8>)> = app.app.db.read().await.unwrap().all(sql, ()).await.unwrap();

    assert_eq!(rows.len(), 3, "of the organization, its admin's sign-in link, and the user");
    assert_ne!(rows[0].2, rows[1].2);
    for (hash, details, salt) in rows {
        assert_eq!(hash, digest(&SHA256, &[&salt, details.as_bytes()].concat()).as_ref());
    }
}

#[tokio::test]
async fn an_operation_whose_event_can_not_be_written_does_not_happen() {
    let app = TestApp::start().await;
    let user = app.add(&app.school, with_email("ada", "ada@school.example"), Role::User).await;
    let before = everything(&app).await;
    app.app.db.batch("ALTER TABLE audit_details RENAME TO away").await.unwrap();
    let admin = app.admin();

    let failed = [
        admin.users().create(&account("eve", Role::User)).await.map(drop),
        admin.users().update(&user, &to_role(Role::Teacher)).await.map(drop),
        admin.users().remove(&user).await,
        admin.users().convert_to_individual(&user).await,
        admin.users().create_access_token(&user, &carrying(&[Scope::Omr])).await.map(drop),
        admin.users().create_signin_link(&user, &UserSigninLinkCreation::default()).await.map(drop),
        admin.invitations().create(&invite("new@school.example", None)).await.map(drop),
        admin.lti_credentials().create(&credentials("LMS")).await.map(drop),
    ];

    assert_eq!(failed.map(code), [(); 8].map(|()| "INTERNAL_ERROR"));
    app.app.db.batch("ALTER TABLE away RENAME TO audit_details").await.unwrap();
    assert_eq!(everything(&app).await, before);
}
