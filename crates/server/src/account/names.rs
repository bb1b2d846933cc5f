//! First and last name.

use askama::Template;
use axum::response::Response;

use crate::html::{Layout, Problem, page, page_with_status, problem};
use crate::http::{Fields, SignedIn, WRONG_FORM};
use crate::users::own;
use crate::{App, Result};

#[derive(Template)]
#[template(path = "account/names.html")]
struct NamesPage {
    page: Layout,
    firstname: String,
    lastname: String,
    problem: Option<Problem>,
}

pub async fn show(app: App, SignedIn { visitor, session }: SignedIn) -> Response {
    let (firstname, lastname) = (session.firstname.clone(), session.lastname.clone());
    page(&NamesPage { page: Layout::new(&app, &visitor), firstname, lastname, problem: None })
}

pub async fn save(app: App, SignedIn { visitor, session }: SignedIn, fields: Fields) -> Result<Response> {
    let (firstname, lastname) = (fields.text("firstname"), fields.text("lastname"));
    let Err(error) = own::rename(&app, &session, &visitor.origin, (firstname, lastname)).await else {
        return Ok(super::done(&app, "/account", "name"));
    };
    let problem = Some(problem(visitor.language, error)?);
    let (firstname, lastname) = (firstname.to_owned(), lastname.to_owned());
    let shown = NamesPage { page: Layout::new(&app, &visitor), firstname, lastname, problem };
    Ok(page_with_status(WRONG_FORM, &shown))
}
