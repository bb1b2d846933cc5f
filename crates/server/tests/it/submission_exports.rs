//! The grades of a class as files.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use homeroom_client::{AssignmentId, ClassAssignmentUpdate, Role};

use crate::support::schoolwork::{Course, submit};
use crate::support::{DAY, NOW, TestApp, code};

/// A class of which Ada was graded, Bea handed in late, and Cara nothing.
async fn graded(app: &TestApp) -> (Course, AssignmentId) {
    let course = app.course().await;
    let new = ClassAssignmentUpdate {
        title: Some("Étude/3".to_owned()),
        max_points: Some("20".parse().unwrap()),
        due_date: Some(NOW + DAY),
        ..Default::default()
    };
    let assignment = course.give(new).await.id;
    let id = course.hand_in(&course.ada, &assignment).await.id;
    course.work(&course.teacher, &assignment).comment(&id, "Well").await.unwrap();
    course.grade(&assignment, &id, 17).await;
    app.app.clock.advance(2 * DAY);
    course.work(&course.bea, &assignment).put_own(&submit(true)).await.unwrap();
    app.student(&course.class, "=cara").await;
    (course, assignment)
}

#[tokio::test]
async fn the_csv_has_a_row_for_each_student() {
    let app = TestApp::start().await;
    let (course, assignment) = graded(&app).await;
    let response = course.work(&course.teacher, &assignment).csv().response().await.unwrap();
    let header = |name: &str| response.headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/csv; charset=utf-8");
    assert!(header("content-disposition").contains("filename*=UTF-8''%C3%89tude_3.csv"));
    let text = String::from_utf8(response.value).unwrap();
    let rows: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(rows.len(), 4, "{text}");
    assert!(rows[1].starts_with("'=cara,'=cara,,,,,20,0"), "{text}");
    assert!(rows[2].starts_with("ada,ada,graded,20") && rows[2].ends_with(",,17,20,1"), "{text}");
    assert!(rows[3].starts_with("bea,bea,turnedIn,20") && rows[3].ends_with(",yes,,20,0"), "{text}");
}

#[tokio::test]
async fn the_workbook_has_numbers_and_dates() {
    let app = TestApp::start().await;
    let (course, assignment) = graded(&app).await;
    let bytes = course.work(&course.teacher, &assignment).excel().await.unwrap();
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = workbook.worksheet_range("Submissions").unwrap();
    assert_eq!(sheet.height(), 4);
    let cell = |row: u32, column: u32| sheet.get_value((row, column)).cloned().unwrap_or(Data::Empty);
    assert_eq!(cell(0, 5), Data::String("Grade".to_owned()));
    assert_eq!(cell(1, 0), Data::String("=cara".to_owned()));
    assert_eq!(
        (cell(2, 0), cell(2, 5), cell(2, 6)),
        (Data::String("ada".into()), Data::Float(17.0), Data::Float(20.0))
    );
    assert!(matches!(cell(2, 3), Data::DateTime(_)), "{:?}", cell(2, 3));
    assert_eq!(cell(3, 4), Data::String("yes".to_owned()));
}

#[tokio::test]
async fn who_left_the_class_keeps_a_row_and_whom_it_is_not_for_has_none() {
    let app = TestApp::start().await;
    let course = app.course().await;
    let new = ClassAssignmentUpdate { assigned_students: vec![course.ada.id.clone()], ..Default::default() };
    let assignment = course.give(new).await.id;
    course.hand_in(&course.ada, &assignment).await;
    let mut tx = app.app.db.write().await.unwrap();
    let sql = "DELETE FROM group_users WHERE organization_id = $1 AND user_id = $2";
    tx.execute(sql, (&app.school.organization, &course.ada.id)).await.unwrap();
    tx.commit().await.unwrap();
    let text = String::from_utf8(course.work(&course.teacher, &assignment).csv().await.unwrap()).unwrap();
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(text.contains("ada,ada,turnedIn"), "{text}");
}

#[tokio::test]
async fn grades_are_exported_for_teachers_alone() {
    let app = TestApp::start().await;
    let (course, assignment) = graded(&app).await;
    let stranger = app.person("sam", Role::Teacher).await;
    for (person, expected) in [(&course.ada, "FORBIDDEN"), (&stranger, "NOT_FOUND")] {
        assert_eq!(code(course.work(person, &assignment).csv().await), expected);
        assert_eq!(code(course.work(person, &assignment).excel().await), expected);
    }
}
