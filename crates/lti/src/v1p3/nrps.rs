//! Who is in a course, as the LMS says (Names and Role Provisioning Services 2.0).

use serde::Deserialize;
use serde_json::Value;

use super::claims::Claims;
use super::refusal::Refusal;
use crate::person::{Person, line};
use crate::place::LONGEST_ID;
use crate::return_url::ReturnUrl;
use crate::roles::Roles;

const CLAIM: &str = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice";
pub const SCOPE: &str = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly";
pub const MEDIA_TYPE: &str = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json";
/// A list that has more pages than this is not followed to its end, nor applied.
pub const MOST_PAGES: usize = 500;

/// Where a launch says that the roster is; absent where the LMS does not offer it, or not in version 2.
pub fn memberships_url(claims: &Claims) -> Result<Option<String>, Refusal> {
    let claim = claims.full_object(CLAIM, "namesroleservice")?;
    let versions = claim.texts("service_versions");
    let speaks = versions.is_empty() || versions.iter().any(|version| version.starts_with("2."));
    let address = claim.text("context_memberships_url").filter(|text| ReturnUrl::read(text).is_some());
    Ok(address.filter(|_| speaks))
}

/// Somebody in a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The `sub` of launches.
    pub user_id: String,
    pub roles: Roles,
    pub status: Status,
    pub person: Person,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Active,
    Inactive,
    /// In lists of differences alone.
    Deleted,
}

/// A page of a roster, without the student whom a teacher plays. Apply nothing before the last page has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub context_id: String,
    pub members: Vec<Member>,
}

/// An answer is no page of a roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The LMS's answer is no list of members.")]
pub struct Unreadable;

#[derive(Deserialize)]
struct Container {
    context: Option<ContextOf>,
    members: Vec<Value>,
}

#[derive(Deserialize)]
struct ContextOf {
    id: String,
}

impl Page {
    /// One member that can't be read makes the page unreadable: whom it leaves out would be taken out of the class.
    pub fn read(json: &[u8]) -> Result<Self, Unreadable> {
        let container: Container = serde_json::from_slice(json).map_err(|_| Unreadable)?;
        let members: Result<Vec<_>, _> = container.members.into_iter().map(member).collect();
        let mut members = members?;
        members.retain(|member| !member.roles.test_user);
        Ok(Self { context_id: container.context.map(|context| context.id).unwrap_or_default(), members })
    }
}

#[derive(Deserialize)]
struct Row {
    user_id: String,
    roles: Vec<String>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    given_name: Option<String>,
    #[serde(default)]
    family_name: Option<String>,
    #[serde(default)]
    email: Option<String>,
}

fn member(row: Value) -> Result<Member, Unreadable> {
    let row: Row = serde_json::from_value(row).map_err(|_| Unreadable)?;
    let fits =
        !row.user_id.is_empty() && row.user_id.chars().count() <= LONGEST_ID && !row.user_id.contains('\0');
    if !fits {
        return Err(Unreadable);
    }
    let status = match row.status.as_deref() {
        None => Status::Active,
        Some(status) if status.eq_ignore_ascii_case("active") => Status::Active,
        Some(status) if status.eq_ignore_ascii_case("deleted") => Status::Deleted,
        Some(_) => Status::Inactive,
    };
    let text = |text: Option<String>| text.as_deref().map(line).unwrap_or_default();
    let person = Person {
        given_name: text(row.given_name),
        family_name: text(row.family_name),
        full_name: text(row.name),
        email: text(row.email),
    };
    Ok(Member {
        user_id: row.user_id,
        roles: Roles::of(row.roles.iter().map(String::as_str)),
        status,
        person,
    })
}
