//! `homeroom mail test`

use anyhow::{Result, anyhow, bail};
use clap::Args;
use homeroom_server::clock::Clock;
use homeroom_server::mail::{self, Postman};
use homeroom_server::random::Random;

use crate::output::{lines, printable};
use crate::settings::{self, ConfigFile, Database, Server, resolve};

/// Send a test mail now, and tell what the mail server answers
///
/// With the settings of the server. It needs no database.
#[derive(Args)]
#[command(after_help = "Example:
  homeroom mail test ada@school.example --config /etc/homeroom.toml")]
pub struct Test {
    /// Whom to send it to
    address: String,
    #[command(flatten)]
    mail: settings::Mail,
    /// The address under which browsers reach the server: mails come from its host [default: http://127.0.0.1:8080]
    #[arg(long, env = "HOMEROOM_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    #[command(flatten)]
    config: ConfigFile,
}

impl Test {
    pub async fn run(self) -> Result<()> {
        let server = Server { mail: self.mail, public_url: self.public_url, ..Server::default() };
        let settings = resolve(&self.config, Database::default(), server)?;
        let Some(postman) = Postman::of(&settings.server)? else {
            bail!("there is no mail server: name one with --smtp-url, or smtp-url in homeroom.toml");
        };
        let now = Clock::system().now();
        let id: String = Random::system().id(now);
        let sent = mail::deliver_test(&postman, &id, &self.address, now).await;
        let answer = sent.map_err(|failure| anyhow!("it was not taken: {}", printable(&failure.text)))?;
        lines(&format!("{} took it from {}: {answer}", postman.server(), postman.from))
    }
}
