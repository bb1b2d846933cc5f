use axum::response::Response;
use homeroom_api::{ErrorBody, MailState, OrganizationMail};

use super::store::{self, Filter, Row};
use crate::http::cursor::List;
use crate::http::{Caller, PageQuery, Params, Routes};
use crate::users::api::USERS_READ;
use crate::{App, Result};

const MAILS: &str = "/v2/organizations/mails";

pub fn routes() -> Routes {
    Routes::new().get(MAILS, USERS_READ, list)
}

/// List the mails of the organization
///
/// In the order in which they were written: how far the sending of each has come, without what it says and to whom.
/// Sent ones are kept for 30 days. Not in the contract.
#[utoipa::path(
    get, path = "/v2/organizations/mails", operation_id = "listOrganizationMails", tag = "Organization",
    params(
        ("state" = Option<Vec<MailState>>, Query, description = "Only those that stand so"),
        ("limit" = Option<u16>, Query, description = "How many at most", minimum = 1, maximum = 1000, example = 50),
        ("next" = Option<String>, Query, description = "The cursor of the next page, from the `Link` header"),
        ("previous" = Option<String>, Query, description = "The cursor of the previous page, from the `Link` header"),
    ),
    responses((status = 200, description = "One page of mails", body = [OrganizationMail]), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn list(app: App, caller: Caller, params: Params) -> Result<Response> {
    let mut state: Vec<MailState> = params.words("state")?;
    state.sort_by_key(|state| state.as_str());
    let filter = Filter { state };
    let list = List::of(&("mails", &caller.organization, &filter));
    let page = PageQuery::read(&app, &params, &list, 50)?;
    let page = store::list(&mut app.db.read().await?, &caller.organization, &filter, &page).await?;
    Ok(page.map(show).respond(&app, &list, MAILS, &params))
}

fn show(row: Row) -> OrganizationMail {
    let waits = row.state == MailState::Waiting;
    OrganizationMail {
        id: row.id,
        kind: row.kind,
        subject_id: row.subject,
        state: row.state,
        attempts: row.attempts,
        error: row.error,
        creation_date: row.created_at,
        next_attempt_date: waits.then_some(row.due_at),
        end_date: row.ended_at,
    }
}
