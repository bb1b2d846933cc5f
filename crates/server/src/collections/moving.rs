//! Collections of somebody who goes to another organization with the account.

use homeroom_api::{OrganizationId, UserId};

use crate::Result;
use crate::db::Tx;

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
