//! The log as administrators read it.
//!
//! Each list is walked along an index: of what it happened to, of who did it, or of the event. Where several events
//! are asked for, the page of each is found by itself, and what comes first of them is the page: no index has them
//! in one order, and to sort all that match would take as long as there are.

use std::time::Duration;

use homeroom_api::{AuditEvent, OrganizationId, Timestamp};
use serde::Serialize;

use crate::db::{self, Conn, FromRow, Query, Read as _, Row};
use crate::http::cursor::Position;
use crate::http::{Caller, From, Order, Page, PageQuery, Select, Way};
use crate::{App, Result};

/// Which events to list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Filter {
    /// Any of these; none: every event.
    pub events: Vec<Which>,
    pub actor: Option<String>,
    pub target: Option<String>,
    /// From then on.
    pub since: Option<i64>,
    /// Before then.
    pub until: Option<i64>,
}

/// An event by its name, or all whose names begin alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Which {
    Named(String),
    /// `user.`
    Under(String),
}

/// One page of the organization's log.
pub async fn list(
    app: &App,
    caller: &Caller,
    filter: &Filter,
    descending: bool,
    page: &PageQuery,
) -> Result<Page<AuditEvent>> {
    let mut conn = app.db.read().await?;
    let list = List { organization: &caller.organization, filter, descending };
    if filter.events.is_empty() || filter.actor.is_some() || filter.target.is_some() {
        return list.page(&mut conn, page).await;
    }
    let mut pages = Vec::new();
    for name in names(&mut conn, &caller.organization, &filter.events).await? {
        let one = Filter { events: vec![Which::Named(name)], ..filter.clone() };
        pages.push(List { filter: &one, ..list }.page(&mut conn, page).await?);
    }
    Ok(merged(pages, page, descending))
}

/// The names that the organization's log has of those asked for.
async fn names(conn: &mut Conn, organization: &OrganizationId, events: &[Which]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for event in events {
        match event {
            Which::Named(name) => names.push(name.clone()),
            Which::Under(prefix) => {
                let mut after = prefix.clone();
                while let Some(name) = next_name(conn, organization, &after, prefix).await? {
                    after.clone_from(&name);
                    names.push(name);
                }
            }
        }
    }
    names.sort();
    names.dedup();
    Ok(names)
}

async fn next_name(
    conn: &mut Conn,
    organization: &OrganizationId,
    after: &str,
    prefix: &str,
) -> Result<Option<String>> {
    let sql = "SELECT event FROM audit_events WHERE organization_id = $1 AND event > $2 AND event < $3
               ORDER BY event LIMIT 1";
    let found: Option<(String,)> = conn.optional(sql, (organization, after, beyond(prefix))).await?;
    Ok(found.map(|(name,)| name))
}

/// What is greater than all that begin with `prefix`, which ends with a dot.
fn beyond(prefix: &str) -> String {
    format!("{}/", prefix.trim_end_matches('.'))
}

/// The first rows of all pages together, which are pages of one list each.
fn merged(pages: Vec<Page<AuditEvent>>, asked: &PageQuery, descending: bool) -> Page<AuditEvent> {
    let mut next = pages.iter().find_map(|page| page.next.clone());
    let mut previous = pages.iter().find_map(|page| page.previous.clone());
    let mut items: Vec<AuditEvent> = pages.into_iter().flat_map(|page| page.items).collect();
    items.sort_by(|one, other| if descending { other.id.cmp(&one.id) } else { one.id.cmp(&other.id) });
    let left_out = items.len().saturating_sub(asked.limit);
    if left_out > 0 && matches!(asked.from, Some(From::Before(_))) {
        items.drain(..left_out);
        previous = items.first().map(place);
    } else if left_out > 0 {
        items.truncate(asked.limit);
        next = items.last().map(place);
    }
    Page {
        next: next.map(|empty| items.last().map_or(empty, place)),
        previous: previous.map(|empty| items.first().map_or(empty, place)),
        items,
    }
}

fn place(event: &AuditEvent) -> Position {
    Position { keys: Vec::new(), id: event.id.to_string(), inclusive: false }
}

#[derive(Clone, Copy)]
struct List<'a> {
    organization: &'a OrganizationId,
    filter: &'a Filter,
    descending: bool,
}

impl List<'_> {
    async fn page(&self, conn: &mut Conn, page: &PageQuery) -> Result<Page<AuditEvent>> {
        let select = Select {
            args: vec![self.organization.into()],
            found: "e.*",
            columns: "e.id, e.at, e.event, e.actor, e.actor_token, e.maker, e.target, d.details, e.seq",
            page: "e LEFT JOIN audit_details d ON d.organization_id = e.organization_id AND d.event_id = e.id",
            from: " FROM audit_events e WHERE e.organization_id = $1",
            way: Way::Walk,
            filter: |query: &mut Query| self.filter.narrow(query),
            order: Order { descending: self.descending, ..Order::by_id("e.id") },
        };
        select.page(conn, page).await
    }
}

/// How far the clock may have been put back while ids went on growing.
const BACK: Duration = Duration::from_secs(3600);

impl Filter {
    fn narrow(&self, query: &mut Query) {
        if let Some(target) = &self.target {
            query.push(" AND e.target = ").bind(target);
        }
        if let Some(actor) = &self.actor {
            query.push(" AND e.actor = ").bind(actor);
        }
        if let Some(since) = self.since {
            query.push(" AND e.at >= ").bind(since).push(" AND e.id >= ").bind(id_from(since));
        }
        if let Some(until) = self.until {
            let id = id_from((Timestamp::from_millis(until) + BACK).as_millis());
            query.push(" AND e.at < ").bind(until).push(" AND e.id < ").bind(id);
        }
        match &self.events[..] {
            [] => {}
            [Which::Named(name)] => drop(query.push(" AND e.event = ").bind(name)),
            several => any_of(several, query),
        }
    }
}

/// Of those that an actor or a target has, which an index finds. The empty text keeps planners from another one,
/// by which they would have to be sorted.
fn any_of(events: &[Which], query: &mut Query) {
    query.push(" AND (FALSE");
    for event in events {
        match event {
            Which::Named(name) => query.push(" OR e.event || '' = ").bind(name),
            Which::Under(prefix) => {
                query.push(" OR (e.event || '' > ").bind(prefix);
                query.push(" AND e.event || '' < ").bind(beyond(prefix)).push(")")
            }
        };
    }
    query.push(")");
}

/// The least id of that millisecond: ids begin with it, and are never behind the instant.
fn id_from(millis: i64) -> String {
    format!("{:012x}", millis.clamp(0, (1 << 48) - 1))
}

impl FromRow for AuditEvent {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.take::<String>()?.into(),
            date: row.take()?,
            event: row.take()?,
            actor: row.take()?,
            actor_token: row.take()?,
            maker: row.take()?,
            target: row.take()?,
            details: row.take::<Option<String>>()?.and_then(|text| serde_json::from_str(&text).ok()),
            sequence: row.take()?,
        })
    }
}
