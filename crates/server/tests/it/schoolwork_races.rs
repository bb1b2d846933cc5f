//! What happens to a submission when several act on it at once.

use futures_util::future::{join, join_all};
use homeroom_client::SubmissionState;

use crate::support::schoolwork::{grade, submit};
use crate::support::{TestApp, code};

#[tokio::test]
async fn a_student_who_hands_in_twice_at_once_has_one_submission() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let assignment = course.give_plain().await;
    let submit = submit(true);
    let work = course.work(&course.ada, &assignment);
    let submitted = join_all((0..8).map(|_| async { work.put_own(&submit).await })).await;
    let first = submitted[0].as_ref().unwrap().id.clone();
    assert!(submitted.iter().all(|one| one.as_ref().unwrap().id == first));
    assert_eq!(course.work(&course.teacher, &assignment).list().await.unwrap().len(), 1);
    let steps = work.history(&first).await.unwrap();
    assert_eq!(steps.len(), 2, "{steps:?}");
}

#[tokio::test]
async fn a_grade_and_a_take_back_at_once_end_with_the_grade() {
    let app = TestApp::start().await;
    let course = app.course().await;
    for _ in 0..5 {
        let assignment = course.give_plain().await;
        let id = course.hand_in(&course.ada, &assignment).await.id;
        let (teacher, ada) =
            (course.work(&course.teacher, &assignment), course.work(&course.ada, &assignment));
        let (take_back, give) = (submit(false), grade(12));
        let (taken, graded) =
            join(async { ada.update(&id, &take_back).await }, async { teacher.update(&id, &give).await })
                .await;
        graded.unwrap();
        let after = teacher.get(&id).await.unwrap();
        assert_eq!((after.state, after.grade), (SubmissionState::Graded, Some(12.into())));
        match taken {
            Ok(_) => assert_eq!(after.submission_date, None),
            refused => assert_eq!(code(refused), "CONFLICT"),
        }
    }
}

#[tokio::test]
async fn a_reset_and_a_grade_at_once_are_one_after_the_other() {
    let app = TestApp::start().await;
    let course = app.course().await;
    for _ in 0..5 {
        let assignment = course.give_plain().await;
        let id = course.hand_in(&course.ada, &assignment).await.id;
        let teacher = course.work(&course.teacher, &assignment);
        let give = grade(12);
        let (reset, graded) =
            join(async { teacher.reset(&id).await }, async { teacher.update(&id, &give).await }).await;
        reset.unwrap();
        graded.unwrap();
        let after = teacher.get(&id).await.unwrap();
        let last = teacher.history(&id).await.unwrap().pop().unwrap();
        assert_eq!(last.grade, after.grade);
        assert_eq!(after.state == SubmissionState::Graded, after.grade.is_some());
        assert_eq!(after.submission_date, None);
    }
}

#[tokio::test]
async fn nothing_is_handed_in_once_the_assignment_is_archived() {
    let app = TestApp::start().await;
    let course = app.course().await;
    for _ in 0..5 {
        let assignment = course.give_plain().await;
        let (work, submit) = (course.work(&course.ada, &assignment), submit(true));
        let assignments = course.teacher.client.assignments();
        let (submitted, archived) = join(async { work.put_own(&submit).await }, async {
            assignments.archive(&course.class, &assignment).await
        })
        .await;
        let shown = archived.unwrap().submissions.len();
        let stored = course.work(&course.teacher, &assignment).list().await.unwrap().len();
        assert_eq!(shown, stored);
        match submitted {
            Ok(_) => assert_eq!(stored, 1),
            refused => assert_eq!((code(refused).as_str(), stored), ("CONFLICT", 0)),
        }
    }
}
