use homeroom_api::{GroupId, OrganizationId, Timestamp, UserId};

use crate::Result;
use crate::db::{Query, Read, Tx};

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

/// How many users are in any of the groups.
pub async fn count_users(
    conn: &mut impl Read,
    organization: &OrganizationId,
    groups: &[GroupId],
) -> Result<u64> {
    let mut query = Query::new(vec![organization.into()]);
    query.push(if groups.len() == 1 { "SELECT count(*)" } else { "SELECT count(DISTINCT user_id)" });
    query.push(" FROM group_users WHERE organization_id = $1 AND group_id IN (").bind_all(groups).push(")");
    let (sql, args) = query.done();
    let counted: Vec<(i64,)> = conn.fetch(sql, args).await?;
    Ok(counted.first().map_or(0, |(count,)| count.unsigned_abs()))
}
