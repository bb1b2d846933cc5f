//! The bare servers of `homeroom-bench`, running.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use anyhow::{Context as _, Result};

use super::Ground;
use super::data::Data;

/// Killed when dropped.
pub struct Bare {
    child: Child,
    url: String,
}

impl Bare {
    /// The server's query, with nothing around it.
    pub fn query(ground: &Ground, data: &Data) -> Result<Self> {
        match data.url.strip_prefix("sqlite://") {
            Some(file) => Self::start(ground, &["bare", "sqlite", file]),
            None => Self::start(ground, &["bare", "postgres", &data.url]),
        }
    }

    /// These bytes, from memory.
    pub fn memory(ground: &Ground, bytes: &[u8]) -> Result<Self> {
        let file = ground.folder.join("page.json");
        std::fs::write(&file, bytes)?;
        Self::start(ground, &["bare", "memory", &file.display().to_string()])
    }

    fn start(ground: &Ground, args: &[&str]) -> Result<Self> {
        let mut command = ground.side.command(&[args, &["--listen", "127.0.0.1:0"]].concat());
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let mut address = String::new();
        BufReader::new(child.stdout.take().context("its output is piped")?).read_line(&mut address)?;
        Ok(Self { child, url: format!("http://{}", address.trim()) })
    }

    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
