//! Leaving the organization with the account: what goes along, what stays, what is erased.

use homeroom_client::{OrganizationId, Role, UserId};
use homeroom_server::jobs::{run_due_erasures, step_due_erasure};
use homeroom_server::organizations::INDIVIDUALS;

use crate::erasure::{at_work, many_scores};
use crate::support::{TestApp, code};

async fn texts(app: &TestApp, sql: &str) -> Vec<String> {
    app.column(sql.to_owned().leak()).await
}

async fn convert(app: &TestApp, user: &UserId) {
    app.admin().users().convert_to_individual(user).await.unwrap();
}

/// Rows of a table, here and among the individuals.
async fn places(app: &TestApp, table: &str, user: &UserId) -> (usize, usize) {
    let rows = texts(app, &format!("SELECT organization_id FROM {table} WHERE user_id = '{user}'")).await;
    let there = rows.iter().filter(|organization| *organization == INDIVIDUALS).count();
    (rows.len() - there, there)
}

#[tokio::test]
async fn scores_stay_with_their_revisions_documents_collections_and_own_comments() {
    let app = TestApp::start().await;
    let ada = at_work(&app).await.ada;

    convert(&app, &ada).await;
    run_due_erasures(&app.app).await.unwrap();

    let score = "SELECT s.id || ' ' || s.title || ' ' || s.privacy || ' ' || r.id || ' ' || coalesce(r.user_id, 'nobody')
                 || ' ' || d.uses || ' ' || (SELECT count(*) FROM document_pieces p
                    WHERE p.organization_id = d.organization_id AND p.document_id = d.id)
                 FROM scores s JOIN score_revisions r ON r.organization_id = s.organization_id AND r.score_id = s.id
                 JOIN documents d ON d.organization_id = s.organization_id AND d.id = r.document_id AND d.stored
                 WHERE s.organization_id = '000000000000000000000000' ORDER BY r.id";
    let expected =
        [format!("adas Sonatina private 1 {ada} 2 3"), "adas Sonatina private 2 nobody 2 3".to_owned()];
    assert_eq!(texts(&app, score).await, expected);
    let comments =
        "SELECT score_id || ' ' || id FROM score_comments WHERE organization_id = '000000000000000000000000'";
    assert_eq!(texts(&app, comments).await, ["adas own"]);
    let collections = "SELECT c.id || ' ' || coalesce(s.score_id, 'empty') FROM collections c
                       LEFT JOIN collection_scores s ON s.organization_id = c.organization_id AND s.collection_id = c.id
                       WHERE c.organization_id = '000000000000000000000000' ORDER BY c.id";
    assert_eq!(texts(&app, collections).await, ["adas-collection adas", "bens-of-other empty"]);
}

#[tokio::test]
async fn education_data_goes_and_the_organization_keeps_ids_in_its_log_alone() {
    let app = TestApp::start().await;
    let work = at_work(&app).await;
    for user in [&work.ada, &work.zoe] {
        convert(&app, user).await;
        run_due_erasures(&app.app).await.unwrap();
        for table in
            ["submissions", "submission_comments", "submission_history", "group_users", "assignment_students"]
        {
            assert_eq!(places(&app, table, user).await, (0, 0), "{table}");
        }
        for table in ["scores", "collections", "score_comments", "score_revisions", "score_likes", "users"] {
            let sql = format!(
                "SELECT 'here' FROM {table} WHERE organization_id = '{}' AND {} = '{user}'",
                app.school.organization,
                if table == "users" { "id" } else { "user_id" }
            );
            assert_eq!(texts(&app, &sql).await, [""; 0], "{table}");
        }
    }
    assert_eq!(texts(&app, "SELECT subject_id FROM jobs").await, [""; 0]);
}

#[tokio::test]
async fn what_others_had_of_the_score_stays_behind() {
    let app = TestApp::start().await;
    let ada = at_work(&app).await.ada;
    convert(&app, &ada).await;
    run_due_erasures(&app.app).await.unwrap();

    for table in ["score_likes", "score_collaborators", "score_comment_mentions"] {
        let sql = format!("SELECT score_id FROM {table} WHERE score_id = 'adas'");
        assert_eq!(texts(&app, &sql).await, [""; 0], "{table}");
    }
    let collections = "SELECT collection_id FROM collection_scores WHERE score_id = 'adas'";
    assert_eq!(texts(&app, collections).await, ["adas-collection"]);
    let documents =
        format!("SELECT id FROM documents WHERE organization_id = '{}' ORDER BY id", app.school.organization);
    assert_eq!(texts(&app, &documents).await, ["bens", "maxs", "zoes"]);
}

#[tokio::test]
async fn a_fork_by_somebody_else_stays_theirs() {
    let app = TestApp::start().await;
    let work = at_work(&app).await;
    app.raw_score("fork", &work.ben).await;
    app.raw_revision("fork", "1", "adas", &work.ben).await;

    convert(&app, &work.ada).await;
    run_due_erasures(&app.app).await.unwrap();

    let uses = "SELECT organization_id || ' ' || uses FROM documents WHERE id = 'adas' AND stored ORDER BY organization_id";
    let here = format!("{} 1", app.school.organization);
    assert_eq!(texts(&app, uses).await, [format!("{INDIVIDUALS} 2"), here]);
    assert_eq!(texts(&app, "SELECT user_id FROM scores WHERE id = 'fork'").await, [work.ben.to_string()]);
}

#[tokio::test]
async fn at_any_time_a_score_is_in_exactly_one_of_the_two() {
    let mut app = TestApp::start().await;
    let ada = app.user("ada", Role::User).await;
    many_scores(&app, &ada, 60).await;
    convert(&app, &ada).await;
    let mut steps = 0;
    loop {
        let (here, there) = places(&app, "scores", &ada).await;
        assert_eq!(here + there, 60, "after {steps} steps");
        assert_eq!(texts(&app, "SELECT id FROM scores GROUP BY id HAVING count(*) > 1").await, [""; 0]);
        if step_due_erasure(&app.app).await.unwrap().is_none() {
            break;
        }
        app = app.restarted().await;
        steps += 1;
    }
    assert_eq!(places(&app, "scores", &ada).await, (0, 60));
    assert_eq!(places(&app, "score_revisions", &ada).await, (0, 60));
    assert!(steps >= 2, "{steps}");
}

#[tokio::test]
async fn the_first_step_leaves_a_tombstone_until_all_has_moved() {
    let app = TestApp::start().await;
    let ada = at_work(&app).await.ada;
    convert(&app, &ada).await;
    let rows = "SELECT organization_id || ' ' || CASE WHEN removed_at IS NULL THEN username ELSE 'tombstone' END FROM users
                WHERE id = ".to_owned() + &format!("'{ada}' ORDER BY organization_id");
    let here = format!("{} tombstone", app.school.organization);
    assert_eq!(texts(&app, &rows).await, [format!("{INDIVIDUALS} ada"), here]);
    run_due_erasures(&app.app).await.unwrap();
    assert_eq!(texts(&app, &rows).await, [format!("{INDIVIDUALS} ada")]);
}

#[tokio::test]
async fn who_is_removed_while_the_scores_are_on_their_way_keeps_none() {
    let app = TestApp::start().await;
    let ada = app.user("ada", Role::User).await;
    many_scores(&app, &ada, 60).await;
    convert(&app, &ada).await;
    for _ in 0..2 {
        step_due_erasure(&app.app).await.unwrap();
    }
    removed_as_individual(&app, &ada).await;
    run_due_erasures(&app.app).await.unwrap();
    run_due_erasures(&app.app).await.unwrap();

    assert_eq!(places(&app, "scores", &ada).await, (0, 0));
    assert_eq!(texts(&app, "SELECT id FROM documents").await, [""; 0]);
    assert_eq!(texts(&app, &format!("SELECT id FROM users WHERE id = '{ada}'")).await, [""; 0]);
}

#[tokio::test]
async fn a_document_that_was_copied_for_who_does_not_arrive_goes_with_the_copy() {
    let app = TestApp::start().await;
    let ada = app.user("ada", Role::User).await;
    many_scores(&app, &ada, 10).await;
    convert(&app, &ada).await;
    let copy = "INSERT INTO documents (organization_id, id, hash, size, stored, uses, created_at)
                SELECT 'INDIVIDUALS', id, hash, size, FALSE, 0, created_at FROM documents";
    let pieces = "INSERT INTO document_pieces (organization_id, document_id, position, bytes)
                  SELECT 'INDIVIDUALS', document_id, position, bytes FROM document_pieces";
    for sql in [copy, pieces] {
        app.sql(sql.replace("INDIVIDUALS", INDIVIDUALS)).await;
    }
    removed_as_individual(&app, &ada).await;

    run_due_erasures(&app.app).await.unwrap();

    let left = "SELECT id FROM documents UNION ALL SELECT document_id FROM document_pieces";
    assert_eq!(texts(&app, left).await, [""; 0]);
}

/// As if the account had been removed where it goes.
async fn removed_as_individual(app: &TestApp, ada: &UserId) {
    let individuals = OrganizationId::from(INDIVIDUALS);
    app.sql(format!(
        "UPDATE users SET removed_at = 1, username_key = '' WHERE organization_id = '{individuals}'"
    ))
    .await;
    app.put_in(
        &individuals,
        "jobs",
        "id, kind, subject_id, progress, due_at, created_at",
        format!("'other', 'erase_user', '{ada}', 0, NOW, NOW"),
    )
    .await;
}

#[tokio::test]
async fn a_document_that_individuals_have_already_is_not_copied() {
    let app = TestApp::start().await;
    let ada = at_work(&app).await.ada;
    app.raw_document_in(&INDIVIDUALS.into(), "adas", 3).await;

    convert(&app, &ada).await;
    run_due_erasures(&app.app).await.unwrap();

    let uses = "SELECT id || ' ' || uses FROM documents WHERE organization_id = '000000000000000000000000'";
    assert_eq!(texts(&app, uses).await, ["adas 2"]);
    assert!(!app.admin().users().erasure(&ada).await.unwrap().erased.contains_key("documentPiecesCopied"));
}

#[tokio::test]
async fn nobody_moves_again_while_the_scores_are_on_their_way() {
    let app = TestApp::start().await;
    let ada = app.user("ada", Role::User).await;
    app.sql(format!(
        "INSERT INTO jobs (id, organization_id, kind, subject_id, destination, progress, due_at, created_at)
         VALUES ('j', '{INDIVIDUALS}', 'erase_user', '{ada}', '{}', 0, 0, 0)",
        app.school.organization
    ))
    .await;
    assert_eq!(code(app.admin().users().convert_to_individual(&ada).await), "UNAVAILABLE");
    app.sql("DELETE FROM jobs".to_owned()).await;
    convert(&app, &ada).await;
}
