//! Groups of users. The two that a class makes follow from who is in it; within its students its teachers make
//! others, whose names are unique in the class. Those of other kinds are read here, and changed elsewhere.
pub mod api;
mod members;
mod store;

use homeroom_api::{
    AssignmentId, ClassId, ErrorCode, GroupCreation, GroupId, GroupType, OrganizationId, SubGroupType,
    Timestamp, UserId,
};
use serde::Serialize;
use serde_json::json;

use crate::db::{Read, Tx};
use crate::http::{Caller, Page, PageQuery};
use crate::text::fold;
use crate::{App, Error, Result, classes, text};

pub use members::{add_member, list_members, remove_member};
pub use store::{add_user, change_sides, count_users, insert, insert_of_class, leave_class};

/// What the two groups of a class are called.
pub const STUDENTS: &str = "Students";
pub const TEACHERS: &str = "Teachers";

const LONGEST_NAME: usize = 255;
/// How many members a new group can be given.
const MOST_MEMBERS: usize = 1000;

/// A group, and what the caller has to do with it.
#[derive(Debug, Clone)]
pub struct Group {
    pub id: GroupId,
    pub organization: OrganizationId,
    pub name: String,
    pub r#type: GroupType,
    pub class: Option<ClassId>,
    pub assignment: Option<AssignmentId>,
    pub parent: Option<GroupId>,
    pub created_at: Timestamp,
    pub users: u64,
    pub is_member: bool,
    /// Whether the caller is a teacher of the class that it is a group of.
    pub teaches: bool,
}

impl Group {
    /// Whether it follows from something else who is in it.
    pub fn is_read_only(&self) -> bool {
        self.r#type != GroupType::ClassStudentsSubGroup
    }

    /// 403 for who may not change it, and where nobody may.
    fn must_change(&self, caller: &Caller) -> Result<&ClassId> {
        if !self.teaches && !caller.administers() {
            return Err(Error::forbidden("Only the teachers of this class and administrators may do this."));
        }
        let message = match self.r#type {
            GroupType::ClassStudentsSubGroup => "This group has no class: it can't be changed.",
            GroupType::ClassTeachers | GroupType::ClassStudents => {
                "This group holds who is in the class: add people to the class, or remove them from it."
            }
            GroupType::AssignmentStudentsSubGroup => "This group belongs to an assignment: change that.",
            GroupType::Generic => "This group can't be changed here.",
        };
        self.class.as_ref().filter(|_| !self.is_read_only()).ok_or_else(|| Error::forbidden(message))
    }
}

/// Which groups to list.
#[derive(Debug, Clone, Serialize)]
pub struct Filter {
    pub r#type: SubGroupType,
    pub class: Option<ClassId>,
    pub assignment: Option<AssignmentId>,
}

/// A group that the caller sees: a member, a teacher of its class, an administrator; else 404.
pub async fn open(conn: &mut impl Read, caller: &Caller, group: &GroupId) -> Result<Group> {
    let found = store::find(conn, caller, group).await?;
    found
        .filter(|group| group.is_member || group.teaches || caller.administers())
        .ok_or_else(|| Error::not_found("group"))
}

/// One group.
pub async fn get(app: &App, caller: &Caller, group: &GroupId) -> Result<Group> {
    open(&mut app.db.read().await?, caller, group).await
}

/// The groups of the classes that the caller teaches, or of all for administrators, in the order of their creation.
pub async fn list(app: &App, caller: &Caller, filter: &Filter, page: &PageQuery) -> Result<Page<Group>> {
    let mut conn = app.db.read().await?;
    if let Some(class) = &filter.class {
        classes::open(&mut conn, caller, class).await?.must_teach(caller)?;
    }
    store::list(&mut conn, caller, filter, page).await
}

/// Makes a group of students within a class.
pub async fn create(app: &App, caller: &Caller, new: GroupCreation) -> Result<Group> {
    let name = new.name.as_deref().map(name).transpose()?;
    let mut members = new.members;
    members.sort();
    members.dedup();
    if members.len() > MOST_MEMBERS {
        let message = format!("`members` has {} values: {MOST_MEMBERS} are the most.", members.len());
        return Err(Error::invalid("members", message));
    }
    let (mut tx, caller) = app.begin(caller).await?;
    let created = create_in(app, &mut tx, &caller, &new.classroom, name, &members).await;
    tx.finish(created).await
}

async fn create_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    class: &ClassId,
    name: Option<String>,
    members: &[UserId],
) -> Result<Group> {
    let organization = &caller.organization;
    crate::users::hold_all(tx, organization, members).await?;
    let class = classes::hold(tx, caller, class).await.map_err(|error| error.with_param("classroom"))?;
    class.must_teach(caller)?;
    class.must_not_be_archived()?;
    let name = match name {
        Some(name) => name,
        None => free_name(tx, organization, &class.id).await?,
    };
    let id: GroupId = app.random.id(app.clock.now());
    let new = store::New { id: &id, name: &name, class: &class, creator: caller.person() };
    if !store::insert_sub_group(tx, organization, &new, app.clock.now()).await? {
        return Err(name_taken());
    }
    members::fill(tx, &class, &id, members).await?;
    let details = json!({ "name": name, "class": class.id });
    caller.event("group.created", id.as_str(), details).record(app, tx).await?;
    open(tx, caller, &id).await
}

/// `Group 1`, or with the next number that is free.
async fn free_name(tx: &mut Tx, organization: &OrganizationId, class: &ClassId) -> Result<String> {
    let taken = store::names(tx, organization, class).await?;
    let mut names = (1..=taken.len() + 1).map(|number| format!("Group {number}"));
    names.find(|name| !taken.contains(&fold(name))).ok_or_else(name_taken)
}

fn name(name: &str) -> Result<String> {
    text::line("name", name, 1, LONGEST_NAME)
}

fn name_taken() -> Error {
    let message = "Another group of this class has this name, whatever case and accents. Choose another one.";
    Error::new(ErrorCode::Conflict, message).with_param("name")
}

/// Gives a group another name.
pub async fn rename(app: &App, caller: &Caller, group: &GroupId, new: &str) -> Result<Group> {
    let name = name(new)?;
    let (mut tx, caller) = app.begin(caller).await?;
    let renamed = rename_in(app, &mut tx, &caller, group, &name).await;
    tx.finish(renamed).await
}

async fn rename_in(app: &App, tx: &mut Tx, caller: &Caller, group: &GroupId, name: &str) -> Result<Group> {
    let present = open(tx, caller, group).await?;
    present.must_change(caller)?;
    if present.name == name {
        return Ok(present);
    }
    store::rename(tx, &caller.organization, group, name).await?;
    let details = json!({ "from": present.name, "to": name });
    caller.event("group.renamed", group.as_str(), details).record(app, tx).await?;
    open(tx, caller, group).await
}

/// Deletes a group; who was in it stays in the class.
pub async fn delete(app: &App, caller: &Caller, group: &GroupId) -> Result<()> {
    let (mut tx, caller) = app.begin(caller).await?;
    let deleted = delete_in(app, &mut tx, &caller, group).await;
    tx.finish(deleted).await
}

async fn delete_in(app: &App, tx: &mut Tx, caller: &Caller, group: &GroupId) -> Result<()> {
    let present = open(tx, caller, group).await?;
    present.must_change(caller)?;
    if !store::delete(tx, &caller.organization, group).await? {
        return Err(Error::not_found("group"));
    }
    let details = json!({ "name": present.name, "class": present.class });
    caller.event("group.deleted", group.as_str(), details).record(app, tx).await
}
