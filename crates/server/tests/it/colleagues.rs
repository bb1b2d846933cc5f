//! What people see of each other.

use homeroom_client::{ClassRole, Role, Scope, UserId};
use serde_json::Value;

use crate::support::{TestApp, code, with_email};

async fn shown(app: &TestApp, token: &str, user: &UserId) -> Value {
    let request = app.http().get(format!("{}/v2/users/{user}", app.url)).bearer_auth(token);
    request.send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn a_pupil_sees_themselves_staff_and_classmates_and_no_stranger() {
    let app = TestApp::start().await;
    let (class, emmy, teacher) = app.class().await;
    let (ada, pupil) = app.pupil("ada").await;
    let (bea, _) = app.pupil("bea").await;
    let (stranger, _) = app.pupil("cleo").await;
    let (noether, _) = app.teaching("noether").await;
    for user in [&ada, &bea] {
        teacher.classes().add_user(&class.id, user).await.unwrap();
    }
    for user in [&ada, &bea, &emmy, &noether, &app.school.admin] {
        assert_eq!(pupil.users().get_public(user).await.unwrap().id, *user);
    }
    assert_eq!(code(pupil.users().get_public(&stranger).await), "NOT_FOUND");
    teacher.classes().remove_user(&class.id, &bea).await.unwrap();
    assert_eq!(code(pupil.users().get_public(&bea).await), "NOT_FOUND");
}

#[tokio::test]
async fn a_group_of_another_kind_makes_nobody_a_classmate() {
    let app = TestApp::start().await;
    let (ada, pupil) = app.pupil("ada").await;
    let (bea, _) = app.pupil("bea").await;
    app.group(&[&ada, &bea]).await;
    assert_eq!(code(pupil.users().get_public(&bea).await), "NOT_FOUND");
}

#[tokio::test]
async fn teachers_and_administrators_see_everybody_of_their_own_school() {
    let app = TestApp::start().await;
    let (ada, _) = app.pupil("ada").await;
    let (_, teacher) = app.teaching("emmy").await;
    let elsewhere = app.other_school().await.admin;
    for client in [teacher, app.head().await] {
        assert_eq!(client.users().get_public(&ada).await.unwrap().username, "ada");
        assert_eq!(code(client.users().get_public(&elsewhere).await), "NOT_FOUND");
    }
}

#[tokio::test]
async fn nobody_is_told_an_address() {
    let app = TestApp::start().await;
    let ada = app.add(&app.school, with_email("ada", "ada@school.example"), Role::User).await;
    let token = app.token(&app.school.admin, Scope::ALL).await;
    let full = shown(&app, &token, &ada).await;
    assert!(!full.to_string().contains("@school.example"), "{full}");
    assert_eq!((&full["organizationRole"], &full["username"]), (&"user".into(), &"ada".into()));
    let token = app.token(&app.school.admin, &[Scope::AccountPublicProfile]).await;
    let narrow = shown(&app, &token, &ada).await;
    assert_eq!((&narrow["organization"], &narrow["organizationRole"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn individuals_see_only_themselves() {
    let app = TestApp::start().await;
    let (ada, pupil) = app.pupil("ada").await;
    let (bea, _) = app.pupil("bea").await;
    for user in [&ada, &bea] {
        app.admin().users().convert_to_individual(user).await.unwrap();
    }
    assert_eq!(code(pupil.users().get_public(&bea).await), "UNAUTHORIZED");
    let mut outside = app.replica().await;
    outside.school.organization = homeroom_server::organizations::INDIVIDUALS.into();
    let token = outside.token(&ada, &[Scope::AccountPublicProfile, Scope::EduClasses]).await;
    let client = outside.client(&token);
    assert_eq!(client.users().get_public(&ada).await.unwrap().id, ada);
    assert_eq!(code(client.users().get_public(&bea).await), "NOT_FOUND");
    assert_eq!(code(client.classes().create(&crate::support::classes::class("Mine")).await), "FORBIDDEN");
}

#[tokio::test]
async fn members_of_a_class_are_shown_with_their_role_in_it() {
    let app = TestApp::start().await;
    let (class, emmy, teacher) = app.class().await;
    let (ada, _) = app.pupil("ada").await;
    teacher.classes().add_user(&class.id, &ada).await.unwrap();
    for (group, user, role) in [
        (class.students_group.unwrap(), ada, ClassRole::Student),
        (class.teachers_group.unwrap(), emmy, ClassRole::Teacher),
    ] {
        let listed = teacher.groups().list_users(&group.id, &Default::default()).await.unwrap();
        assert_eq!((&listed.items[0].id, listed.items[0].class_role), (&user, Some(role)));
    }
}
