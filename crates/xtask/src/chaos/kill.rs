//! `kill -9` at random moments under 16 writers, and sometimes again while the server starts.

use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use rand::RngExt as _;
use rand::rngs::StdRng;

use super::database::{Database, Engine};
use super::disk::whole;
use super::ground::Ground;
use super::ledger::{End, Ledger};
use super::load::Load;
use super::report::Report;
use super::{rules, verify};
use crate::homeroom::{School, Server};

const WRITERS: u64 = 16;
const STARTS: u32 = 8;

pub async fn run(ground: &Ground<'_>, report: &mut Report) -> Result<()> {
    let database = ground.database("killed").await?;
    let mut all = Ledger::default();
    let rounds = rounds(ground, &database, &mut all).await;
    let cut_off = all.count(|end| matches!(end, End::Nothing(_)));
    report.check(
        "every acknowledged write is there, and none half done",
        rounds.map(|()| {
            format!("{} rounds, {} acknowledged, {cut_off} cut off", ground.rounds, all.acknowledged())
        }),
    );
    report.check("enough was written to tell", enough(&all, ground.rounds));
    if ground.engine() == Engine::Sqlite {
        report.check("the file is whole", whole(&database).await);
    }
    report.check("killed while it makes its database, it starts again", starts_again(ground).await);
    Ok(())
}

async fn starts_again(ground: &Ground<'_>) -> Result<String> {
    let mut random = ground.random("start");
    for start in 0..STARTS {
        let database = ground.database(&format!("unborn_{start}")).await?;
        let after = Duration::from_millis(random.random_range(5..120));
        let started = kill_while_starting(ground, &database, after).and_then(|()| ground.serve(&database));
        let server = started.with_context(|| format!("killed after {after:?}"))?;
        let school = ground.school(&database, "Late School")?;
        verify::all_there(&server, &school, &Ledger::default()).await?;
        server.stop()?;
    }
    Ok(format!("{STARTS} times"))
}

async fn rounds(ground: &Ground<'_>, database: &Database, all: &mut Ledger) -> Result<()> {
    let mut random = ground.random("kill");
    let school = |round| ground.school(database, &format!("School {round}"));
    let schools: Vec<School> = (0..ground.rounds).map(school).collect::<Result<_>>()?;
    let mut server = ground.serve(database)?;
    for (round, school) in schools.iter().enumerate() {
        let after = Duration::from_millis(random.random_range(50..800));
        let done = one_round(ground, database, server, school, &mut random, after).await;
        let (restarted, ledger) =
            done.with_context(|| format!("round {}, killed after {after:?}", round + 1))?;
        server = restarted;
        all.merge(ledger);
    }
    server.stop()
}

/// Load, kill, restart, look.
async fn one_round(
    ground: &Ground<'_>,
    database: &Database,
    mut server: Server,
    school: &School,
    random: &mut StdRng,
    after: Duration,
) -> Result<(Server, Ledger)> {
    let load = Load::start(&server.url(), school, "p", random.random(), WRITERS, 0)?;
    sleep(after);
    server.kill()?;
    let ledger = load.stop().await?;
    no_wrong(&ledger, &server)?;
    if random.random_bool(0.25) {
        kill_while_starting(ground, database, Duration::from_millis(random.random_range(0..80)))?;
    }
    let server = ground.serve(database)?;
    verify::all_there(&server, school, &ledger).await?;
    rules::check(&database.open().await?).await?;
    Ok((server, ledger))
}

fn kill_while_starting(ground: &Ground<'_>, database: &Database, after: Duration) -> Result<()> {
    let mut command = ground.homeroom.command(&database.url(), &["serve", "--listen", "127.0.0.1:0"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    sleep(after);
    child.kill()?;
    child.wait()?;
    Ok(())
}

fn enough(ledger: &Ledger, rounds: u32) -> Result<String> {
    let (least, acknowledged) = (rounds as usize * 4, ledger.acknowledged());
    ensure!(acknowledged >= least, "only {acknowledged} writes were acknowledged");
    let Ledger { invited, revoked, users, removed, tokens, .. } = ledger;
    Ok(format!(
        "{} invitations, {} revoked, {} users, {} removed, {} tokens",
        invited.len(),
        revoked.len(),
        users.len(),
        removed.len(),
        tokens.len()
    ))
}

/// Neither an answer nor a line in the log of `server` that must never be.
pub fn no_wrong(ledger: &Ledger, server: &Server) -> Result<String> {
    ensure!(ledger.wrong().is_empty(), "{:?}; its log: {:?}", ledger.wrong(), server.faults());
    ensure!(server.faults().is_empty(), "its log: {:?}", server.faults());
    Ok(String::new())
}
