//! What becomes of submissions when somebody leaves: a student's go, with all that hangs on them; a teacher's name
//! goes from those of others.

use homeroom_api::{OrganizationId, UserId};

use crate::Result;
use crate::db::Tx;
use crate::jobs::Erased;

/// The submissions that are worked on at once: what hangs on them goes first. `$1` organization, `$2` user.
macro_rules! first {
    () => {
        "(SELECT s.id FROM submissions s WHERE s.organization_id = $1 AND s.user_id = $2 ORDER BY s.id LIMIT 20)"
    };
}

/// What hangs on a submission: the kind of row, and how up to `$3` of them are deleted.
const PARTS: &[(&str, &str)] = &[
    (
        "submissionHistory",
        concat!(
            "DELETE FROM submission_history WHERE organization_id = $1 AND (submission_id, id) IN
                 (SELECT h.submission_id, h.id FROM submission_history h
                  WHERE h.organization_id = $1 AND h.submission_id IN ",
            first!(),
            " LIMIT $3)"
        ),
    ),
    (
        "submissionComments",
        concat!(
            "DELETE FROM submission_comments WHERE organization_id = $1 AND (submission_id, id) IN
                 (SELECT c.submission_id, c.id FROM submission_comments c
                  WHERE c.organization_id = $1 AND c.submission_id IN ",
            first!(),
            " LIMIT $3)"
        ),
    ),
    (
        "submissionAttachments",
        concat!(
            "DELETE FROM submission_attachments WHERE organization_id = $1 AND (submission_id, position) IN
                 (SELECT a.submission_id, a.position FROM submission_attachments a
                  WHERE a.organization_id = $1 AND a.submission_id IN ",
            first!(),
            " LIMIT $3)"
        ),
    ),
    (
        "submissionReaders",
        concat!(
            "DELETE FROM submission_readers WHERE organization_id = $1 AND (submission_id, user_id) IN
                 (SELECT r.submission_id, r.user_id FROM submission_readers r
                  WHERE r.organization_id = $1 AND r.submission_id IN ",
            first!(),
            " LIMIT $3)"
        ),
    ),
];

/// Deletes some of the submissions of `user`, and what hangs on them, of whomever: at most `limit` rows.
pub async fn delete_some_of(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    limit: i64,
) -> Result<Erased> {
    let mut erased = Erased::default();
    let mut left = limit;
    for (kind, sql) in PARTS {
        let rows = tx.execute(sql, (organization, user, left)).await?;
        erased.add(kind, rows);
        left -= i64::try_from(rows).unwrap_or(left);
        if left <= 0 {
            return Ok(erased);
        }
    }
    let sql = "DELETE FROM submissions WHERE organization_id = $1 AND id IN
                   (SELECT s.id FROM submissions s WHERE s.organization_id = $1 AND s.user_id = $2
                    ORDER BY s.id LIMIT $3)";
    erased.add("submissions", tx.execute(sql, (organization, user, left.min(20))).await?);
    Ok(erased)
}

/// Deletes some of what `user` said of the submissions of others; how many.
pub async fn delete_comments_of(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    limit: i64,
) -> Result<u64> {
    let sql = "DELETE FROM submission_comments WHERE organization_id = $1 AND (submission_id, id) IN
                   (SELECT c.submission_id, c.id FROM submission_comments c
                    WHERE c.organization_id = $1 AND c.user_id = $2 LIMIT $3)";
    Ok(tx.execute(sql, (organization, user, limit)).await?)
}

/// Takes `user` from some of the submissions of others: who returned them, what was done to them, what was read. How
/// many rows; the grades stay.
pub async fn forget_person(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    limit: i64,
) -> Result<u64> {
    for sql in [
        "UPDATE submissions SET returned_by = NULL WHERE organization_id = $1 AND id IN
             (SELECT s.id FROM submissions s WHERE s.organization_id = $1 AND s.returned_by = $2 LIMIT $3)",
        "UPDATE submission_history SET user_id = NULL WHERE organization_id = $1 AND (submission_id, id) IN
             (SELECT h.submission_id, h.id FROM submission_history h
              WHERE h.organization_id = $1 AND h.user_id = $2 LIMIT $3)",
        "DELETE FROM submission_readers WHERE organization_id = $1 AND (submission_id, user_id) IN
             (SELECT r.submission_id, r.user_id FROM submission_readers r
              WHERE r.organization_id = $1 AND r.user_id = $2 LIMIT $3)",
    ] {
        let rows = tx.execute(sql, (organization, user, limit)).await?;
        if rows > 0 {
            return Ok(rows);
        }
    }
    Ok(0)
}
