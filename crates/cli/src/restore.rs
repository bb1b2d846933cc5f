//! `homeroom restore`.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use clap::Args;
use homeroom_server::config::{key_file, load_key};
use homeroom_server::crypto::Keys;
use homeroom_server::db::{self, DatabaseUrl, file};

use crate::output::line;
use crate::settings::{ConfigFile, Database, Server, Settings, resolve};
use crate::{backup, store};

/// Put a backup in the place of the database
///
/// Stop the server first. The file is checked before it is used, and stays where it is. Its key must be there, beside
/// the database or in HOMEROOM_SECRET_KEY, before it can be served.
#[derive(Args)]
#[command(after_help = "Example:
  homeroom restore /backup/homeroom-2026-03-02.db \\
    --database sqlite:///var/lib/homeroom.db")]
pub struct Restore {
    /// What `homeroom backup` wrote
    file: PathBuf,
    /// Replace the database that is there: what it holds is lost
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    config: ConfigFile,
}

impl Restore {
    pub fn run(self) -> Result<()> {
        let settings = resolve(&self.config, self.database, Server::default())?;
        let DatabaseUrl::Sqlite(place) = &settings.database else {
            bail!("PostgreSQL is restored with its own tools: pg_restore --clean --if-exists");
        };
        check_names(&self.file, place, self.force)?;
        let draft = file::beside(place, ".partial");
        let restored = restore(&self.file, &draft, place, &settings);
        if restored.is_err() {
            let _ = fs::remove_file(&draft);
        }
        let found = restored?;
        line(&format!("Restored {} from {}.", place.display(), self.file.display()))?;
        if found.schema < db::latest_schema() {
            line("It is of an older version: `homeroom serve` brings it up to date.")?;
        }
        match key(&settings)? {
            Some(_) => Ok(()),
            None => line(&format!(
                "Its key is not here: put it into {}.key, or set HOMEROOM_SECRET_KEY.",
                place.display()
            )),
        }
    }
}

fn check_names(from: &Path, place: &Path, force: bool) -> Result<()> {
    ensure!(from.is_file(), "there is no file {}: name one that `homeroom backup` wrote", from.display());
    let journal = file::beside(from, "-wal");
    ensure!(
        !fs::metadata(&journal).is_ok_and(|about| about.len() > 0),
        "{} belongs to {}: it is a database in use, not a backup. Make one: homeroom backup --database sqlite://{} FILE",
        journal.display(),
        from.display(),
        from.display()
    );
    store::check_folder(place)?;
    ensure!(
        force || !place.exists(),
        "{} is there already, and would be replaced: move it away, or say --force",
        place.display()
    );
    Ok(())
}

/// Copies beside the place, looks at the copy, and puts it there.
fn restore(from: &Path, draft: &Path, place: &Path, settings: &Settings) -> Result<file::Found> {
    copy(from, draft)
        .with_context(|| format!("{} can't be copied to {}", from.display(), draft.display()))?;
    let found = file::look_at(draft).with_context(|| format!("{} can't be used", from.display()))?;
    check(&found).map_err(|what| anyhow!("{} {what}", from.display()))?;
    if let (Some(key), Some(check)) = (key(settings)?, &found.key_check) {
        ensure!(
            key.check_value() == *check,
            "{} was made with another secret key than the one that is here: put its own key into {}.key, or set \
             HOMEROOM_SECRET_KEY",
            from.display(),
            place.display()
        );
    }
    file::replace(place, draft)?;
    Ok(found)
}

fn copy(from: &Path, draft: &Path) -> std::io::Result<()> {
    backup::start_private(draft)?;
    let mut copy = OpenOptions::new().write(true).open(draft)?;
    std::io::copy(&mut File::open(from)?, &mut copy)?;
    copy.sync_all()
}

/// What is wrong with a file that can't be served.
fn check(found: &file::Found) -> Result<(), String> {
    let (schema, known) = (found.schema, db::latest_schema());
    match found.damage.first() {
        Some(first) => Err(format!("is damaged ({first}): use another backup")),
        None if schema == 0 => Err("is not a database of Homeroom".to_owned()),
        None if schema > known => Err(format!(
            "has version {schema} of the schema, and this program knows {known}: use the newer program"
        )),
        None => Ok(()),
    }
}

/// The key that is here. None is made.
fn key(settings: &Settings) -> Result<Option<Keys>> {
    let is_here =
        settings.secret_key.is_some() || key_file(&settings.database).is_some_and(|file| file.exists());
    if !is_here {
        return Ok(None);
    }
    let (key, _) = load_key(settings.secret_key.as_deref(), &settings.database)?;
    Ok(Some(Keys::derive(&key)))
}
