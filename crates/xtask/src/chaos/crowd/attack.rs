//! What the crowd does. Each holds on for a while, and tells what it met.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Result, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::raw::{connect, send_until_answered};

const USERS: &str = "/v2/organizations/users";
const A_WHILE: Duration = Duration::from_millis(2500);
/// Between the bytes of those who are slow.
const DRIP: Duration = Duration::from_millis(200);
/// The server waits 10 s for headers.
const HEADERS_WITHIN: Duration = Duration::from_secs(13);

#[derive(Clone)]
pub struct Target {
    pub address: SocketAddr,
    pub token: String,
}

impl Target {
    fn head(&self, method: &str, path: &str, more: &str) -> String {
        let token = &self.token;
        format!("{method} {path} HTTP/1.1\r\nHost: school\r\nAuthorization: Bearer {token}\r\n{more}")
    }

    fn post(&self, more: &str) -> String {
        self.head("POST", USERS, &format!("Content-Type: application/json\r\n{more}\r\n"))
    }
}

/// Connections whose headers never end.
pub struct SlowHeaders(JoinSet<bool>);

pub async fn slow_headers(target: &Target) -> Result<SlowHeaders> {
    let mut tasks = JoinSet::new();
    for _ in 0..300 {
        let mut stream = connect(target.address).await?;
        let head = target.head("GET", USERS, "X-Slow: ");
        tasks.spawn(async move { timeout(HEADERS_WITHIN, drip(&mut stream, &head)).await.is_ok() });
    }
    Ok(SlowHeaders(tasks))
}

/// Sends `head`, then a byte now and then, until the server ends it.
async fn drip(stream: &mut TcpStream, head: &str) {
    let mut taken = stream.write_all(head.as_bytes()).await;
    let mut answer = [0; 1024];
    while taken.is_ok() {
        match timeout(DRIP, stream.read(&mut answer)).await {
            Ok(Ok(0) | Err(_)) => return,
            Ok(Ok(_)) => {} // why it ends
            Err(_) => taken = stream.write_all(b"x").await,
        }
    }
}

impl SlowHeaders {
    /// Whether the server ended them all.
    pub async fn all_ended(self) -> Result<String> {
        let ended = self.0.join_all().await;
        let open = ended.iter().filter(|ended| !**ended).count();
        ensure!(open == 0, "{open} of {} are open after {HEADERS_WITHIN:?}", ended.len());
        Ok(format!("{} ended", ended.len()))
    }
}

pub async fn nobody() -> Result<String> {
    sleep(A_WHILE / 2).await;
    Ok(String::new())
}

pub async fn slow_bodies(target: &Target) -> Result<String> {
    let mut tasks = JoinSet::new();
    for _ in 0..300 {
        let mut stream = connect(target.address).await?;
        let head = target.post("Content-Length: 1000\r\n");
        tasks.spawn(async move { timeout(A_WHILE, drip(&mut stream, &head)).await });
    }
    Ok(format!("{} connections; ", tasks.join_all().await.len()))
}

/// They ask for much, and do not read it.
pub async fn deaf(target: &Target) -> Result<String> {
    let mut streams = Vec::new();
    let request = target.head("GET", "/v2/openapi.json", "\r\n").repeat(50);
    for _ in 0..100 {
        let mut stream = connect(target.address).await?;
        let _ = timeout(DRIP, stream.write_all(request.as_bytes())).await; // not all of it may be taken
        streams.push(stream);
    }
    sleep(A_WHILE).await;
    Ok(format!("{} connections; ", streams.len()))
}

/// A quarter of them has asked for something, and keeps its connection as browsers do.
pub async fn idle(target: &Target, connections: u64) -> Result<String> {
    let mut streams: Vec<TcpStream> = Vec::new();
    while (streams.len() as u64) < connections {
        let mut opening = JoinSet::new();
        for number in 0..100.min(connections - streams.len() as u64) {
            opening.spawn(open(target.clone(), number % 4 == 0));
        }
        for opened in opening.join_all().await {
            streams.push(opened?);
        }
        sleep(Duration::from_millis(10)).await; // it is their number that counts, not their haste
    }
    sleep(A_WHILE / 2).await;
    Ok(String::new())
}

async fn open(target: Target, asks: bool) -> Result<TcpStream> {
    let mut stream = connect(target.address).await?;
    if asks {
        stream.write_all(target.head("GET", "/healthz", "\r\n").as_bytes()).await?;
        let mut answer = [0; 12];
        timeout(A_WHILE, stream.read_exact(&mut answer)).await??;
        ensure!(&answer == b"HTTP/1.1 200", "an answer begins with {:?}", String::from_utf8_lossy(&answer));
    }
    Ok(stream)
}

/// With a length that is told, in chunks whose end is not, and where nobody wants one.
pub async fn large_bodies(target: &Target) -> Result<String> {
    let block = vec![b' '; 1 << 20];
    let told = target.post("Content-Length: 104857600\r\n");
    let chunked = target.post("Transfer-Encoding: chunked\r\n");
    let elsewhere = target.head("POST", "/v2/nowhere", "Content-Length: 104857600\r\n\r\n");
    let chunk = [b"100000\r\n", &block[..], b"\r\n"].concat();
    let mut most = 0;
    for _ in 0..20 {
        for (expected, head, body) in
            [(413, &told, &block), (413, &chunked, &chunk), (404, &elsewhere, &block)]
        {
            let parts = [(head.as_bytes(), 1), (&body[..], 100)];
            let (status, sent) = send_until_answered(target.address, &parts).await?;
            ensure!(status == expected, "the answer is {status}, after {sent} bytes");
            most = most.max(sent);
        }
        sleep(DRIP / 4).await;
    }
    ensure!(most < 32 << 20, "{most} bytes were taken before the refusal");
    Ok(format!("refused after {} MiB at most; ", most >> 20))
}

pub async fn large_headers(target: &Target) -> Result<String> {
    let line = format!("X-Large: {}\r\n", "x".repeat(1000));
    let head = target.head("GET", USERS, "");
    for _ in 0..40 {
        let parts = [(head.as_bytes(), 1), (line.as_bytes(), 1000), (&b"\r\n"[..], 1)];
        let (status, sent) = send_until_answered(target.address, &parts).await?;
        ensure!(status == 431, "the answer is {status}, after {sent} bytes");
        sleep(DRIP / 8).await;
    }
    Ok("431; ".to_owned())
}

/// Requests without a pause, on a few connections; half of them do not read the answers.
pub async fn flood(target: &Target) -> Result<String> {
    let requests = target.head("GET", USERS, "\r\n").repeat(100);
    let mut tasks = JoinSet::new();
    for number in 0..4 {
        let (mut from, mut to) = connect(target.address).await?.into_split();
        let requests = requests.clone();
        tasks.spawn(async move {
            let send = async { while to.write_all(requests.as_bytes()).await.is_ok() {} };
            let mut answers = 0;
            let mut answer = vec![0; 1 << 16];
            let read = async {
                while number % 2 == 0 && from.read(&mut answer).await.is_ok_and(|read| read > 0) {
                    answers += 1;
                }
                std::future::pending::<()>().await;
            };
            let _ = timeout(A_WHILE, async { tokio::join!(send, read) }).await;
            answers
        });
    }
    let answers: u64 = tasks.join_all().await.iter().sum();
    ensure!(answers > 0, "the flood was not answered at all");
    Ok("4 connections; ".to_owned())
}
