//! A line for each check, and the counts that close the run.

use std::time::Instant;

use anyhow::Result;

use super::Engine;
use crate::tally::Tally;

/// What is wrong may quote a whole migration.
const LONGEST: usize = 1000;

#[derive(Default)]
pub struct Report {
    tally: Tally,
    part: Option<Instant>,
}

impl Report {
    pub fn begin(&mut self, part: &str, engine: Engine) {
        self.end_part();
        println!("\n-- {part}, on {engine}");
        self.part = Some(Instant::now());
    }

    /// A check: what was measured, or what is wrong.
    pub fn check(&mut self, what: &str, finding: Result<String>) {
        match finding {
            Ok(measured) => {
                self.tally.passed += 1;
                println!("ok    {what}{}{measured}", if measured.is_empty() { "" } else { ": " });
            }
            Err(wrong) => {
                self.tally.failed += 1;
                let wrong: String = format!("{wrong:#}").chars().take(LONGEST).collect();
                println!("FAIL  {what}: {wrong}");
            }
        }
    }

    pub fn skip(&mut self, what: &str, why: &str) {
        self.tally.skipped += 1;
        println!("skip  {what}: {why}");
    }

    /// The closing line; whether nothing failed.
    pub fn close(mut self) -> bool {
        self.end_part();
        let Tally { passed, failed, skipped } = self.tally;
        match skipped {
            0 => println!("{passed} passed, {failed} failed"),
            _ => println!("{passed} passed, {failed} failed, {skipped} skipped"),
        }
        failed == 0
    }

    fn end_part(&mut self) {
        if let Some(started) = self.part.take() {
            println!("      in {:.1} s", started.elapsed().as_secs_f64());
        }
    }
}
