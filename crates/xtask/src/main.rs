//! The project's own tasks: `cargo xtask test`. CONTRIBUTING.md tells when to run which.

mod certificates;
mod pgbouncer;
mod postgres;
mod tally;
mod test;

use std::process::ExitCode;

use clap::Parser;

/// The project's own tasks
#[derive(Parser)]
enum Task {
    Test(test::Test),
}

fn main() -> ExitCode {
    let Task::Test(test) = Task::parse();
    match test.run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
