//! Opening the database for a command.

use std::fs::{self, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use homeroom_server::App;
use homeroom_server::clock::Clock;
use homeroom_server::config::{KeyOrigin, key_file, load_key};
use homeroom_server::db::{DatabaseUrl, Db};
use homeroom_server::random::Random;

use crate::settings::Settings;

/// Opens a database that is there.
pub async fn open(settings: &Settings) -> Result<App> {
    check_presence(&settings.database)?;
    Ok(open_or_make(settings).await?.0)
}

/// Opens the database, brings its schema up to date and checks its key. Makes what is not there.
pub async fn open_or_make(settings: &Settings) -> Result<(App, KeyOrigin)> {
    if let DatabaseUrl::Sqlite(file) = &settings.database {
        check_folder(file)?;
        check_key_file(settings, file)?;
    }
    let (key, origin) = load_key(settings.secret_key.as_deref(), &settings.database)?;
    if let DatabaseUrl::Sqlite(file) = &settings.database {
        make_private(file)?;
    }
    let db = Db::open(&settings.database)
        .await
        .with_context(|| format!("{} can't be opened", settings.database))?;
    let app = App::new(db, &key, settings.server.clone(), Clock::system(), Random::system()).await?;
    Ok((app, origin))
}

/// A command that only looks or changes must not leave an empty database where the name was mistyped.
pub fn check_presence(database: &DatabaseUrl) -> Result<()> {
    if let DatabaseUrl::Sqlite(file) = database
        && !file.exists()
    {
        bail!(
            "there is no database {}: name another with --database, or make it (`homeroom serve`, `homeroom \
             organizations create`)",
            file.display()
        );
    }
    Ok(())
}

/// The folder of `file` is there, and `file` is none.
pub fn check_folder(file: &Path) -> Result<()> {
    if file.is_dir() {
        bail!("{} is a folder: name a file", file.display());
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder.filter(|folder| !folder.is_dir()) {
        Some(folder) => bail!("there is no folder {}: make it first, or name another", folder.display()),
        None => Ok(()),
    }
}

/// A new key beside an old database would only hide that the old one is lost. The key is made before the
/// database: another command that makes both just now can't be mistaken for that.
fn check_key_file(settings: &Settings, file: &Path) -> Result<()> {
    let is_made = fs::metadata(file).is_ok_and(|about| about.len() > 0);
    match key_file(&settings.database) {
        Some(key) if is_made && settings.secret_key.is_none() && !key.exists() => bail!(
            "{} is there, but its key {} is not: put that file back, or set HOMEROOM_SECRET_KEY to the key",
            file.display(),
            key.display()
        ),
        _ => Ok(()),
    }
}

/// Names and hashes of passwords are in there, not for other users of the machine. `SQLite` gives the files that
/// it makes beside it the same mode.
pub fn make_private(file: &Path) -> Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(error).with_context(|| format!("{} can't be made", file.display()))
        }
        _ => Ok(()),
    }
}

/// Moves what is in the journal into the database file, as far as nobody else is at it: who copies that file
/// alone while no server runs has everything.
pub async fn settle(db: &Db, database: &DatabaseUrl) {
    let DatabaseUrl::Sqlite(_) = database else { return };
    if let Err(error) = db.batch("PRAGMA wal_checkpoint(PASSIVE)").await {
        tracing::warn!(%error, "the journal stays beside the database");
    }
}
