//! Packing: a document is hashed and compressed as it comes, into a file of its own once it is large.

use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{Context, SHA256};
use tempfile::SpooledTempFile;
use zstd::stream::write::Encoder;

use crate::{Error, Result};

/// Bytes of a piece.
const PIECE: usize = 256 * 1024;
/// What is larger, compressed, stands in a file.
const IN_MEMORY: usize = 1 << 20;

/// A document, compressed, that has yet to be stored. Its file goes with it.
#[derive(Clone)]
pub struct Packed {
    hash: Vec<u8>,
    size: i64,
    compressed: u64,
    file: Arc<Mutex<SpooledTempFile>>,
}

/// A document that is still coming.
pub struct Packer {
    digest: Context,
    size: u64,
    encoder: Encoder<'static, SpooledTempFile>,
}

impl Packer {
    pub fn new() -> Result<Self> {
        let encoder = Encoder::new(tempfile::spooled_tempfile(IN_MEMORY), zstd::DEFAULT_COMPRESSION_LEVEL);
        Ok(Self {
            digest: Context::new(&SHA256),
            size: 0,
            encoder: encoder.map_err(|error| unwritten(&error))?,
        })
    }

    /// Takes what comes next. It blocks: not for the threads that serve.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.digest.update(bytes);
        self.size += bytes.len() as u64;
        self.encoder.write_all(bytes).map_err(|error| unwritten(&error))
    }

    pub fn finish(self) -> Result<Packed> {
        let mut file = self.encoder.finish().map_err(|error| unwritten(&error))?;
        let compressed = file.seek(SeekFrom::End(0)).map_err(|error| unwritten(&error))?;
        Ok(Packed {
            hash: self.digest.finish().as_ref().to_vec(),
            size: i64::try_from(self.size).unwrap_or(i64::MAX),
            compressed,
            file: Arc::new(Mutex::new(file)),
        })
    }
}

/// The disk is full, or its file can't be written: both pass.
fn unwritten(error: &io::Error) -> Error {
    Error::unavailable(format!("a temporary file: {error}"))
}

impl Packed {
    /// Packs what is there already. It blocks.
    pub fn of(bytes: &[u8]) -> Result<Self> {
        let mut packer = Packer::new()?;
        packer.push(bytes)?;
        packer.finish()
    }

    pub fn hash(&self) -> &[u8] {
        &self.hash
    }

    pub const fn size(&self) -> i64 {
        self.size
    }

    pub fn pieces(&self) -> usize {
        usize::try_from(self.compressed).unwrap_or(usize::MAX).div_ceil(PIECE)
    }

    /// Some of the pieces, read on a thread that may wait for the disk.
    pub async fn read(&self, pieces: Range<usize>) -> Result<Vec<Vec<u8>>> {
        let packed = self.clone();
        let read = tokio::task::spawn_blocking(move || pieces.map(|piece| packed.piece(piece)).collect());
        let read: io::Result<_> = read.await.map_err(|panic| Error::internal(panic.to_string()))?;
        read.map_err(|error| unwritten(&error))
    }

    fn piece(&self, piece: usize) -> io::Result<Vec<u8>> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start((piece * PIECE) as u64))?;
        let mut bytes = Vec::with_capacity(PIECE);
        io::Read::by_ref(&mut *file).take(PIECE as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}
