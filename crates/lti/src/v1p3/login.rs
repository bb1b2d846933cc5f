//! How a launch begins: the LMS sends the browser here, and this sends it back to be signed in (Core §4.1, Security
//! Framework §5.1.1).

use super::refusal::Refusal;
use crate::return_url::ReturnUrl;

/// The longest parameter; some LMSs put a signed message into a hint.
const LONGEST: usize = 8 << 10;

/// What the LMS asks. Nothing of it is proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    pub issuer: String,
    pub login_hint: String,
    /// The launch's own claim decides, not this (Core §5.3.4).
    pub target_link_uri: String,
    pub message_hint: Option<String>,
    pub deployment_id: Option<String>,
    pub client_id: Option<String>,
    /// The frame that stores what cookies can't: `_parent` or a name.
    pub storage_target: Option<String>,
}

/// What is known here of the login: the addresses are the configuration's and our own.
#[derive(Debug, Clone, Copy)]
pub struct Ours<'a> {
    pub authorization_url: &'a str,
    pub client_id: &'a str,
    pub redirect_uri: &'a str,
    /// Random, 256 bits each.
    pub state: &'a str,
    pub nonce: &'a str,
}

impl Login {
    /// Of a query or a form: both are to be taken.
    pub fn read(form: &[u8]) -> Result<Self, Refusal> {
        Ok(Self {
            issuer: required(form, "iss")?,
            login_hint: required(form, "login_hint")?,
            target_link_uri: required(form, "target_link_uri")?,
            message_hint: optional(form, "lti_message_hint")?,
            deployment_id: optional(form, "lti_deployment_id")?,
            client_id: optional(form, "client_id")?,
            storage_target: optional(form, "lti_storage_target")?,
        })
    }

    /// Where the browser goes: the authorization endpoint. Hints go back as they came.
    pub fn redirect(&self, ours: &Ours<'_>) -> Result<String, Refusal> {
        let endpoint = ReturnUrl::read(ours.authorization_url).ok_or(Refusal::AuthorizationUrl)?;
        Ok(endpoint.with(&[
            ("scope", "openid"),
            ("response_type", "id_token"),
            ("response_mode", "form_post"),
            ("prompt", "none"),
            ("client_id", ours.client_id),
            ("redirect_uri", ours.redirect_uri),
            ("login_hint", &self.login_hint),
            ("lti_message_hint", self.message_hint.as_deref().unwrap_or_default()),
            ("state", ours.state),
            ("nonce", ours.nonce),
        ]))
    }
}

/// What the LMS posts back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    pub state: String,
    pub id_token: String,
}

impl Response {
    /// Errors with [`Refusal::Platform`] where the LMS says that it can't sign in (Security Framework §5.1.1.5).
    pub fn read(form: &[u8]) -> Result<Self, Refusal> {
        let error = one(form, "error")?;
        if let Some(code) = error {
            let known =
                code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            return Err(Refusal::Platform(if known { code } else { "unknown error".to_owned() }));
        }
        let id_token = one(form, "id_token")?.ok_or(Refusal::LoginMissing("id_token"))?;
        Ok(Self { state: required(form, "state")?, id_token })
    }
}

fn one(form: &[u8], name: &'static str) -> Result<Option<String>, Refusal> {
    let mut values = form_urlencoded::parse(form).filter(|(of, _)| of == name).map(|(_, value)| value);
    let first = values.next();
    if values.any(|value| Some(&value) != first.as_ref()) {
        return Err(Refusal::Repeated(name));
    }
    Ok(first.filter(|value| !value.is_empty()).map(std::borrow::Cow::into_owned))
}

fn optional(form: &[u8], name: &'static str) -> Result<Option<String>, Refusal> {
    match one(form, name)? {
        Some(value) if value.len() > LONGEST => Err(Refusal::TooLong(name, LONGEST)),
        Some(value) if value.contains('\0') => Err(Refusal::NotText(name)),
        value => Ok(value),
    }
}

fn required(form: &[u8], name: &'static str) -> Result<String, Refusal> {
    optional(form, name)?.ok_or(Refusal::LoginMissing(name))
}
