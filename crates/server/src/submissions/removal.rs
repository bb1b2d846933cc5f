//! What goes with a person: their submissions with all that hangs on them, what they said of others', and their name
//! on what stays. Each step deletes or changes a bounded number of rows; it is done when it counts none.

use homeroom_api::{OrganizationId, UserId};

use crate::Result;
use crate::db::Tx;

/// Deletes up to `limit` rows of the submissions of a student. How many there were.
pub async fn delete_some_of(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    limit: i64,
) -> Result<u64> {
    run(
        tx,
        organization,
        user,
        limit,
        &[
            "DELETE FROM submission_comments WHERE organization_id = $1 AND (submission_id, id) IN
                 (SELECT c.submission_id, c.id FROM submissions m JOIN submission_comments c
                    ON c.organization_id = $1 AND c.submission_id = m.id
                  WHERE m.organization_id = $1 AND m.user_id = $2 LIMIT $3)",
            "DELETE FROM submission_history WHERE organization_id = $1 AND (submission_id, id) IN
                 (SELECT h.submission_id, h.id FROM submissions m JOIN submission_history h
                    ON h.organization_id = $1 AND h.submission_id = m.id
                  WHERE m.organization_id = $1 AND m.user_id = $2 LIMIT $3)",
            "DELETE FROM submission_readers WHERE organization_id = $1 AND (submission_id, user_id) IN
                 (SELECT r.submission_id, r.user_id FROM submissions m JOIN submission_readers r
                    ON r.organization_id = $1 AND r.submission_id = m.id
                  WHERE m.organization_id = $1 AND m.user_id = $2 LIMIT $3)",
            "DELETE FROM submission_attachments WHERE organization_id = $1 AND (submission_id, position) IN
                 (SELECT t.submission_id, t.position FROM submissions m JOIN submission_attachments t
                    ON t.organization_id = $1 AND t.submission_id = m.id
                  WHERE m.organization_id = $1 AND m.user_id = $2 LIMIT $3)",
            "DELETE FROM submissions WHERE organization_id = $1 AND id IN
                 (SELECT id FROM submissions WHERE organization_id = $1 AND user_id = $2 LIMIT $3)",
        ],
    )
    .await
}

/// Deletes up to `limit` comments that somebody wrote, and notes of what they have read. How many there were.
pub async fn delete_comments_of(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    limit: i64,
) -> Result<u64> {
    run(
        tx,
        organization,
        user,
        limit,
        &[
            "DELETE FROM submission_comments WHERE organization_id = $1 AND (submission_id, id) IN
                 (SELECT submission_id, id FROM submission_comments
                  WHERE organization_id = $1 AND user_id = $2 LIMIT $3)",
            "DELETE FROM submission_readers WHERE organization_id = $1 AND user_id = $2 AND submission_id IN
                 (SELECT submission_id FROM submission_readers
                  WHERE organization_id = $1 AND user_id = $2 LIMIT $3)",
        ],
    )
    .await
}

/// Clears up to `limit` places that name somebody as who returned a submission or took a step in it. How many there
/// were. Grades stay.
pub async fn forget_some_of(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    limit: i64,
) -> Result<u64> {
    run(
        tx,
        organization,
        user,
        limit,
        &[
            "UPDATE submissions SET returned_by = NULL WHERE organization_id = $1 AND id IN
                 (SELECT id FROM submissions WHERE organization_id = $1 AND returned_by = $2 LIMIT $3)",
            "UPDATE submission_history SET user_id = NULL WHERE organization_id = $1 AND (submission_id, id) IN
                 (SELECT submission_id, id FROM submission_history
                  WHERE organization_id = $1 AND user_id = $2 LIMIT $3)",
        ],
    )
    .await
}

/// Runs the statements one after the other until they have changed `limit` rows.
async fn run(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    limit: i64,
    statements: &[&'static str],
) -> Result<u64> {
    let mut changed = 0;
    for sql in statements {
        let left = limit.saturating_sub_unsigned(changed);
        if left <= 0 {
            break;
        }
        changed += tx.execute(sql, (organization, user, left)).await?;
    }
    Ok(changed)
}
