use homeroom_api::{GroupId, OrganizationId, Timestamp, UserId};

use crate::Result;
use crate::db::Tx;

pub async fn insert(
    tx: &mut Tx,
    organization: &OrganizationId,
    id: &GroupId,
    name: &str,
    now: Timestamp,
) -> Result<()> {
    tx.execute(
        "INSERT INTO groups (organization_id, id, name, type, creator, created_at)
         VALUES ($1, $2, $3, 'generic', NULL, $4)",
        (organization, id, name, now),
    )
    .await?;
    Ok(())
}

/// Puts a user into a group; nothing changes where they are in it.
pub async fn add_user(
    tx: &mut Tx,
    organization: &OrganizationId,
    group: &GroupId,
    user: &UserId,
) -> Result<()> {
    tx.execute(
        "INSERT INTO group_users (organization_id, group_id, user_id) VALUES ($1, $2, $3)
         ON CONFLICT (organization_id, group_id, user_id) DO NOTHING",
        (organization, group, user),
    )
    .await?;
    Ok(())
}
