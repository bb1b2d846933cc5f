//! `homeroom audit list`

use anyhow::Result;
use clap::Args;
use homeroom_api::{AuditEvent, AuditQuery, Direction};

use super::Filter;
use crate::output::{Columns, text};
use crate::remote::{Connection, Paging, one_of};

/// List what happened, the newest first
///
/// With --json the details of each event too: names, addresses, devices.
#[derive(Args)]
#[command(after_help = "Examples:
  homeroom audit list --event access_token.,signin_link. --since 2026-03-01
  homeroom audit list --target 000001a3f2c07e00c0ffee01 --all --json")]
pub struct List {
    #[command(flatten)]
    filter: Filter,

    /// `asc`: the oldest first [default: desc]
    #[arg(long, value_parser = one_of(Direction::ALL, Direction::as_str))]
    direction: Option<Direction>,

    #[command(flatten)]
    paging: Paging,

    #[command(flatten)]
    connection: Connection,
}

const COLUMNS: &Columns<AuditEvent> = &[
    ("Date", |event| second(event)),
    ("Event", |event| event.event.clone()),
    ("Actor", |event| event.actor.clone().unwrap_or_else(|| "-".to_owned())),
    ("Target", |event| text(event.target.as_ref())),
    ("Address", address),
    ("Sequence", |event| text(event.sequence.as_ref())),
];

/// `2026-03-01 09:30:05Z`
fn second(event: &AuditEvent) -> String {
    let text = event.date.to_string();
    text.get(..19).map_or(text.clone(), |second| format!("{}Z", second.replace('T', " ")))
}

fn address(event: &AuditEvent) -> String {
    let address = event.details.as_ref().and_then(|details| details.get("address")?.as_str());
    address.unwrap_or_default().to_owned()
}

impl List {
    pub async fn run(self) -> Result<()> {
        let Self { filter, direction, paging, connection } = self;
        let query = AuditQuery {
            direction,
            limit: Some(paging.page_size()),
            next: paging.next.clone(),
            previous: paging.previous.clone(),
            ..filter.into()
        };
        let client = connection.client()?;
        let listed = async {
            let page = client.audit_log().list(&query).await?;
            connection.output().list(&paging.collect(page).await?, COLUMNS)
        };
        listed.await.map_err(|error| connection.explain(error))
    }
}
