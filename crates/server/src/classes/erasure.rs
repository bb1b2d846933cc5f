//! Classes stay when a teacher leaves: another one leads them, and the teacher's test students go.

use homeroom_api::{OrganizationId, Timestamp, UserId};

use crate::Result;
use crate::db::Tx;

/// Gives the classes that `user` leads to another teacher of each; to nobody where there is none.
pub async fn hand_over(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    let sql = "UPDATE classes SET owner =
                   (SELECT m.user_id FROM group_users m
                    JOIN users u ON u.organization_id = m.organization_id AND u.id = m.user_id
                        AND u.removed_at IS NULL
                    WHERE m.organization_id = classes.organization_id AND m.group_id = classes.teachers_group
                      AND m.user_id <> $2 ORDER BY m.user_id LIMIT 1)
               WHERE organization_id = $1 AND owner = $2";
    Ok(tx.execute_later(sql, (organization, user)).await?)
}

/// The test students of `user` become tombstones, each with a job that erases what they made. What they had open ends
/// with the account: no token or session of a tombstone is taken.
pub async fn end_test_students(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    now: Timestamp,
) -> Result<()> {
    let found = tx
        .execute(
            "UPDATE users SET username = '', username_key = '', email = NULL, email_key = '', email_shared = FALSE,
                              firstname = '', firstname_key = '', lastname = '', lastname_key = '', search_key = '',
                              password_hash = NULL, password_by_admin = FALSE, role = 'user', locale = '',
                              is_test = FALSE, last_activity_at = 0, version = 0, created_at = 0, removed_at = $3
             WHERE organization_id = $1 AND removed_at IS NULL AND id IN
                 (SELECT t.user_id FROM test_students t WHERE t.organization_id = $1 AND t.teacher_id = $2)",
            (organization, user, now),
        )
        .await?;
    if found == 0 {
        return Ok(());
    }
    for sql in [
        "DELETE FROM group_users WHERE organization_id = $1 AND user_id IN
             (SELECT t.user_id FROM test_students t WHERE t.organization_id = $1 AND t.teacher_id = $2)",
        "DELETE FROM signin_names WHERE organization_id = $1 AND user_id IN
             (SELECT t.user_id FROM test_students t WHERE t.organization_id = $1 AND t.teacher_id = $2)",
    ] {
        tx.execute(sql, (organization, user)).await?;
    }
    // One job for each; an account has one at most, so its id serves.
    tx.execute(
        "INSERT INTO jobs (id, organization_id, kind, subject_id, progress, due_at, created_at)
         SELECT t.user_id, t.organization_id, 'erase_user', t.user_id, 0, CAST($3 AS BIGINT), CAST($3 AS BIGINT) FROM test_students t
         WHERE t.organization_id = $1 AND t.teacher_id = $2
         ON CONFLICT (id) DO NOTHING",
        (organization, user, now),
    )
    .await?;
    tx.execute(
        "DELETE FROM test_students WHERE organization_id = $1 AND teacher_id = $2",
        (organization, user),
    )
    .await?;
    Ok(())
}
