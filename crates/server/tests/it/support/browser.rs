//! A browser without a screen: cookies, forms with their tokens, no redirect followed by itself.

use std::collections::BTreeMap;

use homeroom_client::Role;
use homeroom_server::users::{NewUser, Profile};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, RequestBuilder, StatusCode, header};

use super::{TestApp, UserId};

/// The password of everybody who has one.
pub const PASSWORD: &str = "correct horse";
const FORM: &str = "application/x-www-form-urlencoded";

pub struct Browser {
    client: Client,
    url: String,
    pub cookies: BTreeMap<String, String>,
    pub language: String,
    /// The token of the last page's forms.
    pub csrf: String,
}

/// A page, or the way to another.
pub struct Seen {
    pub status: StatusCode,
    pub headers: header::HeaderMap,
    pub text: String,
}

impl Seen {
    /// Where it leads.
    pub fn location(&self) -> &str {
        self.headers.get(LOCATION).map_or("", |location| location.to_str().unwrap())
    }

    /// The first heading.
    pub fn title(&self) -> &str {
        between(&self.text, "<h1>", "</h1>").unwrap_or_default()
    }
}

/// The text between two others.
pub fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    Some(text.split_once(before)?.1.split_once(after)?.0)
}

impl Browser {
    pub fn new(app: &TestApp) -> Self {
        let client = Client::builder().no_gzip().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let (cookies, language, csrf) = (BTreeMap::new(), "en".to_owned(), String::new());
        Self { client, url: app.url.clone(), cookies, language, csrf }
    }

    /// Looks at a page: a path, or an address of the server.
    pub async fn get(&mut self, page: &str) -> Seen {
        let request = self.client.get(self.address(page));
        self.send(request).await
    }

    /// Sends a form with the token of the last page.
    pub async fn post(&mut self, page: &str, fields: &[(&str, &str)]) -> Seen {
        let csrf = self.csrf.clone();
        let fields: Vec<_> = fields.iter().copied().chain([("csrf", csrf.as_str())]).collect();
        self.post_bare(page, &fields).await
    }

    /// Looks at a page and sends the form on it to the same address.
    pub async fn submit(&mut self, page: &str, fields: &[(&str, &str)]) -> Seen {
        self.get(page).await;
        self.post(page, fields).await
    }

    /// Sends fields without a token.
    pub async fn post_bare(&mut self, page: &str, fields: &[(&str, &str)]) -> Seen {
        self.post_from(page, fields, &[]).await
    }

    /// As [`Browser::post_bare`], with headers.
    pub async fn post_from(&mut self, page: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Seen {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.client.post(self.address(page)).body(body);
        let request = request.header(header::CONTENT_TYPE, FORM);
        self.send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
    }

    /// Sends a form as it is written.
    pub async fn send_body(&mut self, page: &str, body: String) -> Seen {
        let request = self.client.post(self.address(page)).body(body);
        self.send(request.header(header::CONTENT_TYPE, FORM)).await
    }

    /// Any request, with headers.
    pub async fn send_from(&mut self, method: Method, page: &str, headers: &[(&str, &str)]) -> Seen {
        let request = self.client.request(method, self.address(page));
        self.send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
    }

    /// Signs in with [`PASSWORD`] in the school of the tests.
    pub async fn sign_in(&mut self, name: &str) -> Seen {
        self.sign_in_with(name, PASSWORD).await
    }

    pub async fn sign_in_with(&mut self, name: &str, password: &str) -> Seen {
        self.submit("/o/north-hill-school/auth/signin", &[("name", name), ("password", password)]).await
    }

    /// Whether somebody is signed in.
    pub async fn is_signed_in(&mut self) -> bool {
        self.get("/").await.location().ends_with("/account")
    }

    fn address(&self, page: &str) -> String {
        if page.starts_with("http") { page.to_owned() } else { format!("{}{page}", self.url) }
    }

    async fn send(&mut self, request: RequestBuilder) -> Seen {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header(COOKIE, cookies.join("; "));
        let response = request.header(header::ACCEPT_LANGUAGE, &self.language).send().await.unwrap();
        for line in response.headers().get_all(SET_COOKIE) {
            self.keep(line.to_str().unwrap());
        }
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap();
        if let Some(csrf) = between(&text, "name=\"csrf\" value=\"", "\"") {
            self.csrf = csrf.to_owned();
        }
        Seen { status, headers, text }
    }

    fn keep(&mut self, line: &str) {
        let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
        if line.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

impl TestApp {
    pub fn browser(&self) -> Browser {
        Browser::new(self)
    }

    /// A new member with [`PASSWORD`].
    pub async fn member(&self, profile: Profile, role: Role) -> UserId {
        let password = Some(self.app.passwords.hash(PASSWORD.into()).await.unwrap());
        let new = NewUser { profile, role, locale: "en".to_owned(), password, is_test: false };
        self.insert(&self.school, &new).await
    }
}
