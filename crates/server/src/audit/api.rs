use axum::response::Response;
use homeroom_api::{AuditEvent, Direction, ErrorBody, Scope, Scopes, Timestamp};

use super::{Filter, Which};
use crate::http::cursor::List;
use crate::http::{Access, Allowed, Caller, PageQuery, Params, Routes};
use crate::{App, Error, Result, audit};

const AUDIT_LOG: &str = "/v2/organizations/auditLog";
/// The log tells of everybody, administrators too.
const AUDIT_READ: Access = Access { scopes: Scopes::of(&[Scope::EduAdmin]), roles: Allowed::Admins };

pub fn routes() -> Routes {
    Routes::new().get(AUDIT_LOG, AUDIT_READ, list)
}

/// List what happened in the organization
///
/// The newest event comes first. Filters of different kinds are combined with *and*, the values of `event` with *or*.
/// Not in the contract.
#[utoipa::path(
    get, path = "/v2/organizations/auditLog", operation_id = "listOrganizationAuditLog", tag = "Organization",
    params(
        ("event" = Option<Vec<String>>, Query, description = "Any of these: a name, like `user.created`, or all of a kind, like `user.`"),
        ("actor" = Option<String>, Query, description = "Only what this user did, or this app (`app:` and its id)"),
        ("target" = Option<String>, Query, description = "Only what happened to the user, token, invitation… with this id"),
        ("since" = Option<String>, Query, description = "Only from this date-time (RFC 3339) or date on"),
        ("until" = Option<String>, Query, description = "Only before this date-time (RFC 3339) or date"),
        ("direction" = Option<Direction>, Query, description = "`desc` by default, the newest first; `asc` is its exact reverse"),
        ("limit" = Option<u16>, Query, description = "How many at most", minimum = 1, maximum = 1000, example = 50),
        ("next" = Option<String>, Query, description = "The cursor of the next page, from the `Link` header"),
        ("previous" = Option<String>, Query, description = "The cursor of the previous page, from the `Link` header"),
    ),
    responses((status = 200, description = "One page of events", body = [AuditEvent]), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn list(app: App, caller: Caller, params: Params) -> Result<Response> {
    let filter = read_filter(&params)?;
    let descending = params.word("direction")? != Some(Direction::Asc);
    let list = List::of(&("audit log", &caller.organization, &filter, descending));
    let page = PageQuery::read(&app, &params, &list, 50)?;
    let page = audit::list(&app, &caller, &filter, descending, &page).await?;
    Ok(page.respond(&app, &list, AUDIT_LOG, &params))
}

fn read_filter(params: &Params) -> Result<Filter> {
    let mut events = params.texts("event")?.into_iter().map(which).collect::<Result<Vec<_>>>()?;
    events.sort();
    events.dedup();
    Ok(Filter {
        events,
        actor: params.text("actor")?.map(str::to_owned),
        target: params.text("target")?.map(str::to_owned),
        since: instant(params, "since")?,
        until: instant(params, "until")?,
    })
}

fn which(event: &str) -> Result<Which> {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    match event.split_once('.') {
        Some((thing, "")) if is_word(thing) => Ok(Which::Under(event.to_owned())),
        Some((thing, what)) if is_word(thing) && is_word(what) => Ok(Which::Named(event.to_owned())),
        _ => {
            let message =
                format!("`event` is a name like `user.created`, or the beginning `user.`, not `{event}`.");
            Err(Error::invalid("event", message))
        }
    }
}

fn instant(params: &Params, name: &'static str) -> Result<Option<i64>> {
    let Some(text) = params.text(name)? else { return Ok(None) };
    let parsed = Timestamp::parse(text).ok_or_else(|| {
        let message = format!("`{name}` is a date-time like 2026-03-01T09:30:00Z, or a date, not `{text}`.");
        Error::invalid(name, message)
    })?;
    Ok(Some(parsed.as_millis()))
}
