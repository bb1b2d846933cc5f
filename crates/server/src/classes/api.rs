use homeroom_api::{
    ClassCreation, ClassDetails, ClassLinks, ClassRole, ErrorBody, GroupDetails, GroupType, Scope, Scopes,
};

use super::Class;
use crate::http::{Access, Allowed, Caller, Json, Path, Routes, parse_id};
use crate::{App, Result, classes};

pub const CLASSES_READ: Access =
    Access { scopes: Scopes::of(&[Scope::EduClasses, Scope::EduClassesReadonly]), roles: Allowed::Everybody };
pub const CLASSES_WRITE: Access =
    Access { scopes: Scopes::of(&[Scope::EduClasses]), roles: Allowed::Everybody };
const CLASSES_MAKE: Access = Access { roles: Allowed::Teachers, ..CLASSES_WRITE };

const CLASSES: &str = "/v2/classes";

pub fn routes() -> Routes {
    Routes::new().post(CLASSES, CLASSES_MAKE, create).get("/v2/classes/{class}", CLASSES_READ, get)
}

/// Create a class
///
/// Whoever makes it is its first teacher and leads it.
#[utoipa::path(
    post, path = "/v2/classes", operation_id = "createClass", tag = "Class", request_body = ClassCreation,
    responses((status = 200, description = "The new class", body = ClassDetails), (status = 402, description = "Never sent by Homeroom", body = ErrorBody), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn create(app: App, caller: Caller, Json(new): Json<ClassCreation>) -> Result<Json<ClassDetails>> {
    Ok(shown(&app, &caller, classes::create(&app, &caller, new).await?))
}

/// Get a class
#[utoipa::path(
    get, path = "/v2/classes/{class}", operation_id = "getClass", tag = "Class",
    params(("class" = String, Path, description = "The id of the class")),
    responses((status = 200, description = "The class", body = ClassDetails), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn get(app: App, caller: Caller, Path([class]): Path<1>) -> Result<Json<ClassDetails>> {
    let class = parse_id("class", class)?;
    Ok(shown(&app, &caller, classes::get(&app, &caller, &class).await?))
}

fn shown(app: &App, caller: &Caller, class: Class) -> Json<ClassDetails> {
    Json(class.show(app, caller))
}

impl Class {
    /// The code is for who may let people in: as a member of the class and by the token.
    fn show(self, app: &App, caller: &Caller) -> ClassDetails {
        let may_let_in = self.may_teach(caller) && caller.scopes.has(Scope::EduClasses);
        ClassDetails {
            enrollment_code: self.code(app).filter(|_| may_let_in),
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
            #[allow(clippy::cast_precision_loss)] // of a hundred thousand at most
            size: self.size.map(|size| size as f64),
            links: ClassLinks::default(),
        }
    }

    fn show_group(&self, role: ClassRole) -> GroupDetails {
        let (r#type, users_count) = match role {
            ClassRole::Teacher => (GroupType::ClassTeachers, self.teachers),
            ClassRole::Student => (GroupType::ClassStudents, self.students),
        };
        GroupDetails {
            id: self.group(role).clone(),
            name: Self::group_name(role).to_owned(),
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
