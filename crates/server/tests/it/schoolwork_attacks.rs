//! What students, and teachers of other classes, try on assignments and submissions.

use homeroom_api::ScoreId;
use homeroom_client::{
    AssignmentCopy, ClassAssignmentUpdate, ClassAttachmentCreation, Client, Role, Scope, SharingMode,
};
use reqwest::StatusCode;

use crate::library::with_user;
use crate::support::schoolwork::{Course, Person, attach, flat, give_back, grade, submit};
use crate::support::{DAY, NOW, TestApp, code, refusal};

/// Whether somebody may read a score.
async fn reads(app: &TestApp, person: &Person, score: &ScoreId) -> bool {
    let token = app.token(&person.id, &[Scope::Scores]).await;
    let request = app.http().get(format!("{}/v2/scores/{score}", app.url)).bearer_auth(token);
    match request.send().await.unwrap().status() {
        StatusCode::OK => true,
        StatusCode::NOT_FOUND => false,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn anothers_submission_is_not_found_whatever_is_asked_of_it() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let assignment = course.give_plain().await;
    let id = course.hand_in(&course.ada, &assignment).await.id;
    let comment = course.work(&course.ada, &assignment).comment(&id, "Hm").await.unwrap().id;
    course.grade(&assignment, &id, 15).await;
    let stranger = app.person("sam", Role::Teacher).await;
    for person in [&course.bea, &stranger] {
        let work = course.work(person, &assignment);
        assert_eq!(code(work.get(&id).await), "NOT_FOUND");
        assert_eq!(code(work.update(&id, &submit(false)).await), "NOT_FOUND");
        assert_eq!(code(work.update(&id, &grade(1)).await), "NOT_FOUND");
        assert_eq!(code(work.reset(&id).await), "NOT_FOUND");
        assert_eq!(code(work.history(&id).await), "NOT_FOUND");
        assert_eq!(code(work.comments(&id).await), "NOT_FOUND");
        assert_eq!(code(work.comment(&id, "I was here").await), "NOT_FOUND");
        assert_eq!(code(work.update_comment(&id, &comment, "x").await), "NOT_FOUND");
        assert_eq!(code(work.remove_comment(&id, &comment).await), "NOT_FOUND");
        let of_ada = person.client.student_submissions(&course.class, &course.ada.id).await;
        assert_eq!(code(of_ada), "NOT_FOUND");
    }
    assert_eq!(course.work(&course.bea, &assignment).list().await.unwrap(), []);
    assert_eq!(course.seen_by(&course.bea).await[0].submissions, []);
}

#[tokio::test]
async fn a_submission_is_not_reached_through_another_class_or_assignment() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let (assignment, other) = (course.give_plain().await, course.give_plain().await);
    let id = course.hand_in(&course.ada, &assignment).await.id;
    let stranger = app.person("sam", Role::Teacher).await;
    let theirs = app.class_of(&stranger).await;
    let new = ClassAssignmentUpdate { title: Some("x".to_owned()), ..Default::default() };
    let own = stranger.client.assignments().create(&theirs, &new).await.unwrap().id;
    for (class, at) in [(&theirs, &own), (&theirs, &assignment), (&course.class, &assignment)] {
        assert_eq!(code(stranger.client.submissions(class, at).get(&id).await), "NOT_FOUND");
        assert_eq!(code(stranger.client.submissions(class, at).update(&id, &grade(0)).await), "NOT_FOUND");
        assert_eq!(code(stranger.client.submissions(class, at).comments(&id).await), "NOT_FOUND");
    }
    assert_eq!(code(course.work(&course.ada, &other).get(&id).await), "NOT_FOUND");
    assert_eq!(code(course.work(&course.teacher, &other).update(&id, &grade(0)).await), "NOT_FOUND");
}

#[tokio::test]
async fn what_is_not_given_to_a_student_is_not_begun_by_them() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let beas = ClassAssignmentUpdate { assigned_students: vec![course.bea.id.clone()], ..Default::default() };
    let later = ClassAssignmentUpdate { scheduled_date: Some(NOW + DAY), ..Default::default() };
    let draft = ClassAssignmentUpdate {
        state: Some(homeroom_client::NewAssignmentState::Draft),
        ..Default::default()
    };
    for new in [beas, later, draft] {
        let assignment = course.give(new).await.id;
        let work = course.work(&course.ada, &assignment);
        assert_eq!(code(work.put_own(&submit(true)).await), "NOT_FOUND");
        assert_eq!(code(work.list().await), "NOT_FOUND");
    }
}

#[tokio::test]
async fn a_token_that_may_only_read_writes_nothing() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let assignment = course.give_plain().await;
    let id = course.hand_in(&course.ada, &assignment).await.id;
    let readonly = [Scope::EduClassesReadonly, Scope::EduAssignmentsReadonly];
    let client: Client = app.client(&app.token(&course.teacher.id, &readonly).await);
    let new = ClassAssignmentUpdate { title: Some("x".to_owned()), ..Default::default() };
    assert_eq!(code(client.assignments().create(&course.class, &new).await), "INSUFFICIENT_SCOPE");
    assert_eq!(code(client.assignments().archive(&course.class, &assignment).await), "INSUFFICIENT_SCOPE");
    let work = client.submissions(&course.class, &assignment);
    assert_eq!(code(work.update(&id, &grade(1)).await), "INSUFFICIENT_SCOPE");
    assert_eq!(code(work.reset(&id).await), "INSUFFICIENT_SCOPE");
    assert_eq!(code(work.comment(&id, "x").await), "INSUFFICIENT_SCOPE");
    assert_eq!(work.get(&id).await.unwrap().id, id);
}

#[tokio::test]
async fn a_score_is_read_by_the_class_while_its_assignment_is_theirs() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let (shown, key) = (app.score(&course.teacher.id, "E").await, app.score(&course.teacher.id, "K").await);
    let hidden = ClassAttachmentCreation { teacher_only: true, ..flat(&key, SharingMode::Read) };
    let new = ClassAssignmentUpdate {
        attachments: vec![flat(&shown, SharingMode::Read), hidden],
        assigned_students: vec![course.ada.id.clone()],
        scheduled_date: Some(NOW + DAY),
        ..Default::default()
    };
    let assignment = course.give(new).await.id;
    assert!(!reads(&app, &course.ada, &shown).await);
    app.app.clock.advance(2 * DAY);
    assert!(reads(&app, &course.ada, &shown).await);
    assert!(!reads(&app, &course.ada, &key).await);
    assert!(!reads(&app, &course.bea, &shown).await);
    let stranger = app.person("sam", Role::Teacher).await;
    assert!(!reads(&app, &stranger, &shown).await);
    course.teacher.client.assignments().archive(&course.class, &assignment).await.unwrap();
    assert!(!reads(&app, &course.ada, &shown).await);
}

#[tokio::test]
async fn a_score_is_read_by_teachers_once_it_is_handed_in() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let assignment = course.give_plain().await;
    let score = app.score(&course.ada.id, "Ada's").await;
    let ada = course.work(&course.ada, &assignment);
    let id = ada.put_own(&attach(vec![flat(&score, SharingMode::Read)])).await.unwrap().id;
    assert!(!reads(&app, &course.teacher, &score).await);
    course.work(&course.teacher, &assignment).update(&id, &give_back()).await.unwrap();
    assert!(!reads(&app, &course.teacher, &score).await);
    ada.put_own(&submit(true)).await.unwrap();
    assert!(reads(&app, &course.teacher, &score).await);
    let stranger = app.person("sam", Role::Teacher).await;
    for person in [&course.bea, &stranger] {
        assert!(!reads(&app, person, &score).await);
        assert_eq!(code(person.client.score_submissions(&score).await), "NOT_FOUND");
    }
    let of_score = course.teacher.client.score_submissions(&score).await.unwrap();
    assert_eq!(of_score.len(), 1);
    ada.put_own(&submit(false)).await.unwrap();
    assert!(!reads(&app, &course.teacher, &score).await);
}

#[tokio::test]
async fn who_may_read_a_score_of_an_assignment_sees_no_submission_of_others_by_it() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let score = app.score(&course.teacher.id, "Shared").await;
    let new =
        ClassAssignmentUpdate { attachments: vec![flat(&score, SharingMode::Write)], ..Default::default() };
    let assignment = course.give(new).await.id;
    let shared = attach(vec![flat(&score, SharingMode::Read)]);
    course.work(&course.ada, &assignment).put_own(&shared).await.unwrap();
    assert_eq!(course.ada.client.score_submissions(&score).await.unwrap().len(), 1);
    assert_eq!(course.bea.client.score_submissions(&score).await.unwrap(), []);
}

#[tokio::test]
async fn a_teacher_gives_a_class_no_more_of_a_colleagues_score_than_the_teacher_has() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let colleague = app.person("colleague", Role::Teacher).await;
    let score = app.score(&colleague.id, "Mine").await;
    let sharing = with_user(&course.teacher.id);
    colleague.client.collaborators(&score).add(&sharing).await.unwrap();
    let new = |mode| ClassAssignmentUpdate {
        title: Some("Theirs".to_owned()),
        attachments: vec![flat(&score, mode)],
        ..Default::default()
    };
    let refused = course.teacher.client.assignments().create(&course.class, &new(SharingMode::Write)).await;
    assert_eq!(refusal(refused), ("INVALID_PARAMETER".into(), Some("attachments".into())));
    course.give(new(SharingMode::Read)).await;
    assert_eq!(app.column("SELECT id FROM assignments").await.len(), 1);
}

#[tokio::test]
async fn what_a_class_gives_its_teachers_to_write_goes_to_no_other_class() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let score = app.score(&course.teacher.id, "Ours").await;
    let new =
        ClassAssignmentUpdate { attachments: vec![flat(&score, SharingMode::Write)], ..Default::default() };
    let assignment = course.give(new.clone()).await.id;
    let colleague = app.person("colleague", Role::Teacher).await;
    course.teacher.client.classes().add_user(&course.class, &colleague.id).await.unwrap();
    let own = app.class_of(&colleague).await;
    let assignments = colleague.client.assignments();
    let titled = ClassAssignmentUpdate { title: Some("Mine".to_owned()), ..new };
    let refused = ("INVALID_PARAMETER".to_owned(), Some("attachments".to_owned()));
    assert_eq!(refusal(assignments.create(&own, &titled).await), refused);
    let copy = AssignmentCopy { classroom: Some(own.clone()), ..Default::default() };
    assert_eq!(refusal(assignments.copy(&course.class, &assignment, &copy).await), refused);
    assert!(reads(&app, &colleague, &score).await);
    assert_eq!(assignments.list(&own).await.unwrap(), []);
}

#[tokio::test]
async fn wrong_input_is_told_and_writes_nothing() {
    let app = TestApp::start().await;
    let course: Course = app.course().await;
    let assignment = course.give_plain().await;
    let token = app.token(&course.ada.id, &[Scope::EduAssignments]).await;
    let path = format!("{}/v2/classes/{}/assignments/{assignment}/submissions", app.url, course.class);
    for (body, param) in [
        (r#"{"attachments":[{"url":"file:///etc/passwd"}]}"#, "attachments"),
        (r#"{"attachments":null}"#, "attachments"),
        (r#"{"submit":"yes"}"#, "submit"),
        (r#"{"exercisesIds":["\u0000"]}"#, "exercisesIds"),
        (r#"{"exercisesIds":[""]}"#, "exercisesIds"),
        (r#"{"playback":[{"score":"a\u0000","nbPlayAttempt":1}]}"#, "playback"),
        (r#"{"playback":[{"score":"a"}]}"#, "playback"),
    ] {
        let request = app.http().put(&path).bearer_auth(&token).header("content-type", "application/json");
        let answer = request.body(body).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{body}");
        let told: serde_json::Value = answer.json().await.unwrap();
        assert_eq!(told["param"], param, "{body}");
    }
    assert_eq!(course.work(&course.teacher, &assignment).list().await.unwrap(), []);
}
