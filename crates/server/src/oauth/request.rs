//! What an app asks of a person: the query of `/auth/oauth`, checked.
//!
//! Until app and address are known to be right nobody is sent anywhere (RFC 6749 §4.1.2.1): what is wrong with these is
//! told on a page. What is wrong with the rest is told to the app.

use std::time::Duration;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use homeroom_api::Timestamp;

use super::address::{Mode, WayBack};
use super::denial::Refusal;
use super::grant::Grant;
use crate::{App, Error, apps};

/// A request of an app that is right in itself.
#[derive(Debug, Clone)]
pub struct Request {
    pub app: apps::App,
    pub way_back: WayBack,
    pub response: ResponseType,
    pub grant: Grant,
    /// SHA-256 of the proof that the app keeps (PKCE, RFC 7636).
    pub challenge: Option<String>,
    pub nonce: Option<String>,
    pub prompt: Vec<Prompt>,
    pub max_age: Option<Duration>,
    pub login_hint: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseType {
    Code,
    /// The implicit grant, which OAuth 2.1 leaves out.
    Token,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    None,
    Login,
    Consent,
    SelectAccount,
}

/// What is wrong with a request.
#[derive(Debug)]
pub enum Problem {
    /// There is no such app.
    App,
    /// The app did not register this address.
    Address,
    /// The app is told, at this address.
    Told(String),
    Failed(Error),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<crate::db::Error> for Problem {
    fn from(error: crate::db::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// How many bytes a parameter may have.
const LONGEST: usize = 8192;

impl Request {
    /// Reads the query (or the form, RFC 6749 §3.1) of a request.
    pub async fn read(app: &App, query: &str) -> Result<Self, Problem> {
        let params = Params(form_urlencoded::parse(query.as_bytes()).into_owned().collect());
        let id = params.once("client_id").ok_or(Problem::App)?;
        let client = apps::find_client(&mut app.db.read().await?, id).await?.ok_or(Problem::App)?.app;
        let redirect_uri = params.once("redirect_uri").ok_or(Problem::Address)?;
        if !apps::is_registered(&client.redirect_uris, redirect_uri) {
            return Err(Problem::Address);
        }
        let way_back = WayBack {
            redirect_uri: redirect_uri.to_owned(),
            mode: if params.text("response_type") == Some("token") { Mode::Fragment } else { Mode::Query },
            state: params.once("state").filter(|state| state.len() <= LONGEST).map(str::to_owned),
            issuer: app.settings.public_url.clone(),
        };
        let parsed = params.parse(client, way_back.clone(), app.settings.oauth_implicit);
        parsed.map_err(|refusal| Problem::Told(way_back.refuse(&refusal)))
    }

    /// Whether the person must show again who they are.
    pub fn needs_new_signin(&self, signed_in_at: Timestamp, now: Timestamp) -> bool {
        let too_old = self.max_age.is_some_and(|most| signed_in_at + most < now);
        too_old || self.prompt.contains(&Prompt::Login)
    }

    /// Whether nothing may be shown.
    pub fn is_silent(&self) -> bool {
        self.prompt.contains(&Prompt::None)
    }

    /// Whether the person is asked although they once agreed. An app that can't prove that it is itself, at an address
    /// that another program may have, could be that other one (RFC 8252 §8.6).
    pub fn asks_anew(&self) -> bool {
        let is_provable = self.app.keeps_a_secret() || self.way_back.redirect_uri.starts_with("https:");
        self.prompt.contains(&Prompt::Consent) || !is_provable
    }
}

struct Params(Vec<(String, String)>);

impl Params {
    /// The value; an empty one is an absent one.
    fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// The value, where the parameter is not there a second time.
    fn once(&self, name: &str) -> Option<&str> {
        let times = self.0.iter().filter(|(key, _)| key == name).count();
        self.text(name).filter(|value| times == 1 && !value.contains('\0'))
    }

    fn parse(&self, app: apps::App, way_back: WayBack, implicit: bool) -> Result<Request, Refusal> {
        self.check_names()?;
        let response = self.response_type(&app, implicit)?;
        let way_back = WayBack { mode: self.response_mode(response)?, ..way_back };
        Ok(Request {
            response,
            way_back,
            grant: self.grant(&app)?,
            challenge: self.challenge(&app, response)?,
            nonce: self.text("nonce").map(str::to_owned),
            prompt: self.prompt()?,
            max_age: self.max_age()?,
            login_hint: self.text("login_hint").map(str::to_owned),
            app,
        })
    }

    fn check_names(&self) -> Result<(), Refusal> {
        for (at, (name, value)) in self.0.iter().enumerate() {
            if self.0[..at].iter().any(|(before, _)| before == name) {
                return Err(invalid(format!("`{}` is there twice: send it once.", shown(name))));
            }
            if value.contains('\0') || value.len() > LONGEST {
                return Err(invalid(format!(
                    "`{}` holds a NUL character, or more than {LONGEST} bytes.",
                    shown(name)
                )));
            }
        }
        match (self.text("request"), self.text("request_uri")) {
            (Some(_), _) => Err(Refusal::new("request_not_supported", "Send the parameters themselves.")),
            (_, Some(_)) => Err(Refusal::new("request_uri_not_supported", "Send the parameters themselves.")),
            _ => Ok(()),
        }
    }

    fn response_type(&self, app: &apps::App, implicit: bool) -> Result<ResponseType, Refusal> {
        match self.text("response_type") {
            Some("code") => Ok(ResponseType::Code),
            Some("token") if implicit && app.legacy => Ok(ResponseType::Token),
            Some("token") => {
                let text = "The implicit grant is only for apps that are marked as old, where the server allows it: \
                            use `response_type=code` with PKCE.";
                Err(Refusal::new("unsupported_response_type", text))
            }
            Some(_) => Err(Refusal::new("unsupported_response_type", "`response_type` is `code`.")),
            None => Err(invalid("`response_type` is missing: send `code`.")),
        }
    }

    fn response_mode(&self, response: ResponseType) -> Result<Mode, Refusal> {
        match (self.text("response_mode"), response) {
            (Some("query") | None, ResponseType::Code) => Ok(Mode::Query),
            (Some("fragment"), _) | (None, ResponseType::Token) => Ok(Mode::Fragment),
            (Some("query"), ResponseType::Token) => {
                Err(invalid("`response_mode=query` would show a token to servers: leave it out."))
            }
            (Some(_), _) => Err(invalid("`response_mode` is `query` or `fragment`.")),
        }
    }

    /// Without `scope` all that the app may have at most.
    fn grant(&self, app: &apps::App) -> Result<Grant, Refusal> {
        let refuse = |text: String| Refusal::new("invalid_scope", text);
        let words = match self.text("scope") {
            Some(words) => words,
            None if app.scopes.is_empty() => return Err(refuse("`scope` is missing.".to_owned())),
            None => return Ok(Grant::of(app.scopes)),
        };
        let grant = Grant::parse(words)
            .map_err(|word| refuse(format!("`scope`: there is no scope `{}`.", shown(&word))))?;
        if let Some(scope) = grant.api.without(app.scopes).iter().next() {
            return Err(refuse(format!("`scope`: this app was not registered for `{scope}`.")));
        }
        Ok(grant)
    }

    fn challenge(&self, app: &apps::App, response: ResponseType) -> Result<Option<String>, Refusal> {
        let method = self.text("code_challenge_method");
        match (self.text("code_challenge"), method) {
            (Some(_), None | Some("plain")) => {
                Err(invalid("Only S256 proves anything: send `code_challenge_method=S256`."))
            }
            (Some(challenge), Some("S256")) if is_sha256(challenge) => Ok(Some(challenge.to_owned())),
            (Some(_), Some("S256")) => Err(invalid(
                "`code_challenge` is the SHA-256 of `code_verifier` in base64url, 43 characters.",
            )),
            (Some(_), Some(_)) => Err(invalid("`code_challenge_method` is `S256`.")),
            (None, _) if app.legacy || response == ResponseType::Token => Ok(None),
            (None, _) => Err(invalid("`code_challenge` is missing: PKCE is asked of every app (RFC 7636).")),
        }
    }

    fn prompt(&self) -> Result<Vec<Prompt>, Refusal> {
        let words = self.text("prompt").unwrap_or_default().split(' ').filter(|word| !word.is_empty());
        let prompts: Option<Vec<Prompt>> = words
            .map(|word| match word {
                "none" => Some(Prompt::None),
                "login" => Some(Prompt::Login),
                "consent" => Some(Prompt::Consent),
                "select_account" => Some(Prompt::SelectAccount),
                _ => None,
            })
            .collect();
        match prompts {
            Some(prompts) if prompts.contains(&Prompt::None) && prompts.len() > 1 => {
                Err(invalid("`prompt=none` stands alone."))
            }
            Some(prompts) => Ok(prompts),
            None => Err(invalid("`prompt` is `none`, `login`, `consent` or `select_account`.")),
        }
    }

    fn max_age(&self) -> Result<Option<Duration>, Refusal> {
        let Some(text) = self.text("max_age") else { return Ok(None) };
        let seconds = text.parse::<u32>().map_err(|_| invalid("`max_age` is a number of seconds."))?;
        Ok(Some(Duration::from_secs(seconds.into())))
    }
}

fn invalid(text: impl Into<std::borrow::Cow<'static, str>>) -> Refusal {
    Refusal::new("invalid_request", text)
}

/// What a refusal may repeat of a request (RFC 6749 §4.1.2.1 allows these characters).
fn shown(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\\')).take(60).collect()
}

fn is_sha256(challenge: &str) -> bool {
    BASE64_URL_SAFE_NO_PAD.decode(challenge).is_ok_and(|bytes| bytes.len() == 32)
}
