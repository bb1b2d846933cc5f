//! `cargo xtask instructions`: how many instructions the hot paths take. Times differ from run to run and machine to
//! machine; these hardly do, so that a test can watch them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use clap::Args;

use crate::homeroom::SECRET_KEY;
use crate::postgres::{is_root, run};

/// Count the instructions of the hot paths
///
/// A page of a list, a look-up of a token and an account stored, by callgrind (Debian's package valgrind). One that
/// takes 5 % more than what is recorded fails: find out why, or record it with --record and say why in the commit.
#[derive(Args)]
pub struct Instructions {
    /// Write down what is counted as what is expected
    #[arg(long)]
    record: bool,
}

const RECORD: &str = "crates/bench/instructions.json";
const TOLERANCE: f64 = 0.05;
/// The paths, and how often they are walked: the second number less the first is counted, without what starts up.
const PATHS: &[(&str, u32, u32)] = &[("list", 20, 120), ("token", 50, 550), ("create", 200, 1800)];

impl Instructions {
    /// Prints a line for each path and `N passed, N failed`; whether all passed.
    pub fn run(self) -> Result<bool> {
        let counted = count()?;
        if self.record {
            fs::write(RECORD, serde_json::to_string_pretty(&counted)? + "\n")?;
        }
        let recorded: BTreeMap<String, u64> = serde_json::from_str(&fs::read_to_string(RECORD)?)?;
        let failed =
            counted.iter().filter(|(path, now)| !holds(path, **now, recorded.get(*path).copied())).count();
        println!("{} passed, {failed} failed", counted.len() - failed);
        Ok(failed == 0)
    }
}

fn holds(path: &str, now: u64, before: Option<u64>) -> bool {
    let Some(before) = before else {
        println!("FAILED {path}: {now} instructions, nothing is recorded: cargo xtask instructions --record");
        return false;
    };
    let rise = now as f64 / before as f64 - 1.0;
    let verdict = if rise > TOLERANCE { "FAILED" } else { "ok" };
    println!("{verdict} {path}: {now} instructions, {:+.1} % of the {before} recorded", rise * 100.0);
    rise <= TOLERANCE
}

fn count() -> Result<BTreeMap<String, u64>> {
    install_valgrind()?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    run(Command::new(cargo).args([
        "build",
        "--quiet",
        "--profile",
        "counted",
        "--package",
        "homeroom-bench",
    ]))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    let program = target.join("counted/homeroom-bench");
    let folder = tempfile::tempdir()?;
    let school = School::make(&program, folder.path())?;
    PATHS.iter().map(|(path, few, many)| Ok(((*path).to_owned(), school.count(path, *few, *many)?))).collect()
}

struct School<'a> {
    program: &'a Path,
    database: String,
    organization: String,
    token: String,
}

impl<'a> School<'a> {
    fn make(program: &'a Path, folder: &Path) -> Result<Self> {
        let database = format!("sqlite://{}", folder.join("counted.db").display());
        let mut fill = Command::new(program);
        fill.args(["fill", "--people", "2000", "--tokens", "10", "--database", &database]);
        let output = fill.env("HOMEROOM_SECRET_KEY", SECRET_KEY).stderr(Stdio::inherit()).output()?;
        ensure!(output.status.success(), "the school could not be made");
        let about: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        let text = |value: &serde_json::Value| {
            value.as_str().map(str::to_owned).context("the school lacks something")
        };
        Ok(Self {
            program,
            database,
            organization: text(&about["organization"])?,
            token: text(&about["tokens"][0])?,
        })
    }

    /// The instructions of walking a path once.
    fn count(&self, path: &str, few: u32, many: u32) -> Result<u64> {
        let (start, whole) = (self.walk(path, few, 0)?, self.walk(path, many, few)?);
        Ok(whole.saturating_sub(start) / u64::from(many - few))
    }

    fn walk(&self, path: &str, times: u32, from: u32) -> Result<u64> {
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(self.program);
        valgrind.args(["steps", path, "--database", &self.database, "--organization", &self.organization]);
        valgrind.args(["--token", &self.token, "--times", &times.to_string(), "--from", &from.to_string()]);
        let output = valgrind.env("HOMEROOM_SECRET_KEY", SECRET_KEY).stdin(Stdio::null()).output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{path}: {said}");
        let counted = said.lines().find_map(|line| line.split_once("Collected : "));
        Ok(counted.with_context(|| format!("callgrind said nothing: {said}"))?.1.trim().parse()?)
    }
}

fn install_valgrind() -> Result<()> {
    if Command::new("valgrind").arg("--version").output().is_ok() {
        return Ok(());
    }
    ensure!(is_root(), "valgrind is needed: apt-get install valgrind");
    println!("== installing Debian's package valgrind");
    let apt = |args: &[&str]| {
        run(Command::new("apt-get").args(args).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null()))
    };
    apt(&["update"])?;
    apt(&["install", "--yes", "--no-install-recommends", "valgrind"])
}
