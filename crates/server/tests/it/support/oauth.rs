//! An app, and what it does to get tokens.

use homeroom_client::{AppType, OrganizationApp, OrganizationAppCreation, Role, Scope};
use homeroom_server::crypto::TokenHash;
use homeroom_server::sessions::{self, Session};
use reqwest::{StatusCode, header};
use serde_json::Value;

use super::browser::Browser;
use super::{TestApp, person};

pub const CALLBACK: &str = "https://app.example/callback";
/// A proof and its SHA-256 (RFC 7636, appendix B).
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// What the endpoints of OAuth say.
#[derive(Debug)]
pub struct Told {
    pub status: StatusCode,
    pub headers: header::HeaderMap,
    pub json: Value,
}

impl Told {
    pub fn text(&self, field: &str) -> String {
        self.json[field].as_str().unwrap_or_else(|| panic!("no `{field}` in {:?}", self.json)).to_owned()
    }

    /// The code of a refusal.
    pub fn error(&self) -> String {
        assert!(self.status.is_client_error(), "{self:?}");
        self.text("error")
    }
}

pub fn diary() -> OrganizationAppCreation {
    OrganizationAppCreation {
        name: "Diary".to_owned(),
        redirect_uris: vec![CALLBACK.to_owned()],
        scopes: vec![Scope::AccountPublicProfile, Scope::AccountEmail, Scope::Scores],
        ..OrganizationAppCreation::default()
    }
}

pub fn public_diary() -> OrganizationAppCreation {
    OrganizationAppCreation { r#type: AppType::Public, ..diary() }
}

/// A value of a query, from an address.
pub fn value(address: &str, name: &str) -> Option<String> {
    let (_, query) = address.split_once(['?', '#'])?;
    form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// What an app asks, with some parameters changed ('' leaves one out).
pub fn asking(app: &OrganizationApp, changed: &[(&str, &str)]) -> String {
    let mut params = vec![
        ("client_id", app.id.as_str()),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "openid profile email account.public_profile"),
        ("state", "s&1"),
        ("nonce", "n-1"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in changed {
        params.retain(|(known, _)| known != name);
        if !value.is_empty() {
            params.push((name, value));
        }
    }
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish();
    format!("/auth/oauth?{query}")
}

impl TestApp {
    /// A browser in which a new teacher is signed in.
    pub async fn teacher(&self, username: &str) -> Browser {
        self.member(person(username), Role::Teacher).await;
        let mut browser = self.browser();
        browser.sign_in(username).await;
        browser
    }

    /// The session of a browser.
    pub async fn session(&self, browser: &Browser) -> Session {
        let secret = TokenHash::of(&browser.cookies["homeroom"]);
        sessions::find(&self.app, secret).await.unwrap().unwrap()
    }

    /// Asks, is allowed, and gives the address that the browser is sent to.
    pub async fn allow(&self, browser: &mut Browser, page: &str) -> String {
        let shown = browser.get(page).await;
        assert_eq!(shown.status, 200, "{}", shown.location());
        let (_, query) = page.split_once('?').unwrap();
        let gone = browser.post("/auth/oauth", &[("request", query), ("decision", "allow")]).await;
        assert_eq!(gone.status, 303, "{}", gone.text);
        gone.location().to_owned()
    }

    /// A code for an app.
    pub async fn code(&self, browser: &mut Browser, app: &OrganizationApp) -> String {
        let address = self.allow(browser, &asking(app, &[("prompt", "consent")])).await;
        value(&address, "code").unwrap_or_else(|| panic!("no code in {address}"))
    }

    /// Sends a form to an endpoint of OAuth, with the app's name and secret.
    pub async fn send(&self, app: &OrganizationApp, path: &str, fields: &[(&str, &str)]) -> Told {
        let own = [("client_id", Some(app.id.as_str())), ("client_secret", app.secret.as_deref())];
        let own = own.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let fields: Vec<_> =
            own.chain(fields.iter().copied().filter(|(_, value)| !value.is_empty())).collect();
        self.send_bare(path, &fields, None).await
    }

    pub async fn send_bare(&self, path: &str, fields: &[(&str, &str)], authorization: Option<&str>) -> Told {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let mut request = self.http().post(format!("{}{path}", self.url)).body(body);
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        told(request).await
    }

    /// Redeems a code, with some fields changed ('' leaves one out).
    pub async fn redeem(&self, app: &OrganizationApp, code: &str, changed: &[(&str, &str)]) -> Told {
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        for (name, value) in changed {
            fields.retain(|(known, _)| known != name);
            fields.push((name, value));
        }
        self.send(app, "/oauth/access_token", &fields).await
    }

    pub async fn refresh(&self, app: &OrganizationApp, token: &str) -> Told {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.send(app, "/oauth/access_token", &fields).await
    }

    /// The tokens of a new authorization.
    pub async fn tokens(&self, browser: &mut Browser, app: &OrganizationApp) -> Told {
        let code = self.code(browser, app).await;
        let told = self.redeem(app, &code, &[]).await;
        assert_eq!(told.status, 200, "{told:?}");
        told
    }

    /// A token with which an app with this role stands for itself.
    pub async fn as_app(&self, role: Role, scopes: &[Scope]) -> (OrganizationApp, homeroom_client::Client) {
        let new = OrganizationAppCreation { role: Some(role), scopes: scopes.to_vec(), ..diary() };
        let app = self.admin().apps().create(&new).await.unwrap();
        let token = self.own_token(&app).await;
        (app, self.client(&token))
    }

    pub async fn own_token(&self, app: &OrganizationApp) -> String {
        let told = self.send(app, "/oauth/access_token", &[("grant_type", "client_credentials")]).await;
        assert_eq!(told.status, 200, "{told:?}");
        told.text("access_token")
    }
}

pub async fn told(request: reqwest::RequestBuilder) -> Told {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let json = response.json().await.unwrap_or_default();
    Told { status, headers, json }
}
