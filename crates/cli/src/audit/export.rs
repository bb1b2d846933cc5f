//! `homeroom audit export`

use std::fs::OpenOptions;
use std::io::{BufWriter, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;
use homeroom_api::{AuditEvent, AuditQuery, Direction};
use homeroom_client::Client;

use super::Filter;
use crate::output::note;
use crate::remote::Connection;

/// Write all events as JSON, one on each line, the oldest first
#[derive(Args)]
#[command(after_help = "Example:
  homeroom audit export --since 2026-03-01 --output march.jsonl")]
pub struct Export {
    #[command(flatten)]
    filter: Filter,

    /// The file to make, for its owner alone; without it they go to standard output
    #[arg(long, short = 'o', value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    connection: Connection,
}

/// The most that the API gives at once.
const PAGE: u16 = 1000;

impl Export {
    pub async fn run(self) -> Result<()> {
        let Self { filter, output, connection } = self;
        let query = AuditQuery { direction: Some(Direction::Asc), limit: Some(PAGE), ..filter.into() };
        let client = connection.client()?;
        let Some(file) = output else {
            let written = write_all(&client, &query, std::io::stdout()).await;
            return written.map(drop).map_err(|error| connection.explain(error));
        };
        let written = write_all(&client, &query, make(&file)?).await;
        let written = written.map_err(|error| connection.explain(error))?;
        note(&format!("Events in {}: {written}.", file.display()))
    }
}

/// Names and addresses are in there, not for other users of the machine.
fn make(file: &Path) -> Result<impl Write> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    made.with_context(|| format!("{} can't be made", file.display()))
}

/// Writes page by page; how many events.
async fn write_all(client: &Client, query: &AuditQuery, to: impl Write) -> Result<u64> {
    let mut to = BufWriter::new(to);
    let mut written = 0;
    let mut page = Some(client.audit_log().list(query).await?);
    while let Some(events) = page {
        match write_page(&events.items, &mut to) {
            // Whoever read us has seen enough, as `head` does.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(written),
            other => other.context("the events can't be written")?,
        }
        written += events.items.len() as u64;
        page = events.next().await?;
    }
    Ok(written)
}

fn write_page(events: &[AuditEvent], to: &mut impl Write) -> std::io::Result<()> {
    for event in events {
        serde_json::to_writer(&mut *to, event)?;
        to.write_all(b"\n")?;
    }
    to.flush()
}
