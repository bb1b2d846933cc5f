//! Search and counts at a million people.

use anyhow::Result;

use super::Ground;
use super::data::{Data, USERS};
use super::load::CONNECTIONS;
use super::report::{Row, Target, number};

/// Words of the names that the data has, with how many people out of a million have them.
const WORDS: &[(&str, &str)] = &[("qvo", "20"), ("zwi", "1,000"), ("xan", "50,000"), ("jqz", "none")];

/// Search by three letters, sorted by name.
pub fn words(ground: &Ground, large: &Data) -> Result<Vec<Row>> {
    let server = ground.serve(large)?;
    let mut rows = Vec::new();
    for (word, people) in WORDS {
        // Names go on after the three letters: each request asks for another word.
        let paths: Vec<String> =
            longer(word).iter().map(|word| format!("{USERS}?sort=lastname&q={word}")).collect();
        let measured = ground.load.on(&server.url(), &large.requests(&paths))?;
        rows.push(Row {
            part: "Search",
            what: format!(
                "a word that {people} of {} people have, {CONNECTIONS} at once",
                number(large.people as f64)
            ),
            measured: format!("{}/s, p99 {:.1} ms", number(measured.per_second), measured.p99),
            against: String::new(),
            figure: measured.p50,
            unit: " ms p50",
            target: Target::AtMost(5.0),
        });
    }
    Ok(rows)
}

fn longer(word: &str) -> Vec<&'static str> {
    match word {
        "qvo" => vec!["qvo", "qvort", "vortru", "Qvortrup"],
        "zwi" => vec!["zwi", "zwick", "wickelm", "Zwickelmann"],
        "xan" => vec!["xan", "xanth", "nthipp", "Xanthippe"],
        _ => vec!["jqz", "qvzan", "zwixan", "xanjqz"],
    }
}

/// Counts beside the bare count of the same index, and those that have no such index.
pub fn counts(ground: &Ground, large: &Data) -> Result<Vec<Row>> {
    let server = ground.serve(large)?;
    let group = format!("group={}", large.group);
    let mut rows = Vec::new();
    for (query, bare) in [("", "all"), ("role=teacher", "role"), (&*group, "group")] {
        let paths = [format!("{USERS}/count?{query}")];
        let ours = ground.load.from(&server.url(), &large.requests(&paths), 1)?;
        let limit = ground.side.number(&[
            "count",
            bare,
            "--database",
            &large.url,
            "--organization",
            &large.organization,
            "--group",
            &large.group,
        ])?;
        rows.push(Row {
            part: "Counts, one at a time",
            what: if query.is_empty() {
                "everybody".to_owned()
            } else {
                format!("`{}`", query.replace(&large.group, "…"))
            },
            measured: format!("p50 {:.1} ms", ours.p50),
            against: format!("{limit:.1} ms bare `count(*)`"),
            figure: ours.p50 / limit,
            unit: " times the time",
            target: Target::AtMost(1.2),
        });
    }
    let others = [
        ("q=qvo", 5.0),
        ("q=zwick", 5.0),
        ("q=xan", 250.0),
        ("q=zo", 250.0),
        ("noActiveLicense=true", 250.0),
        ("licenseExpirationDate=notActive&testAccounts=exclude", 250.0),
        ("role=user&q=zo", 250.0),
    ];
    for (query, most) in others {
        let paths = [format!("{USERS}/count?{query}")];
        let ours = ground.load.from(&server.url(), &large.requests(&paths), 1)?;
        rows.push(Row {
            part: "Counts, one at a time",
            what: format!("`{query}`"),
            measured: format!("p99 {:.1} ms", ours.p99),
            against: String::new(),
            figure: ours.p50,
            unit: " ms p50",
            target: Target::AtMost(most),
        });
    }
    Ok(rows)
}
