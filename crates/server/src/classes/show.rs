//! Classes on the wire.

use homeroom_api::{ClassDetails, ClassLinks, ClassRole, GroupDetails, GroupType, Scope};

use super::{Class, store};
use crate::http::Caller;
use crate::{App, groups};

impl Class {
    /// The code is for who may let people in: as a member of the class and by the token.
    pub(super) fn show(self, app: &App, caller: &Caller) -> ClassDetails {
        let may_let_in = self.may_teach(caller) && caller.scopes.has(Scope::EduClasses);
        ClassDetails {
            enrollment_code: may_let_in.then(|| self.code(app)).flatten(),
            students_group: Some(self.show_group(ClassRole::Student)),
            teachers_group: Some(self.show_group(ClassRole::Teacher)),
            id: self.id,
            state: self.state,
            name: self.name,
            section: Some(self.section).filter(|section| !section.is_empty()),
            organization: Some(self.organization),
            owner: self.owner,
            creation_date: self.created_at,
            modification_date: Some(self.modified_at),
            assignments_count: None,
            level: self.level,
            skills_focused: Some(self.skills_focused).filter(|skills| !skills.is_empty()),
            #[allow(clippy::cast_precision_loss)] // it is a hundred thousand at most
            size: self.size.map(|size| size as f64),
            links: ClassLinks::default(),
        }
    }

    fn code(&self, app: &App) -> Option<String> {
        app.keys.open_secret(&store::place(&self.id), &self.enrollment_code)
    }

    fn show_group(&self, role: ClassRole) -> GroupDetails {
        let (r#type, name, users_count) = match role {
            ClassRole::Teacher => (GroupType::ClassTeachers, groups::TEACHERS, self.teachers),
            ClassRole::Student => (GroupType::ClassStudents, groups::STUDENTS, self.students),
        };
        GroupDetails {
            id: self.group(role).clone(),
            name: name.to_owned(),
            r#type,
            organization: Some(self.organization.clone()),
            classroom: Some(self.id.clone()),
            assignment: None,
            parent: None,
            creation_date: self.created_at,
            users_count,
            read_only: true,
            tags: Vec::new(),
        }
    }
}
