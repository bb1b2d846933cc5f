//! Large bodies: read within limits that the route names, a few at once.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use futures_util::StreamExt as _;
use homeroom_api::ErrorCode;
use serde::de::DeserializeOwned;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::json::{check_type, length, parse, unreadable};
use crate::{App, Error, Result};

/// What is larger, or does not say how large it is, waits for a place.
const LARGE: usize = 1 << 20;
const PLACES: usize = 4;
const WAITS: Duration = Duration::from_secs(5);
/// The largest body of a route that takes JSON with a document in it.
const LARGEST_JSON: usize = 8 << 20;
/// The largest body that any route takes.
const LARGEST: usize = 50 << 20;
/// What a body may take, however small, and how many bytes must come in each second after that.
const USUAL: Duration = Duration::from_secs(20);
const RATE: usize = 128 * 1024;

/// The places for large bodies.
pub struct Places(Arc<Semaphore>);

/// A place, until it is dropped. A body that is not large needs none.
pub struct Place(#[allow(dead_code)] Option<OwnedSemaphorePermit>); // held, not read

impl Default for Places {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(PLACES)))
    }
}

impl Places {
    async fn take(&self, headers: &HeaderMap) -> Result<Place> {
        if length(headers).is_some_and(|length| length <= LARGE) {
            return Ok(Place(None));
        }
        match timeout(WAITS, self.0.clone().acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Place(Some(permit))),
            _ => Err(Error { retry_after: Some(5), ..Error::unavailable("too many large bodies at once") }),
        }
    }
}

/// How much longer than usual a request may take for the sake of its body.
pub fn allowance(headers: &HeaderMap) -> Duration {
    let length = match length(headers) {
        Some(length) => length,
        None if headers.contains_key(header::TRANSFER_ENCODING) => LARGEST,
        None => 0,
    };
    if length > LARGE { WAITS + time_for(length.min(LARGEST)) } else { Duration::ZERO }
}

fn time_for(bytes: usize) -> Duration {
    Duration::from_secs((bytes / RATE) as u64)
}

/// A body that is read as it comes.
pub struct Chunks {
    body: BodyDataStream,
    most: usize,
    received: usize,
    started: Instant,
    stopping: CancellationToken,
    place: Place,
}

impl Chunks {
    /// Waits for a place, for a body of at most `most` bytes.
    pub async fn open(app: &App, headers: &HeaderMap, body: Body, most: usize) -> Result<Self> {
        if length(headers).is_some_and(|length| length > most) {
            return Err(too_large(most));
        }
        let place = app.large_bodies.take(headers).await?;
        let (body, stopping) = (body.into_data_stream(), app.stopping.clone());
        Ok(Self { body, most, received: 0, started: Instant::now(), stopping, place })
    }

    /// What comes next. A sender who is too slow is cut, so that others get the place.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        let until = self.started + USUAL + time_for(self.received);
        let chunk = tokio::select! {
            chunk = self.body.next() => chunk,
            () = sleep_until(until) => {
                return Err(Error::new(ErrorCode::InvalidJson, "The body did not arrive in time: send it faster."));
            }
            () = self.stopping.cancelled() => {
                return Err(Error::unavailable("the server stopped before the body was there"));
            }
        };
        let Some(chunk) = chunk.transpose().map_err(|error| unreadable(&error))? else { return Ok(None) };
        self.received += chunk.len();
        if self.received > self.most { Err(too_large(self.most)) } else { Ok(Some(chunk)) }
    }

    /// The place, to be kept for as long as what was read is in memory.
    pub fn into_place(self) -> Place {
        self.place
    }
}

fn too_large(most: usize) -> Error {
    let message = format!("The body is too large: {} MiB is the most here.", most >> 20);
    Error::new(ErrorCode::PayloadTooLarge, message)
}

/// As [`Json`](super::Json), for a route whose objects hold documents.
pub struct LargeJson<T>(pub T, pub Place);

impl<T: DeserializeOwned + Send + 'static> FromRequest<App> for LargeJson<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self> {
        let (parts, body) = request.into_parts();
        check_type(&parts.headers)?;
        let mut chunks = Chunks::open(app, &parts.headers, body, LARGEST_JSON).await?;
        let mut whole = Vec::with_capacity(length(&parts.headers).unwrap_or_default());
        while let Some(chunk) = chunks.next().await? {
            whole.extend_from_slice(&chunk);
        }
        let value = tokio::task::spawn_blocking(move || parse(&whole));
        let value = value.await.map_err(|panic| Error::internal(panic.to_string()))?;
        Ok(Self(value?, chunks.into_place()))
    }
}
