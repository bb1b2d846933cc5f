//! Personal access tokens: made with chosen scopes for a time, shown once, revoked.

use std::time::Duration;

use askama::Template;
use axum::response::Response;
use homeroom_api::{ErrorCode, Scope, Scopes};
use secrecy::ExposeSecret as _;

use crate::access_tokens::{self, Own, Wanted};
use crate::html::{Layout, Problem, page, page_with_status};
use crate::http::{Fields, Owner, Params, SignedIn, Visitor, WRONG_FORM};
use crate::oauth::{self, Grant};
use crate::sessions::Session;
use crate::text::{Language, date};
use crate::{App, Error, Result};

const DAY: Duration = Duration::from_hours(24);

/// How long a token may last, by the word that the form sends.
const LIFETIMES: [(&str, &str, Option<Duration>); 5] = [
    ("7", "tokens.days_7", Some(DAY.saturating_mul(7))),
    ("30", "tokens.days_30", Some(DAY.saturating_mul(30))),
    ("90", "tokens.days_90", Some(DAY.saturating_mul(90))),
    ("365", "tokens.days_365", Some(DAY.saturating_mul(365))),
    ("ever", "tokens.ever", None),
];
const USUAL: &str = "90";

#[derive(Template)]
#[template(path = "account/tokens.html")]
struct TokensPage {
    page: Layout,
    done: Option<&'static str>,
    tokens: Vec<Shown>,
}

/// A token, as the page says it.
struct Shown {
    id: String,
    name: String,
    prefix: String,
    may: Vec<&'static str>,
    made: String,
    until: Option<String>,
    used: Option<String>,
    /// Who made it, where it was somebody else; '' where they are gone.
    maker: Option<String>,
}

impl Shown {
    fn new(token: Own, language: Language) -> Self {
        Self {
            id: token.id.to_string(),
            name: token.name,
            prefix: token.prefix,
            may: oauth::permissions(language, &Grant::of(token.scopes)),
            made: date(language, token.created_at),
            until: token.expires_at.map(|at| date(language, at)),
            used: token.last_used_at.map(|at| date(language, at)),
            maker: token.maker,
        }
    }
}

pub async fn show(app: App, SignedIn { visitor, session }: SignedIn, params: Params) -> Result<Response> {
    let (mut conn, now) = (app.db.read().await?, app.clock.now());
    let tokens = access_tokens::list_own(&mut conn, &session.organization, &session.user, now).await?;
    let tokens = tokens.into_iter().map(|token| Shown::new(token, visitor.language)).collect();
    Ok(page(&TokensPage { page: Layout::new(&app, &visitor), done: super::said(&params), tokens }))
}

pub async fn revoke(app: App, SignedIn { visitor, session }: SignedIn, fields: Fields) -> Result<Response> {
    access_tokens::revoke_own(&app, &session, &visitor.origin, fields.text("token")).await?;
    Ok(super::done(&app, "/account/tokens", "token"))
}

#[derive(Template)]
#[template(path = "account/token_form.html")]
struct FormPage {
    page: Layout,
    name: String,
    scopes: Vec<Choice>,
    lifetimes: Vec<(&'static str, &'static str)>,
    lasts: String,
    problem: Option<Problem>,
}

/// A scope to tick.
struct Choice {
    scope: &'static str,
    may: &'static str,
    ticked: bool,
}

impl FormPage {
    /// The form, with what was typed into it before.
    async fn new(app: &App, visitor: &Visitor, session: &Session, fields: &Fields) -> Result<Self> {
        let mut conn = app.db.read().await?;
        let holdable = access_tokens::holdable_in(&mut conn, &session.organization, session.role).await?;
        let page = Layout::new(app, visitor);
        let ticked = |scope: Scope| fields.all("scope").any(|word| word == scope.as_str());
        let choice = |scope: Scope| Choice {
            scope: scope.as_str(),
            may: page.t(oauth::permission(scope)),
            ticked: ticked(scope),
        };
        let lasts = Some(fields.text("lasts")).filter(|lasts| !lasts.is_empty()).unwrap_or(USUAL);
        Ok(Self {
            name: fields.text("name").to_owned(),
            scopes: holdable.iter().map(choice).collect(),
            lifetimes: LIFETIMES.iter().map(|(word, key, _)| (*word, page.t(key))).collect(),
            lasts: lasts.to_owned(),
            problem: None,
            page,
        })
    }
}

pub async fn show_form(app: App, Owner { visitor, session }: Owner) -> Result<Response> {
    Ok(page(&FormPage::new(&app, &visitor, &session, &Fields::default()).await?))
}

#[derive(Template)]
#[template(path = "account/token_made.html")]
struct MadePage {
    page: Layout,
    token: String,
    until: Option<String>,
}

pub async fn make(app: App, Owner { visitor, session }: Owner, fields: Fields) -> Result<Response> {
    let (scopes, lasts) = (scopes(&fields)?, lifetime(&fields)?);
    let wanted = Wanted { name: fields.text("name"), scopes, lasts };
    match access_tokens::create_own(&app, &session, &visitor.origin, wanted).await {
        Ok(token) => {
            let until = lasts.map(|lasts| date(visitor.language, app.clock.now() + lasts));
            let token = token.expose_secret().to_owned();
            Ok(page(&MadePage { page: Layout::new(&app, &visitor), token, until }))
        }
        Err(error) => {
            let shown = FormPage::new(&app, &visitor, &session, &fields).await?;
            let problem = Some(wrong(visitor.language, error)?);
            Ok(page_with_status(WRONG_FORM, &FormPage { problem, ..shown }))
        }
    }
}

fn scopes(fields: &Fields) -> Result<Scopes> {
    let words: Result<Vec<Scope>, String> = fields.all("scope").map(str::parse).collect();
    Ok(words.map_err(|message| Error::invalid("scope", message))?.into_iter().collect())
}

fn lifetime(fields: &Fields) -> Result<Option<Duration>> {
    let word = fields.text("lasts");
    let known = LIFETIMES.iter().find(|(known, _, _)| *known == word).map(|(_, _, lasts)| *lasts);
    known.ok_or_else(|| Error::invalid("lasts", format!("`{word}` is no life span of a token.")))
}

fn wrong(language: Language, error: Error) -> Result<Problem> {
    match (error.code, error.param.as_deref()) {
        (ErrorCode::InvalidParameter, Some("name")) => {
            Ok(Problem::new("name", language.text("tokens.name_wrong")))
        }
        (ErrorCode::InvalidParameter, Some("scopes")) => {
            Ok(Problem::new("scopes", language.text("tokens.no_scopes")))
        }
        _ => Err(error),
    }
}
