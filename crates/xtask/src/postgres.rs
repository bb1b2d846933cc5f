//! A PostgreSQL server of the tests' own, in a temporary folder, on a free port of this machine.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::certificates;

/// Stops the server and removes its folder when dropped.
pub struct Postgres {
    folder: PathBuf,
    programs: PathBuf,
    port: u16,
}

impl Postgres {
    /// Starts a server; nothing, where there is no PostgreSQL and none can be installed.
    pub fn start(folder: &Path) -> Result<Option<Self>> {
        let Some(programs) = find().or_else(install) else { return Ok(None) };
        let folder = folder.join(format!("postgres-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&folder))?;
        }
        let server = Self { folder, programs, port };
        server.initialize()?;
        Ok(Some(server))
    }

    /// `postgres://…/postgres`
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Where its socket is, and the certificate of the authority that signed its own, `ca.pem`.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Nothing in there has to survive the machine: no fsync.
    fn initialize(&self) -> Result<()> {
        certificates::make(&self.folder)?;
        let data = self.folder.join("data");
        let options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--lc-collate=C", "--lc-ctype=C.UTF-8"];
        run(self.program("initdb").arg("-D").arg(&data).args(options).stdout(Stdio::null()))?;
        let settings = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off \
             -c max_connections=500 -c ssl=on -c ssl_cert_file={folder}/server.pem -c ssl_key_file={folder}/server.key",
            self.port,
            folder = self.folder.display()
        );
        let log = self.folder.join("log");
        run(self
            .program("pg_ctl")
            .args(["-w", "-o", &settings, "-l"])
            .arg(log)
            .arg("-D")
            .arg(&data)
            .arg("start"))
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
        let data = self.folder.join("data");
        let _ = run(self.program("pg_ctl").args(["-m", "immediate", "stop", "-D"]).arg(data));
        let _ = fs::remove_dir_all(&self.folder);
    }
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
