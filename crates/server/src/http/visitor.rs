//! Who looks at a page: the language, the session if there is one, and the proof that a form is ours.
//!
//! Every form carries a token that is derived from a cookie of the browser and from its session: another site can
//! neither read nor set them. The check stands before all pages, so that no form can be written without it.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use cookie::Cookie;
use secrecy::ExposeSecret as _;

use super::authenticate::{client_address, device};
use super::{Fields, Origin};
use crate::crypto::{NewToken, TokenHash};
use crate::sessions::{self, Session};
use crate::text::Language;
use crate::{App, Error, Result, html};

/// The cookies, before their prefix.
pub const SESSION: &str = "homeroom";
const FORM: &str = "homeroom-form";
/// The field that every form has.
pub const CSRF: &str = "csrf";
/// The largest form, in bytes.
const LARGEST: usize = 64 << 10;

/// A browser, in one request.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub origin: Arc<Origin>,
    pub language: Language,
    /// The one of ours that the browser asks for.
    accepted: Option<Language>,
    pub session: Option<Arc<Session>>,
    /// What forms of this page must send back.
    pub csrf: String,
}

/// A visitor who is signed in. Others are sent to sign in first.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub visitor: Visitor,
    pub session: Arc<Session>,
}

/// A visitor who is signed in, and has shown that the account is theirs. Others are asked for their password first, and
/// come back to the page: one that takes a form is there to be looked at too.
#[derive(Debug, Clone)]
pub struct Owner {
    pub visitor: Visitor,
    pub session: Arc<Session>,
}

/// Before every page: finds the session, checks forms, and makes pages of errors.
pub async fn visit(State(app): State<App>, request: Request, next: Next) -> Response {
    let known = cookie(&app, request.headers(), FORM);
    let key = known.clone().unwrap_or_else(|| NewToken::link(&app.random).secret.expose_secret().to_owned());
    let mut response = match enter(&app, request, &key).await {
        Ok((visitor, request)) => {
            let response = next.run(request).await;
            html::finish(&app, &visitor, response)
        }
        Err((visitor, error)) => html::finish(&app, &visitor, error.into_response()),
    };
    if known.is_none() {
        set_cookie(&mut response, &app.site.cookie(FORM, key).build());
    }
    response
}

/// As [`visit`], for a browser that looks for a page that is not there; what programs are told stays as it is.
pub async fn visit_if_browser(State(app): State<App>, request: Request, next: Next) -> Response {
    let accepts = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let is_browser = request.method().is_safe() && accepts.is_some_and(|accept| accept.contains("text/html"));
    if is_browser && !request.uri().path().starts_with("/v2/") {
        return visit(State(app), request, next).await;
    }
    next.run(request).await
}

/// The request with its visitor and fields; or why it is refused.
async fn enter(app: &App, request: Request, key: &str) -> Result<(Visitor, Request), (Visitor, Error)> {
    let (mut parts, body) = request.into_parts();
    let accepted = accepted(&parts.headers);
    let language = accepted.unwrap_or(Language::English);
    let address = client_address(app, &parts.extensions, &parts.headers);
    let origin = Arc::new(Origin { address, device: device(&parts.headers) });
    let nobody = |csrf| Visitor { origin: origin.clone(), language, accepted, session: None, csrf };
    let session = match find_session(app, &parts.headers).await {
        Ok(session) => session,
        Err(error) => return Err((nobody(String::new()), error)),
    };
    let csrf = app.keys.form_token(key, session.as_ref().map_or("", |session| &session.id));
    let visitor = Visitor { session: session.map(Arc::new), ..nobody(csrf) }.in_their_language();
    let fields = match parts.method.is_safe() {
        true => Fields::default(),
        false => match read_form(&parts, body, &visitor).await {
            Ok(fields) => fields,
            Err(error) => return Err((visitor, error)),
        },
    };
    parts.extensions.insert(visitor.clone());
    parts.extensions.insert(fields);
    Ok((visitor, Request::from_parts(parts, axum::body::Body::empty())))
}

/// The fields of a form that came from one of our own pages in this browser.
async fn read_form(parts: &Parts, body: axum::body::Body, visitor: &Visitor) -> Result<Fields> {
    let site = parts.headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    if site.is_some_and(|site| !["same-origin", "none"].contains(&site)) {
        return Err(forged());
    }
    let body = to_bytes(body, LARGEST).await.map_err(|_| {
        Error::new(homeroom_api::ErrorCode::PayloadTooLarge, "The form is too large, or broke off.")
    })?;
    let fields = Fields::parse(&body)?;
    if !visitor.is_ours(fields.text(CSRF)) {
        return Err(forged());
    }
    Ok(fields)
}

fn forged() -> Error {
    Error::forbidden("This form did not come from a page of ours in this browser: open the page again.")
        .with_param(CSRF)
}

async fn find_session(app: &App, headers: &HeaderMap) -> Result<Option<Session>> {
    match cookie(app, headers, SESSION) {
        Some(secret) => sessions::find(app, TokenHash::of(&secret)).await,
        None => Ok(None),
    }
}

fn cookie(app: &App, headers: &HeaderMap, name: &str) -> Option<String> {
    let name = app.site.cookie_name(name);
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut cookies = lines.flat_map(|line| Cookie::split_parse(line).filter_map(Result::ok));
    cookies.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}

pub fn set_cookie(response: &mut Response, cookie: &Cookie<'_>) {
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

fn accepted(headers: &HeaderMap) -> Option<Language> {
    Language::accepted(headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?)
}

impl Visitor {
    /// People read pages in the language of their account, others in that of their browser.
    fn in_their_language(self) -> Self {
        match &self.session {
            Some(session) => Self { language: Language::of(&session.locale), ..self },
            None => self,
        }
    }

    /// Who is not signed in and whose browser asks for none of our languages reads a school's pages in its language.
    #[must_use]
    pub fn reading(self, locale: &str) -> Self {
        match (&self.session, self.accepted) {
            (None, None) => Self { language: Language::of(locale), ..self },
            _ => self,
        }
    }

    fn is_ours(&self, token: &str) -> bool {
        use subtle::ConstantTimeEq as _;
        bool::from(self.csrf.as_bytes().ct_eq(token.as_bytes()))
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self> {
        parts.extensions.get().cloned().ok_or_else(|| Error::internal("a page outside the pages"))
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let visitor = Visitor::from_request_parts(parts, app).await.map_err(Error::into_response)?;
        if let Some(session) = visitor.session.clone() {
            return Ok(Self { visitor, session });
        }
        let back =
            if parts.method.is_safe() { parts.uri.path_and_query().map(ToString::to_string) } else { None };
        Err(Redirect::to(&sessions::pages::signin_address(app, back.as_deref())).into_response())
    }
}

impl FromRequestParts<App> for Owner {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let SignedIn { visitor, session } = SignedIn::from_request_parts(parts, app).await?;
        if session.confirmed {
            return Ok(Self { visitor, session });
        }
        let back = parts.uri.path_and_query().map_or_else(|| app.site.path("/account"), ToString::to_string);
        Err(sessions::confirm_first(app, &back))
    }
}

/// The status of a page that shows what is wrong with a form.
pub const WRONG_FORM: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
