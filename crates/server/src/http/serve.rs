//! The listener, and a shutdown that lets requests in flight end.

use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};

use super::Peer;
use super::connection::Connections;
use crate::App;

/// How many connections may wait to be accepted, as far as the system allows. With tokio's 128 a burst of browsers
/// overflows it, and who is dropped tries again after a second.
const WAITING: i32 = 4096;
/// How long connections stay open whose clients may just be sending a request. An answer tells them of the end.
const FAREWELL: Duration = Duration::from_millis(500);
/// How long requests in flight may take to end after that.
const LAST_REQUESTS: Duration = Duration::from_secs(6);
/// How long background work may, after that. A database that hangs must not keep the server from ending.
const LAST_WORK: Duration = Duration::from_secs(2);

/// Serves until `shutdown` is ready and the requests in flight are answered.
pub async fn serve(app: App, router: Router, listener: TcpListener, shutdown: impl Future<Output = ()>) {
    let connections = Connections::new(router);
    let _ = rustix::net::listen(&listener, WAITING);
    tokio::select! {
        () = accept(&listener, &connections) => {}
        () = shutdown => {}
    }
    drop_listener(listener, &connections);
    if tokio::time::timeout(FAREWELL + LAST_REQUESTS, connections.end(FAREWELL)).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
    if tokio::time::timeout(LAST_WORK, app.stop()).await.is_err() {
        tracing::warn!("the database did not answer in time: what was under way is rolled back");
    }
}

async fn accept(listener: &TcpListener, connections: &Connections) {
    loop {
        match listener.accept().await {
            Ok((stream, address)) => connections.serve(stream, Peer(address)),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

/// Those that the system has accepted for us already would be cut if the listener just closed.
fn drop_listener(listener: TcpListener, connections: &Connections) {
    let Ok(listener) = listener.into_std() else { return };
    while let Ok((stream, address)) = listener.accept() {
        if stream.set_nonblocking(true).is_ok()
            && let Ok(stream) = TcpStream::from_std(stream)
        {
            connections.serve(stream, Peer(address));
        }
    }
}
