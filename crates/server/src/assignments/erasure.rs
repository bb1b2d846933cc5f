//! Assignments stay when somebody leaves, without them.

use homeroom_api::{OrganizationId, UserId};

use crate::Result;
use crate::db::Tx;

/// Takes `user` from some of the assignments: who made them, and whom they were for. How many rows.
pub async fn forget_person(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    limit: i64,
) -> Result<u64> {
    for sql in [
        "UPDATE assignments SET creator = NULL WHERE organization_id = $1 AND id IN
             (SELECT a.id FROM assignments a WHERE a.organization_id = $1 AND a.creator = $2 LIMIT $3)",
        "DELETE FROM assignment_students WHERE organization_id = $1 AND (assignment_id, user_id) IN
             (SELECT s.assignment_id, s.user_id FROM assignment_students s
              WHERE s.organization_id = $1 AND s.user_id = $2 LIMIT $3)",
    ] {
        let rows = tx.execute(sql, (organization, user, limit)).await?;
        if rows > 0 {
            return Ok(rows);
        }
    }
    Ok(0)
}
