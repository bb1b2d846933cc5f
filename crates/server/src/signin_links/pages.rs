//! Opening a sign-in link: a page that continues by itself, so that what only fetches (a mail scanner, a preview) does
//! not use the link up.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use secrecy::SecretString;

use super::{Link, State};
use crate::crypto::TokenHash;
use crate::db::Tx;
use crate::html::{Layout, page, page_with_status};
use crate::http::{Pages, Visitor};
use crate::organizations::INDIVIDUALS;
use crate::sessions::{self, Beginning, New, pages::welcome};
use crate::{App, Result, users};

const LINK: &str = "/auth/signin-link/{token}";

pub fn pages() -> Pages {
    Pages::new().get(LINK, show).form(LINK, follow)
}

#[derive(Template)]
#[template(path = "signin_links/follow.html")]
struct FollowPage {
    page: Layout,
    action: String,
    name: String,
    school: Option<String>,
    /// Somebody else who is signed in: the page asks before it goes on.
    other: Option<String>,
}

#[derive(Template)]
#[template(path = "signin_links/ended.html")]
struct EndedPage {
    page: Layout,
    title: &'static str,
    text: &'static str,
    signin: String,
}

/// Looks at the link, without using it. The path that counts is stored with it: `next` is for people to read.
async fn show(app: App, visitor: Visitor, Path(token): Path<String>) -> Result<Response> {
    let link = super::find(&mut app.db.read().await?, TokenHash::of(&token)).await?;
    match link {
        Some(link) if link.state(app.clock.now()) == State::Open => {
            let visitor = visitor.reading(&link.locale);
            Ok(page(&follow_page(&app, &visitor, &link, &token)))
        }
        link => Ok(ended(&app, visitor, link)),
    }
}

fn follow_page(app: &App, visitor: &Visitor, link: &Link, token: &str) -> FollowPage {
    let other = visitor.session.as_ref().filter(|session| session.user != link.user);
    FollowPage {
        page: Layout::new(app, visitor),
        action: app.site.path(&format!("/auth/signin-link/{token}")),
        name: users::printable_name(&link.firstname, &link.lastname, &link.username),
        school: (link.organization.as_str() != INDIVIDUALS).then(|| link.organization_name.clone()),
        other: other.map(|session| session.name()),
    }
}

/// Uses the link: a session, and on to where it leads.
async fn follow(app: App, visitor: Visitor, Path(token): Path<String>) -> Result<Response> {
    let hash = TokenHash::of(&token);
    let mut tx = app.db.write().await?;
    let followed = follow_in(&app, &mut tx, &visitor, hash).await;
    match tx.finish(followed).await? {
        Ok((secret, destination)) => Ok(welcome(&app, &secret, &destination).await),
        Err(link) => Ok(ended(&app, visitor, link)),
    }
}

/// Of two browsers that come at once, one finds the link open. The account is held meanwhile: it can neither be
/// removed nor get another role.
async fn follow_in(
    app: &App,
    tx: &mut Tx,
    visitor: &Visitor,
    hash: TokenHash,
) -> Result<Result<(SecretString, String), Option<Link>>> {
    let Some(link) = super::find(tx, hash).await? else { return Ok(Err(None)) };
    users::hold_role(tx, &link.organization, &link.user).await?;
    if !super::take(tx, &link, app.clock.now()).await? {
        return Ok(Err(super::find(tx, hash).await?));
    }
    let maker = link.maker.as_ref();
    let new = New { organization: &link.organization, user: &link.user, with: Beginning::Link, maker };
    let secret = sessions::begin_instead(app, tx, visitor, &new).await?;
    Ok(Ok((secret, link.destination)))
}

/// A link that is over, in its own words, and a way on.
fn ended(app: &App, visitor: Visitor, link: Option<Link>) -> Response {
    let state = link.as_ref().map(|link| link.state(app.clock.now()));
    let (status, title, text) = match state {
        Some(State::Used) => (StatusCode::GONE, "link.used_title", "link.used"),
        Some(State::Expired | State::Open) => (StatusCode::GONE, "link.expired_title", "link.expired"),
        None => (StatusCode::NOT_FOUND, "link.unknown_title", "link.unknown"),
    };
    let visitor = link.iter().fold(visitor, |visitor, link| visitor.reading(&link.locale));
    let school = link.filter(|link| link.organization.as_str() != INDIVIDUALS);
    let signin =
        school.map_or("/auth/signin".to_owned(), |l| format!("/o/{}/auth/signin", l.organization_slug));
    let page = Layout::new(app, &visitor);
    let shown = EndedPage { title: page.t(title), text: page.t(text), signin: page.url(&signin), page };
    page_with_status(status, &shown)
}
