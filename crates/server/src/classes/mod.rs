//! Classes: who teaches whom.
//!
//! A class makes two groups, of its students and of its teachers, and whoever is in it is in one of the two: what a
//! member is in a class follows from their role in the organization. Classes are archived and never deleted. They
//! belong to the organization: a teacher who leaves hands them over.
pub mod api;
mod class;
pub mod erasure;
mod fields;
mod store;

use homeroom_api::{ClassCreation, ClassId, ClassRole, OrganizationId};
use serde_json::json;

use crate::db::{Read, Tx};
use crate::http::Caller;
use crate::{App, Error, Result, groups};

pub use class::{Class, role_in_class};
use fields::Fields;

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

/// One class.
pub async fn get(app: &App, caller: &Caller, class: &ClassId) -> Result<Class> {
    open(&mut app.db.read().await?, caller, class).await
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

impl Class {
    /// The code to join with.
    fn code(&self, app: &App) -> Option<String> {
        app.keys.open_secret(&store::place(&self.id), &self.enrollment_code)
    }

    /// The name of one of its two groups.
    const fn group_name(role: ClassRole) -> &'static str {
        match role {
            ClassRole::Teacher => groups::TEACHERS,
            ClassRole::Student => groups::STUDENTS,
        }
    }
}
