use homeroom_api::{CollaboratorId, GroupId, GroupType, OrganizationId, ScoreId, Timestamp, UserId};

use crate::db::{self, FromRow, Query, Read, Row, Tx};
use crate::scores::score::Owner;
use crate::{Error, Result};

/// The most collaborators of a score, groups count as one.
pub const MOST: i64 = 100;

/// Who else may read a score, and more if so.
#[derive(Debug, Clone)]
pub struct Collaborator {
    pub score: ScoreId,
    pub id: CollaboratorId,
    pub write: bool,
    pub admin: bool,
    pub created_at: Timestamp,
    pub who: Who,
}

#[derive(Debug, Clone)]
pub enum Who {
    Person(Owner),
    Group { id: GroupId, name: String, r#type: GroupType, created_at: Timestamp, users: u64 },
}

/// Those who are there.
const SELECT: &str = "SELECT k.score_id, k.id, k.acl_write, k.acl_admin, k.created_at,
    u.id, u.username, u.firstname, u.lastname, u.role,
    g.id, g.name, g.type, g.created_at,
    (SELECT count(*) FROM group_users m WHERE m.organization_id = k.organization_id AND m.group_id = k.group_id)
 FROM score_collaborators k
 LEFT JOIN users u ON u.organization_id = k.organization_id AND u.id = k.user_id AND u.removed_at IS NULL
 LEFT JOIN groups g ON g.organization_id = k.organization_id AND g.id = k.group_id
 WHERE k.organization_id = $1 AND (u.id IS NOT NULL OR g.id IS NOT NULL)";

impl FromRow for Collaborator {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            score: row.take()?,
            id: row.take()?,
            write: row.take()?,
            admin: row.take()?,
            created_at: row.take()?,
            who: who(row)?,
        })
    }
}

fn who(row: &Row<'_>) -> db::Result<Who> {
    let person = (row.take()?, row.take()?, row.take()?, row.take()?, row.take()?);
    if let (Some(id), Some(username), Some(firstname), Some(lastname), Some(role)) = person {
        return Ok(Who::Person(Owner { id, username, firstname, lastname, role }));
    }
    let group = (row.take()?, row.take()?, row.take()?, row.take()?, row.take::<i64>()?);
    let (Some(id), Some(name), Some(r#type), Some(created_at), users) = group else {
        return Err(db::Error::bug("a collaborator is a person or a group"));
    };
    Ok(Who::Group { id, name, r#type, created_at, users: users.unsigned_abs() })
}

/// The collaborators of `scores`, those of each in the order in which they were added.
pub async fn list(
    conn: &mut impl Read,
    organization: &OrganizationId,
    scores: &[ScoreId],
) -> Result<Vec<Collaborator>> {
    let mut sql = Query::new(vec![organization.into()]);
    sql.push(SELECT).push(" AND k.score_id IN (").bind_all(scores).push(") ORDER BY k.score_id, k.id");
    let (sql, args) = sql.done();
    Ok(conn.fetch(sql, args).await?)
}

pub async fn find(
    conn: &mut impl Read,
    organization: &OrganizationId,
    score: &ScoreId,
    id: &CollaboratorId,
) -> Result<Option<Collaborator>> {
    let mut sql = Query::new(vec![organization.into()]);
    sql.push(SELECT).push(" AND k.score_id = ").bind(score).push(" AND k.id = ").bind(id);
    let (sql, args) = sql.done();
    Ok(conn.fetch(sql, args).await?.into_iter().next())
}

/// Nobody else changes who the collaborators of a score are until the transaction ends.
pub async fn lock(tx: &mut Tx, organization: &OrganizationId, score: &ScoreId) -> Result<()> {
    let sql = "SELECT 1 FROM scores WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE";
    Ok(tx.lock(sql, (organization, score)).await?)
}

pub async fn check_room(tx: &mut Tx, organization: &OrganizationId, score: &ScoreId) -> Result<()> {
    let sql = "SELECT count(*) FROM score_collaborators WHERE organization_id = $1 AND score_id = $2";
    let (count,): (i64,) = tx.one(sql, (organization, score)).await?;
    if count <= MOST {
        return Ok(());
    }
    let message = format!("A score has {MOST} collaborators at most: share it with a group instead.");
    Err(Error::forbidden(message))
}

/// With whom to share, and what they may do.
pub struct Share<'a> {
    pub with: With<'a>,
    pub write: bool,
    pub admin: bool,
}

pub enum With<'a> {
    Person(&'a UserId),
    Group(&'a GroupId),
}

/// Inserts a collaborator, or gives the one who is there these rights: the id that stands in the table.
pub async fn put(
    tx: &mut Tx,
    organization: &OrganizationId,
    score: &ScoreId,
    id: CollaboratorId,
    share: &Share<'_>,
    now: Timestamp,
) -> Result<CollaboratorId> {
    let (user, group) = match share.with {
        With::Person(user) => (Some(user), None),
        With::Group(group) => (None, Some(group)),
    };
    let sql = match share.with {
        With::Person(_) => {
            "INSERT INTO score_collaborators (organization_id, score_id, id, user_id, group_id, acl_write, acl_admin,
                                              created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (organization_id, user_id, score_id) WHERE user_id IS NOT NULL
             DO UPDATE SET acl_write = excluded.acl_write, acl_admin = excluded.acl_admin RETURNING id"
        }
        With::Group(_) => {
            "INSERT INTO score_collaborators (organization_id, score_id, id, user_id, group_id, acl_write, acl_admin,
                                              created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (organization_id, group_id, score_id) WHERE group_id IS NOT NULL
             DO UPDATE SET acl_write = excluded.acl_write, acl_admin = excluded.acl_admin RETURNING id"
        }
    };
    let args = (organization, score, &id, user, group, share.write, share.admin, now);
    let (id,): (CollaboratorId,) = tx.one(sql, args).await?;
    Ok(id)
}

pub async fn delete(
    tx: &mut Tx,
    organization: &OrganizationId,
    score: &ScoreId,
    id: &CollaboratorId,
) -> Result<()> {
    let sql = "DELETE FROM score_collaborators WHERE organization_id = $1 AND score_id = $2 AND id = $3";
    tx.execute(sql, (organization, score, id)).await?;
    Ok(())
}
