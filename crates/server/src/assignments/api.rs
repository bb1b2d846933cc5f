use homeroom_api::{AssignmentCopy, ClassAssignment, ClassAssignmentUpdate, ErrorBody, Scope, Scopes};

use crate::http::{Access, Allowed, Caller, Json, Path, Routes, parse_id};
use crate::{App, Result, assignments};

pub const READ: Access = Access {
    scopes: Scopes::of(&[
        Scope::EduClasses,
        Scope::EduClassesReadonly,
        Scope::EduAssignments,
        Scope::EduAssignmentsReadonly,
    ]),
    roles: Allowed::Everybody,
};
pub const WRITE: Access =
    Access { scopes: Scopes::of(&[Scope::EduClasses, Scope::EduAssignments]), roles: Allowed::Everybody };

const ASSIGNMENTS: &str = "/v2/classes/{class}/assignments";
const ARCHIVE: &str = "/v2/classes/{class}/assignments/{assignment}/archive";

pub fn routes() -> Routes {
    Routes::new()
        .get(ASSIGNMENTS, READ, list)
        .post(ASSIGNMENTS, WRITE, create)
        .post("/v2/classes/{class}/assignments/{assignment}/copy", WRITE, copy)
        .post(ARCHIVE, WRITE, archive)
        .delete(ARCHIVE, WRITE, unarchive)
}

/// List the assignments of a class
///
/// To teachers of the class and administrators all of them, with all submissions. To students the active ones that
/// are given to them and have begun, with their own submission, without what is for teachers.
#[utoipa::path(
    get, path = "/v2/classes/{class}/assignments", operation_id = "listAssignments", tag = "Class",
    params(("class" = String, Path, description = "The id of the class")),
    responses((status = 200, description = "The assignments in the order of their creation", body = [ClassAssignment]), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn list(app: App, caller: Caller, Path([class]): Path<1>) -> Result<Json<Vec<ClassAssignment>>> {
    assignments::list(&app, &caller, &parse_id("class", class)?).await.map(Json)
}

/// Give an assignment to a class
///
/// By teachers of the class and administrators. It needs a title; a class has 1,000 assignments at most. Attachments
/// are scores and links: worksheets and files of Google Drive are 501, as are groups that hand in together.
#[utoipa::path(
    post, path = "/v2/classes/{class}/assignments", operation_id = "createClassAssignment", tag = "Class",
    params(("class" = String, Path, description = "The id of the class")), request_body = ClassAssignmentUpdate,
    responses((status = 200, description = "The assignment", body = ClassAssignment), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn create(
    app: App,
    caller: Caller,
    Path([class]): Path<1>,
    Json(new): Json<ClassAssignmentUpdate>,
) -> Result<Json<ClassAssignment>> {
    assignments::create(&app, &caller, &parse_id("class", class)?, new).await.map(Json)
}

/// Copy an assignment to a class
///
/// The caller teaches both classes. The copy is active and for everyone; it keeps the due date where that lies ahead.
/// There is no resource library: a copy to it is 501.
#[utoipa::path(
    post, path = "/v2/classes/{class}/assignments/{assignment}/copy", operation_id = "copyAssignment", tag = "Class",
    params(("class" = String, Path, description = "The id of the class"), ("assignment" = String, Path, description = "The id of the assignment")),
    request_body = AssignmentCopy,
    responses((status = 200, description = "The copy", body = ClassAssignment), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn copy(
    app: App,
    caller: Caller,
    Path([class, assignment]): Path<2>,
    Json(copy): Json<AssignmentCopy>,
) -> Result<Json<ClassAssignment>> {
    let (class, assignment) = (parse_id("class", class)?, parse_id("assignment", assignment)?);
    assignments::copy(&app, &caller, &class, &assignment, copy).await.map(Json)
}

/// Archive an assignment
///
/// Students no longer see it in the list, and nothing in it can be changed.
#[utoipa::path(
    post, path = "/v2/classes/{class}/assignments/{assignment}/archive", operation_id = "archiveAssignment",
    tag = "Class",
    params(("class" = String, Path, description = "The id of the class"), ("assignment" = String, Path, description = "The id of the assignment")),
    responses((status = 200, description = "The assignment", body = ClassAssignment), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn archive(
    app: App,
    caller: Caller,
    Path([class, assignment]): Path<2>,
) -> Result<Json<ClassAssignment>> {
    let (class, assignment) = (parse_id("class", class)?, parse_id("assignment", assignment)?);
    assignments::archive(&app, &caller, &class, &assignment).await.map(Json)
}

/// Take an assignment out of the archive
#[utoipa::path(
    delete, path = "/v2/classes/{class}/assignments/{assignment}/archive", operation_id = "unarchiveAssignment",
    tag = "Class",
    params(("class" = String, Path, description = "The id of the class"), ("assignment" = String, Path, description = "The id of the assignment")),
    responses((status = 200, description = "The assignment", body = ClassAssignment), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn unarchive(
    app: App,
    caller: Caller,
    Path([class, assignment]): Path<2>,
) -> Result<Json<ClassAssignment>> {
    let (class, assignment) = (parse_id("class", class)?, parse_id("assignment", assignment)?);
    assignments::unarchive(&app, &caller, &class, &assignment).await.map(Json)
}
