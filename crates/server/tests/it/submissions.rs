//! What students hand in, and what becomes of it.

use homeroom_client::{
    AssignmentSubmissionUpdate, ClassAssignmentUpdate, ReleaseGrades, SharingMode, SubmissionHistoryState,
    SubmissionState, Update,
};

use crate::support::schoolwork::{attach, draft_grade, flat, give_back, grade, link, submit};
use crate::support::{DAY, NOW, TestApp, code, refusal};

#[tokio::test]
async fn a_student_begins_hands_in_and_takes_back() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let assignment = course.give_plain().await;
    let work = course.work(&course.ada, &assignment);
    let begun = work.put_own(&attach(vec![link("https://school.example/a")])).await.unwrap();
    assert_eq!((begun.state, begun.submission_date), (SubmissionState::Created, None));
    assert_eq!((&begun.creator, &begun.assignment), (&course.ada.id, &assignment));
    assert_eq!(begun.max_points, Some(20.into()));
    let handed_in = work.put_own(&submit(true)).await.unwrap();
    assert_eq!((&handed_in.id, handed_in.state), (&begun.id, SubmissionState::TurnedIn));
    assert!(handed_in.submission_date.is_some());
    assert_eq!(handed_in.attachments, begun.attachments);
    assert_eq!(code(work.update(&begun.id, &attach(vec![])).await), "CONFLICT");
    let back = work.update(&begun.id, &submit(false)).await.unwrap();
    assert_eq!((back.state, back.submission_date), (SubmissionState::Created, None));
    assert_eq!(work.list().await.unwrap(), [back]);
}

#[tokio::test]
async fn what_is_late_is_taken_and_shows_when_it_came() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let assignment =
        course.give(ClassAssignmentUpdate { due_date: Some(NOW + DAY), ..Default::default() }).await.id;
    app.app.clock.advance(2 * DAY);
    let late = course.hand_in(&course.ada, &assignment).await;
    assert!(late.submission_date.unwrap() > NOW + DAY);
}

#[tokio::test]
async fn a_grade_is_seen_once_it_is_returned() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let assignment = course.give_plain().await;
    let id = course.hand_in(&course.ada, &assignment).await.id;
    let (teacher, ada) = (course.work(&course.teacher, &assignment), course.work(&course.ada, &assignment));
    let noted = teacher.update(&id, &draft_grade(15)).await.unwrap();
    assert_eq!((noted.draft_grade, noted.state), (Some(15.into()), SubmissionState::TurnedIn));
    assert_eq!(ada.get(&id).await.unwrap().draft_grade, None);
    let graded = teacher.update(&id, &grade(17)).await.unwrap();
    assert_eq!((graded.grade, graded.draft_grade), (Some(17.into()), None));
    assert_eq!(ada.get(&id).await.unwrap().grade, None);
    assert_eq!(code(ada.update(&id, &submit(false)).await), "CONFLICT");
    let returned = teacher.update(&id, &give_back()).await.unwrap();
    assert_eq!(returned.return_creator.as_ref(), Some(&course.teacher.id));
    let seen = ada.get(&id).await.unwrap();
    assert_eq!((seen.state, seen.grade), (SubmissionState::Returned, Some(17.into())));
    assert_eq!(ada.list().await.unwrap()[0].grade, Some(17.into()));
}

#[tokio::test]
async fn a_grade_that_is_released_by_itself_is_seen_at_once() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let new = ClassAssignmentUpdate { release_grades: Some(ReleaseGrades::Auto), ..Default::default() };
    let assignment = course.give(new).await.id;
    let id = course.hand_in(&course.ada, &assignment).await.id;
    let precise =
        AssignmentSubmissionUpdate { grade: Update::Set("17.25".parse().unwrap()), ..draft_grade(9) };
    course.work(&course.teacher, &assignment).update(&id, &precise).await.unwrap();
    let seen = course.work(&course.ada, &assignment).get(&id).await.unwrap();
    assert_eq!(seen.grade.unwrap().to_string(), "17.25");
    assert_eq!(seen.draft_grade, None);
}

#[tokio::test]
async fn a_draft_becomes_the_grade_when_it_is_returned_and_a_grade_may_be_a_bonus() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let assignment = course.give_plain().await;
    let id = course.hand_in(&course.ada, &assignment).await.id;
    let teacher = course.work(&course.teacher, &assignment);
    teacher.update(&id, &draft_grade(25)).await.unwrap();
    let returned = teacher.update(&id, &give_back()).await.unwrap();
    assert_eq!((returned.grade, returned.draft_grade), (Some(25.into()), None));
    let cleared = AssignmentSubmissionUpdate { grade: Update::Clear, ..Default::default() };
    assert_eq!(teacher.update(&id, &cleared).await.unwrap().grade, None);
    let refused = refusal(teacher.update(&id, &grade(10_001)).await);
    assert_eq!(refused, ("INVALID_PARAMETER".to_owned(), Some("grade".to_owned())));
}

#[tokio::test]
async fn what_was_returned_can_be_handed_in_again() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let assignment = course.give_plain().await;
    let id = course.hand_in(&course.ada, &assignment).await.id;
    course.work(&course.teacher, &assignment).update(&id, &give_back()).await.unwrap();
    let ada = course.work(&course.ada, &assignment);
    ada.put_own(&attach(vec![link("https://school.example/b")])).await.unwrap();
    let again = ada.put_own(&submit(true)).await.unwrap();
    assert_eq!((again.state, again.attachments.len()), (SubmissionState::TurnedIn, 1));
    assert_eq!(ada.put_own(&submit(false)).await.unwrap().state, SubmissionState::Returned);
}

#[tokio::test]
async fn each_does_what_is_theirs() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let assignment = course.give_plain().await;
    let id = course.hand_in(&course.ada, &assignment).await.id;
    let (teacher, ada) = (course.work(&course.teacher, &assignment), course.work(&course.ada, &assignment));
    for (update, param) in [(grade(20), "grade"), (draft_grade(20), "draftGrade"), (give_back(), "return")] {
        for refused in [ada.update(&id, &update).await, ada.put_own(&update).await] {
            assert_eq!(refusal(refused), ("FORBIDDEN".to_owned(), Some(param.to_owned())));
        }
    }
    for (update, param) in [(submit(false), "submit"), (attach(vec![]), "attachments")] {
        let refused = refusal(teacher.update(&id, &update).await);
        assert_eq!(refused, ("FORBIDDEN".to_owned(), Some(param.to_owned())));
    }
    assert_eq!(code(teacher.put_own(&submit(true)).await), "FORBIDDEN");
    assert_eq!(code(ada.reset(&id).await), "FORBIDDEN");
    assert_eq!(teacher.list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_reset_takes_off_what_was_handed_in_and_its_grade() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let assignment = course.give_plain().await;
    let ada = course.work(&course.ada, &assignment);
    let work = AssignmentSubmissionUpdate {
        exercises_ids: Update::Set(vec!["e1".to_owned()]),
        ..attach(vec![link("https://school.example/a")])
    };
    assert_eq!(ada.put_own(&work).await.unwrap().exercises_ids, Some(vec!["e1".to_owned()]));
    let id = course.hand_in(&course.ada, &assignment).await.id;
    course.grade(&assignment, &id, 12).await;
    let reset = course.work(&course.teacher, &assignment).reset(&id).await.unwrap();
    assert_eq!((&reset.id, reset.state, &reset.grade), (&id, SubmissionState::Created, &None));
    assert_eq!((reset.attachments.len(), reset.submission_date, reset.exercises_ids), (0, None, None));
    let again = course.hand_in(&course.ada, &assignment).await;
    assert_eq!((again.id, again.state), (id, SubmissionState::TurnedIn));
}

#[tokio::test]
async fn the_history_tells_each_step_and_students_see_no_draft_in_it() {
    use SubmissionHistoryState::{Created, Graded, Reset, Returned, TurnedIn};
    let app = TestApp::start().await;
    let course = app.course().await;
    let assignment = course.give_plain().await;
    let id = course.hand_in(&course.ada, &assignment).await.id;
    let teacher = course.work(&course.teacher, &assignment);
    for update in [draft_grade(9), grade(15), give_back()] {
        teacher.update(&id, &update).await.unwrap();
    }
    teacher.reset(&id).await.unwrap();
    let states = |steps: &[homeroom_client::AssignmentSubmissionHistory]| {
        steps.iter().map(|step| step.state).collect::<Vec<_>>()
    };
    let told = teacher.history(&id).await.unwrap();
    assert_eq!(states(&told), [Created, TurnedIn, TurnedIn, Graded, Returned, Reset]);
    assert_eq!((&told[2].draft_grade, &told[3].grade), (&Some(9.into()), &Some(15.into())));
    assert_eq!(
        (&told[0].users, &told[3].users),
        (&vec![course.ada.id.clone()], &vec![course.teacher.id.clone()])
    );
    assert_eq!(told[1].max_points, Some(20.into()));
    let seen = course.work(&course.ada, &assignment).history(&id).await.unwrap();
    assert_eq!(states(&seen), [Created, TurnedIn, Graded, Returned, Reset]);
    assert!(seen.iter().all(|step| step.draft_grade.is_none()));
    assert_eq!((&seen[2].grade, &seen[3].grade), (&None, &Some(15.into())));
}

#[tokio::test]
async fn what_a_student_hands_in_in_a_class_is_listed() {
    let app = TestApp::start().await;
    let course = app.course().await;
    for _ in 0..2 {
        let assignment = course.give_plain().await;
        course.hand_in(&course.ada, &assignment).await;
        course.hand_in(&course.bea, &assignment).await;
    }
    for person in [&course.teacher, &course.ada] {
        let listed = person.client.student_submissions(&course.class, &course.ada.id).await.unwrap();
        assert_eq!(listed.len(), 2);
        assert!(listed.iter().all(|one| one.creator == course.ada.id));
    }
}

#[tokio::test]
async fn one_hands_in_scores_of_ones_own() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let assignment = course.give_plain().await;
    let (own, beas) = (app.score(&course.ada.id, "Ada's").await, app.score(&course.bea.id, "Bea's").await);
    let ada = course.work(&course.ada, &assignment);
    let refused = refusal(ada.put_own(&attach(vec![flat(&beas, SharingMode::Read)])).await);
    assert_eq!(refused, ("INVALID_PARAMETER".to_owned(), Some("attachments".to_owned())));
    assert_eq!(ada.list().await.unwrap(), []);
    let with_own = ada.put_own(&attach(vec![flat(&own, SharingMode::Read)])).await.unwrap();
    assert_eq!(with_own.attachments[0].title.as_deref(), Some("Ada's"));
    let of_score = course.ada.client.score_submissions(&own).await.unwrap();
    assert_eq!(of_score.iter().map(|one| &one.id).collect::<Vec<_>>(), [&with_own.id]);
}

#[tokio::test]
async fn grades_and_resets_are_in_the_audit_log() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let assignment = course.give_plain().await;
    let id = course.hand_in(&course.ada, &assignment).await.id;
    let teacher = course.work(&course.teacher, &assignment);
    for update in [draft_grade(9), grade(15), give_back()] {
        teacher.update(&id, &update).await.unwrap();
    }
    teacher.reset(&id).await.unwrap();
    let events =
        app.column("SELECT event FROM audit_events WHERE event LIKE 'submission%' ORDER BY id").await;
    assert_eq!(events, ["submission.graded", "submission.returned", "submission.deleted"]);
    let about = app.column("SELECT DISTINCT about FROM audit_events WHERE event LIKE 'submission%'").await;
    assert_eq!(about, [course.ada.id.to_string()]);
}
