//! Connections: HTTP/1.1 with limits on headers, on time, and on how many there are.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, Response, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use super::{Peer, descriptors};

const HEADERS_WITHIN: Duration = Duration::from_secs(10);
const LARGEST_HEADERS: usize = 64 * 1024;
/// Where more are open, each ends with its answer: one that waits for the next request holds 16 KiB.
const KEPT_ALIVE: usize = 5_000;
/// How long an answer may wait for a client that does not read it, in milliseconds: so long it is held in memory.
#[cfg(target_os = "linux")]
const READS_WITHIN: u32 = 60_000;

/// What a connection is told that is one too many.
const TOO_MANY: &str =
    r#"{"code":"UNAVAILABLE","message":"Too many connections are open. Try again in a moment."}"#;

/// The connections that are open; clones share them.
#[derive(Clone)]
pub struct Connections {
    router: Router,
    room: Arc<Semaphore>,
    open: TaskTracker,
    is_ending: Arc<AtomicBool>,
    end: CancellationToken,
}

impl Connections {
    pub fn new(router: Router) -> Self {
        Self {
            router,
            room: Arc::new(Semaphore::new(descriptors::for_connections())),
            open: TaskTracker::new(),
            is_ending: Arc::default(),
            end: CancellationToken::new(),
        }
    }

    /// Serves `stream` in a task of its own.
    pub fn serve(&self, stream: TcpStream, peer: Peer) {
        let Ok(place) = self.room.clone().try_acquire_owned() else {
            tokio::spawn(refuse(stream));
            return;
        };
        set_options(&stream);
        let connections = self.clone();
        self.open.spawn(async move {
            if connections.begins(&stream).await {
                connections.run(stream, peer).await;
            }
            drop(place);
        });
    }

    /// Ends the connections, each after the request that is in flight on it. For the time of `farewell` they stay
    /// open: one that is closed without a word may just have been sent a request.
    pub async fn end(&self, farewell: Duration) {
        self.is_ending.store(true, Ordering::Relaxed);
        self.open.close();
        if tokio::time::timeout(farewell, self.open.wait()).await.is_err() {
            self.end.cancel();
            self.open.wait().await;
        }
    }

    /// Whether a first byte comes. Until then a connection has no buffers: so many may be idle.
    async fn begins(&self, stream: &TcpStream) -> bool {
        let mut first = [0];
        let peeked = tokio::time::timeout(HEADERS_WITHIN, stream.peek(&mut first));
        tokio::select! {
            peeked = peeked => matches!(peeked, Ok(Ok(1))),
            () = self.end.cancelled() => false,
        }
    }

    async fn run(&self, stream: TcpStream, peer: Peer) {
        let service = service_fn(|request| Box::pin(self.answer(request, peer))); // idle, it has no future
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .title_case_headers(true) // scripts look up `Link` in plain dictionaries
            .header_read_timeout(HEADERS_WITHIN)
            .max_buf_size(LARGEST_HEADERS)
            .serve_connection(TokioIo::new(stream), service);
        let mut connection = Box::pin(connection);
        let ended = tokio::select! {
            ended = &mut connection => ended,
            () = self.end.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection ended early");
        }
    }

    async fn answer(&self, request: Request<Incoming>, peer: Peer) -> Result<Response<Body>, Infallible> {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        let mut response = self.router.clone().oneshot(request).await?;
        if self.is_ending.load(Ordering::Relaxed) || self.open.len() > KEPT_ALIVE {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        Ok(response)
    }
}

fn set_options(stream: &TcpStream) {
    let _ = stream.set_nodelay(true);
    #[cfg(target_os = "linux")]
    let _ = rustix::net::sockopt::set_tcp_user_timeout(stream, READS_WITHIN);
}

/// Without reading what it asks for.
async fn refuse(mut stream: TcpStream) {
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Retry-After: 1\r\nConnection: close\r\n\r\n{TOO_MANY}",
        TOO_MANY.len()
    );
    let _ = tokio::time::timeout(HEADERS_WITHIN, stream.write_all(answer.as_bytes())).await;
}
