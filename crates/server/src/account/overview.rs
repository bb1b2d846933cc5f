//! `/account`: all that there is, and where each thing is changed.

use askama::Template;
use axum::response::Response;
use homeroom_api::Role;

use super::{email, language};
use crate::html::{Layout, page};
use crate::http::{Params, SignedIn};
use crate::second_factors::Factor;
use crate::sessions::Session;
use crate::users::own;
use crate::{App, Result, access_tokens, oauth, second_factors, sessions};

#[derive(Template)]
#[template(path = "account/overview.html")]
struct OverviewPage {
    page: Layout,
    done: Option<&'static str>,
    session: std::sync::Arc<Session>,
    role: &'static str,
    language: String,
    pending: Option<(String, String)>,
    has_password: bool,
    factor: Option<Factor>,
    counts: Counts,
}

/// How many of each there are.
struct Counts {
    sessions: usize,
    tokens: usize,
    apps: usize,
}

impl OverviewPage {
    fn full_name(&self) -> String {
        format!("{} {}", self.session.firstname, self.session.lastname).trim().to_owned()
    }
}

const fn role(role: Role) -> &'static str {
    match role {
        Role::Admin => "account.role_admin",
        Role::AccountAdmin => "account.role_account_admin",
        Role::Teacher => "account.role_teacher",
        Role::User => "account.role_user",
    }
}

pub async fn show(app: App, SignedIn { visitor, session }: SignedIn, params: Params) -> Result<Response> {
    let page_ = Layout::new(&app, &visitor);
    Ok(page(&OverviewPage {
        done: super::said(&params),
        role: page_.t(role(session.role)),
        language: language::endonym(&session.locale).to_owned(),
        pending: email::pending(&app, &session, visitor.language).await?,
        has_password: own::has_password(&app, &session).await?,
        factor: find_factor(&app, &session).await?,
        counts: count(&app, &session).await?,
        page: page_,
        session,
    }))
}

async fn find_factor(app: &App, session: &Session) -> Result<Option<Factor>> {
    second_factors::find(&mut app.db.read().await?, &session.organization, &session.user).await
}

async fn count(app: &App, session: &Session) -> Result<Counts> {
    let (organization, user, now) = (&session.organization, &session.user, app.clock.now());
    let apps = oauth::consents(app, organization, user).await?.len();
    let mut conn = app.db.read().await?;
    Ok(Counts {
        sessions: sessions::list(&mut conn, organization, user, now).await?.len(),
        tokens: access_tokens::list_own(&mut conn, organization, user, now).await?.len(),
        apps,
    })
}
