use homeroom_api::{ClassId, ClassRole, GroupId, OrganizationId, Timestamp, UserId};

use super::{Filter, Group, STUDENTS, TEACHERS, name_taken};
use crate::classes::Class;
use crate::db::{self, Conn, Engine, FromRow, Query, Read, Row, Tx, Unique};
use crate::http::{Caller, Order, Page, PageQuery, Select, Way};
use crate::text::fold;
use crate::users::{Person, person};
use crate::{App, Result};

/// What [`Group`] is read from. `$2` is who asks; the group is `g`.
macro_rules! columns {
    () => {
        "g.id, g.organization_id, g.name, g.type, g.class_id, g.assignment_id, g.parent_id, g.created_at,
         (SELECT count(*) FROM group_users m WHERE m.organization_id = g.organization_id AND m.group_id = g.id),
         EXISTS (SELECT 1 FROM group_users m
                 WHERE m.organization_id = g.organization_id AND m.group_id = g.id AND m.user_id = $2),
         EXISTS (SELECT 1 FROM classes c
                 JOIN group_users m ON m.organization_id = c.organization_id AND m.group_id = c.teachers_group
                 WHERE c.organization_id = g.organization_id AND c.id = g.class_id AND m.user_id = $2)"
    };
}

impl FromRow for Group {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.take()?,
            organization: row.take()?,
            name: row.take()?,
            r#type: row.take()?,
            class: row.take()?,
            assignment: row.take()?,
            parent: row.take()?,
            created_at: row.take()?,
            users: row.take::<i64>()?.unsigned_abs(),
            is_member: row.take()?,
            teaches: row.take()?,
        })
    }
}

/// Nobody has the id ''.
fn viewer(caller: &Caller) -> &str {
    caller.person().map_or("", UserId::as_str)
}

pub async fn find(conn: &mut impl Read, caller: &Caller, group: &GroupId) -> Result<Option<Group>> {
    let sql = concat!("SELECT ", columns!(), " FROM groups g WHERE g.organization_id = $1 AND g.id = $3");
    Ok(conn.optional(sql, (&caller.organization, viewer(caller), group)).await?)
}

const OF_ALL: &str = " FROM groups g WHERE g.organization_id = $1 AND g.type = $3";
const TAUGHT: &str = " FROM groups g WHERE g.organization_id = $1 AND g.type = $3 AND g.class_id IN
    (SELECT t.class_id FROM group_users m JOIN groups t ON t.organization_id = m.organization_id AND t.id = m.group_id
     WHERE m.organization_id = $1 AND m.user_id = $2 AND t.type = 'classTeachers')";

pub async fn list(
    conn: &mut Conn,
    caller: &Caller,
    filter: &Filter,
    page: &PageQuery,
) -> Result<Page<Group>> {
    let is_all = caller.administers();
    let is_gathered = conn.engine() == Engine::Sqlite && (!is_all || filter.class.is_some());
    let select = Select {
        args: vec![(&caller.organization).into(), viewer(caller).into(), filter.r#type.as_str().into()],
        found: "g.*",
        columns: columns!(),
        page: "g",
        from: if is_all { OF_ALL } else { TAUGHT },
        way: if is_gathered { Way::Gather } else { Way::Walk },
        filter: |query: &mut Query| {
            if let Some(class) = &filter.class {
                query.push(" AND g.class_id = ").bind(class);
            }
            if let Some(assignment) = &filter.assignment {
                query.push(" AND g.assignment_id = ").bind(assignment);
            }
        },
        order: Order::by_id("g.id"),
    };
    select.page(conn, page).await
}

pub async fn list_members(
    conn: &mut Conn,
    organization: &OrganizationId,
    group: &GroupId,
    page: &PageQuery,
) -> Result<Page<Person>> {
    let select = Select {
        args: vec![organization.into(), group.into()],
        found: "m.organization_id, m.user_id",
        columns: person!(),
        page: "m JOIN users u ON u.organization_id = m.organization_id AND u.id = m.user_id",
        from: " FROM group_users m WHERE m.organization_id = $1 AND m.group_id = $2",
        way: Way::Walk,
        filter: |_: &mut Query| {},
        order: Order::by_id("m.user_id"),
    };
    select.page(conn, page).await
}

/// A generic group.
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

/// A group within the students of a class.
pub struct New<'a> {
    pub id: &'a GroupId,
    pub name: &'a str,
    pub class: &'a Class,
    pub creator: Option<&'a UserId>,
}

/// Whether the name was free in the class.
pub async fn insert_sub_group(
    tx: &mut Tx,
    organization: &OrganizationId,
    new: &New<'_>,
    now: Timestamp,
) -> Result<bool> {
    let inserted = tx
        .execute(
            "INSERT INTO groups (organization_id, id, name, name_key, type, creator, created_at, class_id, parent_id)
             VALUES ($1, $2, $3, $4, 'classStudentsSubGroup', $5, $6, $7, $8)
             ON CONFLICT (organization_id, class_id, name_key) WHERE name_key IS NOT NULL DO NOTHING",
            (
                organization,
                new.id,
                new.name,
                fold(new.name),
                new.creator,
                now,
                &new.class.id,
                &new.class.students_group,
            ),
        )
        .await?;
    Ok(inserted > 0)
}

/// The folds of the names that are taken in a class.
pub async fn names(tx: &mut Tx, organization: &OrganizationId, class: &ClassId) -> Result<Vec<String>> {
    let sql =
        "SELECT name_key FROM groups WHERE organization_id = $1 AND class_id = $2 AND name_key IS NOT NULL";
    Ok(tx.all::<(String,)>(sql, (organization, class)).await?.into_iter().map(|(key,)| key).collect())
}

/// 409 where the name is taken.
pub async fn rename(tx: &mut Tx, organization: &OrganizationId, group: &GroupId, name: &str) -> Result<()> {
    let sql = "UPDATE groups SET name = $3, name_key = $4 WHERE organization_id = $1 AND id = $2";
    match tx.execute(sql, (organization, group, name, fold(name))).await {
        Err(db::Error::Taken(Unique::GroupName)) => Err(name_taken()),
        other => Ok(other.map(drop)?),
    }
}

/// Whether it was there. Groups within it are no longer.
pub async fn delete(tx: &mut Tx, organization: &OrganizationId, group: &GroupId) -> Result<bool> {
    let sql = "UPDATE groups SET parent_id = NULL WHERE organization_id = $1 AND parent_id = $2";
    tx.execute(sql, (organization, group)).await?;
    let sql = "DELETE FROM groups WHERE organization_id = $1 AND id = $2";
    Ok(tx.execute(sql, (organization, group)).await? > 0)
}

/// Keeps a group until the transaction ends.
pub async fn hold(tx: &mut Tx, organization: &OrganizationId, group: &GroupId) -> Result<()> {
    let sql = "SELECT 1 FROM groups WHERE organization_id = $1 AND id = $2 FOR SHARE";
    Ok(tx.lock(sql, (organization, group)).await?)
}

/// Puts a user into a group; whether they were not in it.
pub async fn add_user(
    tx: &mut Tx,
    organization: &OrganizationId,
    group: &GroupId,
    user: &UserId,
) -> Result<bool> {
    let added = tx
        .execute(
            "INSERT INTO group_users (organization_id, group_id, user_id) VALUES ($1, $2, $3)
             ON CONFLICT (organization_id, group_id, user_id) DO NOTHING",
            (organization, group, user),
        )
        .await?;
    Ok(added > 0)
}

/// Puts those of `users` who are students of the class into a group within it; who was put.
pub async fn add_students(
    tx: &mut Tx,
    class: &Class,
    group: &GroupId,
    users: &[UserId],
) -> Result<Vec<UserId>> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let args = vec![(&class.organization).into(), (&class.students_group).into(), group.into()];
    let mut query = Query::new(args);
    query.push(
        "INSERT INTO group_users (organization_id, group_id, user_id)
         SELECT g.organization_id, g.id, m.user_id FROM group_users m
         JOIN groups g ON g.organization_id = m.organization_id AND g.id = $3
         WHERE m.organization_id = $1 AND m.group_id = $2 AND m.user_id IN (",
    );
    query.bind_all(users);
    query.push(") ON CONFLICT (organization_id, group_id, user_id) DO NOTHING RETURNING user_id");
    let (sql, args) = query.done();
    Ok(tx.fetch::<(UserId,)>(sql, args).await?.into_iter().map(|(id,)| id).collect())
}

pub async fn is_in(
    tx: &mut Tx,
    organization: &OrganizationId,
    group: &GroupId,
    user: &UserId,
) -> Result<bool> {
    let sql = "SELECT user_id FROM group_users WHERE organization_id = $1 AND group_id = $2 AND user_id = $3";
    Ok(tx.optional::<(UserId,)>(sql, (organization, group, user)).await?.is_some())
}

/// Whether they were in it.
pub async fn remove_user(
    tx: &mut Tx,
    organization: &OrganizationId,
    group: &GroupId,
    user: &UserId,
) -> Result<bool> {
    let sql = "DELETE FROM group_users WHERE organization_id = $1 AND group_id = $2 AND user_id = $3";
    Ok(tx.execute(sql, (organization, group, user)).await? > 0)
}

/// Takes a user, who is locked, out of all groups of a class; whether they were in any.
pub async fn leave_class(
    tx: &mut Tx,
    organization: &OrganizationId,
    class: &ClassId,
    user: &UserId,
) -> Result<bool> {
    let sql = "DELETE FROM group_users WHERE organization_id = $1 AND user_id = $3 AND group_id IN
                   (SELECT g.id FROM groups g WHERE g.organization_id = $1 AND g.class_id = $2)";
    Ok(tx.execute(sql, (organization, class, user)).await? > 0)
}

/// Moves a user, who is locked, in each class to the group of those who are `role`, and out of all others of it.
pub async fn change_sides(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    role: ClassRole,
) -> Result<()> {
    let (from, to) = match role {
        ClassRole::Teacher => ("classStudents", "classTeachers"),
        ClassRole::Student => ("classTeachers", "classStudents"),
    };
    tx.execute(
        "INSERT INTO group_users (organization_id, group_id, user_id)
         SELECT t.organization_id, t.id, m.user_id FROM group_users m
         JOIN groups f ON f.organization_id = m.organization_id AND f.id = m.group_id
         JOIN groups t ON t.organization_id = f.organization_id AND t.class_id = f.class_id
         WHERE m.organization_id = $1 AND m.user_id = $2 AND f.type = $3 AND t.type = $4
         ON CONFLICT (organization_id, group_id, user_id) DO NOTHING",
        (organization, user, from, to),
    )
    .await?;
    tx.execute(
        "DELETE FROM group_users WHERE organization_id = $1 AND user_id = $2 AND group_id IN
             (SELECT g.id FROM group_users m JOIN groups g ON g.organization_id = m.organization_id AND g.id = m.group_id
              WHERE m.organization_id = $1 AND m.user_id = $2 AND g.type NOT IN ('generic', $3))",
        (organization, user, to),
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
