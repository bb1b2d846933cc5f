//! Classes: who makes, sees and changes them.

use homeroom_client::{
    ClassGradeLevel, ClassId, ClassListState, ClassQuery, ClassState, ClassUpdate, Client, EduSkill,
    GroupType, Role, Scope, Update,
};
use reqwest::Method;
use serde_json::json;

use crate::support::classes::{class, members};
use crate::support::{TestApp, code, refusal};

async fn names(client: &Client, query: &ClassQuery) -> Vec<String> {
    let page = client.classes().list(query).await.unwrap();
    page.items.into_iter().map(|class| class.name).collect()
}

fn of_state(state: ClassListState) -> ClassQuery {
    ClassQuery { state: Some(state), ..ClassQuery::default() }
}

#[tokio::test]
async fn who_makes_a_class_teaches_and_leads_it() {
    let app = TestApp::start().await;
    let (class, emmy, teacher) = app.class().await;

    assert_eq!((class.state, class.owner), (ClassState::Active, Some(emmy.clone())));
    assert_eq!(class.organization, Some(app.school.organization.clone()));
    let (students, teachers) = (class.students_group.unwrap(), class.teachers_group.unwrap());
    assert_eq!((students.r#type, students.users_count), (GroupType::ClassStudents, 0));
    assert_eq!((teachers.r#type, teachers.users_count), (GroupType::ClassTeachers, 1));
    assert!(students.read_only && teachers.read_only);
    assert_eq!(members(&teacher, &class.id).await, (vec![], vec![emmy]));
}

#[tokio::test]
async fn pupils_individuals_and_apps_make_no_class() {
    let app = TestApp::start().await;
    let (_, pupil) = app.pupil("ada").await;
    let (_, machine) = app.as_app(Role::Teacher, &[Scope::EduClasses]).await;
    for client in [pupil, machine] {
        assert_eq!(code(client.classes().create(&class("Choir")).await), "FORBIDDEN");
    }
    assert!(names(&app.head().await, &ClassQuery { all: true, ..Default::default() }).await.is_empty());
}

#[tokio::test]
async fn a_class_is_there_for_its_members_and_for_administrators() {
    let app = TestApp::start().await;
    let (class, _, teacher) = app.class().await;
    let (ada, pupil) = app.pupil("ada").await;
    let (_, colleague) = app.teaching("noether").await;
    for stranger in [&pupil, &colleague] {
        assert_eq!(code(stranger.classes().get(&class.id).await), "NOT_FOUND");
        assert_eq!(code(stranger.classes().archive(&class.id).await), "NOT_FOUND");
    }
    teacher.classes().add_user(&class.id, &ada).await.unwrap();
    for client in [pupil, teacher, app.head().await] {
        assert_eq!(client.classes().get(&class.id).await.unwrap().name, "Choir");
    }
}

#[tokio::test]
async fn students_read_their_class_and_change_nothing() {
    let app = TestApp::start().await;
    let (class, emmy, teacher) = app.class().await;
    let (ada, pupil) = app.pupil("ada").await;
    teacher.classes().add_user(&class.id, &ada).await.unwrap();
    let (classes, id) = (pupil.classes(), &class.id);
    for refused in [
        code(classes.update(id, &ClassUpdate { name: Some("Ours".to_owned()), ..Default::default() }).await),
        code(classes.archive(id).await),
        code(classes.unarchive(id).await),
        code(classes.activate(id).await),
        code(classes.add_user(id, &emmy).await),
        code(classes.remove_user(id, &emmy).await),
        code(classes.remove_user(id, &ada).await),
        code(classes.create_test_student(id).await),
    ] {
        assert_eq!(refused, "FORBIDDEN");
    }
    assert_eq!(pupil.classes().get(id).await.unwrap().enrollment_code, None);
    assert_eq!(members(&teacher, id).await, (vec![ada], vec![emmy]));
}

#[tokio::test]
async fn a_token_that_may_only_read_sees_no_code() {
    let app = TestApp::start().await;
    let (class, emmy, teacher) = app.class().await;
    let reader = app.client(&app.token(&emmy, &[Scope::EduClassesReadonly]).await);
    assert_eq!(reader.classes().get(&class.id).await.unwrap().enrollment_code, None);
    assert!(teacher.classes().get(&class.id).await.unwrap().enrollment_code.is_some());
}

#[tokio::test]
async fn an_update_changes_the_fields_that_came_and_null_clears() {
    let app = TestApp::start().await;
    let (class, _, teacher) = app.class().await;
    let update = ClassUpdate {
        name: Some(" Choir 7b ".to_owned()),
        section: Update::Set("7b".to_owned()),
        level: Update::Set(ClassGradeLevel::Middle),
        skills_focused: Update::Set(vec![EduSkill::SightReading, EduSkill::SightReading]),
        size: Update::Set(28.0),
    };
    let updated = teacher.classes().update(&class.id, &update).await.unwrap();
    assert_eq!((updated.name.as_str(), updated.section.as_deref()), ("Choir 7b", Some("7b")));
    assert_eq!(updated.skills_focused, Some(vec![EduSkill::SightReading]));
    let cleared = ClassUpdate { section: Update::Clear, level: Update::Clear, ..ClassUpdate::default() };
    let cleared = teacher.classes().update(&class.id, &cleared).await.unwrap();
    assert_eq!((cleared.section, cleared.level, cleared.size), (None, None, Some(28.0)));
    assert_eq!(cleared.name, "Choir 7b");
}

#[tokio::test]
async fn a_wrong_field_of_a_class_names_itself() {
    let app = TestApp::start().await;
    let token = app.token(&app.school.admin, Scope::ALL).await;
    for (field, value) in [
        ("name", json!("")),
        ("name", json!("x".repeat(256))),
        ("name", json!("a\u{0}b")),
        ("section", json!("x".repeat(256))),
        ("level", json!("toddlers")),
        ("skillsFocused", json!(["juggling"])),
        ("size", json!(-1)),
        ("size", json!(2.5)),
        ("size", json!(1e300)),
    ] {
        let mut body = json!({ "name": "Choir" });
        body[field] = value;
        let request = app.http().request(Method::POST, format!("{}/v2/classes", app.url)).json(&body);
        let answer: serde_json::Value =
            request.bearer_auth(&token).send().await.unwrap().json().await.unwrap();
        assert_eq!(
            (&answer["code"], &answer["param"]),
            (&json!("INVALID_PARAMETER"), &json!(field)),
            "{body}"
        );
    }
}

#[tokio::test]
async fn classes_are_listed_by_state_to_those_who_are_in_them() {
    let app = TestApp::start().await;
    let (choir, _, teacher) = app.class().await;
    let band = teacher.classes().create(&class("Band")).await.unwrap();
    let (ada, pupil) = app.pupil("ada").await;
    for class in [&choir, &band] {
        teacher.classes().add_user(&class.id, &ada).await.unwrap();
    }
    teacher.classes().archive(&choir.id).await.unwrap();
    for client in [&teacher, &pupil] {
        assert_eq!(names(client, &ClassQuery::default()).await, ["Band"]);
        assert_eq!(names(client, &of_state(ClassListState::Archived)).await, ["Choir"]);
        assert!(names(client, &of_state(ClassListState::Inactive)).await.is_empty());
    }
    assert!(names(&app.head().await, &ClassQuery::default()).await.is_empty());
}

#[tokio::test]
async fn administrators_find_every_class_and_nobody_else_does() {
    let app = TestApp::start().await;
    let (_, emmy, _) = app.class().await;
    let head = app.head().await;
    head.users().remove(&emmy).await.unwrap();
    let all = ClassQuery { all: true, ..ClassQuery::default() };
    assert_eq!(names(&head, &all).await, ["Choir"]);
    let (_, colleague) = app.teaching("noether").await;
    assert_eq!(
        refusal(colleague.classes().list(&all).await),
        ("FORBIDDEN".to_owned(), Some("all".to_owned()))
    );
}

#[tokio::test]
async fn pages_of_classes_follow_each_other_both_ways() {
    let app = TestApp::start().await;
    let (_, teacher) = app.teaching("emmy").await;
    for number in 0..5 {
        teacher.classes().create(&class(&format!("Class {number}"))).await.unwrap();
    }
    let head = app.head().await;
    for (client, all) in [(&teacher, false), (&head, true)] {
        let query = ClassQuery { limit: Some(2), all, ..ClassQuery::default() };
        let first = client.classes().list(&query).await.unwrap();
        let second = first.next().await.unwrap().unwrap();
        let third = second.next().await.unwrap().unwrap();
        assert_eq!((second.items[0].name.as_str(), third.items.len()), ("Class 2", 1));
        assert!(third.next().await.unwrap().is_none());
        assert_eq!(second.previous().await.unwrap().unwrap().items, first.items);
    }
}

#[tokio::test]
async fn an_archived_class_is_kept_and_nobody_joins_it() {
    let app = TestApp::start().await;
    let (class, _, teacher) = app.class().await;
    let (ada, pupil) = app.pupil("ada").await;
    let join_code = class.enrollment_code.unwrap();
    for _ in 0..2 {
        assert_eq!(teacher.classes().archive(&class.id).await.unwrap().state, ClassState::Archived);
    }
    assert_eq!(code(teacher.classes().add_user(&class.id, &ada).await), "CONFLICT");
    assert_eq!(code(pupil.classes().enroll(&join_code).await), "CONFLICT");
    assert_eq!(code(teacher.classes().create_test_student(&class.id).await), "CONFLICT");
    assert_eq!(code(teacher.classes().activate(&class.id).await), "CONFLICT");
    for _ in 0..2 {
        assert_eq!(teacher.classes().unarchive(&class.id).await.unwrap().state, ClassState::Active);
    }
    assert_eq!(pupil.classes().enroll(&join_code).await.unwrap().id, class.id);
}

#[tokio::test]
async fn an_inactive_class_is_activated() {
    let app = TestApp::start().await;
    let (class, _, teacher) = app.class().await;
    let mut tx = app.app.db.write().await.unwrap();
    tx.execute("UPDATE classes SET state = 'inactive'", ()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(names(&teacher, &of_state(ClassListState::Inactive)).await, ["Choir"]);
    for _ in 0..2 {
        assert_eq!(teacher.classes().activate(&class.id).await.unwrap().state, ClassState::Active);
    }
}

#[tokio::test]
async fn each_change_of_a_class_is_an_event_and_nothing_else_is() {
    let app = TestApp::start().await;
    let (class, _, teacher) = app.class().await;
    let (ada, _) = app.pupil("ada").await;
    for _ in 0..2 {
        teacher.classes().add_user(&class.id, &ada).await.unwrap();
        teacher.classes().update(&class.id, &named("Band")).await.unwrap();
        teacher.classes().archive(&class.id).await.unwrap();
        teacher.classes().unarchive(&class.id).await.unwrap();
        teacher.classes().activate(&class.id).await.unwrap();
    }
    teacher.classes().remove_user(&class.id, &ada).await.unwrap();
    let events = events(&app, &class.id).await;
    let change = ["class.archived", "class.unarchived"];
    let expected = [&["class.created", "class.user_added", "class.updated"], &change[..], &change[..]];
    assert_eq!(events, [&expected.concat()[..], &["class.user_removed"]].concat());
}

fn named(name: &str) -> ClassUpdate {
    ClassUpdate { name: Some(name.to_owned()), ..ClassUpdate::default() }
}

async fn events(app: &TestApp, class: &ClassId) -> Vec<String> {
    let query = homeroom_client::AuditQuery {
        target: Some(class.to_string()),
        direction: Some(homeroom_client::Direction::Asc),
        ..Default::default()
    };
    let page = app.admin().audit_log().list(&query).await.unwrap();
    page.items.into_iter().map(|event| event.event).collect()
}
