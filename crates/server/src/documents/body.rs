//! Reading: a document is fetched piece by piece and inflated as it is sent, so that none is in memory as a whole.

use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream::try_unfold;
use homeroom_api::OrganizationId;
use zstd::stream::raw::{Decoder, InBuffer, Operation as _, OutBuffer};

use super::{DocumentId, store};
use crate::{App, Error, Result};

/// So many bytes are inflated at once.
const CHUNK: usize = 64 * 1024;

/// A document that is being read.
struct Reading {
    app: App,
    organization: OrganizationId,
    id: DocumentId,
    decoder: Decoder<'static>,
    position: i64,
    piece: Vec<u8>,
    /// How much of the piece has been inflated.
    taken: usize,
}

/// The bytes of a document, as they were before they were compressed.
pub fn stream(
    app: &App,
    organization: &OrganizationId,
    id: &DocumentId,
) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
    let decoder = Decoder::new().map_err(|error| Error::internal(error.to_string()))?;
    let (app, organization, id) = (app.clone(), organization.clone(), id.clone());
    let reading = Reading { app, organization, id, decoder, position: 0, piece: Vec::new(), taken: 0 };
    Ok(try_unfold(reading, |mut reading| async move {
        let chunk = reading.next().await?;
        Ok(chunk.map(|chunk| (chunk, reading)))
    }))
}

impl Reading {
    async fn next(&mut self) -> Result<Option<Bytes>> {
        loop {
            let chunk = self.inflate()?;
            if !chunk.is_empty() {
                return Ok(Some(chunk));
            }
            if self.taken == self.piece.len() && !self.fetch().await? {
                return Ok(None);
            }
        }
    }

    /// Whether there is another piece.
    async fn fetch(&mut self) -> Result<bool> {
        let mut conn = self.app.db.read().await?;
        let piece = store::piece(&mut conn, &self.organization, &self.id, self.position).await?;
        let Some(piece) = piece else { return Ok(false) };
        (self.piece, self.taken) = (piece, 0);
        self.position += 1;
        Ok(true)
    }

    fn inflate(&mut self) -> Result<Bytes> {
        let mut chunk = vec![0; CHUNK];
        let mut from = InBuffer::around(&self.piece[self.taken..]);
        let mut to = OutBuffer::around(&mut chunk);
        self.decoder.run(&mut from, &mut to).map_err(|error| Error::internal(error.to_string()))?;
        let (taken, written) = (from.pos(), to.pos());
        self.taken += taken;
        chunk.truncate(written);
        Ok(chunk.into())
    }
}
