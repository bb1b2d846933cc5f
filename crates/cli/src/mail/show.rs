//! `homeroom mail show`

use anyhow::Result;
use clap::Args;
use homeroom_api::MailState;
use homeroom_server::mail::{self, Letter, Looked};
use serde::Serialize;

use super::Place;
use crate::output::{json, line, lines, minute};
use crate::settings::Server;

/// Show what a mail says, and how far its sending has come
///
/// What its links open is shown only while it waits: hand them on where there is no mail server.
#[derive(Args)]
#[command(after_help = "Example:
  homeroom mail show 000001a3f2c07e00c0ffee01")]
pub struct Show {
    /// Id of the mail, as `homeroom mail list` shows it
    mail: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// The address under which browsers reach the server, for the links [default: http://127.0.0.1:8080]
    #[arg(long, env = "HOMEROOM_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    #[command(flatten)]
    at: Place,
}

/// A mail, as scripts read it.
#[derive(Serialize)]
struct Shown {
    id: String,
    state: MailState,
    error: Option<String>,
    to: Option<String>,
    subject: Option<String>,
    text: Option<String>,
}

impl Show {
    pub async fn run(self) -> Result<()> {
        let app = self.at.open(Server { public_url: self.public_url, ..Server::default() }).await?;
        let Looked { row, letter } = mail::look(&app, &self.mail).await?;
        if self.json {
            let letter = letter.ok();
            return json(&Shown {
                id: row.id,
                state: row.state,
                error: row.error,
                text: letter.as_ref().map(Letter::plain).transpose()?,
                to: letter.as_ref().map(|letter| letter.to.clone()),
                subject: letter.map(|letter| letter.subject),
            });
        }
        line(&format!("State    {}\nTries    {}", row.state, row.attempts))?;
        if row.state == MailState::Waiting {
            line(&format!("Next     {}", minute(row.due_at)))?;
        }
        if let Some(error) = &row.error {
            lines(&format!("Error    {error}"))?;
        }
        match letter {
            Ok(letter) => lines(&text_of(&letter)?),
            Err(why) => line(&format!("There is nothing to say any more: {why}.")),
        }
    }
}

/// Address, subject and text.
pub fn text_of(letter: &Letter) -> Result<String> {
    Ok(format!("To       {}\nSubject  {}\n\n{}", letter.to, letter.subject, letter.plain()?.trim_end()))
}
