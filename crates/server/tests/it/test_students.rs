//! Test students.

use homeroom_client::{Role, TestAccounts, UserFilter, UserId, UserQuery};

use crate::ranks::to_role;
use crate::support::classes::{class, members};
use crate::support::{TestApp, code};

async fn test_accounts(app: &TestApp) -> Vec<UserId> {
    let filter = UserFilter { test_accounts: Some(TestAccounts::Only), ..UserFilter::default() };
    let query = UserQuery { filter, ..UserQuery::default() };
    app.admin().users().list(&query).await.unwrap().items.into_iter().map(|user| user.id).collect()
}

#[tokio::test]
async fn a_teacher_has_one_test_student_in_a_class() {
    let app = TestApp::start().await;
    let (class, emmy, teacher) = app.class().await;
    let student = teacher.classes().create_test_student(&class.id).await.unwrap();
    assert_eq!(teacher.classes().create_test_student(&class.id).await.unwrap().id, student.id);
    assert!(student.username.starts_with("test-student-"), "{}", student.username);
    assert_eq!(members(&teacher, &class.id).await, (vec![student.id.clone()], vec![emmy]));
    let shown = app.admin().users().get(&student.id).await.unwrap();
    assert_eq!((shown.is_edu_testing_student, shown.license, shown.email), (Some(true), None, None));
    assert_eq!(test_accounts(&app).await, [student.id]);
}

#[tokio::test]
async fn each_teacher_and_each_class_has_a_test_student_of_its_own() {
    let app = TestApp::start().await;
    let (choir, _, teacher) = app.class().await;
    let band = teacher.classes().create(&class("Band")).await.unwrap();
    let (noether, colleague) = app.teaching("noether").await;
    teacher.classes().add_user(&choir.id, &noether).await.unwrap();
    let mut students = vec![
        teacher.classes().create_test_student(&choir.id).await.unwrap().id,
        teacher.classes().create_test_student(&band.id).await.unwrap().id,
        colleague.classes().create_test_student(&choir.id).await.unwrap().id,
        app.head().await.classes().create_test_student(&choir.id).await.unwrap().id,
    ];
    assert_eq!(code(colleague.classes().create_test_student(&band.id).await), "NOT_FOUND");
    students.sort();
    assert_eq!(test_accounts(&app).await, students);
}

#[tokio::test]
async fn a_reset_removes_the_test_student_and_makes_a_new_one() {
    let app = TestApp::start().await;
    let (class, _, teacher) = app.class().await;
    let first = teacher.classes().create_test_student(&class.id).await.unwrap();
    let second = teacher.classes().reset_test_student(&class.id).await.unwrap();
    assert_ne!(first.id, second.id);
    assert_eq!(code(app.admin().users().get(&first.id).await), "NOT_FOUND");
    assert_eq!(members(&teacher, &class.id).await.0, std::slice::from_ref(&second.id));
    homeroom_server::jobs::run_due_erasures(&app.app).await.unwrap();
    assert_eq!(teacher.classes().create_test_student(&class.id).await.unwrap().id, second.id);
    assert_eq!(test_accounts(&app).await, [second.id]);
}

#[tokio::test]
async fn a_test_student_that_an_administrator_removed_is_made_anew() {
    let app = TestApp::start().await;
    let (class, _, teacher) = app.class().await;
    let first = teacher.classes().create_test_student(&class.id).await.unwrap();
    app.admin().users().remove(&first.id).await.unwrap();
    let second = teacher.classes().create_test_student(&class.id).await.unwrap();
    assert_ne!(first.id, second.id);
    homeroom_server::jobs::run_due_erasures(&app.app).await.unwrap();
    assert_eq!(teacher.classes().create_test_student(&class.id).await.unwrap().id, second.id);
}

#[tokio::test]
async fn test_students_go_with_their_teacher() {
    let app = TestApp::start().await;
    let (choir, emmy, teacher) = app.class().await;
    let band = teacher.classes().create(&class("Band")).await.unwrap();
    let in_choir = teacher.classes().create_test_student(&choir.id).await.unwrap().id;
    let in_band = teacher.classes().create_test_student(&band.id).await.unwrap().id;
    teacher.classes().remove_user(&choir.id, &emmy).await.unwrap();
    assert_eq!(code(app.admin().users().get(&in_choir).await), "NOT_FOUND");
    assert_eq!(test_accounts(&app).await, [in_band]);
    app.admin().users().update(&emmy, &to_role(Role::User)).await.unwrap();
    assert!(test_accounts(&app).await.is_empty());
    let removed = app.column("SELECT target FROM audit_events WHERE event = 'user.removed'").await;
    assert_eq!(removed.len(), 2);
}

#[tokio::test]
async fn some_of_a_teachers_test_students_are_removed_at_a_time() {
    let app = TestApp::start().await;
    let (emmy, teacher) = app.teaching("emmy").await;
    for name in ["Choir", "Band", "Duo"] {
        let class = teacher.classes().create(&class(name)).await.unwrap();
        teacher.classes().create_test_student(&class.id).await.unwrap();
    }
    for expected in [2, 1, 0] {
        let mut tx = app.app.db.write().await.unwrap();
        let organization = &app.school.organization;
        let removed =
            homeroom_server::classes::remove_some_test_students(&app.app, &mut tx, organization, &emmy, 2);
        assert_eq!(removed.await.unwrap(), expected);
        tx.commit().await.unwrap();
    }
    assert!(test_accounts(&app).await.is_empty());
}
