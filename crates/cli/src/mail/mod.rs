//! `homeroom mail …`: on the database itself, whether or not a server runs on it.

mod list;
mod retry;
mod show;
mod test;

use anyhow::Result;
use clap::{Args, Subcommand};
use homeroom_server::App;

use crate::settings::{ConfigFile, Database, Server, resolve};
use crate::store;

pub use show::text_of;

/// Look at mails that were sent, wait or were refused, and try them again
#[derive(Subcommand)]
pub enum Mail {
    List(list::List),
    Show(show::Show),
    Retry(retry::Retry),
    Test(test::Test),
}

impl Mail {
    pub async fn run(self) -> Result<()> {
        match self {
            Self::List(list) => list.run().await,
            Self::Show(show) => show.run().await,
            Self::Retry(retry) => retry.run().await,
            Self::Test(test) => test.run().await,
        }
    }
}

#[derive(Args)]
struct Place {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    config: ConfigFile,
}

impl Place {
    async fn open(self, server: Server) -> Result<App> {
        store::open(&resolve(&self.config, self.database, server)?.without_mail()).await
    }
}
