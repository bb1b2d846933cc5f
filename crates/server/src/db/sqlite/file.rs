//! A database file that no server has open: looked at, and put in the place of another.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use super::is_busy;
use crate::db::{Error, Result};

/// What a file holds.
#[derive(Debug)]
pub struct Found {
    /// Each a sentence; none where the file is whole.
    pub damage: Vec<String>,
    /// The version of the schema; 0 where the file is not a database of Homeroom.
    pub schema: i64,
    /// The check value of its key, once it was served.
    pub key_check: Option<String>,
}

/// Looks at a file, and leaves nothing beside it.
pub fn look_at(path: &Path) -> Result<Found> {
    let connection = open(path)?;
    let mut damage =
        lines(&connection, "PRAGMA integrity_check").unwrap_or_else(|error| vec![error.to_string()]);
    damage.retain(|line| line != "ok");
    let orphans = "SELECT 'a row of ' || \"table\" || ' refers to a row that is not there' FROM pragma_foreign_key_check";
    if damage.is_empty() {
        damage = lines(&connection, orphans).unwrap_or_else(|error| vec![error.to_string()]);
    }
    let schema =
        connection.query_row("SELECT max(version) FROM refinery_schema_history", [], |row| row.get(0));
    let check = "SELECT value FROM settings WHERE name = 'key_check'";
    let key_check = connection.query_row(check, [], |row| row.get(0)).optional();
    Ok(Found { damage, schema: schema.unwrap_or(0), key_check: key_check.unwrap_or(None) })
}

fn lines(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}

fn open(path: &Path) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.busy_timeout(Duration::ZERO)?;
    Ok(connection)
}

/// Puts `new`, which is complete and synced, in the place of `old`, which nobody may have open.
///
/// What stands beside the old file goes first: its journal would be taken for the new one's.
pub fn replace(old: &Path, new: &Path) -> Result<()> {
    let held = hold(old)?;
    for suffix in ["-wal", "-shm", "-journal"] {
        match fs::remove_file(beside(old, suffix)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(old, &error)),
            _ => {}
        }
    }
    fs::rename(new, old).map_err(|error| failed(old, &error))?;
    drop(held);
    let folder = old.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| failed(old, &error))
}

/// Keeps others out of a file, where there is one. Who has it open keeps us out: then the journal can't be turned
/// off. A file that is damaged nobody can use.
fn hold(path: &Path) -> Result<Option<Connection>> {
    if !path.exists() {
        return Ok(None);
    }
    let connection = open(path)?;
    let held = connection
        .query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))
        .and_then(|()| connection.execute_batch("BEGIN EXCLUSIVE"));
    match held {
        Err(error) if is_busy(&error) => Err(Error::Unfit(format!(
            "{} is open in another program: stop the server that uses it first",
            path.display()
        ))),
        _ => Ok(Some(connection)),
    }
}

/// The name of a file that SQLite keeps beside a database.
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

fn failed(path: &Path, error: &std::io::Error) -> Error {
    Error::Unfit(format!("{} can't be replaced: {error}", path.display()))
}
