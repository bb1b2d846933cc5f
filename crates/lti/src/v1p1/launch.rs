//! What a verified request says (LTI 1.1 §3).

use std::collections::BTreeMap;

use super::content_item::Selection;
use super::refusal::Refusal;
use super::request::Verified;
use crate::person::Person;
use crate::place::{Context, Link, Platform};
use crate::return_url::ReturnUrl;
use crate::roles::Roles;

/// What the LMS wants.
#[derive(Debug)]
pub enum Message {
    /// Open a link (`basic-lti-launch-request`).
    Launch(Box<Launch>),
    /// Let a teacher choose what to link (`ContentItemSelectionRequest`, and Canvas' older ways).
    Selection(Box<Launch>, Selection),
}

/// A person who comes from an LMS.
#[derive(Debug, Clone)]
pub struct Launch {
    /// Opaque. It means somebody together with the configuration and the platform's guid, and nobody without.
    pub user_id: String,
    pub roles: Roles,
    pub person: Person,
    /// Absent where the link stands outside of courses.
    pub context: Option<Context>,
    /// Absent in the Content-Item message.
    pub link: Option<Link>,
    pub outcome: Option<Outcome>,
    pub platform: Platform,
    pub return_url: Option<ReturnUrl>,
    pub locale: String,
    /// The user ids of those whom a mentor looks after.
    pub mentees: Vec<String>,
    /// `custom_…`, without that.
    pub custom: BTreeMap<String, String>,
    /// `ext_…`, without that.
    pub ext: BTreeMap<String, String>,
}

/// Where grades go. Store it by person and link, and anew with each launch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Not checked: whoever posts there keeps away from private addresses.
    pub service_url: String,
    /// Of the learner who launched.
    pub sourcedid: Option<String>,
    /// `url`, `text`, …: what may go along with a score (Canvas).
    pub accepts: Vec<String>,
}

impl Message {
    /// Errors with what the message lacks.
    pub fn read(verified: &Verified) -> Result<Self, Refusal> {
        let message_type = verified.get("lti_message_type")?.ok_or(Refusal::Missing("lti_message_type"))?;
        let known = matches!(message_type, "basic-lti-launch-request" | "ContentItemSelectionRequest");
        if !known {
            return Err(Refusal::MessageType);
        }
        match verified.get("lti_version")? {
            Some("LTI-1p0") => {}
            Some(_) => return Err(Refusal::Version),
            None => return Err(Refusal::Missing("lti_version")),
        }
        let launch = Box::new(Launch::read(verified)?);
        if let Some(selection) = Selection::read(verified, message_type)? {
            return Ok(Self::Selection(launch, selection));
        }
        if launch.link.is_none() {
            return Err(Refusal::Missing("resource_link_id"));
        }
        Ok(Self::Launch(launch))
    }
}

impl Launch {
    fn read(verified: &Verified) -> Result<Self, Refusal> {
        Ok(Self {
            user_id: verified.required_id("user_id")?,
            roles: Roles::of_list(verified.get("roles")?.unwrap_or_default()),
            person: verified.person()?,
            context: context(verified)?,
            link: link(verified)?,
            outcome: outcome(verified)?,
            platform: verified.platform()?,
            return_url: verified.return_url("launch_presentation_return_url")?,
            locale: verified.line("launch_presentation_locale")?,
            mentees: mentees(verified)?,
            custom: verified.beginning_with("custom_"),
            ext: verified.beginning_with("ext_"),
        })
    }
}

fn context(verified: &Verified) -> Result<Option<Context>, Refusal> {
    let Some(id) = verified.id("context_id")? else { return Ok(None) };
    let (title, label) = (verified.line("context_title")?, verified.line("context_label")?);
    Ok(Some(Context { id, title, label }))
}

fn link(verified: &Verified) -> Result<Option<Link>, Refusal> {
    let Some(id) = verified.id("resource_link_id")? else { return Ok(None) };
    let title = verified.line("resource_link_title")?;
    Ok(Some(Link { id, title, description: verified.line("resource_link_description")? }))
}

fn outcome(verified: &Verified) -> Result<Option<Outcome>, Refusal> {
    let Some(service_url) = verified.get("lis_outcome_service_url")? else { return Ok(None) };
    Ok(Some(Outcome {
        service_url: service_url.to_owned(),
        sourcedid: verified.get("lis_result_sourcedid")?.map(str::to_owned),
        accepts: verified.list("ext_outcome_data_values_accepted")?,
    }))
}

/// A list `a,b` of encoded ids.
fn mentees(verified: &Verified) -> Result<Vec<String>, Refusal> {
    let listed = verified.list("role_scope_mentor")?;
    let form = |id: &String| form_urlencoded::parse(id.as_bytes()).map(|(id, _)| id.into_owned()).next();
    Ok(listed.iter().filter_map(form).collect())
}
