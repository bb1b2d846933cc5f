//! The other side of `cargo xtask bench`: makes its data, and runs the bare programs that Homeroom is measured
//! against. Each is as little code as can give the same answer.
#![allow(clippy::cast_precision_loss)] // figures for people

mod bare;
mod count;
mod fill;
mod hashing;
mod inserts;
mod probe;
mod steps;

use anyhow::Result;
use clap::Parser;

/// As the server has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Data and limits for `cargo xtask bench`
#[derive(Parser)]
enum Command {
    Fill(fill::Fill),
    #[command(subcommand)]
    Bare(bare::Bare),
    Hashing(hashing::Hashing),
    Count(count::Count),
    Probe(probe::Probe),
    Inserts(inserts::Inserts),
    Steps(steps::Steps),
}

fn main() -> Result<()> {
    let command = Command::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match command {
            Command::Fill(fill) => fill.run().await,
            Command::Bare(bare) => bare.run().await,
            Command::Hashing(hashing) => hashing.run(),
            Command::Count(count) => count.run(),
            Command::Probe(probe) => probe.run().await,
            Command::Inserts(inserts) => inserts.run().await,
            Command::Steps(steps) => steps.run().await,
        }
    })
}
