//! `cargo xtask chaos`: the server is killed, cut off from its database, filled up and crowded, and loses nothing.

mod backup;
mod crowd;
mod database;
mod disk;
mod ground;
mod http;
mod kill;
mod ledger;
mod load;
mod outage;
mod report;
mod room;
mod rules;
mod stop;
mod verify;

use std::time::Instant;

use anyhow::Result;
use clap::{Args, ValueEnum};
use rand::RngExt as _;

use crate::homeroom::{Homeroom, Profile};
use crate::postgres::{Keeping, Postgres};
use database::Engine;
use ground::Ground;
use report::Report;

/// Kill the server, cut it off, fill its disk, crowd it: nothing may be lost
///
/// Each part runs on SQLite and on a PostgreSQL of its own. Prints its seed; with the same one the same operations
/// are chosen and the same moments. Its last line is `N passed, N failed`.
#[derive(Args)]
pub struct Chaos {
    /// How many times the server is killed, on each database
    #[arg(long, default_value_t = 20)]
    rounds: u32,
    /// What the choices are drawn from [default: another one each time]
    #[arg(long)]
    seed: Option<u64>,
    /// One part alone
    #[arg(long)]
    only: Option<Part>,
    /// On which databases
    #[arg(long, value_enum, default_value = "both")]
    database: Databases,
    /// How the server is built
    #[arg(long, value_enum, default_value = "dev")]
    profile: Profile,
}

/// In this order: a crashed PostgreSQL is the quicker back the less there is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// PostgreSQL stopped, restarted, its connections cut
    Outage,
    /// `kill -9` under 16 writers
    Kill,
    /// The disk full
    Disk,
    /// SIGTERM under load
    Stop,
    /// A copy during writes, and a damaged file
    Backup,
    /// Slow clients, too many, too large, too fast
    Crowd,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Databases {
    Sqlite,
    Postgres,
    Both,
}

impl Chaos {
    /// Whether all held.
    pub fn run(self) -> Result<bool> {
        let started = Instant::now();
        let seed = self.seed.unwrap_or_else(any_seed);
        println!("seed {seed}: `cargo xtask chaos --seed {seed}` makes the same choices");
        let homeroom = Homeroom::build(self.profile)?;
        let folder = tempfile::tempdir()?;
        let mut report = Report::default();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        if self.database != Databases::Postgres {
            let ground = Ground {
                homeroom: &homeroom,
                folder: folder.path(),
                postgres: None,
                seed,
                rounds: self.rounds,
            };
            runtime.block_on(self.parts(&ground, &mut report));
        }
        if self.database != Databases::Sqlite {
            match Postgres::start(&std::env::temp_dir(), Keeping::Durable)? {
                None => report.skip("PostgreSQL", "install Debian's package postgresql"),
                Some(server) => {
                    let postgres = Some(&server);
                    let ground = Ground {
                        homeroom: &homeroom,
                        folder: folder.path(),
                        postgres,
                        seed,
                        rounds: self.rounds,
                    };
                    runtime.block_on(self.parts(&ground, &mut report));
                }
            }
        }
        println!("\nall parts in {:.0} s, seed {seed}", started.elapsed().as_secs_f64());
        Ok(report.close())
    }

    /// A part that can't go on counts as failed; the others run all the same.
    async fn parts(&self, ground: &Ground<'_>, report: &mut Report) {
        for part in
            Part::value_variants().iter().copied().filter(|part| self.only.is_none_or(|only| only == *part))
        {
            report.begin(part.title(), ground.engine());
            let done = match part {
                Part::Kill => kill::run(ground, report).await,
                Part::Outage => outage::run(ground, report).await,
                Part::Disk => disk::run(ground, report).await,
                Part::Stop => stop::run(ground, report).await,
                Part::Backup => backup::run(ground, report).await,
                Part::Crowd => crowd::run(ground, report).await,
            };
            if let Err(error) = done {
                report.check("it runs to its end", Err(error));
            }
        }
    }
}

impl Part {
    const fn title(self) -> &'static str {
        match self {
            Self::Kill => "killed under load",
            Self::Outage => "cut off from the database",
            Self::Disk => "the disk full",
            Self::Stop => "stopped under load",
            Self::Backup => "copied under load, and damaged",
            Self::Crowd => "crowded",
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this seeds the rest, and is printed")]
fn any_seed() -> u64 {
    rand::rng().random_range(0..1_000_000)
}
