//! `homeroom backup`.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use homeroom_server::config::key_file;
use homeroom_server::db::{DatabaseUrl, Db};

use crate::output::line;
use crate::settings::{ConfigFile, Database, Server, Settings, resolve};
use crate::store;

/// Copy the database to a file, while a server may run on it
///
/// The copy is a database like the original: serve it with the same key. The key is not in it.
#[derive(Args)]
#[command(after_help = "Example:
  homeroom backup /backup/homeroom-$(date +%F).db")]
pub struct Backup {
    /// The file to write; it must not be there yet
    file: PathBuf,
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    config: ConfigFile,
}

impl Backup {
    pub async fn run(self) -> Result<()> {
        let settings = resolve(&self.config, self.database, Server::default())?;
        if let DatabaseUrl::Postgres(_) = settings.database {
            bail!("PostgreSQL is backed up with its own tools: pg_dump --format=custom");
        }
        store::check_presence(&settings.database)?;
        check_target(&self.file)?;
        copy(&settings.database, &self.file).await?;
        line(&format!("Wrote {} ({} bytes).", self.file.display(), fs::metadata(&self.file)?.len()))?;
        line(&where_the_key_is(&settings))
    }
}

fn where_the_key_is(settings: &Settings) -> String {
    match key_file(&settings.database).filter(|file| settings.secret_key.is_none() && file.exists()) {
        Some(key) => {
            let key = key.display();
            format!("Its key is {key}: it is not in the copy, which can't be used without it. Keep both, apart.")
        }
        None => "Its key is the one in HOMEROOM_SECRET_KEY: it is not in the copy, which can't be used without it. \
                 Keep both, apart."
            .to_owned(),
    }
}

fn check_target(file: &Path) -> Result<()> {
    if file.exists() {
        bail!("{} is there already: choose another name, or remove it", file.display());
    }
    store::check_folder(file)
}

/// Writes beside the file first: a copy that was cut short never has its name.
async fn copy(database: &DatabaseUrl, file: &Path) -> Result<()> {
    let mut partial = file.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let name = partial.to_str().context("the name of the file is not UTF-8: choose another")?;
    start_private(&partial).with_context(|| format!("{name} can't be made"))?;
    Db::connect(database)?.copy_to(name).await.context("the copy could not be written")?;
    File::open(&partial)?.sync_all()?;
    fs::rename(&partial, file).with_context(|| format!("{} can't be written", file.display()))
}

/// An empty file for its owner alone. What an earlier copy left there goes.
pub fn start_private(partial: &Path) -> std::io::Result<()> {
    if partial.exists() {
        fs::remove_file(partial)?;
    }
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(partial).map(drop)
}
