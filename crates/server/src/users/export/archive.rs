//! A ZIP that is written as it is sent.

use std::io::{self, ErrorKind, Write};

use bytes::Bytes;
use tokio::sync::mpsc::Sender;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use crate::{Error, Result};

/// So many bytes are sent at once.
const PART: usize = 64 * 1024;

type Parts = Sender<io::Result<Bytes>>;

pub struct Archive {
    zip: Option<ZipWriter<StreamWriter<Outgoing>>>,
    parts: Parts,
}

/// What was written and not sent yet.
struct Outgoing {
    waiting: Vec<u8>,
    parts: Parts,
}

impl Write for Outgoing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= PART {
            self.send()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Outgoing {
    /// Waits until the reader has taken enough of what was sent before.
    fn send(&mut self) -> io::Result<()> {
        let part = Bytes::from(std::mem::take(&mut self.waiting));
        self.parts.blocking_send(Ok(part)).map_err(|_| ErrorKind::BrokenPipe.into())
    }
}

impl Archive {
    pub fn new(parts: Parts) -> Self {
        let outgoing = Outgoing { waiting: Vec::new(), parts: parts.clone() };
        Self { zip: Some(ZipWriter::new_stream(outgoing)), parts }
    }

    /// Begins a file; what is written from here on is in it.
    pub fn begin(&mut self, name: &str) -> Result<()> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        self.zip()?.start_file(name, options).map_err(|error| Error::internal(error.to_string()))
    }

    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.zip()?.write_all(bytes).map_err(|error| Error::internal(error.to_string()))
    }

    pub fn finish(&mut self) -> Result<()> {
        let Some(zip) = self.zip.take() else { return Ok(()) };
        let written = zip.finish().map_err(|error| Error::internal(error.to_string()))?;
        written.into_inner().send().map_err(|error| Error::internal(error.to_string()))
    }

    /// Has the connection cut.
    pub fn fail(&self) {
        let _ = self.parts.blocking_send(Err(io::Error::other("the export was not finished"))); // the reader may have gone
    }

    fn zip(&mut self) -> Result<&mut ZipWriter<StreamWriter<Outgoing>>> {
        self.zip.as_mut().ok_or_else(|| Error::internal("the archive is finished".to_owned()))
    }
}
