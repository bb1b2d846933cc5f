//! One's e-mail address. Another one counts once the mail that goes there was read ([`super::confirm_email`]).

use askama::Template;
use axum::response::Response;
use homeroom_api::{ErrorCode, Role};

use super::proof::Proof;
use crate::html::{Layout, Problem, page, page_with_status, problem};
use crate::http::{Fields, Owner, Params, Visitor, WRONG_FORM};
use crate::mailed_links::{self, Kind};
use crate::sessions::Session;
use crate::sessions::pages::welcome;
use crate::text::{Language, moment};
use crate::users::own;
use crate::{App, Error, Result};

#[derive(Template)]
#[template(path = "account/email.html")]
struct EmailPage {
    page: Layout,
    done: Option<&'static str>,
    email: Option<String>,
    /// The address that has yet to be confirmed, and until when it can be.
    pending: Option<(String, String)>,
    is_pupil: bool,
    typed: String,
    proof: Proof,
    problem: Option<Problem>,
}

impl EmailPage {
    async fn new(app: &App, visitor: &Visitor, session: &Session) -> Result<Self> {
        Ok(Self {
            page: Layout::new(app, visitor),
            done: None,
            email: session.email.clone(),
            pending: pending(app, session, visitor.language).await?,
            is_pupil: session.role == Role::User && !session.is_individual(),
            typed: String::new(),
            proof: Proof::password(app, session).await?,
            problem: None,
        })
    }
}

/// The address that a person has asked for and not confirmed, and until when that can be done.
pub async fn pending(app: &App, session: &Session, language: Language) -> Result<Option<(String, String)>> {
    let (mut conn, now) = (app.db.read().await?, app.clock.now());
    let (organization, user) = (&session.organization, &session.user);
    let open = mailed_links::newest_open(&mut conn, organization, user, Kind::ConfirmEmail, now).await?;
    Ok(open.map(|(email, until)| (email, moment(language, until))))
}

pub async fn show(app: App, Owner { visitor, session }: Owner, params: Params) -> Result<Response> {
    let done = super::said(&params);
    Ok(page(&EmailPage { done, ..EmailPage::new(&app, &visitor, &session).await? }))
}

/// Has a mail sent to the address that was typed.
pub async fn ask(app: App, Owner { visitor, session }: Owner, fields: Fields) -> Result<Response> {
    let typed = fields.text("email").to_owned();
    let shown = EmailPage { typed: typed.clone(), ..EmailPage::new(&app, &visitor, &session).await? };
    if let Some(unproven) = shown.proof.check(&app, &visitor, &session, &fields).await? {
        return Ok(unproven.answer(&app, |problem| EmailPage { problem: Some(problem), ..shown }));
    }
    match own::ask_for_email(&app, &session, &visitor.origin, &typed).await {
        Ok(()) => Ok(super::done(&app, "/account/email", "asked")),
        Err(error) => {
            let problem = Some(wrong(visitor.language, error)?);
            Ok(page_with_status(WRONG_FORM, &EmailPage { problem, ..shown }))
        }
    }
}

/// The sentence for an address that can't be had. Any other error is a page of its own.
pub fn wrong(language: Language, error: Error) -> Result<Problem> {
    match (error.code, error.param.as_deref()) {
        (ErrorCode::ApiRateLimitExceeded, _) => Ok(Problem::new("email", language.text("email.too_many"))),
        (ErrorCode::InvalidParameter, Some("username")) => {
            Ok(Problem::new("email", language.text("email.is_username")))
        }
        _ => problem(language, error),
    }
}

#[derive(Template)]
#[template(path = "account/email_removal.html")]
struct RemovalPage {
    page: Layout,
    email: String,
    proof: Proof,
    problem: Option<Problem>,
}

impl RemovalPage {
    /// Nothing where there is no address.
    async fn new(app: &App, visitor: &Visitor, session: &Session) -> Result<Option<Self>> {
        let Some(email) = session.email.clone() else { return Ok(None) };
        let proof = Proof::password(app, session).await?;
        Ok(Some(Self { page: Layout::new(app, visitor), email, proof, problem: None }))
    }
}

pub async fn show_removal(app: App, Owner { visitor, session }: Owner) -> Result<Response> {
    Ok(match RemovalPage::new(&app, &visitor, &session).await? {
        Some(shown) => page(&shown),
        None => super::done(&app, "/account", "no-email"),
    })
}

/// Who has neither password nor address could never sign in again.
pub async fn remove(app: App, Owner { visitor, session }: Owner, fields: Fields) -> Result<Response> {
    let Some(shown) = RemovalPage::new(&app, &visitor, &session).await? else {
        return Ok(super::done(&app, "/account", "no-email"));
    };
    if !shown.proof.password {
        let problem = Some(Problem::new("", shown.page.t("email.password_first")));
        return Ok(page_with_status(WRONG_FORM, &RemovalPage { problem, ..shown }));
    }
    if let Some(unproven) = shown.proof.check(&app, &visitor, &session, &fields).await? {
        return Ok(unproven.answer(&app, |problem| RemovalPage { problem: Some(problem), ..shown }));
    }
    match own::clear_email(&app, &visitor, &session).await {
        Ok(secret) => {
            Ok(welcome(&app, &secret, &app.site.path(&super::done_address("/account", "no-email"))).await)
        }
        Err(error) => {
            let problem = Some(Problem { field: String::new(), ..wrong(visitor.language, error)? });
            Ok(page_with_status(WRONG_FORM, &RemovalPage { problem, ..shown }))
        }
    }
}
