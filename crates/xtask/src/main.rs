//! The project's own tasks: `cargo xtask test`, `bench`, `chaos`, `instructions`. CONTRIBUTING.md tells when to run which.

#![allow(clippy::cast_precision_loss)] // figures for people

mod bench;
mod certificates;
mod chaos;
mod homeroom;
mod instructions;
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
    Bench(bench::Bench),
    Instructions(instructions::Instructions),
    Chaos(chaos::Chaos),
}

fn main() -> ExitCode {
    let done = match Task::parse() {
        Task::Test(test) => test.run(),
        Task::Instructions(instructions) => instructions.run(),
        Task::Bench(bench) => tokio::runtime::Runtime::new()
            .map_err(Into::into)
            .and_then(|runtime| runtime.block_on(bench.run())),
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
