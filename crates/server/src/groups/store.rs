use homeroom_api::{ClassId, GroupId, OrganizationId, Timestamp, UserId};

use super::{STUDENTS, TEACHERS};
use crate::db::{Query, Read, Tx};
use crate::{App, Result};

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

/// The two groups of a new class: of its students, and of its teachers.
pub async fn insert_of_class(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    class: &ClassId,
) -> Result<[GroupId; 2]> {
    let now = app.clock.now();
    let [students, teachers]: [GroupId; 2] = [app.random.id(now), app.random.id(now)];
    tx.execute(
        "INSERT INTO groups (organization_id, id, name, type, creator, created_at, class_id)
         VALUES ($1, $2, $3, 'classStudents', NULL, $6, $7), ($1, $4, $5, 'classTeachers', NULL, $6, $7)",
        (organization, &students, STUDENTS, &teachers, TEACHERS, now, class),
    )
    .await?;
    Ok([students, teachers])
}
