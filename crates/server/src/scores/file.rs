//! Files on their way in: looked through, hashed and compressed, away from the threads that serve.

use std::io::{self, Cursor, Seek as _, Write as _};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use bytes::Bytes;
use homeroom_api::DataEncoding;
use tokio::sync::mpsc;

use super::music::{self, Format, Labels};
use crate::documents::{Packed, Packer};
use crate::http::Chunks;
use crate::{Error, Result};

/// A file that is some kind of music.
pub struct File {
    pub packed: Packed,
    pub format: Format,
    pub labels: Labels,
}

impl File {
    /// What a request has in its field `data`.
    pub async fn decode(data: String, encoding: Option<DataEncoding>) -> Result<Self> {
        blocking(move || {
            let bytes = match encoding {
                Some(DataEncoding::Base64) => {
                    let wrong = |error| Error::invalid("data", format!("`data` is not base64: {error}."));
                    BASE64_STANDARD.decode(data.trim()).map_err(wrong)?
                }
                None => data.into_bytes(),
            };
            let (format, labels) = music::recognize("data", Cursor::new(&bytes))?;
            Ok(Self { packed: Packed::of(&bytes)?, format, labels })
        })
        .await
    }

    /// What is the body of a request, written to a file that goes with this call.
    pub async fn receive(mut chunks: Chunks) -> Result<Self> {
        let (sender, receiver) = mpsc::channel(4);
        let writing = tokio::task::spawn_blocking(move || write(receiver));
        while let Some(chunk) = chunks.next().await? {
            if sender.send(Some(chunk)).await.is_err() {
                break; // the disk is full: `writing` says so
            }
        }
        let _ = sender.send(None).await;
        writing.await.map_err(|panic| Error::internal(panic.to_string()))?
    }
}

/// Takes what comes, until a `None` says that it was all.
fn write(mut chunks: mpsc::Receiver<Option<Bytes>>) -> Result<File> {
    let mut file = tempfile::tempfile().map_err(|error| unwritten(&error))?;
    let mut packer = Packer::new()?;
    loop {
        match chunks.blocking_recv() {
            Some(Some(chunk)) => {
                file.write_all(&chunk).map_err(|error| unwritten(&error))?;
                packer.push(&chunk)?;
            }
            Some(None) => break,
            None => return Err(Error::unavailable("a body did not come to its end")),
        }
    }
    file.rewind().map_err(|error| unwritten(&error))?;
    let (format, labels) = music::recognize("body", file)?;
    Ok(File { packed: packer.finish()?, format, labels })
}

fn unwritten(error: &io::Error) -> Error {
    Error::unavailable(format!("a temporary file: {error}"))
}

/// Runs what takes long on a thread that may.
pub(super) async fn blocking<T: Send + 'static>(
    run: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(run).await.map_err(|panic| Error::internal(panic.to_string()))?
}
