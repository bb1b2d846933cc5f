//! One's password.

use askama::Template;
use axum::response::Response;

use super::proof::Proof;
use crate::html::{Layout, Problem, page, page_with_status, problem};
use crate::http::{Fields, Owner, Visitor, WRONG_FORM};
use crate::sessions::Session;
use crate::sessions::pages::welcome;
use crate::users::{self, own};
use crate::{App, Result};

#[derive(Template)]
#[template(path = "account/password.html")]
struct PasswordPage {
    page: Layout,
    username: String,
    proof: Proof,
    problem: Option<Problem>,
}

impl PasswordPage {
    fn new(app: &App, visitor: &Visitor, session: &Session, proof: Proof) -> Self {
        Self { page: Layout::new(app, visitor), username: session.username.clone(), proof, problem: None }
    }
}

pub async fn show(app: App, Owner { visitor, session }: Owner) -> Result<Response> {
    let proof = Proof::password(&app, &session).await?;
    Ok(page(&PasswordPage::new(&app, &visitor, &session, proof)))
}

/// Sets the password that was typed. Other browsers are signed out, and this one has a new session.
pub async fn save(app: App, Owner { visitor, session }: Owner, fields: Fields) -> Result<Response> {
    let proof = Proof::password(&app, &session).await?;
    let shown = PasswordPage::new(&app, &visitor, &session, proof);
    let language = visitor.language;
    let wrong = |text: &str| {
        let problem = Some(Problem::new("password", text));
        Ok(page_with_status(
            WRONG_FORM,
            &PasswordPage { problem, ..PasswordPage::new(&app, &visitor, &session, proof) },
        ))
    };
    let chosen = match users::choose_password(&app, fields.text("password"), &personal(&session)).await {
        Ok(Ok(chosen)) => chosen,
        Ok(Err(weakness)) => return wrong(language.text(weakness.0)),
        Err(error) => return wrong(&problem(language, error)?.text),
    };
    if let Some(unproven) = proof.check(&app, &visitor, &session, &fields).await? {
        return Ok(unproven.answer(&app, |problem| PasswordPage { problem: Some(problem), ..shown }));
    }
    let secret = own::set_password(&app, &visitor, &session, chosen).await?;
    Ok(welcome(&app, &secret, &app.site.path(&super::done_address("/account", "password"))).await)
}

/// Words that somebody who knows the person would try first.
fn personal(session: &Session) -> Vec<&str> {
    let school = (!session.is_individual()).then_some(session.organization_name.as_str());
    let names = [&session.username, &session.firstname, &session.lastname].map(|name| Some(name.as_str()));
    names.into_iter().chain([session.email.as_deref(), school]).flatten().collect()
}
