//! Load on a server, by wrk (Debian's package), which is not ours.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context as _, Result, bail, ensure};

use crate::postgres::{is_root, run};

/// Connections, as in every row unless it says otherwise.
pub const CONNECTIONS: u32 = 16;

/// One request of a load.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: &'static str,
    pub path: String,
    pub token: String,
    /// JSON, or nothing. `{n}` in it becomes another number each time.
    pub body: String,
}

impl Request {
    pub fn get(path: impl Into<String>, token: &str) -> Self {
        Self { method: "GET", path: path.into(), token: token.to_owned(), body: String::new() }
    }

    pub fn post(path: impl Into<String>, token: &str, body: &str) -> Self {
        Self { method: "POST", path: path.into(), token: token.to_owned(), body: body.to_owned() }
    }
}

/// What wrk saw.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    pub per_second: f64,
    /// Milliseconds.
    pub p50: f64,
    pub p99: f64,
}

/// wrk, and a folder for its files.
pub struct Load {
    folder: PathBuf,
    seconds: u32,
}

impl Load {
    pub fn new(folder: &Path, seconds: u32) -> Result<Self> {
        if Command::new("wrk").arg("-v").output().is_err() {
            ensure!(is_root(), "wrk is needed: apt-get install wrk");
            run(Command::new("apt-get").args(["install", "--yes", "wrk"]).stdout(Stdio::null()))?;
        }
        fs::write(folder.join("load.lua"), include_str!("load.lua"))?;
        Ok(Self { folder: folder.to_owned(), seconds })
    }

    /// Sends `requests` again and again from [`CONNECTIONS`] connections, after a second of warming up.
    pub fn on(&self, url: &str, requests: &[Request]) -> Result<Measured> {
        self.from(url, requests, CONNECTIONS)
    }

    pub fn from(&self, url: &str, requests: &[Request], connections: u32) -> Result<Measured> {
        let lines = requests.iter().map(|r| format!("{}\t{}\t{}\t{}\n", r.method, r.path, r.token, r.body));
        let file = self.folder.join("load.requests");
        fs::write(&file, lines.collect::<String>())?;
        self.wrk(url, &file, connections, 1)?;
        self.wrk(url, &file, connections, self.seconds)
    }

    fn wrk(&self, url: &str, file: &Path, connections: u32, seconds: u32) -> Result<Measured> {
        static RUN: AtomicU32 = AtomicU32::new(0);
        let mut wrk = Command::new("wrk");
        wrk.arg("--threads=1")
            .arg(format!("--connections={connections}"))
            .arg(format!("--duration={seconds}s"));
        wrk.arg("--timeout=30s").arg("--script").arg(self.folder.join("load.lua")).arg(url);
        let run = format!("{}r{}", std::process::id(), RUN.fetch_add(1, Ordering::Relaxed));
        let output = wrk.env("LOAD", file).env("RUN", run).output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let measured = text.lines().find_map(|line| line.strip_prefix("measured "));
        read(measured.with_context(|| format!("wrk: {text}{}", String::from_utf8_lossy(&output.stderr)))?)
    }
}

fn read(line: &str) -> Result<Measured> {
    let numbers: Vec<f64> = line.split(' ').map(str::parse).collect::<Result<_, _>>()?;
    let [requests, microseconds, errors, p50, p99] = numbers[..] else { bail!("wrk said {line}") };
    ensure!(errors == 0.0, "{errors} of {requests} requests failed");
    Ok(Measured { per_second: requests / microseconds * 1e6, p50, p99 })
}
