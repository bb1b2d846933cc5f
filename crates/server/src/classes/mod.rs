//! Classes: who teaches whom.
//!
//! A class makes two groups, of its students and of its teachers, and whoever is in it is in one of the two: what a
//! member is in a class follows from their role in the organization. Classes are archived and never deleted. They
//! belong to the organization: a teacher who leaves hands them over.
pub mod api;
mod class;
pub mod erasure;
mod fields;
mod members;
mod show;
mod state;
mod store;
mod test_students;

use homeroom_api::{ClassCreation, ClassId, ClassUpdate, OrganizationId, UserId};
use serde_json::json;

use crate::db::{Read, Tx};
use crate::http::{Caller, Page, PageQuery};
use crate::{App, Error, Result, groups};

pub use class::{Class, role_in_class};
use fields::Fields;
pub use members::{add_user, enroll, follow_role, hand_over, remove_user};
pub use state::{activate, archive, unarchive};
pub use store::Filter;
pub use test_students::{Present, create as create_test_student, remove_some as remove_some_test_students};

/// 39 bits, within one organization, and wrong ones are counted.
const CODE_LENGTH: usize = 8;

/// A class of the organization, whoever asks: without a role in it.
pub async fn find(
    conn: &mut impl Read,
    organization: &OrganizationId,
    class: &ClassId,
) -> Result<Option<Class>> {
    store::find(conn, organization, class, None).await
}

/// A class that the caller sees, and what they are in it; 404 for who is not in it and does not administer the
/// organization.
pub async fn open(conn: &mut impl Read, caller: &Caller, class: &ClassId) -> Result<Class> {
    let found = store::find(conn, &caller.organization, class, caller.person()).await?;
    found
        .filter(|class| class.role.is_some() || caller.administers())
        .ok_or_else(|| Error::not_found("class"))
}

/// As [`open`]; the class stays in its state until the transaction ends.
pub async fn hold(tx: &mut Tx, caller: &Caller, class: &ClassId) -> Result<Class> {
    store::hold(tx, &caller.organization, class).await?;
    open(tx, caller, class).await
}

/// As [`open`], for who may teach the class; it is locked until the transaction ends.
async fn lock_to_teach(tx: &mut Tx, caller: &Caller, class: &ClassId) -> Result<Class> {
    store::lock(tx, &caller.organization, class).await?;
    let class = open(tx, caller, class).await?;
    class.must_teach(caller)?;
    Ok(class)
}

/// Whether two students are in one class.
pub async fn share_class(
    conn: &mut impl Read,
    organization: &OrganizationId,
    one: &UserId,
    other: &UserId,
) -> Result<bool> {
    store::share_class(conn, organization, one, other).await
}

/// One class.
pub async fn get(app: &App, caller: &Caller, class: &ClassId) -> Result<Class> {
    open(&mut app.db.read().await?, caller, class).await
}

/// The caller's classes in the order of their creation; or all of the organization's, for its administrators.
pub async fn list(app: &App, caller: &Caller, filter: &Filter, page: &PageQuery) -> Result<Page<Class>> {
    if filter.all && !caller.administers() {
        let message = "Only administrators may list the classes of others: leave out `all`.";
        return Err(Error::forbidden(message).with_param("all"));
    }
    store::list(&mut app.db.read().await?, caller, filter, page).await
}

/// Makes a class, whose first teacher and owner the caller is.
pub async fn create(app: &App, caller: &Caller, new: ClassCreation) -> Result<Class> {
    let fields = Fields::parse(new)?;
    let (mut tx, caller) = app.begin(caller).await?;
    let created = create_in(app, &mut tx, &caller, &fields).await;
    tx.finish(created).await
}

async fn create_in(app: &App, tx: &mut Tx, caller: &Caller, fields: &Fields) -> Result<Class> {
    let (owner, now) = (caller.must_be_person()?, app.clock.now());
    let id: ClassId = app.random.id(now);
    let [students, teachers] = groups::insert_of_class(app, tx, &caller.organization, &id).await?;
    let code = app.random.code(CODE_LENGTH);
    let new = store::New { id: &id, owner, fields, students: &students, teachers: &teachers, code: &code };
    store::insert(app, tx, &caller.organization, &new).await?;
    groups::add_user(tx, &caller.organization, &teachers, owner).await?;
    caller.event("class.created", id.as_str(), json!({ "name": fields.name })).record(app, tx).await?;
    open(tx, caller, &id).await
}

/// Changes the fields that came.
pub async fn update(app: &App, caller: &Caller, class: &ClassId, update: ClassUpdate) -> Result<Class> {
    let (mut tx, caller) = app.begin(caller).await?;
    let updated = update_in(app, &mut tx, &caller, class, update).await;
    tx.finish(updated).await
}

async fn update_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    class: &ClassId,
    update: ClassUpdate,
) -> Result<Class> {
    let present = lock_to_teach(tx, caller, class).await?;
    let mut fields = Fields::of(&present);
    fields.update(update)?;
    if fields == Fields::of(&present) {
        return Ok(present);
    }
    store::update(tx, &present, &fields, app.clock.now()).await?;
    caller.event("class.updated", class.as_str(), json!({ "name": fields.name })).record(app, tx).await?;
    open(tx, caller, class).await
}
