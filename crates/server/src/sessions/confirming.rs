//! Showing that an account is one's own, in a session that began with somebody else's link: by typing its password.

use askama::Template;
use axum::response::Response;

use super::pages::{destination, minutes_until, onward, page_to_wait};
use super::{Proof, Refused, Session, check_proof, confirm};
use crate::html::{Layout, page, page_with_status, see_other};
use crate::http::{Fields, Pages, Params, SignedIn, Visitor, WRONG_FORM};
use crate::users::own;
use crate::{App, Result, second_factors};

const CONFIRM: &str = "/auth/confirm";

pub fn pages() -> Pages {
    Pages::new().get(CONFIRM, show).form(CONFIRM, try_password)
}

/// Asks for the password first, then leads to `next`, a path on this site.
pub fn confirm_first(app: &App, next: &str) -> Response {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
    see_other(app, &app.site.path(&format!("{CONFIRM}?{query}")))
}

#[derive(Template)]
#[template(path = "sessions/confirm.html")]
struct ConfirmPage {
    page: Layout,
    name: String,
    next: String,
    has_password: bool,
    has_email: bool,
    has_factor: bool,
    problem: Option<String>,
}

impl ConfirmPage {
    async fn new(app: &App, visitor: &Visitor, session: &Session, next: &str) -> Result<Self> {
        let mut conn = app.db.read().await?;
        let factor = second_factors::find(&mut conn, &session.organization, &session.user).await?;
        Ok(Self {
            page: Layout::new(app, visitor),
            name: session.name(),
            next: next.to_owned(),
            has_password: own::has_password(app, session).await?,
            has_email: session.email.is_some(),
            has_factor: factor.is_some(),
            problem: None,
        })
    }
}

async fn show(app: App, SignedIn { visitor, session }: SignedIn, params: Params) -> Result<Response> {
    let next = params.text("next")?.unwrap_or_default();
    if session.confirmed {
        return Ok(onward(&app, &destination(&app, next)));
    }
    Ok(page(&ConfirmPage::new(&app, &visitor, &session, next).await?))
}

async fn try_password(app: App, SignedIn { visitor, session }: SignedIn, fields: Fields) -> Result<Response> {
    let next = fields.text("next");
    let shown = ConfirmPage::new(&app, &visitor, &session, next).await?;
    if !shown.has_password {
        return Ok(page_with_status(WRONG_FORM, &shown));
    }
    let code = shown.has_factor.then(|| fields.text("code"));
    let proof = Proof { password: Some(fields.text("password")), code };
    match check_proof(&app, &visitor, &session, proof).await? {
        Ok(()) => {
            confirm(&app, &session, &visitor.origin).await?;
            Ok(onward(&app, &destination(&app, next)))
        }
        Err(refused) => Ok(refuse(&app, shown, refused)),
    }
}

fn refuse(app: &App, mut shown: ConfirmPage, refused: Refused) -> Response {
    match refused {
        Refused::Wrong => {
            let key = if shown.has_factor { "confirm.wrong_either" } else { "account.wrong_password" };
            shown.problem = Some(shown.page.t(key).to_owned());
            page_with_status(WRONG_FORM, &shown)
        }
        Refused::Wait(until) => {
            shown.problem = Some(shown.page.fill("signin.wait", "minutes", &minutes_until(app, until)));
            page_to_wait(app, until, &shown)
        }
    }
}
