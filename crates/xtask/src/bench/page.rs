//! `docs/performance.md` and its plots.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use anyhow::Result;

use super::report::{Row, Target, table};

const PAGE: &str = "docs/performance.md";
/// What people write stands above it and below the end, and stays.
const BEGIN: &str = "<!-- measured: begin -->";
const END: &str = "<!-- measured: end -->";

pub fn write(rows: &[Row]) -> Result<()> {
    fs::write("docs/performance.svg", plot(rows))?;
    let page = fs::read_to_string(PAGE).unwrap_or_else(|_| format!("# Performance\n\n{BEGIN}\n{END}\n"));
    let (before, rest) = page.split_once(BEGIN).unwrap_or((&page, ""));
    let after = rest.split_once(END).map_or("", |(_, after)| after);
    let measured =
        format!("{}\n\n![How each row stands to its target](performance.svg)\n{}", machine()?, table(rows));
    Ok(fs::write(PAGE, format!("{before}{BEGIN}\n{measured}\n{END}{after}"))?)
}

fn machine() -> Result<String> {
    let cpu = fs::read_to_string("/proc/cpuinfo")?;
    let cpu = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let cores = std::thread::available_parallelism()?;
    let version = |program: &str, flag: &str| -> Result<String> {
        let output = Command::new(program).arg(flag).output()?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let date = version("date", "-u")?;
    Ok(format!(
        "Measured by `cargo xtask bench` on {date}: {cores} cores of {}, shared with the load generator; {}, Linux {}.",
        cpu.trim_start_matches([' ', '\t', ':']),
        version("rustc", "--version")?,
        version("uname", "-r")?,
    ))
}

const LINE: usize = 18;
const LEFT: usize = 470;
const WIDTH: f64 = 300.0;

/// A bar for each row that has a target: at 1 it is just reached, beyond it is better.
fn plot(rows: &[Row]) -> String {
    let bars: Vec<(&Row, f64)> = rows.iter().filter_map(|row| Some((row, score(row)?))).collect();
    let (width, height) = (LEFT + 400, bars.len() * LINE + 40);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
         font-size=\"11\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n"
    );
    let at_target = LEFT as f64 + WIDTH / 2.0;
    for (index, (row, score)) in bars.iter().enumerate() {
        let (y, bar) = (index * LINE + 24, WIDTH / 2.0 * score.clamp(0.02, 2.0));
        let color = if row.met() { "#2a7f62" } else { "#b5483a" };
        let what = row.what.replace('`', "").replace('&', "&amp;").replace('<', "&lt;");
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\" fill=\"#222\">{what}</text><rect x=\"{LEFT}\" y=\"{y}\" width=\"{bar:.1}\" \
             height=\"12\" fill=\"{color}\"/><text x=\"{:.1}\" y=\"{}\" fill=\"#222\">{score:.2}</text>",
            LEFT - 6,
            y + 10,
            LEFT as f64 + bar + 5.0,
            y + 10
        );
    }
    let _ = writeln!(
        svg,
        "<line x1=\"{at_target}\" y1=\"16\" x2=\"{at_target}\" y2=\"{}\" stroke=\"#222\" stroke-dasharray=\"3 3\"/>\
         <text x=\"{at_target}\" y=\"12\" text-anchor=\"middle\" fill=\"#222\">target; longer is better, cut at twice</text>\n</svg>",
        height - 10
    );
    svg
}

/// How far the figure is on the good side of its target: 1 is just reached.
fn score(row: &Row) -> Option<f64> {
    match row.target {
        Target::AtLeast(target) => Some(row.figure / target),
        Target::AtMost(target) => Some(target / row.figure),
        Target::None => None,
    }
}
