//! What classes are asked to do: who writes it, and what each sees of it.

use homeroom_client::{
    AssigneeMode, AssignmentCopy, AssignmentState, ClassAssignmentUpdate, NewAssignmentState, Role,
    SharingMode,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::schoolwork::{copy_to, flat, grade, link, submit};
use crate::support::{DAY, NOW, TestApp, code, refusal};

fn titled(title: &str) -> ClassAssignmentUpdate {
    ClassAssignmentUpdate { title: Some(title.to_owned()), ..Default::default() }
}

#[tokio::test]
async fn an_assignment_is_shown_as_it_was_given() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let new = ClassAssignmentUpdate {
        max_points: Some("12.5".parse().unwrap()),
        due_date: Some(NOW + DAY),
        toolset: Some("t1".to_owned()),
        allow_metronome: Some(false),
        teacher_instructions: Some("Listen for the rests.".to_owned()),
        attachments: vec![link("https://school.example/a")],
        ..titled("Étude 3")
    };
    let given = course.give(new).await;
    assert_eq!(given.title, "Étude 3");
    assert_eq!(given.state, AssignmentState::Active);
    assert_eq!(given.creator.as_ref(), Some(&course.teacher.id));
    assert_eq!(given.max_points.as_ref().unwrap().to_string(), "12.5");
    assert_eq!((given.due_date, given.scheduled_date), (Some(NOW + DAY), None));
    assert_eq!((given.options.toolset.as_deref(), given.options.allow_metronome), (Some("t1"), Some(false)));
    assert_eq!(given.attachments[0].url.as_deref(), Some("https://school.example/a"));
    assert!(given.capabilities.can_edit && given.capabilities.can_archive);
    assert_eq!(course.seen_by(&course.teacher).await, [given]);
}

#[tokio::test]
async fn students_see_what_is_active_begun_and_theirs() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let draft = ClassAssignmentUpdate { state: Some(NewAssignmentState::Draft), ..titled("draft") };
    let later = ClassAssignmentUpdate { scheduled_date: Some(NOW + DAY), ..titled("later") };
    let beas = ClassAssignmentUpdate { assigned_students: vec![course.bea.id.clone()], ..titled("bea's") };
    for new in [draft, later, beas, titled("everyone's")] {
        course.give(new).await;
    }
    let titles = |seen: Vec<homeroom_client::ClassAssignment>| {
        seen.into_iter().map(|one| one.title).collect::<Vec<_>>()
    };
    assert_eq!(titles(course.seen_by(&course.ada).await), ["everyone's"]);
    assert_eq!(titles(course.seen_by(&course.bea).await), ["bea's", "everyone's"]);
    assert_eq!(course.seen_by(&course.teacher).await.len(), 4);
    app.app.clock.advance(2 * DAY);
    assert_eq!(titles(course.seen_by(&course.ada).await), ["later", "everyone's"]);
}

#[tokio::test]
async fn students_see_nothing_that_is_for_teachers() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let hidden =
        homeroom_client::ClassAttachmentCreation { teacher_only: true, ..link("https://school.example/key") };
    let new = ClassAssignmentUpdate {
        teacher_instructions_html: Some("<p>The answer is <b>B</b></p>".to_owned()),
        attachments: vec![link("https://school.example/a"), hidden],
        assigned_students: vec![course.ada.id.clone(), course.bea.id.clone()],
        ..titled("Étude")
    };
    let assignment = course.give(new).await;
    assert_eq!(assignment.teacher_instructions.as_deref(), Some("The answer is B"));
    course.hand_in(&course.bea, &assignment.id).await;
    let seen = &course.seen_by(&course.ada).await[0];
    assert_eq!((&seen.teacher_instructions, &seen.teacher_instructions_html), (&None, &None));
    assert_eq!((seen.attachments.len(), &seen.assigned_students), (1, &None));
    assert_eq!(seen.submissions, []);
    assert!(!seen.capabilities.can_edit && !seen.capabilities.can_archive);
    assert_eq!(course.seen_by(&course.bea).await[0].submissions.len(), 1);
    assert_eq!(course.seen_by(&course.teacher).await[0].submissions.len(), 1);
}

#[tokio::test]
async fn html_is_kept_without_what_could_harm() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let html = "<p>Play <b>softly</b></p><script>alert(1)</script><img src=x onerror=alert(1)>";
    let given =
        course.give(ClassAssignmentUpdate { description_html: Some(html.to_owned()), ..titled("x") }).await;
    assert_eq!(given.description.as_deref(), Some("Play softly"));
    let kept = given.description_html.unwrap();
    assert!(kept.starts_with("<p>Play <b>softly</b></p>"), "{kept}");
    assert!(!kept.contains("script") && !kept.contains("onerror"), "{kept}");
}

#[tokio::test]
async fn only_teachers_of_the_class_and_administrators_write() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let stranger = app.person("sam", Role::Teacher).await;
    let assignment = course.give_plain().await;
    for (person, expected) in [(&course.ada, "FORBIDDEN"), (&stranger, "NOT_FOUND")] {
        let assignments = person.client.assignments();
        assert_eq!(code(assignments.create(&course.class, &titled("x")).await), expected);
        assert_eq!(code(assignments.archive(&course.class, &assignment).await), expected);
        assert_eq!(code(assignments.unarchive(&course.class, &assignment).await), expected);
        assert_eq!(
            code(assignments.copy(&course.class, &assignment, &copy_to(&course.class)).await),
            expected
        );
    }
    let head = app.person("ada.head", Role::AccountAdmin).await;
    head.client.assignments().create(&course.class, &titled("by the head")).await.unwrap();
    assert_eq!(course.seen_by(&course.teacher).await.len(), 2);
}

#[tokio::test]
async fn what_is_archived_is_gone_from_students_lists_and_not_changed() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let assignment = course.give_plain().await;
    let submission = course.hand_in(&course.ada, &assignment).await;
    let assignments = course.teacher.client.assignments();
    let archived = assignments.archive(&course.class, &assignment).await.unwrap();
    assert_eq!((archived.state, archived.capabilities.can_unarchive), (AssignmentState::Archived, true));
    assert_eq!(course.seen_by(&course.ada).await, []);
    let works = course.work(&course.teacher, &assignment);
    assert_eq!(code(works.update(&submission.id, &grade(5)).await), "CONFLICT");
    assert_eq!(code(works.reset(&submission.id).await), "CONFLICT");
    assert_eq!(code(works.comment(&submission.id, "Well").await), "CONFLICT");
    assert_eq!(code(course.work(&course.ada, &assignment).put_own(&submit(false)).await), "CONFLICT");
    assert_eq!(course.work(&course.ada, &assignment).get(&submission.id).await.unwrap().id, submission.id);
    let again = assignments.unarchive(&course.class, &assignment).await.unwrap();
    assert_eq!(again.state, AssignmentState::Active);
    works.update(&submission.id, &grade(5)).await.unwrap();
}

#[tokio::test]
async fn a_copy_is_for_everyone_of_the_other_class_and_has_no_submissions() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let other = app.class_of(&course.teacher).await;
    let new = ClassAssignmentUpdate {
        assigned_students: vec![course.ada.id.clone()],
        attachments: vec![link("https://school.example/a")],
        due_date: Some(NOW + DAY),
        ..titled("Étude")
    };
    let original = course.give(new).await;
    course.hand_in(&course.ada, &original.id).await;
    let assignments = course.teacher.client.assignments();
    let copy = assignments.copy(&course.class, &original.id, &copy_to(&other)).await.unwrap();
    assert_ne!(copy.id, original.id);
    assert_eq!(copy.classroom.as_ref(), Some(&other));
    assert_eq!((copy.title.as_str(), copy.assignee_mode), ("Étude", Some(AssigneeMode::Everyone)));
    assert_eq!((copy.attachments, copy.due_date), (original.attachments, Some(NOW + DAY)));
    assert_eq!(copy.submissions, []);
    app.app.clock.advance(2 * DAY);
    let late = assignments.copy(&course.class, &original.id, &copy_to(&other)).await.unwrap();
    assert_eq!(late.due_date, None);
}

#[tokio::test]
async fn a_copy_can_take_the_place_of_a_draft() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let draft = ClassAssignmentUpdate { state: Some(NewAssignmentState::Draft), ..titled("draft") };
    let (draft, original) = (course.give(draft).await, course.give(titled("Étude")).await);
    let assignments = course.teacher.client.assignments();
    let into = AssignmentCopy { assignment: Some(draft.id.clone()), ..copy_to(&course.class) };
    let filled = assignments.copy(&course.class, &original.id, &into).await.unwrap();
    assert_eq!((filled.id, filled.title.as_str()), (draft.id, "Étude"));
    assert_eq!(filled.state, AssignmentState::Active);
    let refused = refusal(assignments.copy(&course.class, &original.id, &into).await);
    assert_eq!(refused, ("INVALID_PARAMETER".to_owned(), Some("assignment".to_owned())));
}

#[tokio::test]
async fn a_copy_goes_to_a_class_of_ones_own_alone() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let assignment = course.give_plain().await;
    let stranger = app.person("sam", Role::Teacher).await;
    let theirs = app.class_of(&stranger).await;
    let assignments = course.teacher.client.assignments();
    let library = AssignmentCopy { library_parent: Some("root".to_owned()), ..Default::default() };
    for (copy, expected) in [
        (copy_to(&theirs), ("INVALID_PARAMETER", Some("classroom"))),
        (AssignmentCopy::default(), ("INVALID_PARAMETER", Some("classroom"))),
        (library, ("NOT_IMPLEMENTED", None)),
    ] {
        let (code, param) = refusal(assignments.copy(&course.class, &assignment, &copy).await);
        assert_eq!((code.as_str(), param.as_deref()), expected);
    }
    assert_eq!(stranger.client.assignments().list(&theirs).await.unwrap(), []);
}

#[tokio::test]
async fn a_score_that_the_teacher_may_not_read_is_not_attached() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let stranger = app.person("sam", Role::Teacher).await;
    let theirs = app.score(&stranger.id, "Secret").await;
    let own = app.score(&course.teacher.id, "Étude").await;
    let assignments = course.teacher.client.assignments();
    let new = ClassAssignmentUpdate { attachments: vec![flat(&theirs, SharingMode::Read)], ..titled("x") };
    let refused = refusal(assignments.create(&course.class, &new).await);
    assert_eq!(refused, ("INVALID_PARAMETER".to_owned(), Some("attachments".to_owned())));
    let new = ClassAssignmentUpdate { attachments: vec![flat(&own, SharingMode::Read)], ..titled("x") };
    let given = course.give(new).await;
    assert_eq!(given.attachments[0].title.as_deref(), Some("Étude"));
    assert_eq!(course.seen_by(&course.teacher).await.len(), 1);
}

/// Status, code and parameter of what creating an assignment answers.
async fn refused(app: &TestApp, class: &str, body: Value) -> (u16, String, Option<String>) {
    let request = app.request(Method::POST, &format!("/v2/classes/{class}/assignments"));
    let answer = request.json(&body).send().await.unwrap();
    let status = answer.status().as_u16();
    let told: Value = answer.json().await.unwrap();
    let text = |field: &str| told[field].as_str().map(str::to_owned);
    (status, text("code").unwrap_or_default(), text("param"))
}

#[tokio::test]
async fn a_wrong_field_names_itself_and_writes_nothing() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let many = vec![json!({ "url": "https://a.example" }); 51];
    for (field, value) in [
        ("title", json!("")),
        ("title", json!("x".repeat(1001))),
        ("title", json!("a\u{0}b")),
        ("type", json!("essay")),
        ("state", json!("archived")),
        ("description", json!("\u{0}")),
        ("descriptionHtml", json!("x".repeat(100_001))),
        ("maxPoints", json!(-1)),
        ("maxPoints", json!(10_000.5)),
        ("maxPoints", json!("20")),
        ("dueDate", json!("tomorrow")),
        ("assignedStudents", json!([course.teacher.id.as_str()])),
        ("assignedStudents", json!(["\u{0}"])),
        ("assigneeMode", json!("some")),
        ("cover", json!("\u{0}")),
        ("nbPlaybackAuthorized", json!(-1)),
        ("attachments", json!(many)),
        ("attachments", json!([{ "url": "javascript:alert(1)" }])),
        ("attachments", json!([{ "type": "link" }])),
        ("attachments", json!([{ "type": "flat" }])),
        ("attachments", json!([{ "score": "x" }])),
        ("attachments", json!([{ "type": "film" }])),
    ] {
        let mut body = json!({ "title": "Étude" });
        body[field] = value.clone();
        let expected = (400, "INVALID_PARAMETER".to_owned(), Some(field.to_owned()));
        assert_eq!(refused(&app, course.class.as_str(), body).await, expected, "{field}: {value:.80}");
    }
    let (status, _, param) = refused(&app, course.class.as_str(), json!({})).await;
    assert_eq!((status, param.as_deref()), (400, Some("title")));
    assert_eq!(course.seen_by(&course.teacher).await, []);
}

#[tokio::test]
async fn what_there_is_not_here_is_said_to_be_not_implemented() {
    let app = TestApp::start().await;
    let course = app.course().await;
    for (field, value) in [
        ("submissionStudentsMode", json!("group")),
        ("classGroupIds", json!(["0123456789abcdef01234567"])),
        ("attachments", json!([{ "type": "googleDrive", "googleDriveFileId": "x" }])),
        ("attachments", json!([{ "type": "worksheet", "worksheet": "x" }])),
    ] {
        let body = json!({ "title": "Étude", field: value });
        let expected = (501, "NOT_IMPLEMENTED".to_owned(), Some(field.to_owned()));
        assert_eq!(refused(&app, course.class.as_str(), body).await, expected);
    }
}
