//! What is said of submissions, and who has read it.

use crate::support::schoolwork::{Course, Person};
use crate::support::{TestApp, code, refusal};
use homeroom_client::{AssignmentId, SubmissionId};

/// How many comments there are, and how many somebody has not read.
async fn counts(course: &Course, person: &Person, at: (&AssignmentId, &SubmissionId)) -> (u64, u64) {
    let comments = course.work(person, at.0).get(at.1).await.unwrap().comments;
    (comments.total, comments.unread)
}

#[tokio::test]
async fn comments_are_unread_by_each_until_they_look() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let assignment = course.give_plain().await;
    let id = course.hand_in(&course.ada, &assignment).await.id;
    let at = (&assignment, &id);
    let (teacher, ada) = (course.work(&course.teacher, &assignment), course.work(&course.ada, &assignment));
    let first = ada.comment(&id, " Is it too slow?\n").await.unwrap();
    assert_eq!(
        (first.comment.as_str(), &first.user, first.unread),
        ("Is it too slow?", &course.ada.id, false)
    );
    assert_eq!(
        (counts(&course, &course.ada, at).await, counts(&course, &course.teacher, at).await),
        ((1, 0), (1, 1))
    );
    assert!(teacher.comments(&id).await.unwrap()[0].unread);
    assert!(!teacher.comments(&id).await.unwrap()[0].unread);
    assert_eq!(counts(&course, &course.teacher, at).await, (1, 0));
    app.app.clock.advance(std::time::Duration::from_secs(1));
    teacher.comment(&id, "A little.").await.unwrap();
    assert_eq!(counts(&course, &course.ada, at).await, (2, 1));
    let read: Vec<bool> = ada.comments(&id).await.unwrap().iter().map(|one| one.unread).collect();
    assert_eq!(read, [false, true]);
}

#[tokio::test]
async fn a_comment_is_its_authors_to_change_and_a_teacher_may_delete_it() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let assignment = course.give_plain().await;
    let id = course.hand_in(&course.ada, &assignment).await.id;
    let (teacher, ada) = (course.work(&course.teacher, &assignment), course.work(&course.ada, &assignment));
    let adas = ada.comment(&id, "Hm").await.unwrap().id;
    let theirs = teacher.comment(&id, "Well").await.unwrap().id;
    assert_eq!(code(teacher.update_comment(&id, &adas, "I am Ada").await), "FORBIDDEN");
    assert_eq!(code(ada.remove_comment(&id, &theirs).await), "FORBIDDEN");
    let changed = ada.update_comment(&id, &adas, "Ha").await.unwrap();
    assert_eq!((changed.comment.as_str(), &changed.id), ("Ha", &adas));
    teacher.remove_comment(&id, &adas).await.unwrap();
    assert_eq!(code(teacher.remove_comment(&id, &adas).await), "NOT_FOUND");
    let left: Vec<_> = ada.comments(&id).await.unwrap().into_iter().map(|one| one.id).collect();
    assert_eq!(left, [theirs]);
}

#[tokio::test]
async fn a_comment_has_a_text_that_is_not_too_long() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let assignment = course.give_plain().await;
    let id = course.hand_in(&course.ada, &assignment).await.id;
    let ada = course.work(&course.ada, &assignment);
    let own = ada.comment(&id, "Hm").await.unwrap().id;
    for text in ["", " \n ", "\u{0}", &"x".repeat(10_001)] {
        for refused in [ada.comment(&id, text).await, ada.update_comment(&id, &own, text).await] {
            assert_eq!(refusal(refused), ("INVALID_PARAMETER".to_owned(), Some("comment".to_owned())));
        }
    }
    ada.comment(&id, &"é".repeat(10_000)).await.unwrap();
}
