//! The second step of signing in: after the right password a code, where the account has a second factor.
//!
//! What the first step found out travels in the form, encrypted, for ten minutes, and only in the browser that took it:
//! no session begins before the code.

use std::time::Duration;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use homeroom_api::{OrganizationId, Timestamp, UserId};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::pages::{destination, minutes_until, page_to_wait, welcome};
use super::password::{self, Verified};
use super::{Beginning, New, Refused};
use crate::db::Tx;
use crate::html::{Layout, page, page_with_status, see_other};
use crate::http::{Fields, Pages, Visitor, WRONG_FORM, set_cookie};
use crate::second_factors::{self, Used};
use crate::{App, Error, Result, users};

const CODE: &str = "/auth/signin/code";
const LASTS: Duration = Duration::from_secs(10 * 60);

pub fn pages() -> Pages {
    Pages::new().get(CODE, start_again).form(CODE, check)
}

/// What the first step found out.
#[derive(Serialize, Deserialize)]
struct Step {
    organization: OrganizationId,
    user: UserId,
    /// Tells the password that was right from a later one.
    password: String,
    next: String,
    /// The sign-in page that it began on.
    back: String,
    until: Timestamp,
}

impl Step {
    fn seal(&self, app: &App, visitor: &Visitor) -> Result<String> {
        let text = serde_json::to_string(self).map_err(|error| Error::internal(error.to_string()))?;
        Ok(BASE64_URL_SAFE_NO_PAD.encode(app.keys.seal_secret(&app.random, &place(visitor), &text)))
    }

    fn open(app: &App, visitor: &Visitor, sealed: &str) -> Option<Self> {
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let text = app.keys.open_secret(&place(visitor), &sealed)?;
        serde_json::from_str(&text).ok()
    }
}

/// The token of a browser's forms is made from its cookie and its session.
fn place(visitor: &Visitor) -> String {
    format!("second_step/{}", visitor.csrf)
}

#[derive(Template)]
#[template(path = "sessions/code.html")]
struct CodePage {
    page: Layout,
    state: String,
    back: String,
    problem: Option<String>,
}

/// Begins a session with a password that was right, in place of the one that this browser had; or asks for a code.
pub(super) async fn enter(
    app: &App,
    visitor: &Visitor,
    organization: &OrganizationId,
    verified: Verified,
    (next, back): (&str, String),
) -> Result<Response> {
    let mut tx = app.db.write().await?;
    let begun = enter_in(app, &mut tx, visitor, organization, &verified).await;
    match tx.finish(begun).await? {
        Entered::Session(secret) => Ok(welcome(app, &secret, &destination(app, next)).await),
        Entered::Over => Ok(over(app, visitor, Some(back))),
        Entered::Code => {
            let (organization, Verified { user, mark: password }) = (organization.clone(), verified);
            let until = app.clock.now() + LASTS;
            let step = Step { organization, user, password, next: next.to_owned(), back, until };
            let state = step.seal(app, visitor)?;
            let page_ = Layout::new(app, visitor);
            Ok(page(&CodePage { page: page_, state, back: step.back, problem: None }))
        }
    }
}

enum Entered {
    Session(SecretString),
    /// A code must come first.
    Code,
    /// The password is another one by now.
    Over,
}

async fn enter_in(
    app: &App,
    tx: &mut Tx,
    visitor: &Visitor,
    organization: &OrganizationId,
    Verified { user, mark }: &Verified,
) -> Result<Entered> {
    users::find_and_lock(tx, organization, user).await?.ok_or_else(Error::unauthorized)?;
    if password::mark(tx, organization, user).await? != *mark {
        return Ok(Entered::Over);
    }
    if second_factors::find(tx, organization, user).await?.is_some() {
        return Ok(Entered::Code);
    }
    let new = New { organization, user, with: Beginning::Password, maker: None };
    super::begin_instead(app, tx, visitor, &new).await.map(Entered::Session)
}

/// Who loads the page again begins again.
async fn start_again(app: App) -> Response {
    see_other(&app, &app.site.path("/auth/signin"))
}

async fn check(app: App, visitor: Visitor, fields: Fields) -> Result<Response> {
    let state = fields.text("state");
    let Some(step) = Step::open(&app, &visitor, state) else { return Ok(over(&app, &visitor, None)) };
    if step.until <= app.clock.now() {
        return Ok(over(&app, &visitor, Some(step.back)));
    }
    if let Some(until) = super::count_secret(&app, &visitor.origin, &step.organization, &step.user).await? {
        return Ok(refuse(&app, &visitor, state, step, Refused::Wait(until)));
    }
    let mut tx = app.db.write().await?;
    let checked = check_in(&app, &mut tx, &visitor, &step, fields.text("code")).await;
    match tx.finish(checked).await? {
        Checked::Right(secret, used) => {
            super::forget_secret(&app, &step.organization, &step.user).await?;
            Ok(go_on(&app, &visitor, &step, &secret, used).await)
        }
        Checked::Wrong => {
            super::refuse(&app, &visitor.origin, &step.organization, Some(&step.user)).await?;
            Ok(refuse(&app, &visitor, state, step, Refused::Wrong))
        }
        Checked::Over => Ok(over(&app, &visitor, Some(step.back))),
    }
}

enum Checked {
    Right(SecretString, Used),
    Wrong,
    /// The password is another one by now, or the account is gone.
    Over,
}

async fn check_in(app: &App, tx: &mut Tx, visitor: &Visitor, step: &Step, code: &str) -> Result<Checked> {
    let Step { organization, user, .. } = step;
    if users::find_and_lock(tx, organization, user).await?.is_none()
        || password::mark(tx, organization, user).await? != step.password
    {
        return Ok(Checked::Over);
    }
    let Some(used) = second_factors::use_code(app, tx, organization, user, code).await? else {
        return Ok(Checked::Wrong);
    };
    let new = New { organization, user, with: Beginning::Password, maker: None };
    let secret = super::begin_instead(app, tx, visitor, &new).await?;
    Ok(Checked::Right(secret, used))
}

#[derive(Template)]
#[template(path = "sessions/recovered.html")]
struct RecoveredPage {
    page: Layout,
    left: i64,
    next: String,
}

/// Who used a recovery code is told how many are left.
async fn go_on(app: &App, visitor: &Visitor, step: &Step, secret: &SecretString, used: Used) -> Response {
    let next = destination(app, &step.next);
    let Used::Recovery { left } = used else { return welcome(app, secret, &next).await };
    let next = app.site.location(&next).unwrap_or_else(|| app.site.path("/account"));
    let mut response = page(&RecoveredPage { page: Layout::new(app, visitor), left, next });
    set_cookie(&mut response, &super::cookie(app, secret).await);
    response
}

fn refuse(app: &App, visitor: &Visitor, state: &str, step: Step, refused: Refused) -> Response {
    let page = Layout::new(app, visitor);
    let problem = match refused {
        Refused::Wrong => page.t("signin.code_wrong").to_owned(),
        Refused::Wait(until) => page.fill("signin.wait", "minutes", &minutes_until(app, until)),
    };
    let shown = CodePage { page, state: state.to_owned(), back: step.back, problem: Some(problem) };
    match refused {
        Refused::Wrong => page_with_status(WRONG_FORM, &shown),
        Refused::Wait(until) => page_to_wait(app, until, &shown),
    }
}

#[derive(Template)]
#[template(path = "sessions/over.html")]
struct OverPage {
    page: Layout,
    back: String,
}

fn over(app: &App, visitor: &Visitor, back: Option<String>) -> Response {
    let back = back.unwrap_or_else(|| app.site.path("/auth/signin"));
    page_with_status(StatusCode::GONE, &OverPage { page: Layout::new(app, visitor), back })
}
