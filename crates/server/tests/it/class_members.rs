//! Who is in a class, and what becomes of it when they leave or change their role.

use homeroom_client::{Client, Role, UserFilter, UserId, UserQuery};

use crate::ranks::to_role;
use crate::support::classes::{class, in_group, members, sub_group};
use crate::support::{TestApp, code};

#[tokio::test]
async fn people_are_in_a_class_as_their_role_says() {
    let app = TestApp::start().await;
    let (class, emmy, teacher) = app.class().await;
    let (ada, _) = app.pupil("ada").await;
    let (noether, _) = app.teaching("noether").await;
    for user in [&ada, &noether, &app.school.admin, &ada] {
        teacher.classes().add_user(&class.id, user).await.unwrap();
    }
    let mut teachers = vec![emmy, noether, app.school.admin.clone()];
    teachers.sort();
    assert_eq!(members(&teacher, &class.id).await, (vec![ada], teachers));
}

#[tokio::test]
async fn who_is_not_in_the_organization_comes_into_no_class() {
    let app = TestApp::start().await;
    let (class, emmy, teacher) = app.class().await;
    let (bea, _) = app.pupil("bea").await;
    app.admin().users().remove(&bea).await.unwrap();
    for stranger in [app.other_school().await.admin, bea, "0123456789abcdef01234567".into()] {
        assert_eq!(code(teacher.classes().add_user(&class.id, &stranger).await), "NOT_FOUND");
        assert_eq!(code(teacher.classes().remove_user(&class.id, &stranger).await), "NOT_FOUND");
    }
    assert_eq!(members(&teacher, &class.id).await, (vec![], vec![emmy]));
}

#[tokio::test]
async fn the_group_filter_of_users_lists_a_class() {
    let app = TestApp::start().await;
    let (class, _, teacher) = app.class().await;
    let (ada, _) = app.pupil("ada").await;
    app.pupil("bea").await;
    teacher.classes().add_user(&class.id, &ada).await.unwrap();
    let filter = UserFilter { group: vec![class.students_group.unwrap().id], ..UserFilter::default() };
    assert_eq!(app.admin().users().count(&filter).await.unwrap(), 1);
    let page = app.admin().users().list(&UserQuery { filter, ..UserQuery::default() }).await.unwrap();
    assert_eq!(page.items[0].id, ada);
}

#[tokio::test]
async fn a_student_who_leaves_the_class_leaves_its_groups() {
    let app = TestApp::start().await;
    let (class, _, teacher) = app.class().await;
    let (ada, pupil) = app.pupil("ada").await;
    teacher.classes().add_user(&class.id, &ada).await.unwrap();
    let altos = teacher.groups().create(&sub_group(&class.id, "Altos", &[&ada])).await.unwrap();
    teacher.classes().remove_user(&class.id, &ada).await.unwrap();
    assert_eq!(in_group(&teacher, &altos.id).await, []);
    assert_eq!(teacher.groups().get(&altos.id).await.unwrap().users_count, 0);
    assert_eq!(code(pupil.classes().get(&class.id).await), "NOT_FOUND");
    assert_eq!(code(teacher.classes().remove_user(&class.id, &ada).await), "NOT_FOUND");
}

/// A class of three teachers, the first of whom made it.
async fn three_teachers(app: &TestApp) -> (homeroom_client::ClassId, [UserId; 3], Client) {
    let (class, emmy, teacher) = app.class().await;
    let (noether, _) = app.teaching("noether").await;
    let (curie, _) = app.teaching("curie").await;
    for user in [&curie, &noether] {
        teacher.classes().add_user(&class.id, user).await.unwrap();
    }
    (class.id, [emmy, noether, curie], teacher)
}

#[tokio::test]
async fn a_teacher_who_leaves_hands_the_class_over() {
    let app = TestApp::start().await;
    let (class, [emmy, noether, curie], teacher) = three_teachers(&app).await;
    let head = app.head().await;
    teacher.classes().remove_user(&class, &emmy).await.unwrap();
    assert_eq!(code(teacher.classes().get(&class).await), "NOT_FOUND");
    for (owner, next) in [(Some(&noether), Some(&curie)), (Some(&curie), None)] {
        assert_eq!(head.classes().get(&class).await.unwrap().owner.as_ref(), owner);
        head.classes().remove_user(&class, owner.unwrap()).await.unwrap();
        assert_eq!(head.classes().get(&class).await.unwrap().owner.as_ref(), next);
    }
    assert_eq!(members(&head, &class).await, (vec![], vec![]));
}

#[tokio::test]
async fn who_becomes_a_student_hands_their_classes_over_and_sits_in_them() {
    let app = TestApp::start().await;
    let (class_id, [emmy, noether, curie], teacher) = three_teachers(&app).await;
    let alone = teacher.classes().create(&class("Band")).await.unwrap();
    let head = app.head().await;
    head.users().update(&emmy, &to_role(Role::User)).await.unwrap();
    assert_eq!(members(&head, &class_id).await, (vec![emmy.clone()], vec![noether.clone(), curie]));
    assert_eq!(head.classes().get(&class_id).await.unwrap().owner, Some(noether));
    assert_eq!(head.classes().get(&alone.id).await.unwrap().owner, None);
    assert_eq!(members(&head, &alone.id).await, (vec![emmy], vec![]));
    assert_eq!(code(teacher.classes().archive(&alone.id).await), "FORBIDDEN");
}

#[tokio::test]
async fn who_is_no_longer_a_student_teaches_and_is_in_no_group_of_students() {
    let app = TestApp::start().await;
    let (class, emmy, teacher) = app.class().await;
    let (ada, pupil) = app.pupil("ada").await;
    let choir = app.group(&[&ada]).await;
    teacher.classes().add_user(&class.id, &ada).await.unwrap();
    let altos = teacher.groups().create(&sub_group(&class.id, "Altos", &[&ada])).await.unwrap();
    for role in [Role::Teacher, Role::AccountAdmin, Role::Teacher] {
        app.admin().users().update(&ada, &to_role(role)).await.unwrap();
        assert_eq!(members(&teacher, &class.id).await, (vec![], vec![emmy.clone(), ada.clone()]));
    }
    assert_eq!(in_group(&teacher, &altos.id).await, []);
    assert_eq!(in_group(&app.head().await, &choir).await, [ada]);
    assert!(pupil.classes().get(&class.id).await.unwrap().enrollment_code.is_some());
}

#[tokio::test]
async fn two_hundred_classes_are_handed_over_at_once() {
    let app = TestApp::start().await;
    let (emmy, teacher) = app.teaching("emmy").await;
    let (noether, _) = app.teaching("noether").await;
    for number in 0..200 {
        let new = teacher.classes().create(&class(&format!("Class {number}"))).await.unwrap();
        teacher.classes().add_user(&new.id, &noether).await.unwrap();
    }
    let mut tx = app.app.db.write().await.unwrap();
    homeroom_server::classes::hand_over(&mut tx, &app.school.organization, &emmy).await.unwrap();
    tx.commit().await.unwrap();
    let owners = app.column("SELECT owner FROM classes").await;
    assert_eq!(owners, vec![noether.to_string(); 200]);
}
