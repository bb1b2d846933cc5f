//! `homeroom mail list`

use anyhow::Result;
use clap::Args;
use homeroom_api::{MailState, Timestamp};
use homeroom_server::mail::{self, Kept};
use serde::Serialize;

use super::Place;
use crate::output::{Columns, Output, minute, minute_if, text};
use crate::remote::one_of;
use crate::settings::Server;

/// List the mails of all organizations, the newest first
///
/// Those that were sent are kept for 30 days, those that were refused for 90.
#[derive(Args)]
#[command(after_help = "Example:
  homeroom mail list --state dead")]
pub struct List {
    /// Only those that stand so
    #[arg(long, value_parser = one_of(MailState::ALL, MailState::as_str))]
    state: Option<MailState>,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..))]
    limit: i64,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    at: Place,
}

/// A mail, as scripts read it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    id: String,
    organization: String,
    kind: String,
    subject_id: String,
    state: MailState,
    /// Absent where there is nothing to say any more.
    to: Option<String>,
    subject: Option<String>,
    attempts: i64,
    error: Option<String>,
    creation_date: Timestamp,
    next_attempt_date: Option<Timestamp>,
    end_date: Option<Timestamp>,
}

impl From<Kept> for Listed {
    fn from(Kept { row, letter }: Kept) -> Self {
        let (to, subject) = letter.map(|letter| (letter.to, letter.subject)).unzip();
        Self {
            id: row.id,
            organization: row.organization.to_string(),
            kind: row.kind,
            subject_id: row.subject,
            next_attempt_date: (row.state == MailState::Waiting).then_some(row.due_at),
            state: row.state,
            to,
            subject,
            attempts: row.attempts,
            error: row.error,
            creation_date: row.created_at,
            end_date: row.ended_at,
        }
    }
}

const COLUMNS: &Columns<Listed> = &[
    ("Id", |mail| mail.id.clone()),
    ("State", |mail| mail.state.to_string()),
    ("Written", |mail| minute(mail.creation_date)),
    ("Kind", |mail| mail.kind.clone()),
    ("To", |mail| text(mail.to.as_ref())),
    ("Subject", |mail| text(mail.subject.as_ref())),
    ("Tries", |mail| mail.attempts.to_string()),
    ("Next", |mail| minute_if(mail.next_attempt_date)),
    ("Error", |mail| text(mail.error.as_ref())),
];

impl List {
    pub async fn run(self) -> Result<()> {
        let app = self.at.open(Server::default()).await?;
        let kept = mail::list_all(&app, self.state, self.limit).await?;
        let listed: Vec<Listed> = kept.into_iter().map(Into::into).collect();
        let output = if self.json { Output::Json } else { Output::Text };
        output.list(&listed, COLUMNS)
    }
}
