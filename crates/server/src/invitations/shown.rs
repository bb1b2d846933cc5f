//! What the pages of joining show, and what their form says.

use askama::Template;
use homeroom_api::{Role, UserCreation};

use super::joining::Newcomer;
use super::offer::Offer;
use super::pages::address;
use crate::account::Proof;
use crate::html::{Layout, Problem};
use crate::http::{Fields, Visitor};
use crate::sessions::Session;
use crate::users::NewUser;
use crate::{App, Result, text};

/// Where to type a code.
#[derive(Template)]
#[template(path = "invitations/code.html")]
pub struct CodePage {
    page: Layout,
    code: String,
    problem: Option<String>,
}

pub fn code_page(app: &App, visitor: &Visitor, code: &str, problem: Option<String>) -> CodePage {
    CodePage { page: Layout::new(app, visitor), code: code.to_owned(), problem }
}

/// A sentence and a way on.
#[derive(Template)]
#[template(path = "invitations/told.html")]
pub struct ToldPage {
    page: Layout,
    title: &'static str,
    text: String,
    href: String,
    label: String,
}

impl ToldPage {
    pub fn leading_to(mut self, path: &str, label: &str) -> Self {
        self.href = self.page.url(path);
        label.clone_into(&mut self.label);
        self
    }
}

pub fn told_page(
    app: &App,
    visitor: &Visitor,
    (title, text): (&'static str, &'static str),
    words: &[(&str, String)],
) -> ToldPage {
    let words: Vec<_> = words.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = Layout::new(app, visitor);
    let (title, text) = (page.t(title), page.language.fill(text, &words));
    ToldPage { title, text, href: page.url("/"), label: String::new(), page }
}

/// What is offered: to make an account or sign in, or to move the account that is signed in.
#[derive(Template)]
#[template(path = "invitations/offer.html")]
pub struct OfferPage {
    page: Layout,
    school: String,
    inviter: String,
    role: &'static str,
    /// Where the mail went: the account's address.
    email: Option<String>,
    code: String,
    /// Back to here after signing in.
    next: String,
    typed: Typed,
    problem: Option<Problem>,
    /// Name and username of the individual who is signed in.
    individual: Option<(String, String)>,
    /// What the individual is asked: moving gives the account to the school.
    pub proof: Proof,
}

/// What stands in the fields.
#[derive(Default)]
struct Typed {
    firstname: String,
    lastname: String,
    username: String,
    email: String,
}

impl OfferPage {
    /// The page for an individual who is signed in.
    pub async fn asking(self, app: &App, session: &Session) -> Result<Self> {
        Ok(Self { proof: Proof::all(app, session).await?, ..self })
    }

    pub fn with_problem(self, problem: Problem) -> Self {
        Self { problem: Some(problem), ..self }
    }

    /// The sentence for a field, if that is the one that is wrong.
    fn wrong(&self, field: &str) -> Option<&str> {
        self.problem.as_ref().filter(|problem| problem.field == field).map(|problem| problem.text.as_str())
    }
}

const fn role(role: Role) -> &'static str {
    match role {
        Role::Admin => "join.as_admin",
        Role::AccountAdmin => "join.as_account_admin",
        Role::Teacher => "join.as_teacher",
        Role::User => "join.as_user",
    }
}

pub fn offer_page(app: &App, visitor: &Visitor, offer: &Offer, code: &str) -> OfferPage {
    let page = Layout::new(app, visitor);
    let session = visitor.session.as_deref();
    OfferPage {
        school: offer.school.clone(),
        inviter: offer.inviter.clone(),
        role: page.t(role(offer.role)),
        email: offer.email.clone(),
        code: code.to_owned(),
        next: address(app, code),
        typed: Typed { username: suggested(offer.email.as_deref()), ..Typed::default() },
        problem: None,
        individual: session.map(|session| (session.name(), session.username.clone())),
        proof: Proof::default(),
        page,
    }
}

/// What stands before the @ of the address.
fn suggested(email: Option<&str>) -> String {
    let local = email.and_then(|email| email.rsplit_once('@')).map_or("", |(local, _)| local);
    local.chars().take(30).collect()
}

/// The page with what was typed (never the password) and what is wrong with it.
pub fn offer_with_problem(
    app: &App,
    visitor: &Visitor,
    offer: &Offer,
    code: &str,
    fields: &Fields,
    problem: Problem,
) -> OfferPage {
    let text = |name| fields.text(name).to_owned();
    let typed = Typed {
        firstname: text("firstname"),
        lastname: text("lastname"),
        username: text("username"),
        email: text("email"),
    };
    OfferPage { typed, problem: Some(problem), ..offer_page(app, visitor, offer, code) }
}

/// Who the form says comes; the password has yet to be looked at.
pub fn newcomer(visitor: &Visitor, offer: &Offer, fields: &Fields) -> Result<Newcomer> {
    let new = UserCreation {
        username: fields.text("username").to_owned(),
        password: fields.text("password").to_owned(),
        firstname: Some(fields.text("firstname").to_owned()),
        lastname: Some(fields.text("lastname").to_owned()),
        email: offer.email.clone(),
        role: Some(offer.role),
        locale: Some(visitor.language.code().to_owned()),
    };
    let other = Some(fields.text("email").trim()).filter(|other| offer.email.is_none() && !other.is_empty());
    let email = other.map(|other| text::email("email", other)).transpose()?;
    Ok(Newcomer { user: NewUser::parse(new)?.0, email })
}

/// What others know of who comes: no password should be made of it.
pub fn personal<'a>(offer: &'a Offer, fields: &'a Fields) -> Vec<&'a str> {
    let typed = ["username", "firstname", "lastname", "email"].map(|name| fields.text(name));
    let known = [Some(offer.school.as_str()), offer.email.as_deref()];
    typed.into_iter().chain(known.into_iter().flatten()).collect()
}

#[cfg(test)]
mod tests {
    use super::suggested;

    #[test]
    fn a_username_is_suggested_from_the_address() {
        assert_eq!(suggested(Some("ada.lovelace@school.example")), "ada.lovelace");
        assert_eq!(suggested(Some(&format!("{}@school.example", "é".repeat(40)))), "é".repeat(30));
        assert_eq!(suggested(None), "");
    }
}
