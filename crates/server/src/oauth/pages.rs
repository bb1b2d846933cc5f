//! `/auth/oauth`: a person is asked whether an app may do what it asks.

use askama::Template;
use axum::extract::RawQuery;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use url::Url;

use super::authorize::{Said, approve};
use super::denial::Refusal;
use super::request::{Problem, Request};
use super::{issue, permissions};
use crate::html::{Layout, page, page_with_status, see_other};
use crate::http::{Fields, Pages, SESSION, Visitor, set_cookie};
use crate::sessions::{self, Session};
use crate::{App, Result, organizations};

const PAGE: &str = "/auth/oauth";

pub fn pages() -> Pages {
    Pages::new().get(PAGE, show).form(PAGE, decide)
}

/// What an app asks, or the way on where nothing has to be asked.
async fn show(app: App, visitor: Visitor, RawQuery(query): RawQuery) -> Result<Response> {
    let query = query.unwrap_or_default();
    let request = match Request::read(&app, &query).await {
        Ok(request) => request,
        Err(problem) => return tell(&app, &visitor, problem),
    };
    let session = match ready(&app, &visitor, &request) {
        Ok(session) => session,
        Err(obstacle) => return stop(&app, &visitor, &query, &request, obstacle).await,
    };
    if !request.asks_anew()
        && let Some(address) = approve(&app, session, &visitor.origin, &request, Said::YesBefore).await?
    {
        return Ok(leave(&address));
    }
    if request.is_silent() {
        return Ok(refuse(&request, "consent_required", "The person has to be asked."));
    }
    ask(&app, &visitor, session, query, &request).await
}

/// What the person said.
async fn decide(app: App, visitor: Visitor, fields: Fields) -> Result<Response> {
    let query = fields.text("request");
    let request = match Request::read(&app, query).await {
        Ok(request) => request,
        Err(problem) => return tell(&app, &visitor, problem),
    };
    let said = match fields.text("decision") {
        "switch" => return switch(&app, &visitor, query, &request).await,
        "allow" => Said::Yes,
        _ => return Ok(refuse(&request, "access_denied", "The person did not allow it.")),
    };
    match ready(&app, &visitor, &request) {
        Ok(session) => match approve(&app, session, &visitor.origin, &request, said).await? {
            Some(address) => Ok(leave(&address)),
            None => ask(&app, &visitor, session, query.to_owned(), &request).await,
        },
        Err(obstacle) => stop(&app, &visitor, query, &request, obstacle).await,
    }
}

/// Why somebody can't be asked yet.
#[derive(Clone, Copy)]
enum Obstacle {
    NobodySignedIn,
    AnotherSchool,
    /// The app wants to know anew who it is.
    TooLongAgo,
    /// The session began with a link that somebody else made.
    Unconfirmed,
}

fn ready<'a>(app: &App, visitor: &'a Visitor, request: &Request) -> Result<&'a Session, Obstacle> {
    let session = visitor.session.as_deref().ok_or(Obstacle::NobodySignedIn)?;
    if session.organization != request.app.organization {
        return Err(Obstacle::AnotherSchool);
    }
    if request.needs_new_signin(session.created_at, app.clock.now()) {
        return Err(Obstacle::TooLongAgo);
    }
    if session.confirmed { Ok(session) } else { Err(Obstacle::Unconfirmed) }
}

async fn stop(
    app: &App,
    visitor: &Visitor,
    query: &str,
    request: &Request,
    obstacle: Obstacle,
) -> Result<Response> {
    if request.is_silent() {
        return Ok(refuse(request, "login_required", "The person has to sign in."));
    }
    let (title, text) = match obstacle {
        Obstacle::NobodySignedIn => return to_signin(app, query, request).await,
        Obstacle::AnotherSchool => ("consent.other_title", "consent.other"),
        Obstacle::TooLongAgo => ("consent.again_title", "consent.again"),
        Obstacle::Unconfirmed => ("consent.link_title", "consent.link"),
    };
    let layout = Layout::new(app, visitor);
    Ok(page(&Again {
        title: layout.t(title),
        text: layout.fill(text, "school", &school(app, request).await?.name),
        app_name: request.app.name.clone(),
        request: query.to_owned(),
        page: layout,
    }))
}

async fn school(app: &App, request: &Request) -> Result<organizations::Organization> {
    let found = organizations::find(&mut app.db.read().await?, request.app.organization.as_str()).await?;
    found.ok_or_else(|| crate::Error::not_found("school"))
}

/// The sign-in page of the app's school, and then back. Who has just signed in need not do it once more.
async fn to_signin(app: &App, query: &str, request: &Request) -> Result<Response> {
    let next = format!("{}?{}", app.site.path(PAGE), without_new_signin(query));
    let hint = request.login_hint.as_deref().map(|hint| ("name", hint));
    let next = form_urlencoded::Serializer::new(String::new())
        .append_pair("next", &next)
        .extend_pairs(hint)
        .finish();
    let slug = school(app, request).await?.slug;
    Ok(see_other(app, &app.site.path(&format!("/o/{slug}/auth/signin?{next}"))))
}

/// The request without what `prompt=login` and `max_age` ask for.
fn without_new_signin(query: &str) -> String {
    let mut rest = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "max_age" => {}
            "prompt" => {
                let others: Vec<&str> =
                    value.split(' ').filter(|word| !matches!(*word, "login" | "select_account")).collect();
                rest.append_pair("prompt", &others.join(" "));
            }
            _ => {
                rest.append_pair(&name, &value);
            }
        }
    }
    rest.finish()
}

/// Ends the session of this browser and asks somebody to sign in.
async fn switch(app: &App, visitor: &Visitor, query: &str, request: &Request) -> Result<Response> {
    if let Some(session) = &visitor.session {
        sessions::end(app, session, &visitor.origin, &session.id).await?;
    }
    let mut response = to_signin(app, query, request).await?;
    let mut gone = app.site.cookie(SESSION, String::new()).build();
    gone.make_removal();
    set_cookie(&mut response, &gone);
    Ok(response)
}

#[derive(Template)]
#[template(path = "oauth/consent.html")]
struct Consent<'a> {
    page: Layout,
    school: &'a str,
    app_name: &'a str,
    name: &'a str,
    username: &'a str,
    lines: Vec<&'static str>,
    /// Where the answer goes.
    place: &'a str,
    request: String,
}

#[derive(Template)]
#[template(path = "oauth/again.html")]
struct Again {
    page: Layout,
    app_name: String,
    title: &'static str,
    text: String,
    request: String,
}

#[derive(Template)]
#[template(path = "oauth/wrong.html")]
struct Wrong {
    page: Layout,
    title: &'static str,
    text: &'static str,
}

async fn ask(
    app: &App,
    visitor: &Visitor,
    session: &Session,
    query: String,
    request: &Request,
) -> Result<Response> {
    let most = issue::most(&mut app.db.read().await?, &request.app, session.role).await?;
    let target = Target::of(&request.way_back.redirect_uri);
    let mut response = page(&Consent {
        school: &session.organization_name,
        app_name: &request.app.name,
        name: &session.name(),
        username: &session.username,
        lines: permissions::lines(visitor.language, &request.grant.narrowed(most)),
        place: &target.shown,
        request: query,
        page: Layout::new(app, visitor),
    });
    if let Ok(policy) = HeaderValue::from_str(&target.policy()) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

/// Where a person goes after they were asked.
struct Target {
    /// What the page calls it: the host, or the scheme of a native app.
    shown: String,
    /// How a policy names it.
    source: String,
}

impl Target {
    fn of(redirect_uri: &str) -> Self {
        let Ok(url) = Url::parse(redirect_uri) else {
            return Self { shown: String::new(), source: String::new() };
        };
        let scheme = format!("{}:", url.scheme());
        match url.host_str() {
            Some(host) if matches!(url.scheme(), "https" | "http") => {
                // A policy has no way to write an IPv6 address.
                let source = if host.starts_with('[') { scheme } else { url.origin().ascii_serialization() };
                Self { shown: host.to_owned(), source }
            }
            _ => Self { shown: scheme.clone(), source: scheme },
        }
    }

    /// As that of other pages, and the form may lead to the app: browsers hold a form's redirects to it.
    fn policy(&self) -> String {
        format!(
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
             form-action 'self' {}; frame-ancestors 'none'; base-uri 'none'",
            self.source
        )
    }
}

/// What is wrong with a request: the app is told, unless it is not known to be the right one.
fn tell(app: &App, visitor: &Visitor, problem: Problem) -> Result<Response> {
    let (title, text) = match problem {
        Problem::Told(address) => return Ok(leave(&address)),
        Problem::Failed(error) => return Err(error),
        Problem::App => ("consent.no_app_title", "consent.no_app"),
        Problem::Address => ("consent.no_address_title", "consent.no_address"),
    };
    let page = Layout::new(app, visitor);
    let shown = Wrong { title: page.t(title), text: page.t(text), page };
    Ok(page_with_status(StatusCode::BAD_REQUEST, &shown))
}

fn refuse(request: &Request, code: &'static str, text: &'static str) -> Response {
    leave(&request.way_back.refuse(&Refusal::new(code, text)))
}

/// To an app, at an address that has been checked (RFC 9700 §4.12: 303, so that nothing of the form goes along).
fn leave(address: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response()
}

#[cfg(test)]
mod tests {
    use super::{Target, without_new_signin};

    #[test]
    fn a_form_may_lead_to_the_app_and_nowhere_else() {
        for (uri, source, shown) in [
            ("https://app.example/callback", "https://app.example", "app.example"),
            ("http://127.0.0.1:3000/callback", "http://127.0.0.1:3000", "127.0.0.1"),
            ("http://[::1]:3000/callback", "http:", "[::1]"),
            ("com.example.app:/callback", "com.example.app:", "com.example.app:"),
        ] {
            let target = Target::of(uri);
            assert_eq!((target.source.as_str(), target.shown.as_str()), (source, shown));
            assert!(target.policy().contains(&format!("form-action 'self' {source};")));
        }
    }

    #[test]
    fn who_signs_in_anew_is_not_asked_to_do_it_once_more() {
        let query = "client_id=1&prompt=login+consent&max_age=0&state=a%26b";
        assert_eq!(without_new_signin(query), "client_id=1&prompt=consent&state=a%26b");
        assert_eq!(without_new_signin("prompt=login"), "prompt=");
    }
}
