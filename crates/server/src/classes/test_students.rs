//! Test students: a teacher sees a class as its students do. There is one for each teacher and class, an account
//! without a password, which goes with the teacher.

use homeroom_api::{ClassId, OrganizationId, Role, UserId};
use serde_json::json;

use super::{lock_to_teach, role_in_class, store};
use crate::audit::Event;
use crate::db::Tx;
use crate::http::Caller;
use crate::users::{self, NewUser, Profile, User};
use crate::{App, Result, groups};

/// More than any teacher has.
const ALL: i64 = 10_000;

/// What becomes of the test student that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Present {
    Keep,
    /// Removed, with all that it did; a new one takes its place.
    Replace,
}

/// The caller's test student in a class, who is made if there is none.
pub async fn create(app: &App, caller: &Caller, class: &ClassId, present: Present) -> Result<User> {
    let (mut tx, caller) = app.begin(caller).await?;
    let created = create_in(app, &mut tx, &caller, class, present).await;
    tx.finish(created).await
}

async fn create_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    class: &ClassId,
    present: Present,
) -> Result<User> {
    let (organization, teacher) = (&caller.organization, caller.must_be_person()?);
    let class = lock_to_teach(tx, caller, class).await?;
    class.must_not_be_archived()?;
    if present == Present::Replace {
        remove(app, tx, organization, teacher, Some(&class.id)).await?;
    }
    let student = match store::find_test_student(tx, organization, &class.id, teacher).await? {
        Some(student) => student,
        None => insert(app, tx, caller, &class.id).await?,
    };
    groups::add_user(tx, organization, class.group(role_in_class(Role::User)), &student).await?;
    users::get_member(tx, organization, &student, app.clock.now()).await
}

async fn insert(app: &App, tx: &mut Tx, caller: &Caller, class: &ClassId) -> Result<UserId> {
    let organization = &caller.organization;
    let teacher = users::get_member(tx, organization, &caller.user, app.clock.now()).await?;
    let new = NewUser {
        profile: Profile {
            username: format!("test-student-{}", app.random.code(10).to_lowercase()),
            firstname: "Test".to_owned(),
            lastname: "Student".to_owned(),
            email: None,
        },
        role: Role::User,
        locale: teacher.locale,
        password: None,
        is_test: true,
    };
    let student = users::insert(app, tx, organization, &new).await?;
    store::put_test_student(tx, organization, class, &caller.user, &student).await?;
    let details = json!({ "username": new.profile.username, "role": Role::User, "class": class });
    caller.event("user.created", student.as_str(), details).record(app, tx).await?;
    Ok(student)
}

/// Removes the test students that `teacher` has in a class, or in all.
pub(super) async fn remove(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    teacher: &UserId,
    class: Option<&ClassId>,
) -> Result<()> {
    let found = store::test_students(tx, organization, teacher, class, ALL).await?;
    remove_found(app, tx, organization, found).await
}

/// Removes up to `most` of the test students that `teacher` has; how many there were.
pub async fn remove_some(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    teacher: &UserId,
    most: i64,
) -> Result<usize> {
    let found = store::test_students(tx, organization, teacher, None, most).await?;
    let count = found.len();
    remove_found(app, tx, organization, found).await?;
    Ok(count)
}

async fn remove_found(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    students: Vec<UserId>,
) -> Result<()> {
    for student in students {
        store::forget_test_student(tx, organization, &student).await?;
        if users::remove_test_student(app, tx, organization, &student).await? {
            let details = json!({ "role": Role::User });
            event(organization, &student, details).record(app, tx).await?;
        }
    }
    Ok(())
}

/// What the server does by itself.
fn event<'a>(organization: &'a OrganizationId, student: &'a UserId, details: serde_json::Value) -> Event<'a> {
    Event {
        organization,
        actor: None,
        actor_token: None,
        maker: None,
        name: "user.removed",
        target: Some(student.as_str()),
        about: None,
        details,
    }
}
