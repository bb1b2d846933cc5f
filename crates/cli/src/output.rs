//! Printing: tables for people, the API's JSON for scripts.

use std::io::{ErrorKind, Write};

use anyhow::Result;
use comfy_table::{ContentArrangement, Table, presets};
use homeroom_api::Timestamp;
use serde::Serialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    Text,
    Json,
}

/// Titles, and what stands below them.
pub type Columns<T> = [(&'static str, fn(&T) -> String)];

impl Output {
    /// A table, or an array.
    pub fn list<T: Serialize>(self, items: &[T], columns: &Columns<T>) -> Result<()> {
        match self {
            Self::Json => json(&items),
            Self::Text if items.is_empty() => note("None found."),
            Self::Text => line(&table(items, columns).trim_fmt()),
        }
    }

    /// A line for each column that has a value, or an object.
    pub fn one<T: Serialize>(self, item: &T, columns: &Columns<T>) -> Result<()> {
        if self == Self::Json {
            return json(item);
        }
        let mut table = plain();
        for (title, value) in columns {
            let value = value(item);
            table.add_row_if(|_, _| !value.is_empty(), [(*title).to_owned(), printable(&value)]);
        }
        line(&table.trim_fmt())
    }

    /// `value` alone on standard output and what else there is to know on standard error, or an object.
    pub fn value<T: Serialize>(self, item: &T, value: &str, about: &str) -> Result<()> {
        if self == Self::Json {
            return json(item);
        }
        note(about)?;
        line(value)
    }

    /// What was done; nothing for scripts, which have the exit code.
    pub fn done(self, text: &str) -> Result<()> {
        if self == Self::Json { Ok(()) } else { line(text) }
    }
}

pub fn json(value: &impl Serialize) -> Result<()> {
    line(&serde_json::to_string_pretty(value)?)
}

pub fn line(text: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
        // Whoever read us has seen enough, as `head` does.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// As [`line`], of text that people or servers elsewhere wrote.
pub fn lines(text: &str) -> Result<()> {
    line(&text.lines().map(printable).collect::<Vec<_>>().join("\n"))
}

/// Something beside the output, on standard error.
#[expect(clippy::unnecessary_wraps, reason = "one type for all that print")]
pub fn note(text: &str) -> Result<()> {
    eprintln!("{text}");
    Ok(())
}

fn plain() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table
}

fn table<T>(items: &[T], columns: &Columns<T>) -> Table {
    let mut table = plain();
    table.set_header(columns.iter().map(|(title, _)| title));
    for item in items {
        table.add_row(columns.iter().map(|(_, value)| printable(&value(item))));
    }
    table
}

/// Names come from people: one must not be able to move the cursor of an administrator's terminal.
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// The text of a value that may be missing.
pub fn text<T: ToString>(value: Option<&T>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

/// `2026-03-01 09:30Z`
pub fn minute(instant: Timestamp) -> String {
    let text = instant.to_string();
    text.get(..16).map_or(text.clone(), |minute| format!("{}Z", minute.replace('T', " ")))
}

pub fn minute_if(instant: Option<Timestamp>) -> String {
    instant.map(minute).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(printable("A\u{1b}[2Jda\n"), "A\u{fffd}[2Jda\u{fffd}");
    }

    #[test]
    fn an_instant_is_shown_to_the_minute() {
        assert_eq!(minute(Timestamp::from_millis(1_772_357_400_000)), "2026-03-01 09:30Z");
    }
}
