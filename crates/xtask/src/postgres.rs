//! A PostgreSQL server of the tasks' own, in a temporary folder, on a free port of this machine.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use rustix::process::{Pid, Signal, kill_process};

use crate::certificates;

/// Stops the server and removes its folder when dropped.
pub struct Postgres {
    folder: PathBuf,
    programs: PathBuf,
    port: u16,
    keeping: Keeping,
}

/// Whether a commit survives the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// It is on the disk when it is told: as in earnest.
    Durable,
    /// Not for longer than the test: no fsync.
    Fleeting,
}

/// How `pg_ctl` stops a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Ends its sessions and writes all that it holds.
    Fast,
    /// As in a crash: it recovers when it starts again.
    Immediate,
}

impl Postgres {
    /// Starts a server; nothing, where there is no PostgreSQL and none can be installed.
    pub fn start(folder: &Path, keeping: Keeping) -> Result<Option<Self>> {
        let Some(programs) = find().or_else(install) else { return Ok(None) };
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let folder = folder.join(format!("postgres-{}-{port}", std::process::id()));
        fs::create_dir_all(&folder)?;
        give_to_postgres(&folder)?;
        let server = Self { folder, programs, port, keeping };
        server.initialize()?;
        server.resume()?;
        Ok(Some(server))
    }

    pub const fn port(&self) -> u16 {
        self.port
    }

    /// `postgres://…/postgres`
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Where its socket is, and the certificate of the authority that signed its own, `ca.pem`.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// `postgres://…/NAME`, of a database that need not be there yet.
    pub fn url_of(&self, name: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.port)
    }

    /// Stops the server, and waits until it has.
    pub fn stop(&self, how: Stop) -> Result<()> {
        let mode = match how {
            Stop::Fast => "fast",
            Stop::Immediate => "immediate",
        };
        run(self.pg_ctl().args(["-w", "-m", mode, "stop"]))
    }

    /// Starts the server, on its old port, and waits until it answers.
    pub fn resume(&self) -> Result<()> {
        let fsync = match self.keeping {
            Keeping::Durable => "on",
            Keeping::Fleeting => "off",
        };
        let settings = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync={fsync} \
             -c max_connections=500 -c ssl=on -c ssl_cert_file={folder}/server.pem -c ssl_key_file={folder}/server.key",
            self.port,
            folder = self.folder.display()
        );
        let log = self.folder.join("log");
        run(self.pg_ctl().args(["-w", "-o", &settings, "-l"]).arg(log).arg("start"))
    }

    /// Has its processes stand still, as on a machine that hangs.
    pub fn freeze(&self) -> Result<()> {
        self.signal(Signal::STOP)
    }

    pub fn thaw(&self) -> Result<()> {
        self.signal(Signal::CONT)
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        let file = fs::read_to_string(self.data().join("postmaster.pid"))?;
        let first = file.lines().next().and_then(|line| line.parse().ok());
        let first: i32 = first.context("postmaster.pid names no process")?;
        let processes =
            fs::read_dir("/proc")?.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        for process in processes.filter(|process| *process == first || parent(*process) == Some(first)) {
            let process = Pid::from_raw(process).context("0 is no process")?;
            let _ = kill_process(process, signal); // it may have ended just now
        }
        Ok(())
    }

    fn initialize(&self) -> Result<()> {
        certificates::make(&self.folder)?;
        let options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--lc-collate=C", "--lc-ctype=C.UTF-8"];
        run(self.program("initdb").arg("-D").arg(self.data()).args(options).stdout(Stdio::null()))
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn pg_ctl(&self) -> Command {
        let mut command = self.program("pg_ctl");
        command.arg("-s").arg("-D").arg(self.data());
        command
    }

    fn program(&self, name: &str) -> Command {
        unprivileged(&self.programs.join(name))
    }
}

/// A program that refuses to run as root, or whose files are the server's.
pub fn unprivileged(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(program);
    command.current_dir("/");
    command
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // A task may have stopped it already.
        let _ = run(self.pg_ctl().args(["-m", "immediate", "stop"]).stderr(Stdio::null()));
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// PostgreSQL runs as a user of its own where we are root.
pub fn give_to_postgres(folder: &Path) -> Result<()> {
    if is_root() { run(Command::new("chown").arg("postgres").arg(folder)) } else { Ok(()) }
}

/// The process that started this one: the second word after the name, which stands in brackets.
fn parent(process: i32) -> Option<i32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// Where Debian keeps the programs, newest version first.
fn find() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path().join("bin"));
    let mut found: Vec<PathBuf> = versions.filter(|programs| programs.join("initdb").exists()).collect();
    found.sort();
    found.pop()
}

fn install() -> Option<PathBuf> {
    install_package("postgresql").ok()?;
    find()
}

/// Installs a package of Debian's, where that is possible.
pub fn install_package(name: &str) -> Result<()> {
    ensure!(is_root() && Path::new("/usr/bin/apt-get").exists(), "{name} can't be installed here");
    println!("== installing Debian's package {name}");
    let apt = || {
        let mut apt = Command::new("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null()).stdin(Stdio::null());
        apt
    };
    run(apt().arg("update"))?;
    run(apt().args(["install", "--yes", "--no-install-recommends", name]))
}

pub fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| std::os::unix::fs::MetadataExt::uid(&process) == 0)
}

pub fn run(command: &mut Command) -> Result<()> {
    let status =
        command.status().with_context(|| format!("{} can't be started", command.get_program().display()))?;
    ensure!(status.success(), "{} failed: {status}", command.get_program().display());
    Ok(())
}
