//! Where one is signed in, and how that ends.

use askama::Template;
use axum::response::Response;

use crate::html::{Layout, page, see_other};
use crate::http::{Fields, Params, SignedIn, set_cookie};
use crate::sessions::{self, Listed, Session};
use crate::text::{Language, moment};
use crate::{App, Error, Result};

#[derive(Template)]
#[template(path = "account/sessions.html")]
struct SessionsPage {
    page: Layout,
    done: Option<&'static str>,
    sessions: Vec<Shown>,
}

/// A session, as the page says it.
struct Shown {
    id: String,
    is_this: bool,
    device: String,
    address: String,
    since: String,
    seen: String,
    /// By whose link it began, if it did; '' where they are gone.
    maker: Option<String>,
}

impl Shown {
    fn new(listed: Listed, session: &Session, language: Language) -> Self {
        let device = sessions::describe_device(&listed.device);
        Self {
            is_this: listed.id == session.id,
            device: if device.is_empty() { language.text("sessions.unknown").to_owned() } else { device },
            address: listed.address,
            since: moment(language, listed.created_at),
            seen: moment(language, listed.last_seen_at),
            maker: listed.maker,
            id: listed.id,
        }
    }
}

pub async fn show(app: App, SignedIn { visitor, session }: SignedIn, params: Params) -> Result<Response> {
    let (mut conn, now) = (app.db.read().await?, app.clock.now());
    let listed = sessions::list(&mut conn, &session.organization, &session.user, now).await?;
    let sessions = listed.into_iter().map(|one| Shown::new(one, &session, visitor.language)).collect();
    let done = super::said(&params);
    Ok(page(&SessionsPage { page: Layout::new(&app, &visitor), done, sessions }))
}

/// Ends one of them, or all, this one too.
pub async fn end(app: App, SignedIn { visitor, session }: SignedIn, fields: Fields) -> Result<Response> {
    if fields.has("everywhere") {
        sessions::end_everywhere(&app, &session, &visitor.origin).await?;
        let mut response = see_other(&app, &app.site.path("/auth/signin"));
        set_cookie(&mut response, &sessions::no_cookie(&app));
        return Ok(response);
    }
    if !sessions::end(&app, &session, &visitor.origin, fields.text("session")).await? {
        return Err(Error::not_found("session"));
    }
    Ok(super::done(&app, "/account/sessions", "session"))
}
