//! What a verified id_token says (Core §5.3, §5.4).

use std::collections::BTreeMap;

use serde_json::Value;
use url::Url;

use super::CLAIM;
use super::claims::{Claims, id};
use super::migration::Migration;
use super::refusal::Refusal;
use crate::person::Person;
use crate::place::{Context, Link, Platform};
use crate::return_url::ReturnUrl;
use crate::roles::Roles;

/// What the LMS wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Open this link.
    Link(Link),
    /// Let a teacher choose what to link: [`super::deep_linking::Settings`] say how it goes back.
    DeepLinking,
}

/// A person who comes from an LMS.
#[derive(Debug, Clone)]
pub struct Launch {
    pub message: Message,
    /// One that is not known yet makes nobody an account.
    pub deployment_id: String,
    /// On this server. Whether there is such a page is not looked at.
    pub target: Url,
    /// `sub`: it means somebody together with issuer and deployment.
    pub user_id: String,
    pub roles: Roles,
    pub person: Person,
    /// Absent where the link stands outside of courses.
    pub context: Option<Context>,
    pub platform: Platform,
    pub return_url: Option<ReturnUrl>,
    pub locale: String,
    /// The user ids of those whom a mentor looks after.
    pub mentees: Vec<String>,
    pub custom: BTreeMap<String, String>,
    pub migration: Option<Migration>,
}

impl Launch {
    /// `origin` is the public address's, like `https://school.example`.
    pub fn read(claims: &Claims, origin: &str) -> Result<Self, Refusal> {
        let message = message(claims)?;
        let deployment_id = id(claims.lti("deployment_id"), "deployment_id")?;
        let target = target(claims, origin)?;
        let roles = roles(claims)?;
        let message = if message == "LtiResourceLinkRequest" {
            Message::Link(link(claims)?)
        } else {
            Message::DeepLinking
        };
        let user_id = match claims.get("sub") {
            None => return Err(Refusal::Anonymous),
            Some(sub) => id(Some(sub), "sub")?,
        };
        let presentation = claims.lti_object("launch_presentation")?;
        Ok(Self {
            migration: Migration::read(claims, &deployment_id, &user_id)?,
            message,
            deployment_id,
            target,
            user_id,
            roles,
            person: person(claims),
            context: context(claims)?,
            platform: platform(claims)?,
            return_url: presentation.text("return_url").as_deref().and_then(ReturnUrl::read),
            locale: presentation.line("locale"),
            mentees: claims.texts(&format!("{CLAIM}role_scope_mentor")),
            custom: custom(&claims.lti_object("custom")?),
        })
    }
}

fn message(claims: &Claims) -> Result<&str, Refusal> {
    match claims.lti("version").map(Value::as_str) {
        None => return Err(Refusal::Missing("version")),
        Some(Some("1.3.0")) => {}
        Some(_) => return Err(Refusal::Version),
    }
    let message = claims.lti("message_type").ok_or(Refusal::Missing("message_type"))?;
    let known = |name: &&str| matches!(*name, "LtiResourceLinkRequest" | "LtiDeepLinkingRequest");
    message.as_str().filter(known).ok_or(Refusal::MessageType)
}

fn target(claims: &Claims, origin: &str) -> Result<Url, Refusal> {
    let target = claims.lti("target_link_uri").ok_or(Refusal::Missing("target_link_uri"))?;
    let target = target.as_str().and_then(|text| Url::parse(text).ok()).ok_or(Refusal::Target)?;
    let ours = Url::parse(origin).is_ok_and(|origin| origin.origin() == target.origin());
    let plain = target.username().is_empty() && target.password().is_none() && target.has_host();
    if ours && plain { Ok(target) } else { Err(Refusal::Target) }
}

fn roles(claims: &Claims) -> Result<Roles, Refusal> {
    match claims.lti("roles") {
        None => Err(Refusal::Missing("roles")),
        Some(Value::Array(names)) => Ok(Roles::of(names.iter().filter_map(Value::as_str))),
        Some(_) => Err(Refusal::Shape("roles")),
    }
}

fn link(claims: &Claims) -> Result<Link, Refusal> {
    let link = claims.lti_object("resource_link")?;
    let (title, description) = (link.line("title"), link.line("description"));
    Ok(Link { id: id(link.get("id"), "resource_link.id")?, title, description })
}

fn context(claims: &Claims) -> Result<Option<Context>, Refusal> {
    let context = claims.lti_object("context")?;
    let Some(of) = context.get("id") else { return Ok(None) };
    let (title, label) = (context.line("title"), context.line("label"));
    Ok(Some(Context { id: id(Some(of), "context.id")?, title, label }))
}

fn person(claims: &Claims) -> Person {
    Person {
        given_name: claims.line("given_name"),
        family_name: claims.line("family_name"),
        full_name: claims.line("name"),
        email: claims.line("email"),
    }
}

fn platform(claims: &Claims) -> Result<Platform, Refusal> {
    let platform = claims.lti_object("tool_platform")?;
    Ok(Platform {
        guid: platform.line("guid"),
        product: platform.line("product_family_code"),
        version: platform.line("version"),
        name: platform.line("name"),
        url: platform.line("url"),
        contact_email: platform.line("contact_email"),
    })
}

/// Those custom parameters that are text, as the specification says they all are.
fn custom(claim: &Claims) -> BTreeMap<String, String> {
    let texts = claim.0.iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    texts.collect()
}
