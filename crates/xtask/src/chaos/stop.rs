//! SIGTERM while 16 writers and 8 readers press: what was begun ends well, and the server within 10 seconds.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use rand::RngExt as _;

use super::database::{Database, Sql};
use super::ground::Ground;
use super::kill::no_wrong;
use super::ledger::{End, Ledger};
use super::load::Load;
use super::report::Report;
use super::{rules, verify};
use crate::homeroom::School;
use crate::postgres::Postgres;

const ROUNDS: usize = 3;
const WITHIN: Duration = Duration::from_secs(10);

pub async fn run(ground: &Ground<'_>, report: &mut Report) -> Result<()> {
    let mut random = ground.random("stop");
    let database = ground.database("stopped").await?;
    let mut all = Ledger::default();
    let mut slowest = Duration::ZERO;
    for round in 0..ROUNDS {
        let school = ground.school(&database, &format!("School {round}"))?;
        let after = Duration::from_millis(random.random_range(200..900));
        let (ledger, took) = one_round(ground, &database, &school, random.random(), after)
            .await
            .with_context(|| format!("round {}, SIGTERM after {after:?}", round + 1))?;
        slowest = slowest.max(took);
        all.merge(ledger);
    }
    report.check("it ends by itself within 10 s", Ok(format!("{} ms at most", slowest.as_millis())));
    report.check("no request that was begun is without its answer", none_cut(&all));
    if let Some(postgres) = ground.postgres {
        let ended = while_frozen(ground, &database, postgres).await;
        report.check("it ends within 10 s though the database hangs", ended);
    }
    Ok(())
}

async fn while_frozen(ground: &Ground<'_>, database: &Database, postgres: &Postgres) -> Result<String> {
    let school = ground.school(database, "Frozen School")?;
    let mut server = ground.serve(database)?;
    let load = Load::start(&server.url(), &school, "p", ground.seed, 16, 0)?;
    tokio::time::sleep(Duration::from_millis(300)).await;
    postgres.freeze()?;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let began = Instant::now();
    let ended = server.terminate().and_then(|()| server.wait(WITHIN));
    postgres.thaw()?;
    let (status, took) = (ended?, began.elapsed());
    ensure!(status.success(), "it ended with {status}");
    let ledger = load.stop().await?;
    let server = ground.serve(database)?;
    verify::all_there(&server, &school, &ledger).await?;
    rules::check(&database.open().await?).await?;
    server.stop()?;
    Ok(format!("{} ms", took.as_millis()))
}

async fn one_round(
    ground: &Ground<'_>,
    database: &Database,
    school: &School,
    seed: u64,
    after: Duration,
) -> Result<(Ledger, Duration)> {
    let mut server = ground.serve(database)?;
    let load = Load::start(&server.url(), school, "p", seed, 16, 8)?;
    tokio::time::sleep(after).await;
    let began = Instant::now();
    server.terminate()?;
    let status = server.wait(WITHIN)?;
    let took = began.elapsed();
    ensure!(status.success(), "it ended with {status}");
    let ledger = load.stop().await?;
    no_wrong(&ledger, &server)?;
    nothing_unanswered(&database.open().await?, school, &ledger).await?;
    let server = ground.serve(database)?;
    verify::all_there(&server, school, &ledger).await?;
    rules::check(&database.open().await?).await?;
    server.stop()?;
    Ok((ledger, took))
}

/// What took effect was answered: a request that did without is one that was cut.
async fn nothing_unanswered(sql: &Sql, school: &School, ledger: &Ledger) -> Result<()> {
    let organization = &school.organization;
    let of = |event: &str| {
        format!(
            "SELECT target FROM audit_events WHERE organization_id = '{organization}' AND event = '{event}'"
        )
    };
    let invited = sql.column(&of("invitation.created")).await?;
    let revoked = sql.column(&of("invitation.revoked")).await?;
    let tokens = sql.column(&of("access_token.created")).await?;
    let created = sql.column(&of("user.created")).await?;
    let removed = sql.column(&of("user.removed")).await?;
    let cut = invited.iter().filter(|id| !ledger.invited.contains_key(*id)).count()
        + revoked.iter().filter(|id| !ledger.revoked.contains(*id)).count()
        + tokens.iter().filter(|id| !ledger.tokens.contains_key(*id)).count()
        + created.iter().filter(|id| !ledger.users.contains_key(*id)).count()
        + removed.iter().filter(|id| !ledger.removed.contains(*id)).count();
    ensure!(cut == 0, "{cut} requests took effect and were not answered");
    Ok(())
}

/// Besides those that were refused a connection, because nobody listens any more.
fn none_cut(ledger: &Ledger) -> Result<String> {
    let refused = |reason: &str| reason.contains("Connection refused");
    let cut: Vec<&str> = ledger.unanswered().into_iter().filter(|reason| !refused(reason)).collect();
    let times = ledger.count(|end| matches!(end, End::Nothing(reason) if !refused(reason)));
    ensure!(cut.is_empty(), "{times} times: {cut:?}");
    Ok(format!("{} done", ledger.acknowledged()))
}
