//! A class as rules see it, and what it says of who asks.

use homeroom_api::{
    ClassGradeLevel, ClassId, ClassRole, ClassState, EduSkill, GroupId, OrganizationId, Role, Timestamp,
    UserId,
};

use crate::db::{self, FromRow, Row};
use crate::http::Caller;
use crate::{Error, Result};

/// A class, and what the caller is in it.
#[derive(Debug, Clone)]
pub struct Class {
    pub id: ClassId,
    pub organization: OrganizationId,
    pub name: String,
    pub section: String,
    pub level: Option<ClassGradeLevel>,
    pub skills_focused: Vec<EduSkill>,
    pub size: Option<i64>,
    pub state: ClassState,
    pub owner: Option<UserId>,
    pub students_group: GroupId,
    pub teachers_group: GroupId,
    /// Encrypted.
    pub enrollment_code: Vec<u8>,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
    pub students: u64,
    pub teachers: u64,
    /// What the caller is in it; absent for who is not.
    pub role: Option<ClassRole>,
}

/// What [`Class`] is read from. `$2` is whose role is asked for; the class is `c`.
macro_rules! columns {
    () => {
        "c.id, c.organization_id, c.name, c.section, c.level, c.skills_focused, c.size, c.state, c.owner,
         c.students_group, c.teachers_group, c.enrollment_code, c.created_at, c.modified_at,
         (SELECT count(*) FROM group_users m
          WHERE m.organization_id = c.organization_id AND m.group_id = c.students_group),
         (SELECT count(*) FROM group_users m
          WHERE m.organization_id = c.organization_id AND m.group_id = c.teachers_group),
         (SELECT min(CASE WHEN m.group_id = c.teachers_group THEN 'teacher' ELSE 'student' END) FROM group_users m
          WHERE m.organization_id = c.organization_id AND m.user_id = $2
            AND m.group_id IN (c.students_group, c.teachers_group))"
    };
}
pub(super) use columns;

impl FromRow for Class {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.take()?,
            organization: row.take()?,
            name: row.take()?,
            section: row.take()?,
            level: level(&row.take::<String>()?)?,
            skills_focused: skills(&row.take::<String>()?)?,
            size: row.take()?,
            state: row.take()?,
            owner: row.take()?,
            students_group: row.take()?,
            teachers_group: row.take()?,
            enrollment_code: row.take()?,
            created_at: row.take()?,
            modified_at: row.take()?,
            students: row.take::<i64>()?.unsigned_abs(),
            teachers: row.take::<i64>()?.unsigned_abs(),
            role: row.take()?,
        })
    }
}

fn level(word: &str) -> db::Result<Option<ClassGradeLevel>> {
    Some(word).filter(|word| !word.is_empty()).map(str::parse).transpose().map_err(db::Error::Failed)
}

fn skills(words: &str) -> db::Result<Vec<EduSkill>> {
    words.split_whitespace().map(str::parse).collect::<Result<_, _>>().map_err(db::Error::Failed)
}

impl Class {
    /// Whether `caller` teaches the class or administers the organization.
    pub fn may_teach(&self, caller: &Caller) -> bool {
        self.role == Some(ClassRole::Teacher) || caller.administers()
    }

    /// 403 for who neither teaches the class nor administers the organization.
    pub fn must_teach(&self, caller: &Caller) -> Result<()> {
        if self.may_teach(caller) {
            return Ok(());
        }
        Err(Error::forbidden("Only the teachers of this class and administrators may do this."))
    }

    /// 409 where the class is archived: it is only read.
    pub fn must_not_be_archived(&self) -> Result<()> {
        if self.state == ClassState::Archived {
            return Err(Error::conflict("This class is archived: unarchive it first."));
        }
        Ok(())
    }

    /// The group of those who are this in the class.
    pub const fn group(&self, role: ClassRole) -> &GroupId {
        match role {
            ClassRole::Teacher => &self.teachers_group,
            ClassRole::Student => &self.students_group,
        }
    }
}

/// What somebody with this role in the organization is in a class.
pub const fn role_in_class(role: Role) -> ClassRole {
    match role {
        Role::User => ClassRole::Student,
        Role::Teacher | Role::AccountAdmin | Role::Admin => ClassRole::Teacher,
    }
}

/// Who may be in a class, and who sees them all.
impl Caller {
    /// Whether the caller is an admin or accountAdmin.
    pub fn administers(&self) -> bool {
        self.role.rank() >= Role::AccountAdmin.rank()
    }

    /// Who is a member of classes: nobody, where an app acts for itself.
    pub fn person(&self) -> Option<&UserId> {
        Some(&self.user).filter(|_| !self.as_app)
    }

    /// As [`Caller::person`]; 403 for an app, which is in no class and has no scores.
    pub fn must_be_person(&self) -> Result<&UserId> {
        let message = "This token stands for an app, which is in no class and has no scores: use a person's.";
        self.person().ok_or_else(|| Error::forbidden(message))
    }
}
