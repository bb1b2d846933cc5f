//! The real `homeroom` program, as the tasks run it: commands to their end, servers until they are ended.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use clap::ValueEnum;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::postgres::run;

/// Any 32 bytes: what the tasks write is thrown away.
pub const SECRET_KEY: &str = "aG9tZXJvb20tdGFza3MtaG9tZXJvb20tdGFza3MtISE=";
/// What is logged: where it listens, and what went wrong. Not every request.
const LOG: &str = "warn,homeroom::serve=info";
const STARTS_WITHIN: Duration = Duration::from_secs(30);

/// How a program is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Profile {
    /// As the tests have built it already
    Dev,
    /// As it is shipped
    Release,
}

/// A built `homeroom`.
#[derive(Debug, Clone)]
pub struct Homeroom {
    program: PathBuf,
}

/// What `organizations create --json` tells.
#[derive(Debug, Clone)]
pub struct School {
    pub organization: String,
    pub token: String,
}

impl Homeroom {
    /// Builds it, which takes no time where it is up to date.
    pub fn build(profile: Profile) -> Result<Self> {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--quiet", "--package", "homeroom"]);
        let folder = match profile {
            Profile::Dev => "debug",
            Profile::Release => {
                cargo.arg("--release");
                "release"
            }
        };
        run(&mut cargo)?;
        let target =
            std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
        let program = target.join(folder).join("homeroom");
        let program = program.canonicalize().with_context(|| format!("there is no {}", program.display()))?;
        Ok(Self { program })
    }

    pub fn program(&self) -> &Path {
        &self.program
    }

    /// `homeroom …` on a database, without the settings of whoever runs the task.
    pub fn command(&self, database: &str, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("HOMEROOM_")) {
            command.env_remove(name);
        }
        command.args(args).env("HOMEROOM_DATABASE", database).env("HOMEROOM_SECRET_KEY", SECRET_KEY);
        command.stdin(Stdio::null());
        command
    }

    /// Runs a command to its end; what it printed.
    pub fn run(&self, database: &str, args: &[&str]) -> Result<String> {
        let output = self.command(database, args).output()?;
        let error = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "homeroom {} failed: {error}", args.join(" "));
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Makes an organization, and the database where there is none.
    pub fn school(&self, database: &str, name: &str) -> Result<School> {
        let email = ["--admin-username", "ada", "--admin-email", "ada@school.example", "--json"];
        let made =
            self.run(database, &[&["organizations", "create", "--name", name], &email[..]].concat())?;
        let made: Value = serde_json::from_str(&made)?;
        let text = |value: &Value| {
            value.as_str().map(str::to_owned).ok_or_else(|| anyhow!("a new organization lacks {value}"))
        };
        Ok(School { organization: text(&made["organization"]["id"])?, token: text(&made["token"])? })
    }

    /// Starts a server on a free port, without limits of rate, and waits until it serves.
    pub fn serve(&self, database: &str, flags: &[&str]) -> Result<Server> {
        Server::start(self.serving(database, flags))
    }

    /// The command of [`Self::serve`].
    pub fn serving(&self, database: &str, flags: &[&str]) -> Command {
        let limits = ["serve", "--rate-limit-user", "0", "--rate-limit-address", "0"];
        self.command(database, &[&limits, flags].concat())
    }
}

/// A running server; killed when dropped.
pub struct Server {
    child: Child,
    address: SocketAddr,
    log: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts the server that `command` is, on a free port, and waits until it serves.
    pub fn start(mut command: Command) -> Result<Self> {
        command
            .env("HOMEROOM_LISTEN", "127.0.0.1:0")
            .env("HOMEROOM_LOG", LOG)
            .env("HOMEROOM_LOG_FORMAT", "json");
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let log = Arc::new(Mutex::new(Vec::new()));
        let told = follow(&mut child, log.clone())?;
        let Ok(address) = told.recv_timeout(STARTS_WITHIN) else {
            let _ = child.kill();
            let _ = child.wait();
            let log = log.lock().unwrap_or_else(PoisonError::into_inner);
            bail!("the server did not start: {}", log.join("\n"));
        };
        Ok(Self { child, address, log })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:…`
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// `kill -9`, and waits until it is gone.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// SIGTERM.
    pub fn terminate(&self) -> Result<()> {
        Ok(kill_process(self.pid(), Signal::TERM)?)
    }

    /// Waits for its end; one that does not come in time is an error.
    pub fn wait(&mut self, within: Duration) -> Result<ExitStatus> {
        let started = Instant::now();
        while started.elapsed() < within {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            sleep(Duration::from_millis(5));
        }
        bail!("the server did not end within {within:?}")
    }

    /// SIGTERM, and waits for an end that is one of its own, without an error.
    pub fn stop(mut self) -> Result<()> {
        self.terminate()?;
        let status = self.wait(Duration::from_secs(10))?;
        ensure!(status.success(), "the server ended with {:?}, signal {:?}", status.code(), status.signal());
        Ok(())
    }

    /// Its memory that no file backs (`RssAnon`), in bytes.
    pub fn memory(&self) -> Result<u64> {
        let status = fs::read_to_string(Path::new("/proc").join(self.child.id().to_string()).join("status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        Ok(kilobytes.context("the system does not tell RssAnon")? * 1024)
    }

    /// What it logged that must never happen: causes of 500, and panics. Not those of 503.
    pub fn faults(&self) -> Vec<String> {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let is_fault = |line: &&String| {
            line.contains("panicked") || (line.contains("\"ERROR\"") && !line.contains("UNAVAILABLE"))
        };
        log.iter().filter(is_fault).cloned().collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Collects the log; sends the address that it tells.
fn follow(child: &mut Child, log: Arc<Mutex<Vec<String>>>) -> Result<Receiver<SocketAddr>> {
    let (tell, told) = channel();
    let lines = BufReader::new(child.stderr.take().context("the log is piped")?).lines();
    spawn(move || {
        for line in lines.map_while(Result::ok) {
            if let Some(address) = address_in(&line) {
                let _ = tell.send(address);
            }
            log.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
    });
    Ok(told)
}

fn address_in(line: &str) -> Option<SocketAddr> {
    let entry: Value = serde_json::from_str(line).ok()?;
    entry["listen"].as_str()?.parse().ok()
}
