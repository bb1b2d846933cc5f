//! `cargo xtask test`: everything that must hold.

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use anyhow::{Result, ensure};
use clap::Args;

use crate::pgbouncer::Pgbouncer;
use crate::postgres::{Keeping, Postgres, is_root, run};
use crate::tally::{Tally, counted, whole};

/// Run everything that must hold
///
/// Formatting, lints, unit and integration tests on SQLite and PostgreSQL, the chaos, the instructions of the hot
/// paths, and conformance through the official SDKs and client libraries of OAuth2. Installs what it needs: Debian's packages
/// postgresql, pgbouncer, valgrind, openssl, curl, python3-venv, nodejs and npm where they are missing and it may, packages of Python
/// and npm into target/conformance. Its last line is `N passed, N failed`.
#[derive(Args)]
pub struct Test {
    /// People in the provisioning run
    #[arg(long, default_value_t = 500)]
    people: u32,
    /// Seconds of requests made up from the description of the API
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// The wire contract, to compare the description of the API with
    #[arg(long, env = "HOMEROOM_CONTRACT", default_value = "../shared/reference/flat-api-v2.24.0.json")]
    contract: PathBuf,
}

impl Test {
    /// Whether all passed.
    pub fn run(self) -> Result<bool> {
        let started = Instant::now();
        python()?;
        program("openssl")?;
        program("curl")?;
        let mut total = Tally::default();
        total.add(whole("format", cargo().args(["fmt", "--all", "--check"]))?);
        total.add(whole(
            "lints",
            cargo().args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-Dwarnings"]),
        )?);
        total.add(supply_chain()?);
        let server = ["test", "--workspace", "--exclude", "homeroom-browser", "--no-fail-fast"];
        total.add(counted("tests, on SQLite", cargo().args(server))?);
        total.add(on_postgres()?);
        total.add(in_chromium()?);
        total.add(counted("chaos", Command::new(std::env::current_exe()?).arg("chaos"))?);
        total.add(counted("instructions", Command::new(std::env::current_exe()?).arg("instructions"))?);
        total.add(self.conformance()?);
        let Tally { passed, failed, skipped } = total;
        println!("\nall parts in {:.0} s", started.elapsed().as_secs_f64());
        match skipped {
            0 => println!("{passed} passed, {failed} failed"),
            _ => println!("{passed} passed, {failed} failed, {skipped} skipped"),
        }
        Ok(failed == 0)
    }

    /// The official SDKs against a real server.
    fn conformance(&self) -> Result<Tally> {
        node()?;
        run(cargo().args(["build", "--package", "homeroom"]))?;
        let mut command = Command::new("python3");
        command.args(["conformance/run.py", "--homeroom", "target/debug/homeroom"]);
        command.arg("--people").arg(self.people.to_string()).arg("--seconds").arg(self.seconds.to_string());
        if self.contract.exists() {
            command.arg("--contract").arg(&self.contract);
        } else {
            println!("{} is not there: its comparison is skipped", self.contract.display());
        }
        let mut tally = counted("conformance", &mut command)?;
        tally.skipped += u64::from(!self.contract.exists());
        Ok(tally)
    }
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Licences and sources of the dependencies, where cargo-deny is installed. It needs no network for these.
fn supply_chain() -> Result<Tally> {
    let is_there = Command::new("cargo-deny").arg("--version").output().is_ok();
    if !is_there {
        println!("\n== dependencies: skipped, cargo-deny is not installed");
        return Ok(Tally { skipped: 1, ..Tally::default() });
    }
    whole("dependencies", cargo().args(["deny", "--offline", "check", "bans", "licenses", "sources"]))
}

/// The same integration tests, on the other database: directly, and through a pooler.
fn on_postgres() -> Result<Tally> {
    let Some(server) = Postgres::start(&std::env::temp_dir(), Keeping::Fleeting)? else {
        println!("\n== tests, on PostgreSQL: skipped, install Debian's package postgresql");
        return Ok(Tally { skipped: 2, ..Tally::default() });
    };
    let mut command = integration(&server.url());
    let mut tally =
        counted("tests, on PostgreSQL", command.env("HOMEROOM_TEST_POSTGRES_FOLDER", server.folder()))?;
    tally.add(through_pgbouncer(&server)?);
    Ok(tally)
}

fn through_pgbouncer(server: &Postgres) -> Result<Tally> {
    let Some(pooler) = Pgbouncer::start(server)? else {
        println!("\n== tests, through pgbouncer: skipped, install Debian's package pgbouncer");
        return Ok(Tally { skipped: 1, ..Tally::default() });
    };
    let mut command = integration(&pooler.url());
    counted("tests, through pgbouncer", command.env("HOMEROOM_TEST_PG_STATEMENT_CACHE", "0"))
}

fn integration(server: &str) -> Command {
    let mut command = cargo();
    command.args(["test", "--package", "homeroom-server", "--test", "it", "--no-fail-fast"]);
    command.env("HOMEROOM_TEST_POSTGRES", server);
    command
}

/// The pages in a real browser. Their screenshots are in `target/screenshots`.
fn in_chromium() -> Result<Tally> {
    node()?;
    chromium()?;
    counted("pages, in Chromium", cargo().args(["test", "--package", "homeroom-browser", "--no-fail-fast"]))
}

fn chromium() -> Result<()> {
    const PROGRAMS: [&str; 2] = ["chromium", "chromedriver"];
    debian("chromium and chromium-driver", || PROGRAMS.iter().all(has), &["chromium", "chromium-driver"])
}

/// Node with npm, for a client library of OAuth2 and for axe-core.
fn node() -> Result<()> {
    debian("Node 20 with npm", || ["node", "npm"].iter().all(has), &["nodejs", "npm"])
}

/// A program of Debian's package of the same name.
fn program(name: &str) -> Result<()> {
    debian(name, || has(&name), &[name])
}

/// Python 3 with its venv module, which Debian packages apart: for the tests' mail server, and the SDKs.
fn python() -> Result<()> {
    let mut import = Command::new("python3");
    import.args(["-c", "import ensurepip, venv"]);
    let has_venv = || import.output().is_ok_and(|output| output.status.success());
    debian("Python 3 with its venv module", has_venv, &["python3", "python3-venv"])
}

/// Installs Debian's packages where `what` is missing and this may be done.
fn debian(what: &str, mut is_there: impl FnMut() -> bool, packages: &[&str]) -> Result<()> {
    if !is_there() && is_root() {
        println!("== installing {}", packages.join(" "));
        run(Command::new("apt-get").arg("update"))?;
        run(Command::new("apt-get").args(["install", "--yes", "--no-install-recommends"]).args(packages))?;
    }
    ensure!(is_there(), "{what} is needed: apt-get install {}", packages.join(" "));
    Ok(())
}

/// Whether it can be started: `openssl` knows no `--version`.
fn has(program: &&str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}
