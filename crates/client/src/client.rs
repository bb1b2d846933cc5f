//! The client and its settings.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use homeroom_api::ScoreId;
use reqwest::Url;
use reqwest::header::HeaderValue;
use reqwest::redirect::Policy;

use crate::retry::Retries;
use crate::{
    Apps, AuditLog, Classes, Collaborators, Collections, Comments, Error, Groups, Invitations, Licenses,
    LtiCredentialsApi, Mails, Result, ScoreLists, Scores, Users,
};

/// A connection pool to one server, with one token. Clones share it and are cheap.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    http: reqwest::Client,
    base: Url,
    token: Option<HeaderValue>,
    retries: Retries,
}

impl Client {
    /// A client with the default settings. `base_url` is the server's address, like `http://127.0.0.1:8080`, with or
    /// without `/v2`.
    ///
    /// Errors with [`Error::Setting`] if the address or token can't be one.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, Result};
    /// # fn main() -> Result<()> {
    /// let client = Client::new("https://school.example", "hr_…")?;
    /// # Ok(()) }
    /// ```
    pub fn new(base_url: impl Into<String>, token: impl Into<String>) -> Result<Self> {
        Self::builder(base_url).token(token).build()
    }

    /// A client with other settings.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, Result};
    /// # use std::time::Duration;
    /// # fn main() -> Result<()> {
    /// let client = Client::builder("https://school.example/v2")
    ///     .token("hr_…")
    ///     .timeout(Duration::from_secs(10))
    ///     .max_retries(5)
    ///     .max_wait(Duration::from_secs(120))
    ///     .user_agent("nightly-import/1.0")
    ///     .build()?;
    /// # Ok(()) }
    /// ```
    pub fn builder(base_url: impl Into<String>) -> ClientBuilder {
        ClientBuilder {
            base_url: base_url.into(),
            token: None,
            timeout: Duration::from_secs(30),
            retries: Retries::default(),
            user_agent: concat!("homeroom-client/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }

    /// Scores: music, in versions.
    pub fn scores(&self) -> Scores<'_> {
        Scores { client: self, sharing_key: None }
    }

    /// What the organization sends by mail.
    pub fn mails(&self) -> Mails<'_> {
        Mails { client: self }
    }

    /// The accounts of the organization, their access tokens and sign-in links.
    pub fn users(&self) -> Users<'_> {
        Users { client: self }
    }

    /// Classes.
    pub fn classes(&self) -> Classes<'_> {
        Classes { client: self }
    }

    /// Groups of users.
    pub fn groups(&self) -> Groups<'_> {
        Groups { client: self }
    }

    /// Invitations to join the organization.
    pub fn invitations(&self) -> Invitations<'_> {
        Invitations { client: self }
    }

    /// Collections of scores, and what the caller likes.
    pub fn collections(&self) -> Collections<'_> {
        Collections { client: self }
    }

    /// With whom a score is shared.
    pub fn collaborators<'a>(&'a self, score: &'a ScoreId) -> Collaborators<'a> {
        Collaborators { client: self, score }
    }

    /// What is said of a score.
    pub fn comments<'a>(&'a self, score: &'a ScoreId) -> Comments<'a> {
        Comments { client: self, score, sharing_key: None }
    }

    /// Lists of scores: of a user, of a group.
    pub fn score_lists(&self) -> ScoreLists<'_> {
        ScoreLists { client: self }
    }

    /// Apps of the organization (OAuth2).
    pub fn apps(&self) -> Apps<'_> {
        Apps { client: self }
    }

    /// Licences of the organization, and who has a seat.
    pub fn licenses(&self) -> Licenses<'_> {
        Licenses { client: self }
    }

    /// LTI 1.x keys of the organization.
    pub fn lti_credentials(&self) -> LtiCredentialsApi<'_> {
        LtiCredentialsApi { client: self }
    }

    /// What happened in the organization: who did what, for whom, when.
    pub fn audit_log(&self) -> AuditLog<'_> {
        AuditLog { client: self }
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.inner.http
    }

    /// The address that paths are appended to; ends with `/v2`.
    pub(crate) fn base(&self) -> &Url {
        &self.inner.base
    }

    pub(crate) fn token(&self) -> Option<&HeaderValue> {
        self.inner.token.as_ref()
    }

    pub(crate) fn retries(&self) -> &Retries {
        &self.inner.retries
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base_url", &self.base().as_str()).finish_non_exhaustive()
    }
}

/// The settings of a [`Client`].
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    base_url: String,
    token: Option<String>,
    timeout: Duration,
    retries: Retries,
    user_agent: String,
}

impl ClientBuilder {
    /// The bearer token of every request. Default: none.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// How long one try of a request may take, its whole answer included. Default: 30 seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How often a request is tried again. 0: never. Default: 3.
    pub fn max_retries(mut self, max_retries: u32) -> Self {
        self.retries.max = max_retries;
        self
    }

    /// The longest wait before a retry. An answer whose `Retry-After` asks for more is returned at once.
    /// Default: 60 seconds.
    pub fn max_wait(mut self, max_wait: Duration) -> Self {
        self.retries.max_wait = max_wait;
        self
    }

    /// What the `User-Agent` header says. Default: `homeroom-client/VERSION`.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Errors with [`Error::Setting`] if the address, token or user agent can't be one.
    pub fn build(self) -> Result<Client> {
        let base = parse_base(&self.base_url)?;
        let token = self.token.as_deref().map(bearer).transpose()?;
        let http = reqwest::Client::builder()
            .user_agent(self.user_agent)
            .timeout(self.timeout)
            // A redirect would turn a POST into a GET, or take the token elsewhere: it is an error instead.
            .redirect(Policy::none())
            .build()
            .map_err(|error| Error::Setting(format!("the HTTP client can't be made: {error}")))?;
        Ok(Client { inner: Arc::new(Inner { http, base, token, retries: self.retries }) })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

fn parse_base(text: &str) -> Result<Url> {
    let wrong = |why: &str| Error::Setting(format!("the base URL {why}, like http://127.0.0.1:8080"));
    let mut url = Url::parse(text.trim()).map_err(|_| wrong("must be an absolute URL"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("must begin with http:// or https://"));
    }
    if !url.username().is_empty()
        || url.password().is_some()
        || url.query().is_some()
        || url.fragment().is_some()
    {
        return Err(wrong("must be an address without user name, query or fragment"));
    }
    let path = url.path().trim_end_matches('/');
    let path = format!("{}/v2", path.strip_suffix("/v2").unwrap_or(path));
    url.set_path(&path);
    Ok(url)
}

fn bearer(token: &str) -> Result<HeaderValue> {
    let wrong = |_| Error::Setting("the token holds characters that no token has".to_owned());
    let mut value = HeaderValue::from_str(&format!("Bearer {}", token.trim())).map_err(wrong)?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_may_come_with_or_without_v2_and_slashes() {
        for text in ["http://h:1", "http://h:1/", "http://h:1/v2", "http://h:1/v2/", " http://h:1 "] {
            assert_eq!(parse_base(text).unwrap().as_str(), "http://h:1/v2", "{text}");
        }
        assert_eq!(parse_base("https://h/api").unwrap().as_str(), "https://h/api/v2");
    }

    #[test]
    fn what_is_not_a_base_is_refused() {
        for text in ["", "localhost:8080", "/v2", "ftp://h", "http://user:pw@h", "http://h/?a=b"] {
            assert!(matches!(parse_base(text), Err(Error::Setting(_))), "{text}");
        }
    }
}
