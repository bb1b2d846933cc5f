//! Clients that are too slow, too many, too large and too fast, while others want their lists.

mod attack;
mod others;
mod raw;

use std::time::Duration;

use anyhow::{Result, ensure};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::ground::{Ground, Running};
use super::report::Report;
use crate::homeroom::Server;
use attack::Target;
use others::{Others, Window};

const CONNECTIONS: u64 = 10_000;
/// File descriptors of the server and of ourselves that are no connections of the crowd.
const KEPT: u64 = 600;
const PATIENCE: Duration = Duration::from_millis(100);
const MEMORY: u64 = 200 << 20;
const ATTEMPTS: u32 = 3;
const BETWEEN: Duration = Duration::from_millis(500);
const SAMPLE: Duration = Duration::from_millis(50);

pub async fn run(ground: &Ground<'_>, report: &mut Report) -> Result<()> {
    let Running { school, server, .. } = ground.running("crowded").await?;
    let others = Others::start(&server.url(), &school)?;
    let target = Target { address: server.address(), token: school.token };
    let slow = attack::slow_headers(&target).await?;

    let crowd = Crowd { server: &server, others: &others };
    crowd.meets(report, "nobody else", async || attack::nobody().await).await;
    crowd.meets(report, "bodies that come byte by byte", async || attack::slow_bodies(&target).await).await;
    crowd.meets(report, "clients that do not read", async || attack::deaf(&target).await).await;
    let connections = connections();
    let few = if connections < CONNECTIONS { ", as many as may be opened here" } else { "" };
    let idle = format!("{connections} idle connections{few}");
    crowd.meets(report, &idle, async || attack::idle(&target, connections).await).await;
    crowd.meets(report, "bodies of 100 MB", async || attack::large_bodies(&target).await).await;
    crowd.meets(report, "1 MB of headers", async || attack::large_headers(&target).await).await;
    crowd.meets(report, "a pipelined flood", async || attack::flood(&target).await).await;
    report.check("headers that come byte by byte are not waited for", slow.all_ended().await);
    report.check("the others were all served", others.stop().await);
    server.stop()
}

/// The server, and those who want their lists from it.
struct Crowd<'a> {
    server: &'a Server,
    others: &'a Others,
}

/// What an attack found, and what the others and the server's memory were like meanwhile.
struct Measured {
    found: String,
    window: Window,
    memory: u64,
}

impl Crowd<'_> {
    /// Checks what the others feel of an attack. A machine that is busy with something else is slow once, a server
    /// that is slow is so each time: where the time alone is too long, the attack is tried again, and the line says so.
    async fn meets(&self, report: &mut Report, attack: &str, run: impl AsyncFn() -> Result<String>) {
        for attempt in 1..=ATTEMPTS {
            let measured = self.measured(run()).await;
            if let Ok(Measured { window, .. }) = &measured
                && window.percentile(99) >= PATIENCE
                && attempt < ATTEMPTS
            {
                tokio::time::sleep(BETWEEN).await;
                continue;
            }
            let again = if attempt > 1 { format!(", at attempt {attempt}") } else { String::new() };
            report.check(&format!("{attack}{again}"), measured.and_then(judged));
            return tokio::time::sleep(BETWEEN).await;
        }
    }

    async fn measured(&self, attack: impl Future<Output = Result<String>>) -> Result<Measured> {
        let window = self.others.window();
        let mut memory = 0;
        let mut attack = std::pin::pin!(attack);
        loop {
            tokio::select! {
                found = &mut attack => return Ok(Measured { found: found?, window: window.close(), memory }),
                () = tokio::time::sleep(SAMPLE) => memory = memory.max(self.server.memory()?),
            }
        }
    }
}

fn judged(Measured { found, window, memory }: Measured) -> Result<String> {
    let ms = |percent| window.percentile(percent).as_secs_f64() * 1000.0;
    let (p99, worst, served, mib) = (ms(99), ms(100), window.count(), memory >> 20);
    let said = format!("{found}p99 of {served} others {p99:.1} ms, at worst {worst:.1} ms, {mib} MiB");
    ensure!(served >= 50, "only {served} requests of others were served meanwhile; {said}");
    ensure!(window.percentile(99) < PATIENCE, "others wait; {said}");
    ensure!(memory < MEMORY, "too much memory; {said}");
    Ok(said)
}

/// As many as both processes may open. The server inherits our limit.
fn connections() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
    let most = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    CONNECTIONS.min(most.saturating_sub(KEPT))
}
