//! The hot paths, one after the other and nothing else, for a tool that counts instructions.

use anyhow::{Result, ensure};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use clap::{Args, ValueEnum};
use homeroom_api::OrganizationId;
use homeroom_server::users::{self, NewUser};
use homeroom_server::{App, access_tokens, crypto::TokenHash, demo, router};
use tower::ServiceExt as _;

use crate::fill;

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// A page of 25 users through all of the HTTP stack
    List,
    /// Finding out whose a token is, without the cache
    Token,
    /// An account stored, its password already hashed
    Create,
}

/// Do one thing many times
#[derive(Args)]
pub struct Steps {
    what: What,
    #[arg(long)]
    database: String,
    #[arg(long)]
    organization: String,
    #[arg(long)]
    token: String,
    #[arg(long)]
    times: usize,
    /// Numbers of accounts begin here
    #[arg(long, default_value_t = 0)]
    from: usize,
}

impl Steps {
    pub async fn run(self) -> Result<()> {
        let app = fill::open(&self.database).await?;
        let site = router::router(&app);
        for number in self.from..self.from + self.times {
            match self.what {
                What::List => list(&site, &self.token).await?,
                What::Token => token(&app, &self.token).await?,
                What::Create => create(&app, &self.organization.as_str().into(), number).await?,
            }
        }
        Ok(())
    }
}

async fn list(site: &Router, token: &str) -> Result<()> {
    let request = Request::get("/v2/organizations/users?sort=lastname");
    let request = request.header(header::AUTHORIZATION, format!("Bearer {token}")).body(Body::empty())?;
    let answer = site.clone().oneshot(request).await?;
    ensure!(answer.status().is_success(), "the list answered {}", answer.status());
    ensure!(to_bytes(answer.into_body(), 1 << 20).await?.len() > 1000, "the list is empty");
    Ok(())
}

async fn token(app: &App, token: &str) -> Result<()> {
    let hash = TokenHash::of_access_token(token);
    let found = match hash {
        Some(hash) => access_tokens::identify_afresh(app, hash).await?,
        None => None,
    };
    ensure!(found.is_some(), "the token is nobody's");
    Ok(())
}

async fn create(app: &App, organization: &OrganizationId, number: usize) -> Result<()> {
    let mut new: NewUser = demo::person(number);
    new.profile.username = format!("step{number}");
    new.profile.email = None;
    let mut tx = app.db.write().await?;
    users::insert(app, &mut tx, organization, &new).await?;
    tx.commit().await?;
    Ok(())
}
