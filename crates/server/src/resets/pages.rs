//! Asking for a new password, and setting it.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use homeroom_api::OrganizationId;

use super::Set;
use crate::html::{Layout, Problem, Told, page, page_with_status, problem};
use crate::http::{Fields, Pages, Params, Visitor, WRONG_FORM};
use crate::mailed_links::{self, Purpose};
use crate::organizations::{self, Organization};
use crate::sessions::Guess;
use crate::sessions::pages::{minutes_until, organization_of, page_to_wait, welcome};
use crate::users::Contact;
use crate::{App, Result, users};

const LINK: &str = "/auth/reset/{token}";

pub fn pages() -> Pages {
    Pages::new().get("/auth/reset", show).form("/auth/reset", ask).get(LINK, open).form(LINK, set)
}

#[derive(Template)]
#[template(path = "resets/ask.html")]
struct AskPage {
    page: Layout,
    school: String,
    name: String,
    problem: Option<Problem>,
}

impl AskPage {
    fn is_of_school(&self) -> bool {
        self.problem.as_ref().is_some_and(|problem| problem.field == "school")
    }
}

#[derive(Template)]
#[template(path = "resets/set.html")]
struct SetPage {
    page: Layout,
    action: String,
    school: Option<String>,
    username: String,
    problem: Option<Problem>,
}

async fn show(app: App, visitor: Visitor, params: Params) -> Result<Response> {
    let school = params.text("school")?.unwrap_or_default().to_owned();
    let visitor = match organizations::find_by_slug(&app, &school).await? {
        Some(found) => visitor.reading(&found.locale),
        None => visitor,
    };
    let page_ = Layout::new(&app, &visitor);
    Ok(page(&AskPage { page: page_, school, name: String::new(), problem: None }))
}

/// Says the same whoever was asked for. Every mail that is asked for counts, whether or not one goes out.
async fn ask(app: App, visitor: Visitor, fields: Fields) -> Result<Response> {
    let (slug, name) = (fields.text("school").trim().to_lowercase(), fields.text("name").trim());
    let mut asked =
        AskPage { page: Layout::new(&app, &visitor), school: slug, name: name.to_owned(), problem: None };
    let Some((organization, visitor)) = find_organization(&app, visitor, &asked.school, name).await? else {
        asked.problem = Some(Problem::new("school", asked.page.t("signin.no_school")));
        return Ok(page_with_status(WRONG_FORM, &asked));
    };
    asked.page = Layout::new(&app, &visitor);
    if let Some(until) = Guess::Reset.note(&app, &visitor.origin).await? {
        let text = asked.page.fill("reset.wait", "minutes", &minutes_until(&app, until));
        asked.problem = Some(Problem::new("", text));
        return Ok(page_to_wait(&app, until, &asked));
    }
    super::request(&app, visitor.origin.clone(), organization, name);
    let texts = ["reset.sent", "reset.nothing_came", "reset.pupils"];
    Ok(page(&Told::new(&app, &visitor, "reset.sent_title", &texts, ("/auth/reset", "reset.once_more"))))
}

/// The school with the short name; without one, where somebody with this name signs in.
async fn find_organization(
    app: &App,
    visitor: Visitor,
    slug: &str,
    name: &str,
) -> Result<Option<(OrganizationId, Visitor)>> {
    if slug.is_empty() {
        return Ok(Some((organization_of(app, name).await?, visitor)));
    }
    let school = organizations::find_by_slug(app, slug).await?;
    Ok(school.map(|school| (school.id, visitor.reading(&school.locale))))
}

/// An open link: whose it is.
struct Opened {
    visitor: Visitor,
    /// Nothing for an individual.
    school: Option<Organization>,
    person: Contact,
    name: String,
}

impl Opened {
    fn page(&self, app: &App, token: &str, problem: Option<Problem>) -> SetPage {
        SetPage {
            action: app.site.path(&format!("/auth/reset/{token}")),
            school: self.school.as_ref().map(|school| school.name.clone()),
            username: self.person.username.clone(),
            problem,
            page: Layout::new(app, &self.visitor),
        }
    }

    /// Words that somebody who knows the person would try first.
    fn about(&self) -> Vec<&str> {
        let school = self.school.as_ref().map(|school| school.name.as_str());
        let email = self.person.email.as_deref();
        [Some(self.person.username.as_str()), Some(&*self.name), email, school]
            .into_iter()
            .flatten()
            .collect()
    }
}

/// Looks at the link, without using it.
async fn look(app: &App, visitor: Visitor, token: &str) -> Result<Result<Opened, Response>> {
    let mut conn = app.db.read().await?;
    let link = mailed_links::peek(app, &mut conn, Purpose::SetPassword, token).await?;
    let Some(link) = link else { return Ok(Err(ended(app, &visitor, StatusCode::NOT_FOUND, UNKNOWN))) };
    let school = organizations::find(&mut conn, link.organization.as_str()).await?;
    let person = users::contact(&mut conn, &link.organization, &link.user).await?;
    let locale = match (&school, &person) {
        (None, Some(person)) => person.locale.clone(),
        (school, _) => school.as_ref().map(|school| school.locale.clone()).unwrap_or_default(),
    };
    let visitor = visitor.reading(&locale);
    Ok(match person {
        _ if link.is_used => Err(ended(app, &visitor, StatusCode::GONE, USED)),
        _ if link.is_expired => Err(ended(app, &visitor, StatusCode::GONE, EXPIRED)),
        Some(person) => Ok(Opened { visitor, school, name: person.name().unwrap_or_default(), person }),
        None => Err(ended(app, &visitor, StatusCode::NOT_FOUND, UNKNOWN)),
    })
}

type Texts = (&'static str, &'static str);
const USED: Texts = ("reset.used_title", "reset.used");
const EXPIRED: Texts = ("reset.expired_title", "reset.expired");
const UNKNOWN: Texts = ("reset.unknown_title", "reset.unknown");

/// A link that is over, in its own words, and a way on.
fn ended(app: &App, visitor: &Visitor, status: StatusCode, (title, text): Texts) -> Response {
    let shown = Told::new(app, visitor, title, &[text], ("/auth/reset", "reset.again"));
    page_with_status(status, &shown)
}

async fn open(app: App, visitor: Visitor, Path(token): Path<String>) -> Result<Response> {
    Ok(match look(&app, visitor, &token).await? {
        Ok(opened) => page(&opened.page(&app, &token, None)),
        Err(response) => response,
    })
}

/// Sets the password that was typed.
async fn set(app: App, visitor: Visitor, Path(token): Path<String>, fields: Fields) -> Result<Response> {
    let opened = match look(&app, visitor, &token).await? {
        Ok(opened) => opened,
        Err(response) => return Ok(response),
    };
    let language = opened.visitor.language;
    let password = match users::choose_password(&app, fields.text("password"), &opened.about()).await {
        Ok(Ok(password)) => password,
        Ok(Err(weakness)) => return Ok(wrong(&app, &opened, &token, language.text(weakness.0))),
        Err(error) => return Ok(wrong(&app, &opened, &token, &problem(language, error)?.text)),
    };
    let hash = app.passwords.hash(password).await?;
    match super::set(&app, &opened.visitor, &token, &hash).await? {
        Some(set) => Ok(after(&app, &opened, set).await),
        None => Ok(look(&app, opened.visitor, &token).await?.map_or_else(
            |response| response,
            |opened| ended(&app, &opened.visitor, StatusCode::GONE, UNKNOWN),
        )),
    }
}

fn wrong(app: &App, opened: &Opened, token: &str, text: &str) -> Response {
    page_with_status(WRONG_FORM, &opened.page(app, token, Some(Problem::new("password", text))))
}

async fn after(app: &App, opened: &Opened, set: Set) -> Response {
    match set {
        Set::SignedIn(secret) => welcome(app, &secret, &app.site.path("/account")).await,
        Set::SignIn => {
            let path = match &opened.school {
                Some(school) => format!("/o/{}/auth/signin", school.slug),
                None => "/auth/signin".to_owned(),
            };
            let on = (path.as_str(), "signin.button");
            page(&Told::new(app, &opened.visitor, "reset.done_title", &["reset.done"], on))
        }
    }
}
