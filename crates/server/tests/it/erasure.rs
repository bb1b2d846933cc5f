//! What a removal erases of what people made, and what stays.

use std::collections::BTreeMap;

use homeroom_client::{ErasureState, Role, UserId};
use homeroom_server::jobs::{run_due_erasures, step_due_erasure};

use crate::support::{TestApp, code};

/// Two teachers and two pupils who do all that people do with each other.
pub struct Work {
    pub zoe: UserId,
    pub max: UserId,
    pub ada: UserId,
    pub ben: UserId,
}

/// Who leads what, who said what: teachers `zoe` and `max`, pupils `ada` and `ben`.
pub async fn at_work(app: &TestApp) -> Work {
    let (zoe, max) = (app.user("zoe", Role::Teacher).await, app.user("max", Role::Teacher).await);
    let (ada, ben) = (app.user("ada", Role::User).await, app.user("ben", Role::User).await);
    app.raw_class("class", &[&zoe, &max], &[&ada, &ben]).await;
    app.raw_class("alone", &[&zoe], &[&ada]).await;
    app.raw_assignment("song", "class", &zoe).await;
    for student in [&ada, &ben] {
        app.put("assignment_students", "assignment_id, user_id", format!("'song', '{student}'")).await;
        app.raw_submission(&format!("of-{student}"), "song", student, &zoe).await;
    }
    for (name, owner, other) in
        [("zoes", &zoe, &max), ("adas", &ada, &ben), ("maxs", &max, &zoe), ("bens", &ben, &ada)]
    {
        app.raw_score(name, owner).await;
        app.raw_document(name, 3).await;
        app.raw_revision(name, "1", name, owner).await;
        app.raw_revision(name, "2", name, other).await;
        app.raw_comment(name, "own", owner, None).await;
        app.raw_comment(name, "reply", other, Some("own")).await;
        app.raw_mention(name, "reply", owner).await;
        app.raw_mention(name, "own", other).await;
        app.raw_like(name, other).await;
        app.raw_collaborator(name, other).await;
        app.raw_collection(&format!("{name}-collection"), owner, &[name]).await;
        app.raw_collection(&format!("{name}-of-other"), other, &[name]).await;
        app.sql(format!(
            "UPDATE score_comments SET resolved = TRUE, resolved_by = '{other}' WHERE score_id = '{name}' AND id = 'own'"
        ))
        .await;
    }
    app.raw_test_student("test", "class", &zoe).await;
    app.raw_attachment("assignment", "song", "zoes").await;
    app.raw_attachment("submission", &format!("of-{ada}"), "adas").await;
    Work { zoe, max, ada, ben }
}

pub async fn remove(app: &TestApp, user: &UserId) {
    app.admin().users().remove(user).await.unwrap();
    run_due_erasures(&app.app).await.unwrap();
}

async fn texts(app: &TestApp, sql: &str) -> Vec<String> {
    app.column(sql.to_owned().leak()).await
}

/// The columns that may hold a person's id.
pub const PERSONS: [&str; 13] = [
    "user_id",
    "creator",
    "owner",
    "teacher_id",
    "maker",
    "maker_user_id",
    "invited_by",
    "returned_by",
    "resolved_by",
    "subject_id",
    "actor",
    "target",
    "about",
];

#[tokio::test]
async fn whoever_was_in_the_middle_of_everything_is_left_in_the_audit_log_alone() {
    for who in ["zoe", "ada"] {
        let app = TestApp::start().await;
        let work = at_work(&app).await;
        let (user, other) = if who == "zoe" { (work.zoe, work.max) } else { (work.ada, work.ben) };

        remove(&app, &user).await;

        let left = app.tables_that_hold(user.as_str()).await;
        assert!(left.iter().all(|column| column.starts_with("audit_")), "{who}: {left:?}");
        assert!(app.tables_that_hold(other.as_str()).await.len() > 5);
        assert_eq!(app.admin().users().erasure(&user).await.unwrap().state, ErasureState::Done);
    }
}

#[tokio::test]
async fn a_class_its_groups_assignments_and_the_submissions_of_pupils_stay() {
    let app = TestApp::start().await;
    let work = at_work(&app).await;
    let count = "SELECT (SELECT count(*) FROM classes) || ' ' || (SELECT count(*) FROM groups) || ' '
                 || (SELECT count(*) FROM assignments) || ' ' || (SELECT count(*) FROM submissions) || ' '
                 || (SELECT count(*) FROM submission_history) || ' ' || (SELECT count(*) FROM assignment_students)";
    let before = texts(&app, count).await;

    remove(&app, &work.zoe).await;

    assert_eq!(texts(&app, count).await, before);
    let nobody = "SELECT 'somebody' FROM assignments WHERE creator IS NOT NULL
                  UNION ALL SELECT 'somebody' FROM groups WHERE creator IS NOT NULL";
    assert_eq!(texts(&app, nobody).await, [""; 0]);
}

#[tokio::test]
async fn another_teacher_leads_the_class_else_nobody() {
    let app = TestApp::start().await;
    let work = at_work(&app).await;

    app.admin().users().remove(&work.zoe).await.unwrap();

    let owners = texts(&app, "SELECT id || ' ' || coalesce(owner, 'nobody') FROM classes ORDER BY id").await;
    assert_eq!(owners, ["alone nobody".to_owned(), format!("class {}", work.max)]);
}

#[tokio::test]
async fn a_removed_teacher_leads_no_class_on() {
    let app = TestApp::start().await;
    let work = at_work(&app).await;
    for teacher in [&work.max, &work.zoe] {
        app.admin().users().remove(teacher).await.unwrap();
    }
    assert_eq!(texts(&app, "SELECT owner FROM classes WHERE owner IS NOT NULL").await, [""; 0]);
}

#[tokio::test]
async fn grades_stay_without_the_grader() {
    let app = TestApp::start().await;
    let work = at_work(&app).await;

    remove(&app, &work.zoe).await;

    let grades = "SELECT state || ' ' || grade || ' ' || coalesce(returned_by, 'nobody') FROM submissions
                  UNION ALL SELECT state || ' ' || grade || ' ' || coalesce(user_id, 'nobody') FROM submission_history
                  WHERE state = 'graded'";
    assert_eq!(texts(&app, grades).await, ["graded 17 nobody"; 4]);
}

#[tokio::test]
async fn comments_go_with_their_author_and_replies_of_others_stay() {
    let app = TestApp::start().await;
    let work = at_work(&app).await;
    app.raw_comment("bens", "word", &work.max, None).await;
    app.raw_comment("bens", "answer", &work.ben, Some("word")).await;

    remove(&app, &work.max).await;

    let left = "SELECT score_id || ' ' || id FROM score_comments ORDER BY score_id, id";
    assert_eq!(
        texts(&app, left).await,
        ["adas own", "adas reply", "bens answer", "bens own", "bens reply", "zoes own"]
    );
    remove(&app, &work.zoe).await;
    let left = "SELECT count(*) || '' FROM submission_comments";
    assert_eq!(texts(&app, left).await, ["2"]); // each pupil's, of the own submission
}

#[tokio::test]
async fn a_pupils_submissions_go_with_the_pupil_and_those_of_others_stay() {
    let app = TestApp::start().await;
    let work = at_work(&app).await;

    remove(&app, &work.ada).await;

    let left = texts(&app, "SELECT user_id FROM submissions").await;
    assert_eq!(left, [work.ben.to_string()]);
    let erased = app.admin().users().erasure(&work.ada).await.unwrap().erased;
    let counted = |kind: &str| erased.get(kind).copied().unwrap_or_default();
    let counts = ["submissions", "submissionHistory", "submissionComments", "submissionReaders"].map(counted);
    assert_eq!(counts, [1, 2, 2, 2]);
}

#[tokio::test]
async fn a_fork_is_its_makers_with_the_document_that_both_used() {
    let app = TestApp::start().await;
    let work = at_work(&app).await;
    app.raw_score("fork", &work.ben).await;
    app.sql("UPDATE scores SET parent_score = 'adas' WHERE id = 'fork'".to_owned()).await;
    app.raw_revision("fork", "1", "adas", &work.ben).await;

    remove(&app, &work.ada).await;

    let left = "SELECT s.id || ' ' || d.uses || ' ' || (SELECT count(*) FROM document_pieces p WHERE p.document_id = d.id)
                FROM scores s JOIN score_revisions r ON r.score_id = s.id JOIN documents d ON d.id = r.document_id
                WHERE s.id = 'fork' AND d.stored";
    assert_eq!(texts(&app, left).await, ["fork 1 3"]);
}

#[tokio::test]
async fn a_document_goes_with_its_last_use() {
    let app = TestApp::start().await;
    let work = at_work(&app).await;

    remove(&app, &work.ada).await;

    assert_eq!(texts(&app, "SELECT id FROM documents ORDER BY id").await, ["bens", "maxs", "zoes"]);
    let pieces = "SELECT DISTINCT document_id FROM document_pieces ORDER BY document_id";
    assert_eq!(texts(&app, pieces).await, ["bens", "maxs", "zoes"]);
}

#[tokio::test]
async fn test_students_go_with_their_teacher() {
    let app = TestApp::start().await;
    let work = at_work(&app).await;

    app.admin().users().remove(&work.zoe).await.unwrap();

    assert_eq!(texts(&app, "SELECT username FROM users WHERE is_test AND removed_at IS NULL").await, [""; 0]);
    let members = "SELECT DISTINCT user_id FROM group_users WHERE group_id = 'class-s' ORDER BY user_id";
    assert_eq!(texts(&app, members).await, [work.ada.to_string(), work.ben.to_string()]);
    run_due_erasures(&app.app).await.unwrap();
    assert_eq!(texts(&app, "SELECT id FROM scores WHERE id LIKE 'score-of-%'").await, [""; 0]);
    assert_eq!(texts(&app, "SELECT id FROM users WHERE removed_at IS NOT NULL").await, [""; 0]);
}

#[tokio::test]
async fn an_erasure_is_running_until_its_receipt_is_there() {
    let app = TestApp::start().await;
    let work = at_work(&app).await;
    assert_eq!(code(app.admin().users().erasure(&work.ada).await), "NOT_FOUND");

    app.admin().users().remove(&work.ada).await.unwrap();
    let running = app.admin().users().erasure(&work.ada).await.unwrap();
    assert_eq!(
        (running.state, running.erased, running.audit_event),
        (ErasureState::Running, BTreeMap::new(), None)
    );
    run_due_erasures(&app.app).await.unwrap();

    let done = app.admin().users().erasure(&work.ada).await.unwrap();
    assert_eq!((done.state, done.erased["scores"]), (ErasureState::Done, 1));
    let receipt = texts(&app, "SELECT id FROM audit_events WHERE event = 'user.erased'").await;
    assert_eq!(receipt, [done.audit_event.unwrap().to_string()]);
}

#[tokio::test]
async fn another_schools_erasures_are_not_found() {
    let app = TestApp::start().await;
    let work = at_work(&app).await;
    remove(&app, &work.ada).await;
    let other = app.other_school().await;
    assert_eq!(code(app.client(&other.token).users().erasure(&work.ada).await), "NOT_FOUND");
}

#[tokio::test]
async fn an_erasure_that_was_cut_short_goes_on_and_counts_all_once() {
    let mut counts = Vec::new();
    for crashes in [false, true] {
        let mut app = TestApp::start().await;
        let work = at_work(&app).await;
        many_scores(&app, &work.zoe, 300).await;
        app.admin().users().remove(&work.zoe).await.unwrap();
        while crashes && step_due_erasure(&app.app).await.unwrap().is_some() {
            app = app.restarted().await;
        }
        run_due_erasures(&app.app).await.unwrap();
        counts.push(app.admin().users().erasure(&work.zoe).await.unwrap().erased);
        let left = app.tables_that_hold(work.zoe.as_str()).await;
        assert!(left.iter().all(|column| column.starts_with("audit_")), "{left:?}");
    }
    assert_eq!(counts[0], counts[1]);
    assert_eq!(counts[0]["scores"], 301);
}

/// Scores with a revision each, of ten documents.
pub async fn many_scores(app: &TestApp, owner: &UserId, scores: usize) {
    let org = &app.school.organization;
    for document in 0..10 {
        app.raw_document(&format!("d{document}"), 2).await;
    }
    let numbers =
        format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {scores})");
    app.sql(format!(
        "{numbers} INSERT INTO scores (organization_id, id, user_id, title, title_key, subtitle, composer, lyricist,
             arranger, description, tags, creation_type, license, license_text, privacy, sharing_key, sharing_key_hash,
             parent_score, created_at, modified_at, trashed_at, delete_at)
         SELECT '{org}', 's' || i, '{owner}', 'T', 't', '', '', '', '', '', '', '', '', '', 'private', NULL, NULL, NULL,
                i, i, 0, 0 FROM n"
    ))
    .await;
    app.sql(format!(
        "{numbers} INSERT INTO score_revisions (organization_id, score_id, id, document_id, format, user_id,
             description, autosave, created_at)
         SELECT '{org}', 's' || i, '1', 'd' || (i % 10), 'midi', '{owner}', '', FALSE, i FROM n"
    ))
    .await;
    app.sql("UPDATE documents SET uses = (SELECT count(*) FROM score_revisions r WHERE r.document_id = documents.id)".to_owned())
        .await;
}

/// 200 classes with a test student each, and 2,000 scores.
async fn busy_teacher(app: &TestApp) -> UserId {
    let teacher = app.user("busy", Role::Teacher).await;
    let org = &app.school.organization;
    let numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)";
    for kind in ["s", "t"] {
        app.sql(format!(
            "{numbers} INSERT INTO groups (organization_id, id, name, type, creator, created_at)
             SELECT '{org}', 'c' || i || '-{kind}', 'G', 'generic', '{teacher}', 1 FROM n"
        ))
        .await;
    }
    app.sql(format!(
        "{numbers} INSERT INTO group_users (organization_id, group_id, user_id)
         SELECT '{org}', 'c' || i || '-t', '{teacher}' FROM n"
    ))
    .await;
    app.sql(format!(
        "{numbers} INSERT INTO classes (organization_id, id, name, section, level, skills_focused, size, state, owner,
             students_group, teachers_group, enrollment_code, enrollment_code_hash, created_at, modified_at)
         SELECT '{org}', 'c' || i, 'Class', '', '', '', NULL, 'active', '{teacher}', 'c' || i || '-s', 'c' || i || '-t',
                '', CAST('c' || i AS {blob}), 1, 1 FROM n",
        blob = app.app.db.engine().pick("BLOB", "BYTEA")
    ))
    .await;
    for class in 1..=200 {
        app.raw_test_student(&format!("test{class}"), &format!("c{class}"), &teacher).await;
    }
    many_scores(app, &teacher, 2000).await;
    teacher
}

#[tokio::test]
async fn the_first_step_of_a_busy_teacher_is_no_more_statements_than_of_an_idle_one() {
    let app = TestApp::start().await;
    let (idle, busy) = (app.user("idle", Role::Teacher).await, busy_teacher(&app).await);
    let mut runs = Vec::new();
    for user in [&idle, &busy] {
        let before = app.app.db.runs();
        app.admin().users().remove(user).await.unwrap();
        runs.push(app.app.db.runs() - before);
    }
    assert!(runs[1] <= runs[0] + 4, "{runs:?}");
    assert!(runs[1] < 80, "{runs:?}");
}

#[tokio::test]
async fn no_transaction_of_a_busy_teachers_erasure_has_more_than_500_rows() {
    let app = TestApp::start().await;
    let busy = busy_teacher(&app).await;
    app.admin().users().remove(&busy).await.unwrap();
    let (mut steps, mut rows) = (0, 0);
    while let Some(step) = step_due_erasure(&app.app).await.unwrap() {
        assert!(step <= 500, "{step}");
        (steps, rows) = (steps + 1, rows + step);
    }
    assert!(steps >= 8 && rows >= 4000, "{steps} steps, {rows} rows");
}

#[tokio::test]
async fn of_who_was_removed_no_word_is_left_in_the_file_of_the_database() {
    let app = TestApp::start().await;
    let crate::support::Database::Sqlite(folder) = &*app.database else { return };
    let profile = crate::support::named("zebulonname", "Zebuloniana", "Quixoticus");
    let profile =
        homeroom_server::users::Profile { email: Some("zebumail@school.example".to_owned()), ..profile };
    let user = app.add(&app.school, profile, Role::User).await;
    app.raw_class("class", &[&app.school.admin.clone()], &[&user]).await;
    app.raw_assignment("song", "class", &app.school.admin.clone()).await;
    app.raw_submission("handed-in", "song", &user, &app.school.admin.clone()).await;
    app.raw_score("etude", &user).await;
    app.raw_document("opus", 3).await;
    app.raw_revision("etude", "1", "opus", &user).await;
    app.raw_comment("etude", "remark", &user, None).await;

    remove(&app, &user).await;

    let words = [
        "zebulonname",
        "ebuloniana",
        "uixoticus",
        "zebumail",
        "Sonatina",
        "Composeria",
        "of opus",
        "Says 0",
        "Word of 0",
    ];
    for file in ["test.db", "test.db-wal"] {
        let bytes = std::fs::read(folder.path().join(file)).unwrap_or_default();
        for word in words {
            let found = bytes.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes()));
            assert!(!found, "{word} is in {file}");
        }
    }
    let samples = "SELECT name FROM sqlite_master WHERE name = 'sqlite_stat4'";
    assert_eq!(app.column(samples).await, [""; 0]);
}
