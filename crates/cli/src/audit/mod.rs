//! `homeroom audit …`: reading the log of a running server, and checking it on the database itself.

mod export;
mod list;
mod verify;

use anyhow::Result;
use clap::{Args, Subcommand};
use homeroom_api::{AuditQuery, Timestamp};

/// Read, export and verify the audit log
#[derive(Subcommand)]
pub enum Audit {
    List(list::List),
    Export(export::Export),
    Verify(verify::Verify),
}

impl Audit {
    pub async fn run(self) -> Result<()> {
        match self {
            Self::List(list) => list.run().await,
            Self::Export(export) => export.run().await,
            Self::Verify(verify) => verify.run().await,
        }
    }
}

/// Different filters are combined with *and*.
#[derive(Args)]
struct Filter {
    /// Only this event, like `user.created`, or all of a kind, like `user.`; may be repeated
    #[arg(long, value_delimiter = ',', value_name = "EVENT", help_heading = "Filters")]
    event: Vec<String>,

    /// Only what this user did, by the id, or this app (app:ID)
    #[arg(long, value_name = "ID", help_heading = "Filters")]
    actor: Option<String>,

    /// Only what happened to the user, token, invitation… with this id
    #[arg(long, value_name = "ID", help_heading = "Filters")]
    target: Option<String>,

    /// Only from this date (YYYY-MM-DD) or date-time (RFC 3339) on
    #[arg(long, value_name = "DATE", value_parser = instant, help_heading = "Filters")]
    since: Option<Timestamp>,

    /// Only before this date or date-time
    #[arg(long, value_name = "DATE", value_parser = instant, help_heading = "Filters")]
    until: Option<Timestamp>,
}

fn instant(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text)
        .ok_or_else(|| "it is no date like 2026-03-01, and no date-time like 2026-03-01T09:30:00Z".to_owned())
}

impl From<Filter> for AuditQuery {
    fn from(args: Filter) -> Self {
        let Filter { event, actor, target, since, until } = args;
        Self { event, actor, target, since, until, ..Self::default() }
    }
}
