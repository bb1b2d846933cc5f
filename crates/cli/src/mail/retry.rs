//! `homeroom mail retry`

use anyhow::Result;
use clap::Args;
use homeroom_server::mail;

use super::Place;
use crate::output::line;
use crate::settings::Server;

/// Have mails tried again that were refused, or that wait
///
/// The server that runs on the database tries them within a second, and as often as new ones.
#[derive(Args)]
#[command(after_help = "Examples:
  homeroom mail retry 000001a3f2c07e00c0ffee01
  homeroom mail retry --all-dead")]
pub struct Retry {
    /// Id of the mail, as `homeroom mail list` shows it
    #[arg(required_unless_present = "all_dead")]
    mail: Option<String>,
    /// All that were given up
    #[arg(long, conflicts_with = "mail")]
    all_dead: bool,
    #[command(flatten)]
    at: Place,
}

impl Retry {
    pub async fn run(self) -> Result<()> {
        let app = self.at.open(Server::default()).await?;
        let revived = match &self.mail {
            Some(id) => mail::retry(&app, id).await.map(|()| 1)?,
            None => mail::retry_all_dead(&app).await?,
        };
        line(&format!("Mails to be tried again: {revived}."))
    }
}
