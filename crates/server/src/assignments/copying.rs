//! Copies of assignments, in other classes.

use homeroom_api::{
    AssigneeMode, AssignmentCopy, AssignmentId, AssignmentState, ClassAssignment, ClassId, ErrorCode,
};

use super::attachments::{Purpose, check};
use super::new::NewAssignment;
use super::{Assignment, insert, open_to_write, shown, store};
use crate::classes::Class;
use crate::db::Tx;
use crate::http::Caller;
use crate::{App, Error, Result, classes};

/// Copies an assignment to a class that the caller teaches too.
pub async fn copy(
    app: &App,
    caller: &Caller,
    class: &ClassId,
    id: &AssignmentId,
    copy: AssignmentCopy,
) -> Result<ClassAssignment> {
    let (mut tx, caller) = app.begin(caller).await?;
    let copied = copy_in(app, &mut tx, &caller, class, id, copy).await;
    tx.finish(copied).await
}

async fn copy_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    class: &ClassId,
    id: &AssignmentId,
    copy: AssignmentCopy,
) -> Result<ClassAssignment> {
    let class = classes::open(tx, caller, class).await?;
    class.must_teach(caller)?;
    let found = store::find(tx, &caller.organization, &class.id, id).await?;
    let original = found.ok_or_else(|| Error::not_found("assignment"))?;
    let target = open_target(tx, caller, &copy).await?;
    let new = copied(app, original, &copy);
    let attached = check(tx, caller, &new.attachments, Purpose::Assignment).await?;
    let id = match &copy.assignment {
        None => insert(app, tx, caller, &target, &new, &attached).await?,
        Some(draft) => {
            if !store::fill_draft(tx, caller, &target.id, draft, &new).await? {
                let message = "`assignment` is not a draft of that class: leave it out to make a new one.";
                return Err(Error::invalid("assignment", message));
            }
            store::put_parts(tx, &caller.organization, draft, &new, &attached).await?;
            draft.clone()
        }
    };
    shown(tx, caller, &target, &id).await
}

/// The class that the copy goes to.
async fn open_target(tx: &mut Tx, caller: &Caller, copy: &AssignmentCopy) -> Result<Class> {
    match (&copy.classroom, &copy.library_parent) {
        (Some(_), Some(_)) => {
            let message = "A copy goes to a class or to a library: leave out `libraryParent`.";
            Err(Error::invalid("libraryParent", message))
        }
        (None, Some(_)) => {
            let message =
                "There is no resource library here: name the class that gets the copy in `classroom`.";
            Err(Error::new(ErrorCode::NotImplemented, message))
        }
        (None, None) => Err(Error::invalid("classroom", "Name the class that gets the copy in `classroom`.")),
        (Some(class), None) => match open_to_write(tx, caller, class).await {
            Err(error) if error.code == ErrorCode::NotFound => {
                Err(Error::invalid("classroom", "`classroom` is not a class of yours."))
            }
            opened => opened,
        },
    }
}

/// The students of the other class are others, so it is for everyone; a date that has passed is none.
fn copied(app: &App, original: Assignment, copy: &AssignmentCopy) -> NewAssignment {
    let scheduled_at = copy.scheduled_date.unwrap_or_default();
    let begins_at = scheduled_at.max(app.clock.now());
    NewAssignment {
        state: AssignmentState::Active,
        r#type: original.r#type,
        title: original.title,
        description: original.description,
        description_html: original.description_html,
        teacher_instructions: original.teacher_instructions,
        teacher_instructions_html: original.teacher_instructions_html,
        options: original.options,
        max_points: original.max_points,
        release_grades: original.release_grades,
        assignee_mode: AssigneeMode::Everyone,
        scheduled_at,
        due_at: if original.due_at > begins_at {
            original.due_at
        } else {
            homeroom_api::Timestamp::default()
        },
        students: Vec::new(),
        attachments: original.attachments,
    }
}
