//! `homeroom demo`: a throw-away school.

use std::time::Duration;

use anyhow::Result;
use clap::Args;
use homeroom_server::mail::{Kept, kept_since};
use homeroom_server::organizations::Created;
use homeroom_server::{App, demo};
use secrecy::ExposeSecret as _;

use crate::mail::text_of;
use crate::output::lines;
use crate::serve;
use crate::settings::{ConfigFile, Database, Server, resolve};
use crate::{logging, store};

/// Serve a throw-away school with people in it
///
/// Everything is gone when it ends. It prints an address, a sign-in link, a token and four requests to try.
#[derive(Args)]
#[command(after_help = "Examples:
  homeroom demo
  homeroom demo --people 50000 --listen 127.0.0.1:9000")]
pub struct Demo {
    /// The address to listen on
    #[arg(long, env = "HOMEROOM_LISTEN", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: String,
    /// How many people the school has
    #[arg(long, value_name = "N", default_value_t = 1200, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    people: u32,
    /// What is logged: error, warn, info, debug
    #[arg(long, env = "HOMEROOM_LOG", value_name = "FILTER", default_value = "warn")]
    log: String,
}

impl Demo {
    pub async fn run(self) -> Result<()> {
        let folder = tempfile::tempdir()?;
        let database = Database {
            database: Some(format!("sqlite://{}", folder.path().join("demo.db").display())),
            ..Database::default()
        };
        let server = Server { listen: Some(self.listen), log: Some(self.log), ..Server::default() };
        // Nobody gets mail from a demo, whatever ./homeroom.toml says.
        let mut settings = resolve(&ConfigFile::default(), database, server)?.without_mail();
        settings.secret_key = None;
        logging::start(&settings)?;
        let mut stop = std::pin::pin!(serve::stop_signal()?);
        let listener = serve::listen(&mut settings).await?;
        settings.server.public_url = format!("http://{}", listener.local_addr()?);
        let (app, _) = store::open_or_make(&settings).await?;
        let created = tokio::select! {
            created = demo::fill(&app, self.people as usize) => created?,
            () = &mut stop => return Ok(()), // the folder goes, as after serving
        };
        print(&app.settings.public_url, self.people, &created);
        let mails = tokio::spawn(show_mails(app.clone()));
        serve::serve(app, listener, stop).await;
        mails.abort();
        Ok(())
    }
}

/// Prints each mail as it is kept.
async fn show_mails(app: App) -> Result<()> {
    let mut seen = String::new();
    loop {
        for Kept { row, letter } in kept_since(&app, &seen).await? {
            seen = row.id;
            if let Some(letter) = letter {
                lines(&format!("\nA mail:\n\n{}", text_of(&letter)?))?;
            }
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

fn print(url: &str, people: u32, created: &Created) {
    let token = created.token.expose_secret();
    println!("{} with {people} people is ready.\n", created.organization.name);
    println!("  address    {url}");
    println!("  reference  {url}/docs/");
    println!("  sign in    {url}/o/{}/auth/signin", created.organization.slug);
    println!("  token      {token}\n");
    println!("Open this in a browser, and you are signed in as its admin (once, within an hour):\n");
    println!("  {}\n", created.link.expose_secret());
    println!("Mails are not sent: they are shown here, with the links in them.\n");
    println!("Try:\n");
    println!(
        "  curl -H 'Authorization: Bearer {token}' '{url}/v2/organizations/users?sort=lastname&limit=3'\n"
    );
    println!(
        "  curl -H 'Authorization: Bearer {token}' '{url}/v2/organizations/users/count?q=an&role=teacher'\n"
    );
    println!("  curl -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' \\");
    println!(
        "       -d '{{\"username\":\"ada\",\"password\":\"correct horse\",\"firstname\":\"Ada\"}}' {url}/v2/organizations/users\n"
    );
    println!("  curl -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' \\");
    println!("       -d '{{\"email\":\"carol@riverside.example\"}}' {url}/v2/organizations/invitations\n");
    println!("Ctrl-C ends it, and nothing is kept.");
}
