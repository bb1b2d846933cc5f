//! LTI 1.x credentials: what they look like, who sees them, what they end with.

use homeroom_client::{Client, LmsName, LtiCredentials, LtiCredentialsCreation, Role, Scope, UserId};

use crate::audit::everything;
use crate::ranks::{let_teachers, let_teachers_of, to_role};
use crate::support::{NOW, TestApp, code};
use crate::tokens::carrying;

pub fn credentials(name: &str) -> LtiCredentialsCreation {
    LtiCredentialsCreation { name: name.to_owned(), lms: LmsName::Moodle }
}

async fn new(client: &Client) -> LtiCredentials {
    client.lti_credentials().create(&credentials("Our Moodle")).await.unwrap()
}

async fn teacher(app: &TestApp, username: &str) -> (UserId, Client) {
    let_teachers(app, true).await;
    app.caller(username, Role::Teacher, &[Scope::EduAdminLti]).await
}

async fn all(app: &TestApp) -> Vec<LtiCredentials> {
    app.admin().lti_credentials().list().await.unwrap()
}

#[tokio::test]
async fn a_consumer_key_is_an_upper_case_uuid_and_a_secret_40_letters_and_digits() {
    let app = TestApp::start().await;
    let made = new(&app.admin()).await;
    let parts: Vec<&str> = made.consumer_key.split('-').collect();

    assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
    assert!(parts.concat().bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b)), "{parts:?}");
    assert!(parts[2].starts_with('4') && parts[3].starts_with(['8', '9', 'A', 'B']), "{parts:?}");
    let secret = made.consumer_secret.unwrap();
    assert!(secret.len() == 40 && secret.bytes().all(|b| b.is_ascii_alphanumeric()), "{secret}");
}

#[tokio::test]
async fn new_credentials_are_listed_as_they_were_made() {
    let app = TestApp::start().await;
    let made = new(&app.admin()).await;
    let another = new(&app.admin()).await;

    assert_eq!((made.name.as_str(), made.lms, made.creation_date), ("Our Moodle", LmsName::Moodle, NOW));
    assert_eq!((made.creator.as_ref(), made.last_usage), (Some(&app.school.admin), None));
    assert!(made.enable_email_matching);
    assert_ne!(made.consumer_key, another.consumer_key);
    assert_ne!(made.consumer_secret, another.consumer_secret);
    assert_eq!(all(&app).await, [made, another]);
}

#[tokio::test]
async fn a_secret_stands_in_the_database_encrypted() {
    let app = TestApp::start().await;
    let made = new(&app.admin()).await;

    assert_eq!(app.tables_that_hold(&made.consumer_secret.unwrap()).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_token_that_only_reads_gets_no_secret() {
    let app = TestApp::start().await;
    let made = new(&app.admin()).await;
    let (_, reader) = app.caller("reader", Role::Admin, &[Scope::EduAdminLtiReadonly]).await;

    let seen = reader.lti_credentials().list().await.unwrap();
    assert_eq!(seen, [LtiCredentials { consumer_secret: None, ..made }]);
    assert_eq!(code(reader.lti_credentials().create(&credentials("x")).await), "INSUFFICIENT_SCOPE");
    assert_eq!(code(reader.lti_credentials().revoke(&seen[0].id).await), "INSUFFICIENT_SCOPE");
}

#[tokio::test]
async fn a_delegated_token_neither_makes_credentials_nor_sees_secrets() {
    let app = TestApp::start().await;
    let_teachers(&app, true).await;
    let teacher = app.user("t", Role::Teacher).await;
    new(&app.admin()).await;
    for (user, scope) in [(&app.school.admin, Scope::EduAdmin), (&teacher, Scope::EduAdminLti)] {
        let made = app.admin().users().create_access_token(user, &carrying(&[scope])).await.unwrap();
        let delegated = app.client(&made.token);
        assert_eq!(code(delegated.lti_credentials().create(&credentials("x")).await), "FORBIDDEN");
        let seen = delegated.lti_credentials().list().await.unwrap();
        assert!(seen.iter().all(|one| one.consumer_secret.is_none()));
    }
}

#[tokio::test]
async fn a_token_without_edu_admin_gets_no_credentials_that_match_by_email() {
    let app = TestApp::start().await;
    let whole = new(&app.admin()).await;
    let part = app.client(&app.token(&app.school.admin, &[Scope::EduAdminLti]).await);
    let made = new(&part).await;

    assert!(whole.enable_email_matching && !made.enable_email_matching);
    let seen = part.lti_credentials().list().await.unwrap();
    assert_eq!(seen, [LtiCredentials { consumer_secret: None, ..whole }, made]);
}

#[tokio::test]
async fn a_teacher_needs_the_organizations_setting() {
    let app = TestApp::start().await;
    let (_, teacher) = app.caller("t", Role::Teacher, &[Scope::EduAdminLti]).await;
    let before = everything(&app).await;

    assert_eq!(code(teacher.lti_credentials().create(&credentials("x")).await), "FORBIDDEN");
    assert_eq!(code(teacher.lti_credentials().list().await), "FORBIDDEN");
    assert_eq!(everything(&app).await, before);
}

#[tokio::test]
async fn an_account_admin_and_a_pupil_have_no_credentials_whatever_the_setting() {
    let app = TestApp::start().await;
    let_teachers(&app, true).await;
    for role in [Role::AccountAdmin, Role::User] {
        // No operation gives such a token: it is what a bug would leave behind.
        let (_, client) = app.caller(role.as_str(), role, Scope::ALL).await;
        assert_eq!(code(client.lti_credentials().list().await), "FORBIDDEN", "{role}");
        assert_eq!(code(client.lti_credentials().create(&credentials("x")).await), "FORBIDDEN", "{role}");
    }
}

#[tokio::test]
async fn a_teachers_credentials_never_match_by_email() {
    let app = TestApp::start().await;
    let (user, teacher) = teacher(&app, "t").await;
    let made = new(&teacher).await;

    assert!(!made.enable_email_matching);
    assert_eq!(made.creator, Some(user));
    assert_eq!(all(&app).await, [made]);
}

#[tokio::test]
async fn a_teacher_lists_and_revokes_only_their_own() {
    let app = TestApp::start().await;
    let ((_, one), (_, other)) = (teacher(&app, "one").await, teacher(&app, "other").await);
    let (of_admin, own, of_other) = (new(&app.admin()).await, new(&one).await, new(&other).await);

    assert_eq!(one.lti_credentials().list().await.unwrap(), std::slice::from_ref(&own));
    for not_own in [&of_admin, &of_other] {
        assert_eq!(code(one.lti_credentials().revoke(&not_own.id).await), "NOT_FOUND");
    }
    one.lti_credentials().revoke(&own.id).await.unwrap();
    assert_eq!(all(&app).await, [of_admin, of_other]);
}

#[tokio::test]
async fn a_former_admin_does_not_get_at_what_they_made_as_one() {
    let app = TestApp::start().await;
    let_teachers(&app, true).await;
    let (former, client) = app.caller("former", Role::Admin, &[Scope::EduAdminLti]).await;
    let made = new(&client).await;

    app.admin().users().update(&former, &to_role(Role::Teacher)).await.unwrap();

    let client = app.client(&app.token(&former, &[Scope::EduAdminLti]).await);
    assert_eq!(client.lti_credentials().list().await.unwrap(), []);
    assert_eq!(code(client.lti_credentials().revoke(&made.id).await), "NOT_FOUND");
}

#[tokio::test]
async fn an_admin_revokes_any_once() {
    let app = TestApp::start().await;
    let (_, teacher) = teacher(&app, "t").await;
    let made = new(&teacher).await;

    app.admin().lti_credentials().revoke(&made.id).await.unwrap();

    assert_eq!(all(&app).await, []);
    assert_eq!(code(app.admin().lti_credentials().revoke(&made.id).await), "NOT_FOUND");
    assert_eq!(app.tables_that_hold(&made.consumer_key).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_teachers_credentials_end_with_the_teacher_and_an_admins_stay_without_their_maker() {
    let app = TestApp::start().await;
    let (user, teacher) = teacher(&app, "t").await;
    let (former, second) = app.caller("second", Role::Admin, &[Scope::EduAdmin]).await;
    new(&teacher).await;
    let stays = new(&second).await;

    app.admin().users().remove(&user).await.unwrap();
    app.admin().users().remove(&former).await.unwrap();

    assert_eq!(all(&app).await, [LtiCredentials { creator: None, ..stays }]);
}

#[tokio::test]
async fn a_teachers_credentials_end_with_the_role_and_an_admins_stay() {
    let app = TestApp::start().await;
    let (teacher, client) = teacher(&app, "teacher").await;
    let (former, admin) = app.caller("former", Role::Admin, &[Scope::EduAdmin]).await;
    let kept = new(&admin).await;
    new(&client).await;
    for user in [&former, &teacher] {
        app.admin().users().update(user, &to_role(Role::User)).await.unwrap();
    }
    assert_eq!(all(&app).await.into_iter().map(|c| c.id).collect::<Vec<_>>(), [kept.id]);
}

#[tokio::test]
async fn a_teachers_credentials_end_when_the_setting_is_turned_off() {
    let app = TestApp::start().await;
    let (_, teacher) = teacher(&app, "t").await;
    let ends = new(&teacher).await;
    let stays = new(&app.admin()).await;

    let_teachers(&app, false).await;
    let_teachers(&app, true).await;

    assert_eq!(all(&app).await, [stays]);
    assert_eq!(app.tables_that_hold(&ends.consumer_key).await, Vec::<String>::new());
}

#[tokio::test]
async fn another_organizations_setting_ends_nothing_here() {
    let app = TestApp::start().await;
    let (_, teacher) = teacher(&app, "t").await;
    let stays = new(&teacher).await;

    let_teachers_of(&app, &app.other_school().await, false).await;

    assert_eq!(teacher.lti_credentials().list().await.unwrap(), [stays]);
}
