//! What a school can see of an account, and how one leaves: individuals delete theirs, members ask an administrator.

use askama::Template;
use axum::response::Response;

use super::proof::Proof;
use crate::html::{Layout, Problem, Told, page, page_with_status, see_other};
use crate::http::{Fields, Owner, SignedIn, Visitor, WRONG_FORM, set_cookie};
use crate::sessions::{self, Session};
use crate::text::fold;
use crate::users::own;
use crate::{App, Result};

#[derive(Template)]
#[template(path = "account/school.html")]
struct SchoolPage {
    page: Layout,
    school: String,
}

/// For members; an individual's account is nobody's to see.
pub async fn show_school(app: App, SignedIn { visitor, session }: SignedIn) -> Response {
    if session.is_individual() {
        return see_other(&app, &app.site.path("/account"));
    }
    let school = session.organization_name.clone();
    page(&SchoolPage { page: Layout::new(&app, &visitor), school })
}

#[derive(Template)]
#[template(path = "account/leave.html")]
struct LeavePage {
    page: Layout,
    username: String,
    typed: String,
    proof: Proof,
    problem: Option<Problem>,
}

impl LeavePage {
    async fn new(app: &App, visitor: &Visitor, session: &Session, typed: &str) -> Result<Self> {
        let proof = Proof::all(app, session).await?;
        let (username, typed) = (session.username.clone(), typed.to_owned());
        Ok(Self { page: Layout::new(app, visitor), username, typed, proof, problem: None })
    }
}

fn ask_the_school(app: &App) -> Response {
    see_other(app, &app.site.path("/account/school"))
}

pub async fn show(app: App, Owner { visitor, session }: Owner) -> Result<Response> {
    if !session.is_individual() {
        return Ok(ask_the_school(&app));
    }
    Ok(page(&LeavePage::new(&app, &visitor, &session, "").await?))
}

/// Deletes the account of who typed its name, and the password and code that it has.
pub async fn leave(app: App, Owner { mut visitor, session }: Owner, fields: Fields) -> Result<Response> {
    if !session.is_individual() {
        return Ok(ask_the_school(&app));
    }
    let typed = fields.text("username");
    let shown = LeavePage::new(&app, &visitor, &session, typed).await?;
    if fold(typed) != fold(&session.username) {
        let problem = Some(Problem::new("username", shown.page.t("leave.wrong_name")));
        return Ok(page_with_status(WRONG_FORM, &LeavePage { problem, ..shown }));
    }
    if let Some(unproven) = shown.proof.check(&app, &visitor, &session, &fields).await? {
        return Ok(unproven.answer(&app, |problem| LeavePage { problem: Some(problem), ..shown }));
    }
    own::remove_oneself(&app, &session, &visitor.origin).await?;
    visitor.session = None;
    let on = ("/auth/signin", "leave.onward");
    let mut response = page(&Told::new(&app, &visitor, "leave.done_title", &["leave.done"], on));
    set_cookie(&mut response, &sessions::no_cookie(&app));
    Ok(response)
}
