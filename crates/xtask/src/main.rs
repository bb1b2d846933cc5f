//! The project's own tasks: `cargo xtask test`, `cargo xtask chaos`. CONTRIBUTING.md tells when to run which.

mod chaos;
mod homeroom;
mod postgres;
mod tally;
mod test;

use std::process::ExitCode;

use clap::Parser;

/// The project's own tasks
#[derive(Parser)]
enum Task {
    Test(test::Test),
    Chaos(chaos::Chaos),
}

fn main() -> ExitCode {
    let done = match Task::parse() {
        Task::Test(test) => test.run(),
        Task::Chaos(chaos) => chaos.run(),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
