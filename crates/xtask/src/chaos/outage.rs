//! PostgreSQL stopped, crashed, frozen, and its connections cut, while 16 writers and 4 readers press.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use rand::RngExt as _;
use rand::seq::SliceRandom as _;

use super::database::connect;
use super::ground::{Ground, Running};
use super::kill::no_wrong;
use super::ledger::{End, Ledger};
use super::load::Load;
use super::report::Report;
use super::{rules, verify};
use crate::homeroom::Server;
use crate::postgres::{Postgres, Stop};

const WRITERS: u64 = 16;
const READERS: u64 = 4;
/// How soon after the database is back all must be well again.
const RECOVERY: Duration = Duration::from_secs(2);
/// How long it is watched after that.
const WATCH: Duration = Duration::from_millis(800);

#[derive(Debug, Clone, Copy)]
enum Trouble {
    Cut,
    Frozen,
    Stopped(Stop),
}

/// From when until when the database was in trouble.
struct Spell {
    trouble: Trouble,
    began: Instant,
    ended: Instant,
}

pub async fn run(ground: &Ground<'_>, report: &mut Report) -> Result<()> {
    let Ok(postgres) = ground.postgres() else {
        report.skip("an outage", "an SQLite file has no server that could go away");
        return Ok(());
    };
    let mut random = ground.random("outage");
    let mut troubles = [
        Trouble::Cut,
        Trouble::Cut,
        Trouble::Frozen,
        Trouble::Stopped(Stop::Fast),
        Trouble::Stopped(Stop::Immediate),
    ];
    troubles.shuffle(&mut random);
    let Running { database, school, server } = ground.running("cut_off").await?;
    let load = Load::start(&server.url(), &school, "p", random.random(), WRITERS, READERS)?;
    let mut spells = Vec::new();
    for trouble in troubles {
        tokio::time::sleep(Duration::from_millis(random.random_range(300..700))).await;
        let down = Duration::from_millis(random.random_range(300..1500));
        spells.push(spell(postgres, trouble, down).await?);
        tokio::time::sleep(RECOVERY + WATCH).await;
    }
    let ledger = load.stop().await?;
    report.check("503 with Retry-After meanwhile, and nothing worse", only_503(&ledger, &server));
    for spell in &spells {
        report.check(&format!("well again within 2 s, {}", spell.trouble), recovered(&ledger, spell));
    }
    let there = verify::all_there(&server, &school, &ledger).await;
    report.check(
        "every acknowledged write is there",
        there.map(|()| format!("{} of them", ledger.acknowledged())),
    );
    report.check("none is half done", rules::check(&database.open().await?).await);
    server.stop()
}

async fn spell(postgres: &Postgres, trouble: Trouble, down: Duration) -> Result<Spell> {
    let began = Instant::now();
    match trouble {
        Trouble::Cut => {
            let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'cut_off'";
            connect(&postgres.url()).await?.batch_execute(cut).await?;
        }
        Trouble::Frozen => {
            postgres.freeze()?;
            tokio::time::sleep(down).await;
            postgres.thaw()?;
        }
        Trouble::Stopped(how) => {
            postgres.stop(how)?;
            tokio::time::sleep(down).await;
            postgres.resume()?;
        }
    }
    Ok(Spell { trouble, began, ended: Instant::now() })
}

fn only_503(ledger: &Ledger, server: &Server) -> Result<String> {
    no_wrong(ledger, server)?;
    ensure!(ledger.unanswered().is_empty(), "no answer: {:?}", ledger.unanswered());
    let later = ledger.count(|end| *end == End::Later);
    ensure!(later > 0, "no request met the outage: it tells nothing");
    Ok(format!("{later} times, and {} done", ledger.acknowledged()))
}

/// What ended later than two seconds after the trouble, and before the next, went well.
fn recovered(ledger: &Ledger, spell: &Spell) -> Result<String> {
    let after = |end: &End| {
        let of_spell = |request: &&super::ledger::Request| {
            request.ended >= spell.ended
                && request.ended < spell.ended + RECOVERY + WATCH
                && request.end == *end
        };
        ledger.requests.iter().filter(of_spell).map(|request| request.ended - spell.ended).collect::<Vec<_>>()
    };
    let (done, later) = (after(&End::Done), after(&End::Later));
    let last = later.iter().max().copied().unwrap_or_default();
    ensure!(last < RECOVERY, "503 still {last:?} after its return");
    ensure!(done.iter().any(|at| *at > RECOVERY), "nothing was done after it");
    let first = done.iter().min().copied().unwrap_or_default();
    let away = (spell.ended - spell.began).as_millis();
    Ok(format!(
        "away {away} ms, first done {} ms and last 503 {} ms after",
        first.as_millis(),
        last.as_millis()
    ))
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Cut => "its connections cut",
            Self::Frozen => "frozen and thawed",
            Self::Stopped(Stop::Fast) => "stopped and started",
            Self::Stopped(Stop::Immediate) => "crashed and started",
        })
    }
}
