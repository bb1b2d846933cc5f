use homeroom_api::{ClassId, GroupId, OrganizationId, UserId};

use super::class::columns;
use super::{Class, Fields};
use crate::db::{Read, Tx};
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
