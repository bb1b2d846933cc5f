//! What was measured, beside what it was to reach.

use std::fmt::Write as _;

/// What a row has to reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    AtLeast(f64),
    AtMost(f64),
    /// Measured for its own sake.
    None,
}

/// One row of the table.
#[derive(Debug, Clone)]
pub struct Row {
    /// The part of the table.
    pub part: &'static str,
    pub what: String,
    /// What Homeroom does, with its unit.
    pub measured: String,
    /// What it is measured against, in the same run.
    pub against: String,
    /// The figure that the target is about.
    pub figure: f64,
    pub unit: &'static str,
    pub target: Target,
}

impl Row {
    pub fn met(&self) -> bool {
        match self.target {
            Target::AtLeast(target) => self.figure >= target,
            Target::AtMost(target) => self.figure <= target,
            Target::None => true,
        }
    }

    fn to_reach(&self) -> String {
        match self.target {
            Target::AtLeast(target) => format!("≥ {}{}", number(target), self.unit),
            Target::AtMost(target) => format!("≤ {}{}", number(target), self.unit),
            Target::None => String::new(),
        }
    }

    fn verdict(&self) -> &'static str {
        match (self.target, self.met()) {
            (Target::None, _) => "",
            (_, true) => "reached",
            (_, false) => "**missed**",
        }
    }
}

/// `1,234`, `12.3`, `0.87`
pub fn number(value: f64) -> String {
    if value >= 1000.0 {
        let digits = format!("{value:.0}");
        let mut text = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index) % 3 == 0 {
                text.push(',');
            }
            text.push(digit);
        }
        text
    } else if value >= 100.0 || value.fract() == 0.0 {
        format!("{value:.0}")
    } else if value >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

/// A line for the terminal.
pub fn line(row: &Row) -> String {
    let mark = if row.met() { ' ' } else { '!' };
    format!(
        "{mark} {:<62} {:>22}  {:<34} {}{} {}",
        row.what,
        row.measured,
        row.against,
        number(row.figure),
        row.unit,
        row.to_reach()
    )
}

/// The table, a part after the other, in the order in which they were begun.
pub fn table(rows: &[Row]) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for row in rows {
        if !parts.contains(&row.part) {
            parts.push(row.part);
        }
    }
    let mut text = String::new();
    for part in parts {
        let head = "| what | Homeroom | beside it | figure | to reach | |\n|---|---|---|---|---|---|";
        let _ = write!(text, "\n### {part}\n\n{head}\n");
        rows.iter().filter(|row| row.part == part).for_each(|row| text.push_str(&in_table(row)));
    }
    text
}

fn in_table(row: &Row) -> String {
    let Row { what, measured, against, .. } = row;
    let (figure, to_reach, verdict) = (number(row.figure), row.to_reach(), row.verdict());
    format!("| {what} | {measured} | {against} | {figure}{} | {to_reach} | {verdict} |\n", row.unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_long_as_they_mean_something() {
        assert_eq!(
            [0.8712, 12.34, 234.5, 1234.5, 1_000_000.0].map(number),
            ["0.87", "12.3", "234", "1,234", "1,000,000"]
        );
    }
}
