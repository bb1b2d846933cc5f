use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use homeroom_api::{
    ClassCreation, ClassDetails, ClassListState, ClassUpdate, ErrorBody, Scope, Scopes, UserDetails,
};

use super::{Class, Filter, Present};
use crate::http::cursor::List;
use crate::http::quirks::Sdk;
use crate::http::{Access, Allowed, Caller, Json, PageQuery, Params, Path, Routes, parse_id};
use crate::{App, Result, classes, me};

pub const CLASSES_READ: Access =
    Access { scopes: Scopes::of(&[Scope::EduClasses, Scope::EduClassesReadonly]), roles: Allowed::Everybody };
pub const CLASSES_WRITE: Access =
    Access { scopes: Scopes::of(&[Scope::EduClasses]), roles: Allowed::Everybody };
const CLASSES_MAKE: Access = Access { roles: Allowed::Teachers, ..CLASSES_WRITE };
const TEST_STUDENTS: Access =
    Access { scopes: Scopes::of(&[Scope::EduAdmin, Scope::EduClasses]), roles: Allowed::Teachers };

const CLASSES: &str = "/v2/classes";

pub fn routes() -> Routes {
    Routes::new()
        .get(CLASSES, CLASSES_READ, list)
        .post(CLASSES, CLASSES_MAKE, create)
        .get("/v2/classes/{class}", CLASSES_READ, get)
        .put("/v2/classes/{class}", CLASSES_WRITE, update)
        .post("/v2/classes/{class}/archive", CLASSES_WRITE, archive)
        .delete("/v2/classes/{class}/archive", CLASSES_WRITE, unarchive)
        .post("/v2/classes/{class}/activate", CLASSES_WRITE, activate)
        .put("/v2/classes/{class}/users/{user}", CLASSES_WRITE, add_user)
        .delete("/v2/classes/{class}/users/{user}", CLASSES_WRITE, delete_user)
        .post("/v2/classes/{class}/testStudent", TEST_STUDENTS, create_test_student)
        .post("/v2/classes/enroll/{enrollmentCode}", CLASSES_WRITE, enroll)
}

/// List classes
///
/// Those that the caller is in, as a teacher or a student, in the order of their creation.
#[utoipa::path(
    get, path = "/v2/classes", operation_id = "listClasses", tag = "Class",
    params(
        ("state" = Option<ClassListState>, Query, description = "The state of the classes", example = "active"),
        ("all" = Option<bool>, Query, description = "`true`: every class of the organization, for its administrators. Not in the contract"),
        ("limit" = Option<u16>, Query, description = "How many at most. Not in the contract", minimum = 1, maximum = 1000, example = 1000),
        ("next" = Option<String>, Query, description = "The cursor of the next page, from the `Link` header. Not in the contract"),
        ("previous" = Option<String>, Query, description = "The cursor of the previous page, from the `Link` header. Not in the contract"),
    ),
    responses((status = 200, description = "One page of classes", body = [ClassDetails]), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn list(app: App, caller: Caller, params: Params) -> Result<Response> {
    let state = params.word("state")?.unwrap_or(ClassListState::Active);
    let filter = Filter { state, all: params.flag("all")? };
    let list = List::of(&("classes", &caller.organization, &caller.user, &filter));
    let page = PageQuery::read(&app, &params, &list, 1000)?;
    let page = classes::list(&app, &caller, &filter, &page).await?;
    Ok(page.map(|class| class.show(&app, &caller)).respond(&app, &list, CLASSES, &params))
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

/// Change a class
///
/// Only the fields that come are changed; `null` clears all but the name.
#[utoipa::path(
    put, path = "/v2/classes/{class}", operation_id = "updateClass", tag = "Class", request_body = ClassUpdate,
    params(("class" = String, Path, description = "The id of the class")),
    responses((status = 200, description = "The class as it is now", body = ClassDetails), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn update(
    app: App,
    caller: Caller,
    Path([class]): Path<1>,
    Json(update): Json<ClassUpdate>,
) -> Result<Json<ClassDetails>> {
    let class = parse_id("class", class)?;
    Ok(shown(&app, &caller, classes::update(&app, &caller, &class, update).await?))
}

/// Archive a class
///
/// It can still be read, and nobody joins it any more.
#[utoipa::path(
    post, path = "/v2/classes/{class}/archive", operation_id = "archiveClass", tag = "Class",
    params(("class" = String, Path, description = "The id of the class")),
    responses((status = 200, description = "The archived class", body = ClassDetails), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn archive(app: App, caller: Caller, Path([class]): Path<1>) -> Result<Json<ClassDetails>> {
    let class = parse_id("class", class)?;
    Ok(shown(&app, &caller, classes::archive(&app, &caller, &class).await?))
}

/// Take a class out of the archive
#[utoipa::path(
    delete, path = "/v2/classes/{class}/archive", operation_id = "unarchiveClass", tag = "Class",
    params(("class" = String, Path, description = "The id of the class")),
    responses((status = 200, description = "The class, which is active", body = ClassDetails), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn unarchive(app: App, caller: Caller, Path([class]): Path<1>) -> Result<Json<ClassDetails>> {
    let class = parse_id("class", class)?;
    Ok(shown(&app, &caller, classes::unarchive(&app, &caller, &class).await?))
}

/// Activate an inactive class
#[utoipa::path(
    post, path = "/v2/classes/{class}/activate", operation_id = "activateClass", tag = "Class",
    params(("class" = String, Path, description = "The id of the class")),
    responses((status = 200, description = "The class, which is active", body = ClassDetails), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn activate(app: App, caller: Caller, Path([class]): Path<1>) -> Result<Json<ClassDetails>> {
    let class = parse_id("class", class)?;
    Ok(shown(&app, &caller, classes::activate(&app, &caller, &class).await?))
}

/// Add a user to a class
///
/// As a student where the role in the organization is `user`, else as a teacher.
#[utoipa::path(
    put, path = "/v2/classes/{class}/users/{user}", operation_id = "addClassUser", tag = "Class",
    params(
        ("class" = String, Path, description = "The id of the class"),
        ("user" = String, Path, description = "The id of the user"),
    ),
    responses((status = 204, description = "The user is in the class"), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn add_user(app: App, caller: Caller, Path([class, user]): Path<2>) -> Result<StatusCode> {
    let (class, user) = (parse_id("class", class)?, parse_id("user", user)?);
    classes::add_user(&app, &caller, &class, &user).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove a user from a class
///
/// Where that was the one who led it, another teacher of the class does from then on.
#[utoipa::path(
    delete, path = "/v2/classes/{class}/users/{user}", operation_id = "deleteClassUser", tag = "Class",
    params(
        ("class" = String, Path, description = "The id of the class"),
        ("user" = String, Path, description = "The id of the user"),
    ),
    responses((status = 204, description = "The user is no longer in the class"), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn delete_user(app: App, caller: Caller, Path([class, user]): Path<2>) -> Result<StatusCode> {
    let (class, user) = (parse_id("class", class)?, parse_id("user", user)?);
    classes::remove_user(&app, &caller, &class, &user).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Create a test student
///
/// The caller's own one in this class, as who the class can be seen: an account without a password that takes no
/// seat. There is one, however often it is asked for.
#[utoipa::path(
    post, path = "/v2/classes/{class}/testStudent", operation_id = "createTestStudentAccount", tag = "Class",
    params(
        ("class" = String, Path, description = "The id of the class"),
        ("reset" = Option<bool>, Query, description = "`true`: the one that is there is removed, with all that it did, and a new one made"),
    ),
    responses((status = 200, description = "The test student", body = UserDetails), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn create_test_student(
    app: App,
    caller: Caller,
    sdk: Sdk,
    Path([class]): Path<1>,
    params: Params,
) -> Result<Response> {
    let class = parse_id("class", class)?;
    let present = if params.flag("reset")? { Present::Replace } else { Present::Keep };
    let student = classes::create_test_student(&app, &caller, &class, present).await?;
    let details = me::api::details(student, Scopes::of(&[Scope::AccountEducationProfile]), sdk);
    Ok(sdk.vary(Json(details).into_response()))
}

/// Join a class by its code
///
/// As a student where the role in the organization is `user`, else as a teacher. Too many wrong codes make wait.
#[utoipa::path(
    post, path = "/v2/classes/enroll/{enrollmentCode}", operation_id = "enrollClass", tag = "Class",
    params(("enrollmentCode" = String, Path, description = "The code, which the teachers of the class see")),
    responses((status = 200, description = "The class", body = ClassDetails), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn enroll(app: App, caller: Caller, Path([code]): Path<1>) -> Result<Json<ClassDetails>> {
    Ok(shown(&app, &caller, classes::enroll(&app, &caller, &code).await?))
}

fn shown(app: &App, caller: &Caller, class: Class) -> Json<ClassDetails> {
    Json(class.show(app, caller))
}
