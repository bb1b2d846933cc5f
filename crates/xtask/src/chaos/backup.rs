//! `homeroom backup` during writes, and `homeroom doctor` on files that were damaged.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, ensure};
use rand::RngExt as _;
use rand::rngs::StdRng;

use super::database::Database;
use super::disk::whole;
use super::ground::{Ground, Running};
use super::load::Load;
use super::report::Report;
use super::rules;

const COPIES: u32 = 3;
const DAMAGES: u32 = 8;
const PAGE: u64 = 4096;

pub async fn run(ground: &Ground<'_>, report: &mut Report) -> Result<()> {
    if ground.postgres.is_some() {
        report.skip("a copy", "PostgreSQL is backed up with its own tools");
        return Ok(());
    }
    let mut random = ground.random("backup");
    let Running { database, school, server } = ground.running("copied").await?;
    let load = Load::start(&server.url(), &school, "p", random.random(), 16, 0)?;
    let mut copies = Vec::new();
    for number in 0..COPIES {
        tokio::time::sleep(Duration::from_millis(random.random_range(100..500))).await;
        copies.push(copy(ground, &database, number).await?);
    }
    let ledger = load.stop().await?;
    server.stop()?;
    for copy in &copies {
        let sound = sound(ground, copy).await;
        report.check("a copy made during writes is whole, and nothing in it half done", sound);
    }
    report.check("the copies grow", grow(&copies, ledger.acknowledged()).await);
    let damaged = (0..DAMAGES).map(|number| damage(ground, &copies[0].file, number, &mut random));
    report.check(
        "the doctor finds a damaged page",
        damaged.collect::<Result<Vec<_>>>().map(|found| found.join(", ")),
    );
    report.check("the doctor finds a file that was cut off", cut_off(ground, &copies[0].file));
    Ok(())
}

/// A copy, and how many invitations were there when it began.
struct Copy {
    file: PathBuf,
    at_least: usize,
}

async fn copy(ground: &Ground<'_>, database: &Database, number: u32) -> Result<Copy> {
    let at_least = invitations(database).await?;
    let file = ground.folder.join(format!("copy-{number}.db"));
    ground.homeroom.run(&database.url(), &["backup", &file.to_string_lossy()])?;
    Ok(Copy { file, at_least })
}

async fn invitations(database: &Database) -> Result<usize> {
    Ok(database.open().await?.column("SELECT id FROM invitations").await?.len())
}

async fn sound(ground: &Ground<'_>, copy: &Copy) -> Result<String> {
    let database = Database::Sqlite(copy.file.clone());
    whole(&database).await?;
    rules::check(&database.open().await?).await?;
    let there = invitations(&database).await?;
    ensure!(there >= copy.at_least, "{there} invitations, but {} before it began", copy.at_least);
    let (is_well, said) = doctor(ground, &copy.file)?;
    ensure!(is_well, "the doctor says: {said}");
    Ok(format!("{there} invitations"))
}

async fn grow(copies: &[Copy], acknowledged: usize) -> Result<String> {
    let mut sizes = Vec::new();
    for copy in copies {
        sizes.push(invitations(&Database::Sqlite(copy.file.clone())).await?);
    }
    ensure!(sizes.is_sorted_by(|a, b| a < b), "{sizes:?}: they were not made during writes");
    Ok(format!("{sizes:?} of {acknowledged} writes"))
}

/// Overwrites a page, not the first; which.
fn damage(ground: &Ground<'_>, copy: &Path, number: u32, random: &mut StdRng) -> Result<String> {
    let file = ground.folder.join(format!("damaged-{number}.db"));
    fs::copy(copy, &file)?;
    let pages = fs::metadata(&file)?.len() / PAGE;
    let page = random.random_range(1..pages);
    let mut noise = vec![0; usize::try_from(PAGE)?];
    random.fill(&mut noise[..]);
    OpenOptions::new().write(true).open(&file)?.write_all_at(&noise, page * PAGE)?;
    let (is_well, said) = doctor(ground, &file)?;
    ensure!(
        !is_well && said.contains("WRONG  database"),
        "page {page} of {pages} is noise, and it says: {said}"
    );
    Ok(format!("{page} of {pages}"))
}

fn cut_off(ground: &Ground<'_>, copy: &Path) -> Result<String> {
    let file = ground.folder.join("cut-off.db");
    fs::copy(copy, &file)?;
    let half = fs::metadata(&file)?.len() / PAGE / 2 * PAGE;
    OpenOptions::new().write(true).open(&file)?.set_len(half)?;
    let (is_well, said) = doctor(ground, &file)?;
    ensure!(!is_well && said.contains("WRONG  database"), "it says: {said}");
    Ok(String::new())
}

fn doctor(ground: &Ground<'_>, file: &Path) -> Result<(bool, String)> {
    let database = Database::Sqlite(file.to_owned()).url();
    let output =
        ground.homeroom.command(&database, &["doctor", "--public-url", "http://127.0.0.1:1"]).output()?;
    let said = [output.stdout, output.stderr].concat();
    Ok((output.status.success(), String::from_utf8_lossy(&said).into_owned()))
}
