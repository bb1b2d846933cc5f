//! Who is in a group.

use homeroom_api::{ClassRole, ErrorCode, GroupId, GroupSource, GroupType, UserId};
use serde_json::json;

use super::{Group, open, store};
use crate::classes::Class;
use crate::db::Tx;
use crate::http::{Caller, Page, PageQuery};
use crate::users::{self, Person};
use crate::{App, Error, Result, classes};

/// The members of a group in the order of their accounts, and what they are in its class. None is synchronized from
/// anywhere.
pub async fn list_members(
    app: &App,
    caller: &Caller,
    group: &GroupId,
    source: Option<GroupSource>,
    page: &PageQuery,
) -> Result<(Page<Person>, Option<ClassRole>)> {
    let mut conn = app.db.read().await?;
    let group = open(&mut conn, caller, group).await?;
    if source.is_some() {
        return Ok((Page { items: Vec::new(), next: None, previous: None }, None));
    }
    let page = store::list_members(&mut conn, &caller.organization, &group.id, page).await?;
    Ok((page, class_role(&group)))
}

const fn class_role(group: &Group) -> Option<ClassRole> {
    match group.r#type {
        GroupType::Generic => None,
        GroupType::ClassTeachers => Some(ClassRole::Teacher),
        GroupType::ClassStudents
        | GroupType::ClassStudentsSubGroup
        | GroupType::AssignmentStudentsSubGroup => Some(ClassRole::Student),
    }
}

/// Puts students of a class, who are held, into a group within it; 400 where one is not.
pub(super) async fn fill(tx: &mut Tx, class: &Class, group: &GroupId, members: &[UserId]) -> Result<()> {
    let filled = store::add_students(tx, class, group, members).await?;
    match members.iter().find(|member| !filled.contains(member)) {
        None => Ok(()),
        Some(_) => {
            Err(Error::invalid("members", "`members` holds somebody who is not a student of this class."))
        }
    }
}

/// Puts a student of the class into a group; nothing changes where they are in it.
pub async fn add_member(app: &App, caller: &Caller, group: &GroupId, user: &UserId) -> Result<()> {
    let (mut tx, caller) = app.begin(caller).await?;
    let added = add_member_in(app, &mut tx, &caller, group, user).await;
    tx.finish(added).await
}

async fn add_member_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    group: &GroupId,
    user: &UserId,
) -> Result<()> {
    let organization = &caller.organization;
    let class = open(tx, caller, group).await?.must_change(caller)?.clone();
    users::hold_all(tx, organization, std::slice::from_ref(user)).await?;
    let class = classes::hold(tx, caller, &class).await?;
    store::hold(tx, organization, group).await?;
    open(tx, caller, group).await?;
    if store::is_in(tx, organization, group, user).await? {
        return Ok(());
    }
    if store::add_students(tx, &class, group, std::slice::from_ref(user)).await?.is_empty() {
        return Err(Error::invalid("user", "This user is not a student of the class: add them to it first."));
    }
    let details = json!({ "user": user });
    caller.event("group.user_added", group.as_str(), details).about(user).record(app, tx).await
}

/// Takes somebody out of a group; they stay in the class.
pub async fn remove_member(app: &App, caller: &Caller, group: &GroupId, user: &UserId) -> Result<()> {
    let (mut tx, caller) = app.begin(caller).await?;
    let removed = remove_member_in(app, &mut tx, &caller, group, user).await;
    tx.finish(removed).await
}

async fn remove_member_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    group: &GroupId,
    user: &UserId,
) -> Result<()> {
    open(tx, caller, group).await?.must_change(caller)?;
    if !store::remove_user(tx, &caller.organization, group, user).await? {
        return Err(Error::new(ErrorCode::NotFound, "This user is not in this group.").with_param("user"));
    }
    let details = json!({ "user": user });
    caller.event("group.user_removed", group.as_str(), details).about(user).record(app, tx).await
}
