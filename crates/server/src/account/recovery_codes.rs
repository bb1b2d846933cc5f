//! Recovery codes: shown once, when they are made.

use askama::Template;
use axum::response::Response;

use super::proof::Proof;
use crate::html::{Layout, Problem, page, see_other};
use crate::http::{Fields, Owner};
use crate::{App, Result, second_factors};

#[derive(Template)]
#[template(path = "account/recovery_codes.html")]
pub struct CodesPage {
    pub page: Layout,
    pub codes: Vec<String>,
}

#[derive(Template)]
#[template(path = "account/recovery_codes_renewal.html")]
struct RenewalPage {
    page: Layout,
    proof: Proof,
    problem: Option<Problem>,
}

pub async fn show(app: App, Owner { visitor, session }: Owner) -> Result<Response> {
    let proof = Proof::code(&app, &session).await?;
    if !proof.code {
        return Ok(see_other(&app, &app.site.path("/account/second-factor")));
    }
    Ok(page(&RenewalPage { page: Layout::new(&app, &visitor), proof, problem: None }))
}

/// Makes new ones, for who has a code.
pub async fn renew(app: App, Owner { visitor, session }: Owner, fields: Fields) -> Result<Response> {
    let proof = Proof::code(&app, &session).await?;
    if !proof.code {
        return Ok(see_other(&app, &app.site.path("/account/second-factor")));
    }
    let page_ = Layout::new(&app, &visitor);
    if let Some(unproven) = proof.check(&app, &visitor, &session, &fields).await? {
        return Ok(unproven.answer(&app, |problem| RenewalPage {
            page: page_,
            proof,
            problem: Some(problem),
        }));
    }
    let codes = second_factors::renew(&app, &session, &visitor.origin).await?;
    Ok(page(&CodesPage { page: page_, codes }))
}
