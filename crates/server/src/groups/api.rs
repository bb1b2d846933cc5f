use axum::http::StatusCode;
use axum::response::Response;
use homeroom_api::{
    ErrorBody, GroupCreation, GroupDetails, GroupRename, GroupSource, GroupUser, Scope, Scopes, SubGroupType,
    UserPublic,
};

use super::{Filter, Group};
use crate::http::cursor::List;
use crate::http::quirks::Sdk;
use crate::http::{Access, Allowed, Caller, Json, PageQuery, Params, Path, Routes, parse_id};
use crate::{App, Error, Result, groups};

const GROUPS_LIST: Access = Access {
    scopes: Scopes::of(&[
        Scope::EduClasses,
        Scope::EduClassesReadonly,
        Scope::EduAdmin,
        Scope::EduAdminUsersReadonly,
    ]),
    roles: Allowed::Everybody,
};
const GROUPS_READ: Access = Access {
    scopes: Scopes::of(&[
        Scope::EduAdmin,
        Scope::EduAdminUsers,
        Scope::EduAdminUsersReadonly,
        Scope::EduClasses,
        Scope::EduClassesReadonly,
    ]),
    roles: Allowed::Everybody,
};
const GROUPS_WRITE: Access = Access {
    scopes: Scopes::of(&[Scope::EduClasses, Scope::EduAdmin, Scope::EduAdminUsers]),
    roles: Allowed::Everybody,
};

const GROUPS: &str = "/v2/groups";

pub fn routes() -> Routes {
    Routes::new()
        .get(GROUPS, GROUPS_LIST, list)
        .post(GROUPS, GROUPS_WRITE, create)
        .get("/v2/groups/{group}", GROUPS_READ, get)
        .put("/v2/groups/{group}", GROUPS_WRITE, rename)
        .delete("/v2/groups/{group}", GROUPS_WRITE, delete)
        .get("/v2/groups/{group}/users", GROUPS_READ, list_users)
        .post("/v2/groups/{group}/users", GROUPS_WRITE, add_user)
        .delete("/v2/groups/{group}/users/{user}", GROUPS_WRITE, remove_user)
}

/// List the groups within classes
///
/// Of the classes that the caller teaches; of all, for administrators.
#[utoipa::path(
    get, path = "/v2/groups", operation_id = "listGroups", tag = "Group",
    params(
        ("type" = SubGroupType, Query, description = "Which kind of groups"),
        ("classroom" = Option<String>, Query, description = "Only those of this class"),
        ("assignment" = Option<String>, Query, description = "Only those of this assignment"),
        ("limit" = Option<u16>, Query, description = "How many at most. Not in the contract", minimum = 1, maximum = 1000, example = 1000),
        ("next" = Option<String>, Query, description = "The cursor of the next page, from the `Link` header. Not in the contract"),
        ("previous" = Option<String>, Query, description = "The cursor of the previous page, from the `Link` header. Not in the contract"),
    ),
    responses((status = 200, description = "One page of groups", body = [GroupDetails]), (status = 400, description = "A parameter is wrong", body = ErrorBody), (status = 403, description = "You do not teach this class", body = ErrorBody), (status = 404, description = "There is no such class", body = ErrorBody), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn list(app: App, caller: Caller, params: Params) -> Result<Response> {
    let kinds =
        "`type` is `classStudentsSubGroup` or `assignmentStudentsSubGroup`: say which groups to list.";
    let class = params.text("classroom")?.map(|id| parse_id("class", id.to_owned())).transpose()?;
    let filter = Filter {
        r#type: params.word("type")?.ok_or_else(|| Error::invalid("type", kinds))?,
        class,
        assignment: params.text("assignment")?.map(Into::into),
    };
    let list = List::of(&("groups", &caller.organization, &caller.user, &filter));
    let page = PageQuery::read(&app, &params, &list, 1000)?;
    let page = groups::list(&app, &caller, &filter, &page).await?;
    Ok(page.map(Group::show).respond(&app, &list, GROUPS, &params))
}

/// Create a group within a class
#[utoipa::path(
    post, path = "/v2/groups", operation_id = "createGroup", tag = "Group", request_body = GroupCreation,
    responses((status = 200, description = "The new group", body = GroupDetails), (status = 400, description = "A field is wrong, or a member is no student of the class", body = ErrorBody), (status = 403, description = "You do not teach this class", body = ErrorBody), (status = 409, description = "The name is taken, or the class archived", body = ErrorBody), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn create(app: App, caller: Caller, Json(new): Json<GroupCreation>) -> Result<Json<GroupDetails>> {
    Ok(Json(groups::create(&app, &caller, new).await?.show()))
}

/// Get a group
#[utoipa::path(
    get, path = "/v2/groups/{group}", operation_id = "getGroupDetails", tag = "Group",
    params(("group" = String, Path, description = "The id of the group")),
    responses((status = 200, description = "The group", body = GroupDetails), (status = 404, description = "There is no such group", body = ErrorBody), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn get(app: App, caller: Caller, Path([group]): Path<1>) -> Result<Json<GroupDetails>> {
    let group = parse_id("group", group)?;
    Ok(Json(groups::get(&app, &caller, &group).await?.show()))
}

/// Rename a group
#[utoipa::path(
    put, path = "/v2/groups/{group}", operation_id = "renameGroup", tag = "Group", request_body = GroupRename,
    params(("group" = String, Path, description = "The id of the group")),
    responses((status = 200, description = "The group as it is now", body = GroupDetails), (status = 400, description = "The name is wrong", body = ErrorBody), (status = 403, description = "The group is read-only, or not yours to change", body = ErrorBody), (status = 404, description = "There is no such group", body = ErrorBody), (status = 409, description = "The name is taken", body = ErrorBody), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn rename(
    app: App,
    caller: Caller,
    Path([group]): Path<1>,
    Json(new): Json<GroupRename>,
) -> Result<Json<GroupDetails>> {
    let group = parse_id("group", group)?;
    Ok(Json(groups::rename(&app, &caller, &group, &new.name).await?.show()))
}

/// Delete a group
///
/// Who was in it stays in the class.
#[utoipa::path(
    delete, path = "/v2/groups/{group}", operation_id = "deleteGroup", tag = "Group",
    params(("group" = String, Path, description = "The id of the group")),
    responses((status = 204, description = "Deleted"), (status = 403, description = "The group is read-only, or not yours to change", body = ErrorBody), (status = 404, description = "There is no such group", body = ErrorBody), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn delete(app: App, caller: Caller, Path([group]): Path<1>) -> Result<StatusCode> {
    groups::delete(&app, &caller, &parse_id("group", group)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List the users of a group
///
/// In the order of their accounts; always as many as the group's `usersCount` says.
#[utoipa::path(
    get, path = "/v2/groups/{group}/users", operation_id = "listGroupUsers", tag = "Group",
    params(
        ("group" = String, Path, description = "The id of the group"),
        ("source" = Option<GroupSource>, Query, description = "Only users who are synchronized from there: nobody is"),
        ("limit" = Option<u16>, Query, description = "How many at most. Not in the contract", minimum = 1, maximum = 1000, example = 1000),
        ("next" = Option<String>, Query, description = "The cursor of the next page, from the `Link` header. Not in the contract"),
        ("previous" = Option<String>, Query, description = "The cursor of the previous page, from the `Link` header. Not in the contract"),
    ),
    responses((status = 200, description = "One page of users", body = [UserPublic]), (status = 404, description = "There is no such group", body = ErrorBody), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn list_users(
    app: App,
    caller: Caller,
    sdk: Sdk,
    Path([group]): Path<1>,
    params: Params,
) -> Result<Response> {
    let group = parse_id("group", group)?;
    let source: Option<GroupSource> = params.word("source")?;
    let list = List::of(&("group users", &caller.organization, &group, source.map(GroupSource::as_str)));
    let page = PageQuery::read(&app, &params, &list, 1000)?;
    let (page, class_role) = groups::list_members(&app, &caller, &group, source, &page).await?;
    let path = format!("{GROUPS}/{group}/users");
    Ok(sdk.vary(page.map(|person| person.show(sdk, class_role)).respond(&app, &list, &path, &params)))
}

/// Add a student of the class to a group
#[utoipa::path(
    post, path = "/v2/groups/{group}/users", operation_id = "addGroupUser", tag = "Group", request_body = GroupUser,
    params(("group" = String, Path, description = "The id of the group")),
    responses((status = 200, description = "The user is in the group", body = GroupUser), (status = 400, description = "The user is no student of the class", body = ErrorBody), (status = 403, description = "The group is read-only, or not yours to change", body = ErrorBody), (status = 404, description = "There is no such group", body = ErrorBody), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn add_user(
    app: App,
    caller: Caller,
    Path([group]): Path<1>,
    Json(new): Json<GroupUser>,
) -> Result<Json<GroupUser>> {
    groups::add_member(&app, &caller, &parse_id("group", group)?, &new.user).await?;
    Ok(Json(new))
}

/// Remove a user from a group
///
/// They stay in the class.
#[utoipa::path(
    delete, path = "/v2/groups/{group}/users/{user}", operation_id = "removeGroupUser", tag = "Group",
    params(
        ("group" = String, Path, description = "The id of the group"),
        ("user" = String, Path, description = "The id of the user"),
    ),
    responses((status = 204, description = "The user is no longer in the group"), (status = 403, description = "The group is read-only, or not yours to change", body = ErrorBody), (status = 404, description = "There is no such group, or the user is not in it", body = ErrorBody), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn remove_user(app: App, caller: Caller, Path([group, user]): Path<2>) -> Result<StatusCode> {
    let (group, user) = (parse_id("group", group)?, parse_id("user", user)?);
    groups::remove_member(&app, &caller, &group, &user).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl Group {
    pub fn show(self) -> GroupDetails {
        GroupDetails {
            read_only: self.is_read_only(),
            id: self.id,
            name: self.name,
            r#type: self.r#type,
            organization: Some(self.organization),
            classroom: self.class,
            assignment: self.assignment,
            parent: self.parent,
            creation_date: self.created_at,
            users_count: self.users,
            tags: Vec::new(),
        }
    }
}
