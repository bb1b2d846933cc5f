//! `homeroom copy`.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use clap::Args;
use homeroom_server::config::key_file;
use homeroom_server::db::{self, DatabaseUrl, Db};
use indicatif::{ProgressBar, ProgressStyle};

use crate::output::{line, note};
use crate::{serve, store};

/// Copy everything to another database: from SQLite to PostgreSQL, back, or to one of the same kind
///
/// Stop the servers first: what is written meanwhile stays behind. The copy is made in one transaction and compared
/// with its source before it counts: it is whole, or there is none. It has the same key.
#[derive(Args)]
#[command(after_help = "Examples:
  homeroom copy --from sqlite:///var/lib/homeroom.db \\
    --to postgres://homeroom@db.example/homeroom
  homeroom copy --from postgres://db.example/homeroom --to sqlite://school.db")]
pub struct Copy {
    /// The database to read
    #[arg(long, value_name = "URL")]
    from: String,
    /// The database to fill; nothing may be in it yet
    #[arg(long, value_name = "URL")]
    to: String,
}

impl Copy {
    pub async fn run(self) -> Result<()> {
        let (from, to) = (address("--from", &self.from)?, address("--to", &self.to)?);
        if let DatabaseUrl::Sqlite(file) = &from
            && !file.exists()
        {
            bail!("there is no database {}: check --from", file.display());
        }
        let made = make_file(&to)?;
        let stop = serve::stop_signal()?;
        let copied = tokio::select! {
            copied = copy(&from, &to) => copied,
            () = stop => Err(anyhow!("it was interrupted")),
        };
        match copied {
            Ok(copied) => tell(&from, &to, &copied),
            Err(error) => {
                if let Some(file) = made {
                    remove(&file);
                }
                Err(error.context(format!("nothing was copied to {to}")))
            }
        }
    }
}

/// A pooler may stand before it: nothing stays prepared.
fn address(flag: &str, url: &str) -> Result<DatabaseUrl> {
    let mut url: DatabaseUrl = url.parse().map_err(|error: String| anyhow!("{flag}: {error}"))?;
    if let DatabaseUrl::Postgres(postgres) = &mut url {
        postgres.statement_cache = 0;
    }
    Ok(url)
}

/// The file, if it was not there.
fn make_file(to: &DatabaseUrl) -> Result<Option<PathBuf>> {
    let DatabaseUrl::Sqlite(file) = to else { return Ok(None) };
    store::check_folder(file)?;
    let is_there = file.exists();
    store::make_private(file)?;
    Ok(Some(file.clone()).filter(|_| !is_there))
}

fn remove(file: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = OsString::from(file);
        name.push(suffix);
        let _ = fs::remove_file(name);
    }
}

async fn copy(from: &DatabaseUrl, to: &DatabaseUrl) -> Result<Vec<db::Copied>> {
    let source = Db::connect(from).with_context(|| format!("{from} can't be opened"))?;
    let target = Db::connect(to).with_context(|| format!("{to} can't be opened"))?;
    let copied = db::copy(&source, &target, &Bar::new()).await?;
    store::settle(&target, to).await;
    Ok(copied)
}

fn tell(from: &DatabaseUrl, to: &DatabaseUrl, copied: &[db::Copied]) -> Result<()> {
    for db::Copied { table, rows, checksum } in copied {
        line(&format!("{table:<20} {rows:>12} rows  {}", &checksum[..16]))?;
    }
    let rows: u64 = copied.iter().map(|copied| copied.rows).sum();
    note(&format!("Copied {rows} rows of {} tables, and read them back: they are the same.", copied.len()))?;
    note(&where_the_key_is(from, to))
}

fn where_the_key_is(from: &DatabaseUrl, to: &DatabaseUrl) -> String {
    let key = key_file(from).filter(|file| file.exists());
    match (key, key_file(to)) {
        (Some(key), Some(beside)) => format!(
            "Serve the copy with the same key: put {} beside it as {}, or set HOMEROOM_SECRET_KEY to what is in it.",
            key.display(),
            beside.display()
        ),
        (Some(key), None) => format!(
            "Serve the copy with the same key: set HOMEROOM_SECRET_KEY to what is in {}.",
            key.display()
        ),
        (None, _) => "Serve the copy with the same key: the one in HOMEROOM_SECRET_KEY.".to_owned(),
    }
}

/// Shown on a terminal alone.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        let style =
            ProgressStyle::with_template("{bar:40} {percent:>3} %  {human_pos} rows, {eta} left  {msg}");
        Self(ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
    }
}

impl db::Progress for Bar {
    fn begin(&self, rows: u64) {
        self.0.set_length(rows);
    }

    fn advance(&self, table: &str, rows: u64) {
        self.0.set_message(table.to_owned());
        self.0.inc(rows);
    }
}
