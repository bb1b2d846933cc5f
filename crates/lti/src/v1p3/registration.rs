//! An LMS and Homeroom set each other up (Dynamic Registration 1.0).

use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::{ags, nrps};
use crate::person::line;

const TOOL: &str = "https://purl.imsglobal.org/spec/lti-tool-configuration";
const CANVAS_PRIVACY: &str = "https://canvas.instructure.com/lti/privacy_level";
const SCOPES: [&str; 5] =
    [ags::LINE_ITEM, ags::LINE_ITEM_READONLY, ags::RESULT_READONLY, ags::SCORE, nrps::SCOPE];

/// What an LMS says of itself at the address `openid_configuration`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PlatformConfiguration {
    pub issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub jwks_uri: String,
    pub registration_endpoint: String,
    /// The audience of service tokens, where it is not the token endpoint.
    #[serde(default)]
    pub authorization_server: Option<String>,
    #[serde(default)]
    pub scopes_supported: Vec<String>,
    #[serde(default, rename = "https://purl.imsglobal.org/spec/lti-platform-configuration")]
    pub platform: Product,
}

/// Which LMS it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Product {
    #[serde(default)]
    pub product_family_code: String,
    #[serde(default)]
    pub version: String,
    #[serde(default)]
    messages_supported: Vec<Supported>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Supported {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    placements: Vec<String>,
}

/// Why an LMS can't be registered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("The LMS's configuration can't be read, or lacks an address that is needed.")]
    Configuration,
    #[error("`{0}` in the LMS's configuration is no web address, or not https while the configuration's is.")]
    Address(&'static str),
    #[error("The issuer in the LMS's configuration is on another host than the configuration.")]
    Issuer,
    #[error("The LMS's answer to the registration has no client id.")]
    Answer,
}

impl PlatformConfiguration {
    /// Of what came from `address`. The host of the issuer is that of the address (§3.5.1), or somebody else could
    /// register as this LMS.
    pub fn read(json: &[u8], address: &str) -> Result<Self, Refused> {
        let read: Self = serde_json::from_slice(json).map_err(|_| Refused::Configuration)?;
        let address = Url::parse(address).map_err(|_| Refused::Configuration)?;
        let issuer = web_address(&read.issuer, &address).ok_or(Refused::Address("issuer"))?;
        if issuer.host() != address.host() {
            return Err(Refused::Issuer);
        }
        for (name, text) in [
            ("authorization_endpoint", &read.authorization_endpoint),
            ("token_endpoint", &read.token_endpoint),
            ("jwks_uri", &read.jwks_uri),
            ("registration_endpoint", &read.registration_endpoint),
        ] {
            web_address(text, &address).ok_or(Refused::Address(name))?;
        }
        Ok(read)
    }

    /// The placements that the LMS offers for a message.
    fn placements(&self, message: &str) -> Vec<&str> {
        let supported = self.platform.messages_supported.iter().filter(|supported| supported.kind == message);
        supported.flat_map(|supported| &supported.placements).map(String::as_str).collect()
    }

    /// The scopes that are used here, of those that the LMS has.
    fn scopes(&self) -> Vec<&'static str> {
        SCOPES.into_iter().filter(|scope| self.scopes_supported.iter().any(|has| has == scope)).collect()
    }
}

/// Plain http only where the configuration itself came by it, from a host that was allowed to.
fn web_address(text: &str, beside: &Url) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let scheme = url.scheme() == "https" || (url.scheme() == "http" && beside.scheme() == "http");
    (scheme && url.has_host() && url.username().is_empty() && url.password().is_none()).then_some(url)
}

/// What is registered. The addresses are whole.
#[derive(Debug, Clone, Copy)]
pub struct Tool<'a> {
    pub name: &'a str,
    pub description: &'a str,
    pub login_url: &'a str,
    pub redirect_uri: &'a str,
    pub jwks_url: &'a str,
    pub launch_url: &'a str,
    pub logo_url: &'a str,
    /// The host alone.
    pub domain: &'a str,
}

impl Tool<'_> {
    /// What to post to the registration endpoint, with the registration token as bearer.
    pub fn registration(&self, platform: &PlatformConfiguration) -> Value {
        json!({
            "application_type": "web",
            "response_types": ["id_token"],
            "grant_types": ["implicit", "client_credentials"],
            "initiate_login_uri": self.login_url,
            "redirect_uris": [self.redirect_uri],
            "client_name": self.name,
            "jwks_uri": self.jwks_url,
            "logo_uri": self.logo_url,
            "token_endpoint_auth_method": "private_key_jwt",
            "scope": platform.scopes().join(" "),
            TOOL: self.configuration(platform),
        })
    }

    fn configuration(&self, platform: &PlatformConfiguration) -> Value {
        let messages = ["LtiResourceLinkRequest", "LtiDeepLinkingRequest"];
        json!({
            "domain": self.domain,
            "description": self.description,
            "target_link_uri": self.launch_url,
            "custom_parameters": {},
            "claims": ["iss", "sub", "name", "given_name", "family_name", "email"],
            "messages": messages.map(|message| self.message(message, platform)),
            CANVAS_PRIVACY: "public",
        })
    }

    fn message(&self, message: &str, platform: &PlatformConfiguration) -> Value {
        let mut json = json!({ "type": message, "target_link_uri": self.launch_url, "label": self.name });
        let placements = platform.placements(message);
        if !placements.is_empty() {
            json["placements"] = json!(placements);
        }
        json
    }
}

/// What the LMS made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    pub client_id: String,
    /// Absent at Canvas: the first launch tells it.
    pub deployment_id: Option<String>,
}

impl Registered {
    pub fn read(json: &[u8]) -> Result<Self, Refused> {
        let answer: Value = serde_json::from_slice(json).map_err(|_| Refused::Answer)?;
        let id = |value: &Value| value.as_str().map(line).filter(|id| !id.is_empty());
        let client_id = answer.get("client_id").and_then(id).ok_or(Refused::Answer)?;
        Ok(Self {
            client_id,
            deployment_id: answer.get(TOOL).and_then(|tool| tool.get("deployment_id")).and_then(id),
        })
    }
}
