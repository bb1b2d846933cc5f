//! A teacher chooses in Homeroom what a link in the LMS opens (Deep Linking 2.0).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::CLAIM;
use super::claims::Claims;
use super::refusal::Refusal;
use super::signing::{CantSign, Signer};
use crate::return_url::ReturnUrl;

const PREFIX: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/";
const LINK: &str = "ltiResourceLink";
/// How long an answer is good, in seconds.
const LIFETIME: i64 = 300;

/// How a choice goes back (§4.4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub return_url: ReturnUrl,
    pub types: Vec<String>,
    /// `iframe`, `window`, `embed`.
    pub targets: Vec<String>,
    pub multiple: bool,
    /// Whether a link may come with a column for grades.
    pub line_items: bool,
    pub title: String,
    pub text: String,
    /// Opaque: goes back as it came.
    pub data: Option<String>,
}

/// A link that was chosen (§3.2).
#[derive(Debug, Clone, Default)]
pub struct Item {
    /// Always sent: Blackboard takes none without.
    pub url: String,
    pub title: String,
    pub text: String,
    /// Comes back with each launch.
    pub custom: BTreeMap<String, String>,
    pub line_item: Option<LineItem>,
}

/// A column for grades that the LMS makes with the link.
#[derive(Debug, Clone, Default)]
pub struct LineItem {
    pub maximum: f64,
    pub label: String,
    pub resource_id: String,
    pub tag: String,
}

/// For whom an answer is, and with what it is made. `nonce` is new; `now` is in seconds since 1970.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub deployment_id: &'a str,
    pub nonce: &'a str,
    pub now: i64,
}

/// What the LMS is to say to the teacher and to its log.
#[derive(Debug, Clone, Copy)]
pub enum Report<'a> {
    Done(&'a str),
    Failed { shown: &'a str, logged: &'a str },
}

impl Settings {
    /// Of a launch whose message is [`super::launch::Message::DeepLinking`].
    pub fn read(claims: &Claims) -> Result<Self, Refusal> {
        let settings =
            claims.full_object(&format!("{PREFIX}deep_linking_settings"), "deep_linking_settings")?;
        let return_url =
            settings.text("deep_link_return_url").ok_or(Refusal::Missing("deep_link_return_url"))?;
        if settings.get("accept_types").is_none() {
            return Err(Refusal::Missing("accept_types"));
        }
        Ok(Self {
            return_url: ReturnUrl::read(&return_url).ok_or(Refusal::Shape("deep_link_return_url"))?,
            types: settings.texts("accept_types"),
            targets: settings.texts("accept_presentation_document_targets"),
            multiple: settings.is_true("accept_multiple").unwrap_or(false),
            line_items: settings.is_true("accept_lineitem").unwrap_or(true),
            title: settings.line("title"),
            text: settings.line("text"),
            data: settings.text("data"),
        })
    }

    /// Whether links can be returned at all.
    pub fn accepts_links(&self) -> bool {
        self.types.iter().any(|name| name == LINK)
    }

    /// The JWT that the browser posts as the field `JWT` to `return_url`; without items it says that nothing was chosen.
    /// Of several items the first goes where one alone is asked for.
    pub fn answer(
        &self,
        signer: &Signer<'_>,
        envelope: &Envelope<'_>,
        items: &[Item],
        report: Report<'_>,
    ) -> Result<String, CantSign> {
        let most = if self.multiple { items.len() } else { 1 };
        let most = if self.accepts_links() { most } else { 0 };
        let items: Vec<_> = items.iter().take(most).map(|item| self.item(item)).collect();
        let mut claims = envelope.claims();
        claims[format!("{PREFIX}content_items")] = json!(items);
        if let Some(data) = &self.data {
            claims[format!("{PREFIX}data")] = json!(data);
        }
        report.write(&mut claims);
        signer.sign(&claims)
    }

    fn item(&self, item: &Item) -> Value {
        let mut value = json!({ "type": LINK, "url": item.url, "title": item.title, "text": item.text,
            "custom": item.custom });
        if let Some(LineItem { maximum, label, resource_id, tag }) =
            item.line_item.as_ref().filter(|_| self.line_items)
        {
            value["lineItem"] =
                json!({ "scoreMaximum": maximum, "label": label, "resourceId": resource_id, "tag": tag });
        }
        value
    }
}

impl Envelope<'_> {
    /// Without `azp`, of which specification and example say different things (Security Framework §5.2.2).
    fn claims(&self) -> Value {
        json!({
            "iss": self.client_id, "aud": self.issuer, "nonce": self.nonce,
            "iat": self.now, "exp": self.now + LIFETIME,
            format!("{CLAIM}deployment_id"): self.deployment_id,
            format!("{CLAIM}message_type"): "LtiDeepLinkingResponse",
            format!("{CLAIM}version"): "1.3.0",
        })
    }
}

impl Report<'_> {
    fn write(self, claims: &mut Value) {
        let said = match self {
            Self::Done(shown) => [("msg", shown), ("log", shown)],
            Self::Failed { shown, logged } => [("errormsg", shown), ("errorlog", logged)],
        };
        for (name, text) in said.into_iter().filter(|(_, text)| !text.is_empty()) {
            claims[format!("{PREFIX}{name}")] = json!(text);
        }
    }
}
