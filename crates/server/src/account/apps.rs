//! The apps that one lets into the account, and how to take it back.

use askama::Template;
use axum::response::Response;

use crate::html::{Layout, page};
use crate::http::{Fields, Params, SignedIn, parse_id};
use crate::oauth::{self, Consent};
use crate::text::{Language, date};
use crate::{App, Result};

#[derive(Template)]
#[template(path = "account/apps.html")]
struct AppsPage {
    page: Layout,
    done: Option<&'static str>,
    apps: Vec<Shown>,
}

/// An app, as the page says it.
struct Shown {
    id: String,
    name: String,
    since: String,
    may: Vec<&'static str>,
}

impl Shown {
    fn new(consent: Consent, language: Language) -> Self {
        Self {
            id: consent.app.to_string(),
            name: consent.app_name,
            since: date(language, consent.since),
            may: oauth::permissions(language, &consent.grant),
        }
    }
}

pub async fn show(app: App, SignedIn { visitor, session }: SignedIn, params: Params) -> Result<Response> {
    let consents = oauth::consents(&app, &session.organization, &session.user).await?;
    let apps = consents.into_iter().map(|consent| Shown::new(consent, visitor.language)).collect();
    Ok(page(&AppsPage { page: Layout::new(&app, &visitor), done: super::said(&params), apps }))
}

pub async fn revoke(app: App, SignedIn { visitor, session }: SignedIn, fields: Fields) -> Result<Response> {
    let client = parse_id("app", fields.text("app").to_owned())?;
    oauth::revoke_consent(&app, &session, &visitor.origin, &client).await?;
    Ok(super::done(&app, "/account/apps", "app"))
}
