//! The language in which one reads.

use askama::Template;
use axum::response::Response;

use crate::html::{Layout, page};
use crate::http::{Fields, SignedIn};
use crate::text::LOCALES;
use crate::users::own;
use crate::{App, Result};

#[derive(Template)]
#[template(path = "account/language.html")]
struct LanguagePage {
    page: Layout,
    locale: String,
    locales: &'static [(&'static str, &'static str)],
}

pub async fn show(app: App, SignedIn { visitor, session }: SignedIn) -> Response {
    let locale = session.locale.clone();
    page(&LanguagePage { page: Layout::new(&app, &visitor), locale, locales: LOCALES })
}

pub async fn save(app: App, SignedIn { visitor, session }: SignedIn, fields: Fields) -> Result<Response> {
    own::set_locale(&app, &session, &visitor.origin, fields.text("locale")).await?;
    Ok(super::done(&app, "/account", "language"))
}

/// What a language calls itself.
pub fn endonym(locale: &str) -> &str {
    LOCALES.iter().find(|(code, _)| *code == locale).map_or(locale, |(_, name)| *name)
}
