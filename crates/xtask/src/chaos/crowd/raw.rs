//! Bytes on a connection, past any HTTP library.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than the server may take to refuse anything.
const LONGEST: Duration = Duration::from_secs(30);
const CHUNK: usize = 64 * 1024;

pub async fn connect(address: SocketAddr) -> Result<TcpStream> {
    Ok(timeout(LONGEST, TcpStream::connect(address)).await.context("no connection")??)
}

/// The status of the answer, and how much of `parts` (each so many times) was taken before it came.
pub async fn send_until_answered(address: SocketAddr, parts: &[(&[u8], usize)]) -> Result<(u16, usize)> {
    let stream = connect(address).await?;
    let (mut from, mut to) = stream.into_split();
    let mut answer = vec![0; CHUNK];
    let answered = timeout(LONGEST, from.read(&mut answer));
    let mut answered = std::pin::pin!(answered);
    let mut sent = 0;
    for (part, times) in parts {
        for _ in 0..*times {
            tokio::select! {
                biased;
                read = &mut answered => return Ok((status(&answer[..read.context("no answer")??])?, sent)),
                written = to.write_all(part) => match written {
                    Ok(()) => sent += part.len(),
                    Err(_) => break, // it does not want more; its answer is on the way
                },
            }
        }
    }
    let read = answered.await.context("no answer")??;
    Ok((status(&answer[..read])?, sent))
}

pub fn status(answer: &[u8]) -> Result<u16> {
    let text = String::from_utf8_lossy(answer);
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.with_context(|| format!("no answer, but {text:?}"))
}
