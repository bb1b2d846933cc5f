//! `/auth/confirm-email/{token}`: who opens the link of a mail shows that they read the address it went to.
//!
//! Looking at the page uses nothing up: the button does.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::email;
use crate::html::{Layout, Told, page, page_with_status};
use crate::http::{Visitor, WRONG_FORM};
use crate::mailed_links::{self, Link, Purpose};
use crate::organizations::Organization;
use crate::sessions::pages::welcome;
use crate::users::Contact;
use crate::users::own::{self, Confirmed};
use crate::{App, Result, organizations, users};

#[derive(Template)]
#[template(path = "account/confirm_email.html")]
struct ConfirmPage {
    page: Layout,
    action: String,
    school: Option<String>,
    username: String,
    email: String,
    problem: Option<String>,
}

/// An open link: whose it is.
struct Opened {
    visitor: Visitor,
    link: Link,
    /// Nothing for an individual.
    school: Option<Organization>,
    person: Contact,
}

impl Opened {
    fn page(&self, app: &App, token: &str, problem: Option<String>) -> ConfirmPage {
        ConfirmPage {
            page: Layout::new(app, &self.visitor),
            action: app.site.path(&format!("/auth/confirm-email/{token}")),
            school: self.school.as_ref().map(|school| school.name.clone()),
            username: self.person.username.clone(),
            email: self.link.email.clone(),
            problem,
        }
    }

    fn signin(&self) -> String {
        self.school
            .as_ref()
            .map_or("/auth/signin".to_owned(), |school| format!("/o/{}/auth/signin", school.slug))
    }
}

pub async fn show(app: App, visitor: Visitor, Path(token): Path<String>) -> Result<Response> {
    Ok(match look(&app, visitor, &token).await? {
        Ok(opened) => page(&opened.page(&app, &token, None)),
        Err(response) => response,
    })
}

/// Looks at the link, without using it; or the page that says why it does nothing.
async fn look(app: &App, visitor: Visitor, token: &str) -> Result<Result<Opened, Response>> {
    let mut conn = app.db.read().await?;
    let Some(link) = mailed_links::peek(app, &mut conn, Purpose::ConfirmEmail, token).await? else {
        return Ok(Err(ended(app, &visitor, StatusCode::NOT_FOUND, UNKNOWN)));
    };
    let school = organizations::find(&mut conn, link.organization.as_str()).await?;
    let person = users::contact(&mut conn, &link.organization, &link.user).await?;
    let visitor = match &person {
        Some(person) => visitor.reading(&person.locale),
        None => visitor,
    };
    Ok(match person {
        _ if link.is_used => Err(ended(app, &visitor, StatusCode::GONE, USED)),
        _ if link.is_expired => Err(ended(app, &visitor, StatusCode::GONE, EXPIRED)),
        Some(person) => Ok(Opened { visitor, link, school, person }),
        None => Err(ended(app, &visitor, StatusCode::NOT_FOUND, UNKNOWN)),
    })
}

type Texts = (&'static str, &'static str);
const USED: Texts = ("email.used_title", "email.used");
const EXPIRED: Texts = ("email.expired_title", "email.expired");
const UNKNOWN: Texts = ("email.unknown_title", "email.unknown");

fn ended(app: &App, visitor: &Visitor, status: StatusCode, (title, text): Texts) -> Response {
    let shown = Told::new(app, visitor, title, &[text], ("/account/email", "email.again"));
    page_with_status(status, &shown)
}

/// Makes the address the account's.
pub async fn confirm(app: App, visitor: Visitor, Path(token): Path<String>) -> Result<Response> {
    let opened = match look(&app, visitor, &token).await? {
        Ok(opened) => opened,
        Err(response) => return Ok(response),
    };
    match own::confirm_email(&app, &opened.visitor, &token).await {
        Ok(Confirmed::Done(Some(secret))) => {
            Ok(welcome(&app, &secret, &app.site.path(&super::done_address("/account", "email"))).await)
        }
        Ok(Confirmed::Done(None)) => Ok(confirmed(&app, &opened)),
        Ok(Confirmed::Ended) => Ok(ended(&app, &opened.visitor, StatusCode::GONE, USED)),
        Err(error) => {
            let problem = email::wrong(opened.visitor.language, error)?;
            Ok(page_with_status(WRONG_FORM, &opened.page(&app, &token, Some(problem.text))))
        }
    }
}

/// Somebody who is not signed in to this account in this browser.
fn confirmed(app: &App, opened: &Opened) -> Response {
    let on = (&*opened.signin(), "signin.button");
    page(&Told::new(app, &opened.visitor, "email.done_title", &["email.done"], on))
}
