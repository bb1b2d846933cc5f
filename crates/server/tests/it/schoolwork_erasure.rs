//! What goes with a student, and what stays of a teacher.

use crate::erasure::remove;
use crate::support::schoolwork::{Course, attach, give_back, grade, link};
use crate::support::{TestApp, code};

/// A class in which Ada handed in, was graded and spoken to, and spoke to Bea's teacher.
async fn worked(app: &TestApp) -> (Course, homeroom_client::AssignmentId, homeroom_client::SubmissionId) {
    let course = app.course().await;
    let assignment = course.give_plain().await;
    let ada = course.work(&course.ada, &assignment);
    ada.put_own(&attach(vec![link("https://school.example/a")])).await.unwrap();
    let id = course.hand_in(&course.ada, &assignment).await.id;
    let teacher = course.work(&course.teacher, &assignment);
    course.grade(&assignment, &id, 12).await;
    teacher.update(&id, &give_back()).await.unwrap();
    teacher.comment(&id, "Well").await.unwrap();
    ada.comment(&id, "Thanks").await.unwrap();
    ada.comments(&id).await.unwrap();
    teacher.comments(&id).await.unwrap();
    course.hand_in(&course.bea, &assignment).await;
    (course, assignment, id)
}

#[tokio::test]
async fn a_students_submissions_go_with_all_that_hangs_on_them() {
    let app = TestApp::start().await;
    let (course, assignment, id) = worked(&app).await;
    remove(&app, &course.ada.id).await;
    assert_eq!(app.tables_that_hold(id.as_str()).await, ["audit_events.target"]);
    let left = course.work(&course.teacher, &assignment).list().await.unwrap();
    assert_eq!(left.iter().map(|one| &one.creator).collect::<Vec<_>>(), [&course.bea.id]);
}

#[tokio::test]
async fn comments_go_with_their_author_and_grades_stay_without_the_grader() {
    let app = TestApp::start().await;
    let (course, assignment, id) = worked(&app).await;
    let teacher = &course.teacher.id;
    remove(&app, teacher).await;
    let seen = course.work(&course.ada, &assignment).get(&id).await.unwrap();
    assert_eq!((seen.grade, seen.return_creator, seen.comments.total), (Some(12.into()), None, 1));
    let steps = course.work(&course.ada, &assignment).history(&id).await.unwrap();
    assert!(steps.iter().all(|step| !step.users.contains(teacher)));
    assert_eq!(course.seen_by(&course.ada).await[0].creator, None);
}

#[tokio::test]
async fn nothing_of_a_removed_student_is_shown_before_it_is_erased() {
    let app = TestApp::start().await;
    let (course, assignment, id) = worked(&app).await;
    app.admin().users().remove(&course.ada.id).await.unwrap();
    let work = course.work(&course.teacher, &assignment);
    let left = work.list().await.unwrap();
    assert_eq!(left.iter().map(|one| &one.creator).collect::<Vec<_>>(), [&course.bea.id]);
    let of_class = course.seen_by(&course.teacher).await.remove(0).submissions;
    assert_eq!(of_class.len(), 1);
    assert_eq!(code(work.get(&id).await), "NOT_FOUND");
    assert_eq!(code(work.update(&id, &grade(3)).await), "NOT_FOUND");
    assert_eq!(code(work.comment(&id, "Gone?").await), "NOT_FOUND");
    assert_eq!(code(work.history(&id).await), "NOT_FOUND");
    let csv = String::from_utf8(work.csv().await.unwrap()).unwrap();
    assert!(csv.contains("bea") && !csv.contains("ada"), "{csv}");
}

#[tokio::test]
async fn what_a_removed_teacher_said_is_not_shown_before_it_is_erased() {
    let app = TestApp::start().await;
    let (course, assignment, id) = worked(&app).await;
    app.admin().users().remove(&course.teacher.id).await.unwrap();
    let ada = course.work(&course.ada, &assignment);
    let said: Vec<_> = ada.comments(&id).await.unwrap().into_iter().map(|one| one.user).collect();
    assert_eq!(said, std::slice::from_ref(&course.ada.id));
    assert_eq!(ada.get(&id).await.unwrap().comments.total, 1);
}
