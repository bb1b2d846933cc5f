//! The secret key: given by the operator, or made once and kept beside the database.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::crypto::SecretKey;
use crate::db::DatabaseUrl;
use crate::random::Random;
use crate::{Error, Result};

/// Where the key came from.
#[derive(Debug, PartialEq, Eq)]
pub enum KeyOrigin {
    Given,
    File(PathBuf),
    /// A new key was made, here.
    Made(PathBuf),
}

/// The file that holds the key of an SQLite database, unless it is given.
pub fn key_file(database: &DatabaseUrl) -> Option<PathBuf> {
    let DatabaseUrl::Sqlite(path) = database else { return None };
    let mut file = path.clone().into_os_string();
    file.push(".key");
    Some(file.into())
}

/// The key that was given (base64), or the one beside the database, which is made where there is none.
pub fn load_key(given: Option<&str>, database: &DatabaseUrl) -> Result<(SecretKey, KeyOrigin)> {
    if let Some(text) = given {
        let key = SecretKey::parse(text).ok_or_else(|| {
            Error::invalid(
                "secret-key",
                "The secret key is not 32 bytes in base64. Make one: openssl rand -base64 32",
            )
        })?;
        return Ok((key, KeyOrigin::Given));
    }
    let file = key_file(database).ok_or_else(|| {
        let message = "With PostgreSQL the key must be given, the same to every replica: set HOMEROOM_SECRET_KEY. \
                       Make one: openssl rand -base64 32";
        Error::invalid("secret-key", message)
    })?;
    match std::fs::read_to_string(&file) {
        Ok(text) => read(&text, file),
        Err(error) if error.kind() == ErrorKind::NotFound => make(file),
        Err(error) => Err(file_error(&file, &error)),
    }
}

fn read(text: &str, file: PathBuf) -> Result<(SecretKey, KeyOrigin)> {
    let key = SecretKey::parse(text).ok_or_else(|| {
        Error::invalid("secret-key", format!("{} does not hold 32 bytes in base64.", file.display()))
    })?;
    Ok((key, KeyOrigin::File(file)))
}

/// Written aside, then linked: another process that looks for the key never finds half of it.
fn make(file: PathBuf) -> Result<(SecretKey, KeyOrigin)> {
    let random = Random::system();
    let key = SecretKey::draw(&random);
    let draft = file.with_extension(format!("draft-{}", random.text(b"0123456789", 8)));
    let linked = write(&draft, &key).and_then(|()| std::fs::hard_link(&draft, &file));
    let _ = std::fs::remove_file(&draft);
    match linked {
        Ok(()) => Ok((key, KeyOrigin::Made(file))),
        // Another process was quicker: its key is the one.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let text = std::fs::read_to_string(&file).map_err(|error| file_error(&file, &error))?;
            read(&text, file)
        }
        Err(error) => Err(file_error(&file, &error)),
    }
}

fn write(file: &Path, key: &SecretKey) -> std::io::Result<()> {
    let mut out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    writeln!(out, "{}", *key.to_base64())?;
    out.sync_all()
}

fn file_error(file: &Path, error: &std::io::Error) -> Error {
    Error::invalid("secret-key", format!("The key file {} can't be used: {error}", file.display()))
}
