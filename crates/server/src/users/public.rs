//! What others see of a person who do not administer the organization: who it is, and never the address.

use homeroom_api::{ClassRole, OrganizationId, Role, Timestamp, UserId, UserPublic};

use super::api::{printable_name, product};
use crate::db::{self, FromRow, Read, Row};
use crate::http::quirks::Sdk;
use crate::http::{Caller, parse_id};
use crate::{App, Error, Result, classes};

/// A person, as others see them.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: UserId,
    pub organization: OrganizationId,
    pub username: String,
    pub firstname: String,
    pub lastname: String,
    pub role: Role,
    pub created_at: Timestamp,
}

/// What [`Person`] is read from; the user is `u`.
macro_rules! person {
    () => {
        "u.id, u.organization_id, u.username, u.firstname, u.lastname, u.role, u.created_at"
    };
}
pub(crate) use person;

impl FromRow for Person {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.take()?,
            organization: row.take()?,
            username: row.take()?,
            firstname: row.take()?,
            lastname: row.take()?,
            role: row.take()?,
            created_at: row.take()?,
        })
    }
}

impl Person {
    /// With the organization, and what the person is in the class of which they are shown as a member.
    pub fn show(self, sdk: Sdk, class_role: Option<ClassRole>) -> UserPublic {
        let (organization, role) = (self.organization.clone(), self.role);
        UserPublic {
            organization: Some(organization),
            organization_role: Some(sdk.sees(role)),
            class_role,
            ..self.show_alone(sdk)
        }
    }

    /// Without what belongs to the organization.
    pub fn show_alone(self, sdk: Sdk) -> UserPublic {
        let present = |text: String| Some(text).filter(|text| !text.is_empty());
        let product = product(&self.organization);
        UserPublic {
            picture: sdk.no_picture(),
            printable_name: Some(printable_name(&self.firstname, &self.lastname, &self.username)),
            firstname: present(self.firstname),
            lastname: present(self.lastname),
            registration_date: Some(self.created_at),
            ..UserPublic::basics(self.id, product, self.username)
        }
    }
}

/// What the caller sees of a person whom they know.
pub async fn get_public(app: &App, caller: &Caller, user: &UserId) -> Result<Person> {
    must_know(&mut app.db.read().await?, caller, user).await
}

/// A person whom the caller knows, else 404. Students know themselves, who is more than a student, and whom they share
/// a class with; everybody else knows the whole organization. Individuals know themselves.
pub async fn must_know(conn: &mut impl Read, caller: &Caller, user: &UserId) -> Result<Person> {
    let not_found = || Error::not_found("user");
    let person = find(conn, &caller.organization, user).await?.ok_or_else(not_found)?;
    if knows(conn, caller, &person).await? { Ok(person) } else { Err(not_found()) }
}

/// The user whom a path names: by the id, or as `me`.
pub fn named(caller: &Caller, user: String) -> Result<UserId> {
    if user == "me" { caller.must_be_person().cloned() } else { parse_id("user", user) }
}

async fn knows(conn: &mut impl Read, caller: &Caller, person: &Person) -> Result<bool> {
    if caller.role != Role::User || person.role != Role::User || caller.is(&person.id) {
        return Ok(true);
    }
    match caller.person() {
        Some(own) => classes::share_class(conn, &caller.organization, own, &person.id).await,
        None => Ok(false),
    }
}

async fn find(conn: &mut impl Read, organization: &OrganizationId, user: &UserId) -> Result<Option<Person>> {
    let sql = concat!(
        "SELECT ",
        person!(),
        " FROM users u WHERE u.organization_id = $1 AND u.id = $2 AND u.removed_at IS NULL"
    );
    Ok(conn.optional(sql, (organization, user)).await?)
}
