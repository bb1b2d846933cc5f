//! The disk full under 16 writers and 4 readers, then free again.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use rand::RngExt as _;
use rand::rngs::StdRng;

use super::database::{Database, Sql, connect};
use super::ground::{Ground, Running};
use super::kill::no_wrong;
use super::ledger::{End, Ledger};
use super::load::Load;
use super::report::Report;
use super::room::{Tmpfs, ignoring_limits, limit_files};
use super::{rules, verify};
use crate::homeroom::Server;
use crate::postgres::give_to_postgres;

const FULL_FOR: Duration = Duration::from_millis(1500);
/// How soon after there is room all must be well again.
const RECOVERY: Duration = Duration::from_secs(2);
const WATCH: Duration = Duration::from_millis(500);

pub async fn run(ground: &Ground<'_>, report: &mut Report) -> Result<()> {
    let mut random = ground.random("disk");
    let folder = ground.folder.join(format!("full-{}", ground.engine()));
    match (Tmpfs::mount(&folder)?, ground.postgres) {
        (Some(tmpfs), None) => {
            let running = start(ground, Database::Sqlite(tmpfs.folder().join("full.db")), |command| command)?;
            let tried = try_it(&running, &mut random, report, || tmpfs.fill(), || tmpfs.free()).await;
            running.server.stop()?;
            report.check("the file is whole", whole(&running.database).await);
            tried
        }
        (Some(tmpfs), Some(_)) => on_tablespace(ground, &tmpfs, &mut random, report).await,
        (None, None) => on_limited_files(ground, &mut random, report).await,
        (None, Some(_)) => {
            report.skip("a full disk", "a tmpfs can't be mounted here: run it as root, with CAP_SYS_ADMIN");
            Ok(())
        }
    }
}

/// PostgreSQL keeps its journal elsewhere: without room for that it stops, as it must.
async fn on_tablespace(
    ground: &Ground<'_>,
    tmpfs: &Tmpfs,
    random: &mut StdRng,
    report: &mut Report,
) -> Result<()> {
    let postgres = ground.postgres()?;
    give_to_postgres(tmpfs.folder())?;
    let sql = connect(&postgres.url()).await?;
    let location = tmpfs.folder().display();
    sql.batch_execute(&format!("CREATE TABLESPACE small LOCATION '{location}'")).await?;
    sql.batch_execute("CREATE DATABASE filled TABLESPACE small").await?;
    let running = start(ground, Database::Postgres(postgres.url_of("filled")), |command| command)?;
    let tried = try_it(&running, random, report, || tmpfs.fill(), || tmpfs.free()).await;
    running.server.stop()?;
    sql.batch_execute("DROP DATABASE filled WITH (FORCE)").await?;
    sql.batch_execute("DROP TABLESPACE small").await?;
    tried
}

async fn on_limited_files(ground: &Ground<'_>, random: &mut StdRng, report: &mut Report) -> Result<()> {
    println!("      a tmpfs can't be mounted here: instead the size of the server's files is limited");
    let database = Database::Sqlite(ground.folder.join("full.db"));
    let journal = ground.folder.join("full.db-wal");
    let running = start(ground, database, |command| ignoring_limits(&command))?;
    let process = running.server.pid();
    let fill = || limit_files(process, Some(std::fs::metadata(&journal)?.len() + 64 * 1024));
    let tried = try_it(&running, random, report, fill, || limit_files(process, None)).await;
    running.server.stop()?;
    report.check("the file is whole", whole(&running.database).await);
    tried
}

/// A server that `command` makes of how it is served otherwise.
fn start(ground: &Ground<'_>, database: Database, command: impl Fn(Command) -> Command) -> Result<Running> {
    let school = ground.school(&database, "Full School")?;
    let server = Server::start(command(ground.homeroom.serving(&database.url(), &[])))?;
    Ok(Running { database, school, server })
}

async fn try_it(
    running: &Running,
    random: &mut StdRng,
    report: &mut Report,
    fill: impl Fn() -> Result<()>,
    free: impl Fn() -> Result<()>,
) -> Result<()> {
    let Running { database, school, server } = running;
    let writers = Load::start(&server.url(), school, "w", random.random(), 16, 0)?;
    let readers = Load::start(&server.url(), school, "r", random.random(), 0, 4)?;
    tokio::time::sleep(Duration::from_millis(random.random_range(300..800))).await;
    fill().context("the disk could not be filled")?;
    tokio::time::sleep(FULL_FOR).await;
    let freed = Instant::now();
    free()?;
    tokio::time::sleep(RECOVERY + WATCH).await;
    let (written, read) = (writers.stop().await?, readers.stop().await?);
    report.check("writes are refused with 503", refused(&written, server));
    report.check("reads go on", reads_go_on(&read));
    report.check("writes go on within 2 s of room", recovered(&written, freed));
    let there = verify::all_there(server, school, &written).await;
    report.check(
        "every acknowledged write is there",
        there.map(|()| format!("{} of them", written.acknowledged())),
    );
    report.check("none is half done", rules::check(&database.open().await?).await);
    Ok(())
}

fn refused(written: &Ledger, server: &Server) -> Result<String> {
    no_wrong(written, server)?;
    ensure!(written.unanswered().is_empty(), "no answer: {:?}", written.unanswered());
    let later = written.count(|end| *end == End::Later);
    ensure!(later > 0, "the disk did not get full: it tells nothing");
    Ok(format!("{later} times"))
}

fn reads_go_on(read: &Ledger) -> Result<String> {
    let others: Vec<&End> =
        read.requests.iter().map(|request| &request.end).filter(|end| **end != End::Done).collect();
    ensure!(others.is_empty(), "{} were not answered with 200, the first: {:?}", others.len(), others[0]);
    let slowest = read.requests.iter().map(|request| request.ended - request.began).max().unwrap_or_default();
    Ok(format!("{} of them, the slowest {} ms", read.requests.len(), slowest.as_millis()))
}

fn recovered(written: &Ledger, freed: Instant) -> Result<String> {
    let after = |end: End| written.requests.iter().filter(move |r| r.end == end && r.ended > freed);
    let last = after(End::Later).map(|request| request.ended - freed).max().unwrap_or_default();
    ensure!(last < RECOVERY, "503 still {last:?} after there was room");
    let first =
        after(End::Done).map(|request| request.ended - freed).min().context("nothing was done after it")?;
    Ok(format!("first done {} ms and last 503 {} ms after", first.as_millis(), last.as_millis()))
}

/// That SQLite opens the file, and finds nothing wrong in it.
pub async fn whole(database: &Database) -> Result<String> {
    let Sql::Sqlite(connection) = database.open().await? else { return Ok(String::new()) };
    let verdict: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    ensure!(verdict == "ok", "{verdict}");
    let orphans: i64 =
        connection.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))?;
    ensure!(orphans == 0, "{orphans} rows refer to rows that are not there");
    Ok("integrity and references checked".to_owned())
}
