//! The second factor: turned on with a first code from the phone, turned off with password and code.

use askama::Template;
use axum::response::Response;

use super::proof::Proof;
use super::recovery_codes::CodesPage;
use crate::html::{Layout, Problem, page, page_with_status, see_other};
use crate::http::{Fields, Owner, Visitor, WRONG_FORM};
use crate::second_factors::{self, Factor, Setup};
use crate::sessions::Session;
use crate::text::date;
use crate::{App, Result};

const PAGE: &str = "/account/second-factor";

#[derive(Template)]
#[template(path = "account/second_factor.html")]
struct FactorPage {
    page: Layout,
    since: String,
    left: i64,
}

#[derive(Template)]
#[template(path = "account/second_factor_setup.html")]
struct SetupPage {
    page: Layout,
    address: String,
    picture: String,
    setup: Setup,
    proof: Proof,
    problem: Option<Problem>,
}

impl SetupPage {
    async fn new(app: &App, visitor: &Visitor, session: &Session, setup: Setup) -> Result<Self> {
        let (address, picture) = (setup.address(session)?, setup.picture(session)?);
        let proof = Proof::password(app, session).await?;
        Ok(Self { page: Layout::new(app, visitor), address, picture, setup, proof, problem: None })
    }
}

async fn find(app: &App, session: &Session) -> Result<Option<Factor>> {
    second_factors::find(&mut app.db.read().await?, &session.organization, &session.user).await
}

/// How to turn it on; or what there is.
pub async fn show(app: App, Owner { visitor, session }: Owner) -> Result<Response> {
    let Some(factor) = find(&app, &session).await? else {
        let setup = second_factors::begin_setup(&app, &session);
        return Ok(page(&SetupPage::new(&app, &visitor, &session, setup).await?));
    };
    let since = date(visitor.language, factor.since);
    Ok(page(&FactorPage { page: Layout::new(&app, &visitor), since, left: factor.recovery_left }))
}

/// Turns it on, where the first code is right, and shows the recovery codes. A form of another session, or one that
/// comes again, leads to what there is.
pub async fn turn_on(app: App, Owner { visitor, session }: Owner, fields: Fields) -> Result<Response> {
    let setup = second_factors::read_setup(&app, &session, fields.text("setup"));
    let (Some(setup), None) = (setup, find(&app, &session).await?) else {
        return Ok(see_other(&app, &app.site.path(PAGE)));
    };
    let shown = SetupPage::new(&app, &visitor, &session, setup).await?;
    if let Some(unproven) = shown.proof.check(&app, &visitor, &session, &fields).await? {
        return Ok(unproven.answer(&app, |problem| SetupPage { problem: Some(problem), ..shown }));
    }
    let typed = fields.text("first");
    match second_factors::turn_on(&app, &session, &visitor.origin, &shown.setup, typed).await {
        Ok(Some(codes)) => Ok(page(&CodesPage { page: shown.page, codes })),
        Ok(None) => {
            let problem = Some(Problem::new("first", shown.page.t("factor.first_wrong")));
            Ok(page_with_status(WRONG_FORM, &SetupPage { problem, ..shown }))
        }
        Err(error) if error.param.as_deref() == Some("code") => Ok(see_other(&app, &app.site.path(PAGE))),
        Err(error) => Err(error),
    }
}

#[derive(Template)]
#[template(path = "account/second_factor_removal.html")]
struct RemovalPage {
    page: Layout,
    proof: Proof,
    problem: Option<Problem>,
}

impl RemovalPage {
    async fn new(app: &App, visitor: &Visitor, session: &Session) -> Result<Self> {
        let proof = Proof::all(app, session).await?;
        Ok(Self { page: Layout::new(app, visitor), proof, problem: None })
    }
}

pub async fn show_removal(app: App, Owner { visitor, session }: Owner) -> Result<Response> {
    if find(&app, &session).await?.is_none() {
        return Ok(see_other(&app, &app.site.path(PAGE)));
    }
    Ok(page(&RemovalPage::new(&app, &visitor, &session).await?))
}

pub async fn remove(app: App, Owner { visitor, session }: Owner, fields: Fields) -> Result<Response> {
    if find(&app, &session).await?.is_none() {
        return Ok(see_other(&app, &app.site.path(PAGE)));
    }
    let shown = RemovalPage::new(&app, &visitor, &session).await?;
    if let Some(unproven) = shown.proof.check(&app, &visitor, &session, &fields).await? {
        return Ok(unproven.answer(&app, |problem| RemovalPage { problem: Some(problem), ..shown }));
    }
    second_factors::turn_off(&app, &session, &visitor.origin).await?;
    Ok(super::done(&app, "/account", "factor"))
}
