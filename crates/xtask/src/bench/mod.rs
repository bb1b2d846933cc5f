//! `cargo xtask bench`: how fast, beside what the same machine can do in the same run.

mod bare;
mod data;
mod lists;
mod load;
mod page;
mod report;
mod search;
mod size;
mod writes;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::homeroom::{Homeroom, Profile, Server};
use crate::postgres::{Keeping, Postgres, run};
use data::{Data, Side};
use load::Load;
use report::Row;

/// Measure how fast it is
///
/// Builds what is shipped, makes its data (kept in target/bench), loads a real server over HTTP and measures beside
/// it, in the same run, what the machine can do. Prints a line for each row and writes docs/performance.md. Wants a
/// machine that does nothing else.
#[derive(Args)]
pub struct Bench {
    /// People in the small and in the large school
    #[arg(long, num_args = 2, default_values_t = [10_000, 1_000_000])]
    people: Vec<usize>,
    /// Seconds of each measurement
    #[arg(long, default_value_t = 5)]
    seconds: u32,
    /// Only the part of this name: lists, sizes, filters, combinations, search, counts, writes, accounts, stored, small, postgres.
    /// The page is not written
    #[arg(long)]
    only: Option<String>,
}

/// What every row needs.
pub struct Ground {
    homeroom: Homeroom,
    side: Side,
    load: Load,
    folder: PathBuf,
}

impl Ground {
    fn prepare(seconds: u32) -> Result<Self> {
        let homeroom = Homeroom::build(Profile::Release)?;
        run(Command::new("cargo").args(["build", "--quiet", "--release", "--package", "homeroom-bench"]))?;
        let folder = PathBuf::from("target/bench");
        fs::create_dir_all(&folder)?;
        let folder = folder.canonicalize()?;
        let side = Side(homeroom.program().with_file_name("homeroom-bench"));
        Ok(Self { homeroom, side, load: Load::new(&folder, seconds)?, folder })
    }

    /// A copy to write to: what is kept must not grow from run to run.
    fn copy(&self, data: &Data, name: &str) -> Result<Data> {
        let copy = self.folder.join(name);
        for old in ["db", "db-wal", "db-shm"] {
            let _ = fs::remove_file(copy.with_extension(old));
        }
        self.homeroom.run(&data.url, &["backup", &copy.display().to_string()])?;
        Ok(Data { url: format!("sqlite://{}", copy.display()), ..data.clone() })
    }

    /// A server with limits of rate that are on, and high.
    fn serve(&self, data: &Data) -> Result<Server> {
        let limits = ["serve", "--rate-limit-user", "1000000000", "--rate-limit-address", "1000000000"];
        Server::start(self.homeroom.command(&data.url, &limits))
    }
}

impl Bench {
    /// Whether every target was reached.
    pub async fn run(self) -> Result<bool> {
        let ground = Ground::prepare(self.seconds)?;
        let rows = self.rows(&ground).await?;
        if self.only.is_none() {
            page::write(&rows)?;
        }
        let missed = rows.iter().filter(|row| !row.met()).count();
        println!("{} rows, {missed} of them missed what they were to reach", rows.len());
        Ok(missed == 0)
    }

    async fn rows(&self, ground: &Ground) -> Result<Vec<Row>> {
        let small = data::sqlite(&ground.side, &ground.folder, self.people[0])?;
        let large = || data::sqlite(&ground.side, &ground.folder, self.people[1]);
        let mut rows = Vec::new();
        let mut add = |new: Vec<Row>| {
            for row in &new {
                println!("{}", report::line(row));
            }
            rows.extend(new);
        };
        if self.wants("lists") {
            add(lists::beside_bare(ground, &small, 0.85).await?);
            add(lists::beside_bare(ground, &large()?, 0.85).await?);
        }
        if self.wants("postgres") {
            add(self.on_postgres(ground).await?);
        }
        if self.wants("sizes") {
            add(lists::by_size(ground, &small, &large()?).await?);
        }
        if self.wants("filters") {
            let school = data::with_forms(&ground.side, &ground.folder, lists::FILTERED, lists::FORMS)?;
            add(lists::filters(ground, &school)?);
        }
        if self.wants("combinations") {
            add(lists::combinations(ground, &large()?)?);
        }
        if self.wants("search") {
            add(search::words(ground, &large()?)?);
        }
        if self.wants("counts") {
            add(search::counts(ground, &large()?)?);
        }
        let scratch = ground.copy(&small, "scratch.db")?;
        if self.wants("writes") {
            add(writes::small(ground, &scratch)?);
        }
        if self.wants("accounts") {
            add(writes::accounts(ground, &scratch)?);
        }
        if self.wants("stored") {
            add(writes::stored(ground, &small)?);
        }
        if self.wants("small") {
            add(size::idle(ground, &small)?);
        }
        Ok(rows)
    }

    fn wants(&self, part: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == part)
    }

    async fn on_postgres(&self, ground: &Ground) -> Result<Vec<Row>> {
        let Some(server) = Postgres::start(&std::env::temp_dir(), Keeping::Durable)? else {
            println!("PostgreSQL: left out, install Debian's package postgresql");
            return Ok(Vec::new());
        };
        let school = data::postgres(&ground.side, server.url(), self.people[0])?;
        let mut rows = lists::beside_bare(ground, &school, 0.8).await?;
        rows.extend(writes::small(ground, &school)?);
        Ok(rows)
    }
}
