//! Joining a class by its code.

use std::time::Duration;

use homeroom_client::{Client, Role, Scope};

use crate::support::classes::members;
use crate::support::{TestApp, code};

#[tokio::test]
async fn a_code_lets_in_as_the_role_says_however_it_is_typed() {
    let app = TestApp::start().await;
    let (class, emmy, teacher) = app.class().await;
    let typed = class.enrollment_code.unwrap();
    let (ada, pupil) = app.pupil("ada").await;
    let (noether, colleague) = app.teaching("noether").await;
    let spaced = format!(" {} {} ", &typed[..4].to_lowercase(), &typed[4..]);
    for _ in 0..2 {
        assert_eq!(pupil.classes().enroll(&spaced).await.unwrap().id, class.id);
        assert_eq!(colleague.classes().enroll(&typed).await.unwrap().id, class.id);
    }
    assert_eq!(members(&teacher, &class.id).await, (vec![ada], vec![emmy, noether]));
    let joined = app.column("SELECT event FROM audit_events WHERE event = 'class.user_added'").await;
    assert_eq!(joined.len(), 2);
}

#[tokio::test]
async fn a_code_has_no_look_alikes_and_is_stored_encrypted() {
    let app = TestApp::start().await;
    let (class, _, _) = app.class().await;
    let join_code = class.enrollment_code.unwrap();
    assert_eq!(join_code.len(), 8);
    assert!(join_code.chars().all(|c| !"01ILO".contains(c) && c.is_ascii_alphanumeric()), "{join_code}");
    assert!(app.tables_that_hold(&join_code).await.is_empty());
}

#[tokio::test]
async fn another_schools_code_is_unknown_and_an_app_joins_nothing() {
    let app = TestApp::start().await;
    let (class, _, _) = app.class().await;
    let join_code = class.enrollment_code.unwrap();
    let mut elsewhere = app.replica().await;
    elsewhere.school = app.other_school().await;
    let token = elsewhere.token(&elsewhere.school.admin, Scope::ALL).await;
    assert_eq!(code(elsewhere.client(&token).classes().enroll(&join_code).await), "NOT_FOUND");
    let (_, machine) = app.as_app(Role::Teacher, &[Scope::EduClasses]).await;
    assert_eq!(code(machine.classes().enroll(&join_code).await), "FORBIDDEN");
}

async fn guess(client: &Client, times: usize) {
    for number in 0..times {
        assert_eq!(code(client.classes().enroll(&format!("GUESS{number}")).await), "NOT_FOUND");
    }
}

#[tokio::test]
async fn ten_wrong_codes_make_wait_whoever_has_the_right_one_then() {
    let app = TestApp::start().await;
    let (class, _, _) = app.class().await;
    let join_code = class.enrollment_code.unwrap();
    let (_, pupil) = app.pupil("ada").await;
    let (_, other) = app.pupil("bea").await;
    guess(&pupil, 10).await;
    let refused = pupil.classes().enroll(&join_code).await.unwrap_err();
    let refused = refused.api().unwrap();
    assert_eq!((refused.status.as_u16(), refused.code.as_str()), (403, "API_RATE_LIMIT_EXCEEDED"));
    assert_eq!(refused.headers["retry-after"], "30");
    other.classes().enroll(&join_code).await.unwrap();
    app.app.clock.advance(Duration::from_secs(31));
    pupil.classes().enroll(&join_code).await.unwrap();
}

#[tokio::test]
async fn a_known_code_in_between_gives_no_more_guesses_and_takes_none_away() {
    let app = TestApp::start().await;
    let (class, _, _) = app.class().await;
    let join_code = class.enrollment_code.unwrap();
    let (_, pupil) = app.pupil("ada").await;
    for _ in 0..20 {
        pupil.classes().enroll(&join_code).await.unwrap();
    }
    guess(&pupil, 9).await;
    pupil.classes().enroll(&join_code).await.unwrap();
    guess(&pupil, 1).await;
    assert_eq!(code(pupil.classes().enroll("GUESS").await), "API_RATE_LIMIT_EXCEEDED");
}
