//! What becomes of collections when somebody leaves.

use homeroom_api::{OrganizationId, UserId};

use crate::Result;
use crate::db::Tx;
use crate::jobs::Erased;

/// Deletes some of the collections of `user`, first what is in them: at most `limit` rows.
pub async fn delete_some_of(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    limit: i64,
) -> Result<Erased> {
    let contents = "DELETE FROM collection_scores WHERE organization_id = $1 AND (collection_id, score_id) IN
                        (SELECT s.collection_id, s.score_id FROM collection_scores s
                         WHERE s.organization_id = $1 AND s.collection_id IN
                             (SELECT c.id FROM collections c WHERE c.organization_id = $1 AND c.user_id = $2
                              ORDER BY c.id LIMIT 20)
                         LIMIT $3)";
    let mut erased = Erased::of("collectionScores", tx.execute(contents, (organization, user, limit)).await?);
    let left = limit - i64::try_from(erased.rows()).unwrap_or(limit);
    if left <= 0 {
        return Ok(erased);
    }
    let sql = "DELETE FROM collections WHERE organization_id = $1 AND id IN
                   (SELECT c.id FROM collections c WHERE c.organization_id = $1 AND c.user_id = $2
                    ORDER BY c.id LIMIT $3)";
    erased.add("collections", tx.execute(sql, (organization, user, left.min(20))).await?);
    Ok(erased)
}

/// Inserts some of the collections of `user` in the organization that they go to, empty so far; how many. They stay
/// here until all scores have gone there, each with its place in them.
pub async fn copy_some_of(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    to: &OrganizationId,
    limit: i64,
) -> Result<u64> {
    let sql = "INSERT INTO collections (organization_id, id, user_id, title, title_key, created_at, modified_at,
                                        trashed_at, delete_at)
               SELECT $3, c.id, c.user_id, c.title, c.title_key, c.created_at, c.modified_at, c.trashed_at, c.delete_at
               FROM collections c
               WHERE c.organization_id = $1 AND c.user_id = $2 AND NOT EXISTS
                   (SELECT 1 FROM collections d WHERE d.organization_id = $3 AND d.id = c.id)
               ORDER BY c.id LIMIT $4";
    Ok(tx.execute(sql, (organization, user, to, limit)).await?)
}
