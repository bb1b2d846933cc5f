use homeroom_api::{ClassId, ClassListState, ClassState, GroupId, OrganizationId, Timestamp, UserId};
use serde::Serialize;

use super::class::columns;
use super::{Class, Fields};
use crate::db::{Conn, Engine, Query, Read, Tx};
use crate::http::{Caller, Order, Page, PageQuery, Select, Way};
use crate::{App, Error, Result};

/// A class, and what `viewer` is in it.
pub async fn find(
    conn: &mut impl Read,
    organization: &OrganizationId,
    class: &ClassId,
    viewer: Option<&UserId>,
) -> Result<Option<Class>> {
    let sql = concat!("SELECT ", columns!(), " FROM classes c WHERE c.organization_id = $1 AND c.id = $3");
    Ok(conn.optional(sql, (organization, viewer_id(viewer), class)).await?)
}

/// Nobody has the id ''.
fn viewer_id(viewer: Option<&UserId>) -> &str {
    viewer.map_or("", UserId::as_str)
}

/// Where a code stands, which is encrypted.
pub fn place(class: &ClassId) -> String {
    format!("class/{class}")
}

fn code_hash(app: &App, code: &str) -> Vec<u8> {
    app.keys.hash_code(&format!("class/{code}"))
}

/// A class to insert.
pub struct New<'a> {
    pub id: &'a ClassId,
    pub owner: &'a UserId,
    pub fields: &'a Fields,
    pub students: &'a GroupId,
    pub teachers: &'a GroupId,
    pub code: &'a str,
}

pub async fn insert(app: &App, tx: &mut Tx, organization: &OrganizationId, new: &New<'_>) -> Result<()> {
    let inserted = tx
        .execute(
            "INSERT INTO classes (organization_id, id, name, section, level, skills_focused, size, state, owner,
                                  students_group, teachers_group, enrollment_code, enrollment_code_hash, created_at,
                                  modified_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 'active', $8, $9, $10, $11, $12, $13, $13)
             ON CONFLICT (organization_id, enrollment_code_hash) DO NOTHING",
            (
                organization,
                new.id,
                &new.fields.name,
                &new.fields.section,
                new.fields.level.map_or("", |level| level.as_str()),
                new.fields.skills(),
                new.fields.size,
                new.owner,
                new.students,
                new.teachers,
                app.keys.seal_secret(&app.random, &place(new.id), new.code),
                code_hash(app, new.code),
                app.clock.now(),
            ),
        )
        .await?;
    if inserted == 0 {
        return Err(Error::unavailable("an enrolment code was drawn twice"));
    }
    Ok(())
}

/// Which classes to list.
#[derive(Debug, Clone, Serialize)]
pub struct Filter {
    pub state: ClassListState,
    /// Those of everybody.
    pub all: bool,
}

const OF_ALL: &str = " FROM classes c WHERE c.organization_id = $1 AND c.state = $3";
const OWN: &str = " FROM classes c WHERE c.organization_id = $1 AND c.state = $3 AND c.id IN
    (SELECT g.class_id FROM group_users m JOIN groups g ON g.organization_id = m.organization_id AND g.id = m.group_id
     WHERE m.organization_id = $1 AND m.user_id = $2 AND g.type IN ('classStudents', 'classTeachers'))";

pub async fn list(
    conn: &mut Conn,
    caller: &Caller,
    filter: &Filter,
    page: &PageQuery,
) -> Result<Page<Class>> {
    let viewer = viewer_id(caller.person());
    let select = Select {
        args: vec![(&caller.organization).into(), viewer.into(), filter.state.as_str().into()],
        found: "c.*",
        columns: columns!(),
        page: "c",
        from: if filter.all { OF_ALL } else { OWN },
        way: if filter.all || conn.engine() == Engine::Postgres { Way::Walk } else { Way::Gather },
        filter: |_: &mut Query| {},
        order: Order::by_id("c.id"),
    };
    select.page(conn, page).await
}

/// Keeps a class in its state until the transaction ends.
pub async fn hold(tx: &mut Tx, organization: &OrganizationId, class: &ClassId) -> Result<()> {
    let sql = "SELECT 1 FROM classes WHERE organization_id = $1 AND id = $2 FOR SHARE";
    Ok(tx.lock(sql, (organization, class)).await?)
}

/// Locks a class until the transaction ends.
pub async fn lock(tx: &mut Tx, organization: &OrganizationId, class: &ClassId) -> Result<()> {
    let sql = "UPDATE classes SET modified_at = modified_at WHERE organization_id = $1 AND id = $2";
    tx.execute(sql, (organization, class)).await?;
    Ok(())
}

pub async fn update(tx: &mut Tx, class: &Class, fields: &Fields, now: Timestamp) -> Result<()> {
    tx.execute(
        "UPDATE classes SET name = $3, section = $4, level = $5, skills_focused = $6, size = $7, modified_at = $8
         WHERE organization_id = $1 AND id = $2",
        (
            &class.organization,
            &class.id,
            &fields.name,
            &fields.section,
            fields.level.map_or("", |level| level.as_str()),
            fields.skills(),
            fields.size,
            now,
        ),
    )
    .await?;
    Ok(())
}

pub async fn set_state(tx: &mut Tx, class: &Class, state: ClassState, now: Timestamp) -> Result<()> {
    let sql = "UPDATE classes SET state = $3, modified_at = $4 WHERE organization_id = $1 AND id = $2";
    tx.execute(sql, (&class.organization, &class.id, state, now)).await?;
    Ok(())
}

pub async fn find_by_code(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    code: &str,
) -> Result<Option<ClassId>> {
    let sql = "SELECT id FROM classes WHERE organization_id = $1 AND enrollment_code_hash = $2";
    let found: Option<(ClassId,)> = tx.optional(sql, (organization, code_hash(app, code))).await?;
    Ok(found.map(|(id,)| id))
}

/// The teacher of the class who has been in the organization longest takes over from `$2`.
macro_rules! hand_over {
    () => {
        "UPDATE classes SET owner =
             (SELECT min(m.user_id) FROM group_users m
              WHERE m.organization_id = classes.organization_id AND m.group_id = classes.teachers_group
                AND m.user_id <> $2)
         WHERE organization_id = $1 AND owner = $2"
    };
}

/// Hands a class over, or all that `user` leads.
pub async fn hand_over(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    class: Option<&ClassId>,
) -> Result<()> {
    match class {
        Some(class) => {
            tx.execute(concat!(hand_over!(), " AND id = $3"), (organization, user, class)).await?;
        }
        None => {
            tx.execute(hand_over!(), (organization, user)).await?;
        }
    }
    Ok(())
}

pub async fn share_class(
    conn: &mut impl Read,
    organization: &OrganizationId,
    one: &UserId,
    other: &UserId,
) -> Result<bool> {
    let found: Option<(String,)> = conn
        .optional(
            "SELECT g.id FROM group_users m
             JOIN group_users n ON n.organization_id = m.organization_id AND n.group_id = m.group_id
             JOIN groups g ON g.organization_id = m.organization_id AND g.id = m.group_id
             WHERE m.organization_id = $1 AND m.user_id = $2 AND n.user_id = $3 AND g.type = 'classStudents' LIMIT 1",
            (organization, one, other),
        )
        .await?;
    Ok(found.is_some())
}

/// The test student of a teacher in a class, who is there.
pub async fn find_test_student(
    tx: &mut Tx,
    organization: &OrganizationId,
    class: &ClassId,
    teacher: &UserId,
) -> Result<Option<UserId>> {
    Ok(test_students(tx, organization, teacher, Some(class), 1).await?.into_iter().next())
}

/// Up to `most` test students of a teacher who are there, in a class or in all.
pub async fn test_students(
    tx: &mut Tx,
    organization: &OrganizationId,
    teacher: &UserId,
    class: Option<&ClassId>,
    most: i64,
) -> Result<Vec<UserId>> {
    let mut query = Query::new(vec![organization.into(), teacher.into()]);
    query.push(
        "SELECT t.user_id FROM test_students t
         JOIN users u ON u.organization_id = t.organization_id AND u.id = t.user_id AND u.removed_at IS NULL
         WHERE t.organization_id = $1 AND t.teacher_id = $2",
    );
    if let Some(class) = class {
        query.push(" AND t.class_id = ").bind(class);
    }
    query.push(" ORDER BY t.user_id LIMIT ").bind(most);
    let (sql, args) = query.done();
    Ok(tx.fetch::<(UserId,)>(sql, args).await?.into_iter().map(|(id,)| id).collect())
}

/// Takes the place of one who was removed.
pub async fn put_test_student(
    tx: &mut Tx,
    organization: &OrganizationId,
    class: &ClassId,
    teacher: &UserId,
    student: &UserId,
) -> Result<()> {
    tx.execute(
        "INSERT INTO test_students (organization_id, class_id, teacher_id, user_id) VALUES ($1, $2, $3, $4)
         ON CONFLICT (organization_id, class_id, teacher_id) DO UPDATE SET user_id = excluded.user_id",
        (organization, class, teacher, student),
    )
    .await?;
    Ok(())
}

pub async fn forget_test_student(tx: &mut Tx, organization: &OrganizationId, student: &UserId) -> Result<()> {
    let sql = "DELETE FROM test_students WHERE organization_id = $1 AND user_id = $2";
    tx.execute(sql, (organization, student)).await?;
    Ok(())
}
