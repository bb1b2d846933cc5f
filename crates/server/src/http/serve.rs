//! The listener: HTTP/1.1 with limits on headers and time, and a shutdown that lets requests in flight end.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

use super::Peer;
use crate::App;

const HEADERS_WITHIN: Duration = Duration::from_secs(10);
const LARGEST_HEADERS: usize = 64 * 1024;
/// How long requests in flight may take to end after the signal.
const LAST_REQUESTS: Duration = Duration::from_secs(8);

/// Serves until `shutdown` is ready and the requests in flight are answered.
pub async fn serve(app: App, router: Router, listener: TcpListener, shutdown: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, address)) => connection(&router, &graceful, stream, Peer(address)),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await; // out of file descriptors, perhaps
                }
            },
            () = &mut shutdown => break,
        }
    }
    drop(listener);
    if tokio::time::timeout(LAST_REQUESTS, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
    app.stop().await;
}

fn connection(router: &Router, graceful: &GracefulShutdown, stream: TcpStream, peer: Peer) {
    let _ = stream.set_nodelay(true);
    let router = router.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .title_case_headers(true) // scripts look up `Link` in plain dictionaries
        .header_read_timeout(HEADERS_WITHIN)
        .max_buf_size(LARGEST_HEADERS)
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended early");
        }
    });
}
