//! How little it takes: memory, time to start, size.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::Ground;
use super::data::Data;
use super::report::{Row, Target};

pub fn idle(ground: &Ground, data: &Data) -> Result<Vec<Row>> {
    let mut starts = Vec::new();
    for _ in 0..5 {
        let started = Instant::now();
        let server = ground.serve(data)?;
        starts.push(started.elapsed().as_secs_f64() * 1000.0);
        server.stop()?;
    }
    starts.sort_by(f64::total_cmp);
    let server = ground.serve(data)?;
    std::thread::sleep(Duration::from_secs(5)); // its background work has run
    let megabytes = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    let row = |what: &str, figure, unit, most| Row {
        part: "Small",
        what: what.to_owned(),
        measured: String::new(),
        against: String::new(),
        figure,
        unit,
        target: Target::AtMost(most),
    };
    Ok(vec![
        row("idle memory (RssAnon)", megabytes(server.memory()?), " MiB", 40.0),
        row("start on an existing database, until it serves", starts[2], " ms", 150.0),
        row("binary", std::fs::metadata(ground.homeroom.program())?.len() as f64 / 1e6, " MB", 30.0),
    ])
}
