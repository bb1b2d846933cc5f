//! Assignments: what a class is asked to do.
//!
//! Teachers of the class and administrators write them. Students see those that are active, given to them and begun,
//! without what is for teachers. What is archived, or in an archived class, is not changed.
pub mod api;
mod attachments;
mod copying;
pub mod erasure;
mod new;
mod show;
mod store;

use homeroom_api::{
    AssigneeMode, AssignmentId, AssignmentState, AssignmentType, ClassAssignment, ClassAssignmentUpdate,
    ClassId, ClassRole, MediaAttachment, Points, ReleaseGrades, ScoreId, SharingMode, Timestamp, UserId,
};

use crate::classes::{self, Class};
use crate::db::{Read, Tx};
use crate::http::Caller;
use crate::{App, Error, Result, submissions};

pub use attachments::{Attached, Purpose, check as check_attachments, parse_all as parse_attachments};
pub use copying::copy;
use new::NewAssignment;
pub use new::check_points;
pub use store::{attachments as read_attachments, rights_of};

/// The most assignments of a class.
const MOST: i64 = 1000;

/// An assignment as it is stored.
#[derive(Debug, Clone)]
pub struct Assignment {
    pub id: AssignmentId,
    pub class: ClassId,
    pub creator: Option<UserId>,
    pub state: AssignmentState,
    pub r#type: AssignmentType,
    pub title: String,
    pub description: String,
    pub description_html: String,
    pub teacher_instructions: String,
    pub teacher_instructions_html: String,
    /// JSON.
    pub options: String,
    pub max_points: Option<Points>,
    pub release_grades: ReleaseGrades,
    pub assignee_mode: AssigneeMode,
    pub scheduled_at: Timestamp,
    pub due_at: Timestamp,
    pub created_at: Timestamp,
    pub students: Vec<UserId>,
    pub attachments: Vec<MediaAttachment>,
}

impl Assignment {
    /// Whether a student of the class is among those whom it is for.
    pub fn is_for(&self, student: &UserId) -> bool {
        self.assignee_mode == AssigneeMode::Everyone || self.students.contains(student)
    }

    /// Whether it is given to a student, and has begun.
    pub fn is_given_to(&self, student: &UserId, now: Timestamp) -> bool {
        self.state != AssignmentState::Draft && self.scheduled_at <= now && self.is_for(student)
    }

    /// The scores of which each student gets a copy.
    pub fn copied_scores(&self) -> impl Iterator<Item = &ScoreId> {
        let is_copied =
            |one: &&MediaAttachment| one.sharing_mode == Some(SharingMode::Copy) && !one.teacher_only;
        self.attachments.iter().filter(is_copied).filter_map(|one| one.score.as_ref())
    }
}

/// An assignment that the caller may see, in its class.
pub struct Opened {
    pub class: Class,
    pub assignment: Assignment,
    /// Whether the caller is a teacher of the class, or an administrator.
    pub teaches: bool,
}

impl Opened {
    /// 409 where nothing may be changed any more.
    pub fn must_be_open(&self) -> Result<()> {
        self.class.must_not_be_archived()?;
        match self.assignment.state {
            AssignmentState::Archived => {
                Err(Error::conflict("This assignment is archived: unarchive it first."))
            }
            AssignmentState::Draft | AssignmentState::Active => Ok(()),
        }
    }

    /// Whether the caller, in person, is a student of the class.
    pub fn is_students(&self, caller: &Caller) -> bool {
        !self.teaches && caller.person().is_some() && self.class.role == Some(ClassRole::Student)
    }
}

/// An assignment of a class; 404 for who may not see it.
pub async fn open(
    conn: &mut impl Read,
    caller: &Caller,
    class: &ClassId,
    id: &AssignmentId,
) -> Result<Opened> {
    let class = classes::open(conn, caller, class).await?;
    let teaches = class.may_teach(caller);
    let found = store::find(conn, &caller.organization, &class.id, id).await?;
    let may_see = |found: &Assignment| teaches || found.is_given_to(&caller.user, caller.asked_at);
    let assignment = found.filter(may_see).ok_or_else(|| Error::not_found("assignment"))?;
    Ok(Opened { class, assignment, teaches })
}

/// As [`open`], and the assignment stays as it is until the transaction ends.
pub async fn hold(tx: &mut Tx, caller: &Caller, class: &ClassId, id: &AssignmentId) -> Result<Opened> {
    store::hold(tx, &caller.organization, id).await?;
    open(tx, caller, class, id).await
}

/// What the caller may see of a class: three statements, however much there is.
pub async fn list(app: &App, caller: &Caller, class: &ClassId) -> Result<Vec<ClassAssignment>> {
    let mut conn = app.db.read().await?;
    let class = classes::open(&mut conn, caller, class).await?;
    let teaches = class.may_teach(caller);
    let mut found = store::list(&mut conn, &caller.organization, &class.id).await?;
    if !teaches {
        let is_theirs = |one: &Assignment| one.is_given_to(&caller.user, caller.asked_at);
        found.retain(|one| one.state == AssignmentState::Active && is_theirs(one));
    }
    let submissions = submissions::list_of_class(&mut conn, caller, &class.id, teaches).await?;
    Ok(show::all(&class, found, submissions, teaches))
}

/// Gives an assignment to a class.
pub async fn create(
    app: &App,
    caller: &Caller,
    class: &ClassId,
    new: ClassAssignmentUpdate,
) -> Result<ClassAssignment> {
    let new = NewAssignment::parse(new);
    let (mut tx, caller) = app.begin(caller).await?;
    let created = create_in(app, &mut tx, &caller, class, new).await;
    tx.finish(created).await
}

/// What is wrong with the fields is told to those alone who may see the class.
async fn create_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    class: &ClassId,
    new: Result<NewAssignment>,
) -> Result<ClassAssignment> {
    let class = open_to_write(tx, caller, class).await?;
    let new = new?;
    must_be_students(tx, caller, &class, &new.students).await?;
    let attached = check_attachments(tx, caller, &new.attachments, Purpose::Assignment).await?;
    let id = insert(app, tx, caller, &class, &new, &attached).await?;
    shown(tx, caller, &class, &id).await
}

/// A class that the caller teaches and that is not archived.
async fn open_to_write(tx: &mut Tx, caller: &Caller, class: &ClassId) -> Result<Class> {
    let class = classes::open(tx, caller, class).await?;
    class.must_teach(caller)?;
    class.must_not_be_archived()?;
    Ok(class)
}

async fn must_be_students(tx: &mut Tx, caller: &Caller, class: &Class, students: &[UserId]) -> Result<()> {
    if students.is_empty() {
        return Ok(());
    }
    let known = store::students(tx, &caller.organization, &class.students_group).await?;
    match students.iter().find(|student| !known.contains(student)) {
        None => Ok(()),
        Some(_) => {
            let message = "`assignedStudents` names somebody who is not a student of this class.";
            Err(Error::invalid("assignedStudents", message))
        }
    }
}

async fn insert(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    class: &Class,
    new: &NewAssignment,
    attached: &[Attached],
) -> Result<AssignmentId> {
    if store::count(tx, &caller.organization, &class.id).await? >= MOST {
        let message = "This class has 1,000 assignments, which are the most: make a new class.";
        return Err(Error::conflict(message));
    }
    let now = app.clock.now();
    let id: AssignmentId = app.random.id(now);
    store::insert(tx, caller, &class.id, &id, new, now).await?;
    store::put_parts(tx, &caller.organization, &id, new, attached).await?;
    Ok(id)
}

/// An assignment as its teacher sees it.
async fn shown(tx: &mut Tx, caller: &Caller, class: &Class, id: &AssignmentId) -> Result<ClassAssignment> {
    let found = store::find(tx, &caller.organization, &class.id, id).await?;
    let assignment = found.ok_or_else(|| Error::not_found("assignment"))?;
    let submissions = submissions::list_of_assignment(tx, caller, id).await?;
    Ok(show::one(class, assignment, submissions, true))
}

/// Puts an assignment into the archive.
pub async fn archive(
    app: &App,
    caller: &Caller,
    class: &ClassId,
    id: &AssignmentId,
) -> Result<ClassAssignment> {
    let (mut tx, caller) = app.begin(caller).await?;
    let archived = set_state(&mut tx, &caller, class, id, AssignmentState::Archived).await;
    tx.finish(archived).await
}

/// Takes an assignment out of the archive.
pub async fn unarchive(
    app: &App,
    caller: &Caller,
    class: &ClassId,
    id: &AssignmentId,
) -> Result<ClassAssignment> {
    let (mut tx, caller) = app.begin(caller).await?;
    let unarchived = set_state(&mut tx, &caller, class, id, AssignmentState::Active).await;
    tx.finish(unarchived).await
}

async fn set_state(
    tx: &mut Tx,
    caller: &Caller,
    class: &ClassId,
    id: &AssignmentId,
    state: AssignmentState,
) -> Result<ClassAssignment> {
    let class = open_to_write(tx, caller, class).await?;
    let present = store::lock(tx, &caller.organization, &class.id, id).await?;
    match present.ok_or_else(|| Error::not_found("assignment"))? {
        AssignmentState::Draft => {
            return Err(Error::conflict(
                "This assignment is a draft, which no student sees: copy it to give it.",
            ));
        }
        AssignmentState::Active | AssignmentState::Archived => {}
    }
    store::set_state(tx, &caller.organization, id, state).await?;
    shown(tx, caller, &class, id).await
}
