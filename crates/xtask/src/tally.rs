//! Running a part of the tests, and counting what its runner says.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result};

/// How many checks passed and failed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Tally {
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// Runs a part whose runner prints counts: `test result: … 5 passed; 0 failed; 1 ignored` (a line for each binary)
/// or `5 passed, 0 failed`. Output is passed on.
pub fn counted(name: &str, command: &mut Command) -> Result<Tally> {
    run(name, command, true)
}

/// Runs a part that is one check: it passes if the command succeeds.
pub fn whole(name: &str, command: &mut Command) -> Result<Tally> {
    run(name, command, false)
}

fn run(name: &str, command: &mut Command, counts: bool) -> Result<Tally> {
    println!("\n== {name}");
    let started = Instant::now();
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command
        .spawn()
        .with_context(|| format!("{name}: {} can't be started", command.get_program().display()))?;
    let mut tally = Tally::default();
    for line in BufReader::new(child.stdout.take().context("the output is piped")?).lines() {
        let line = line?;
        println!("{line}");
        if counts && let Some(counted) = read(&line) {
            tally.add(counted);
        }
    }
    let succeeded = child.wait()?.success();
    if !counts {
        tally.passed = u64::from(succeeded);
    }
    if !succeeded && tally.failed == 0 {
        tally.failed = 1; // it did not get as far as counting
    }
    println!(
        "== {name}: {} passed, {} failed in {:.0} s",
        tally.passed,
        tally.failed,
        started.elapsed().as_secs_f64()
    );
    Ok(tally)
}

/// The counts in a line that closes a run.
fn read(line: &str) -> Option<Tally> {
    let closing = line
        .strip_prefix("test result: ")
        .map_or(line, |rest| rest.split_once(". ").map_or(rest, |(_, r)| r));
    let mut tally = Tally::default();
    let mut found = 0;
    for part in closing.split([',', ';']) {
        let mut words = part.split_whitespace();
        let (Some(number), Some(what)) = (words.next(), words.next()) else { continue };
        let Ok(number) = number.parse() else { continue };
        match what {
            "passed" => (tally.passed, found) = (number, found + 1),
            "failed" => (tally.failed, found) = (number, found + 1),
            "ignored" | "skipped" => tally.skipped = number,
            _ => {}
        }
    }
    (found == 2).then_some(tally)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_lines_of_runners_are_read_and_no_others() {
        let line =
            "test result: ok. 5 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        assert_eq!(read(line), Some(Tally { passed: 5, failed: 1, skipped: 2 }));
        assert_eq!(read("149 passed, 0 failed"), Some(Tally { passed: 149, failed: 0, skipped: 0 }));
        assert_eq!(read("running 5 tests"), None);
        assert_eq!(read("5 passed"), None);
    }
}
