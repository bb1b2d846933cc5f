//! Writes: durable ones through group commit, accounts, and lists while passwords are hashed.

use std::process::Stdio;

use anyhow::Result;

use super::Ground;
use super::data::{Data, USERS};
use super::load::Request;
use super::report::{Row, Target, number};

const PART: &str = "Writes, durable when answered";

/// Tokens, links and invitations.
pub fn small(ground: &Ground, data: &Data) -> Result<Vec<Row>> {
    let server = ground.serve(data)?;
    let kinds = [
        (
            "an access token",
            "/v2/organizations/users/{user}/accessToken",
            r#"{"scopes":["account.public_profile"]}"#,
        ),
        ("a sign-in link", "/v2/organizations/users/{user}/signinLink", "{}"),
        ("an invitation", "/v2/organizations/invitations", r#"{"organizationRole":"teacher"}"#),
    ];
    let mut rows = Vec::new();
    for (name, path, body) in kinds {
        let requests: Vec<Request> = data
            .pupils
            .iter()
            .enumerate()
            .map(|(number, pupil)| Request::post(path.replace("{user}", pupil), data.token(number), body))
            .collect();
        let measured = ground.load.on(&server.url(), &requests)?;
        rows.push(Row {
            part: PART,
            what: format!("make {name}, {}", data.engine()),
            measured: format!("p50 {:.1} ms, p99 {:.1} ms", measured.p50, measured.p99),
            against: String::new(),
            figure: measured.per_second,
            unit: "/s",
            target: if data.engine() == "SQLite" { Target::AtLeast(5000.0) } else { Target::None },
        });
    }
    Ok(rows)
}

/// Accounts with a password, beside hashing alone; and lists meanwhile.
pub fn accounts(ground: &Ground, data: &Data) -> Result<Vec<Row>> {
    let server = ground.serve(data)?;
    let body = r#"{"username":"{n}","password":"correct horse"}"#;
    let requests: Vec<Request> =
        (0..data.tokens.len()).map(|number| Request::post(USERS, data.token(number), body)).collect();
    let made = ground.load.on(&server.url(), &requests)?;
    let hashed = ground.side.number(&["hashing"])?;

    let probe = [
        "probe",
        "--url",
        &server.url(),
        "--token",
        data.token(0),
        "--path",
        &format!("{USERS}?sort=lastname"),
    ];
    let probe = ground.side.command(&probe).stdout(Stdio::piped()).spawn()?;
    ground.load.on(&server.url(), &requests)?;
    let p99: f64 = String::from_utf8(probe.wait_with_output()?.stdout)?.trim().parse()?;
    Ok(vec![
        Row {
            part: PART,
            what: "create a user, password hashed".to_owned(),
            measured: format!("{}/s", number(made.per_second)),
            against: format!("{}/s bare argon2 on all cores", number(hashed)),
            figure: made.per_second / hashed,
            unit: "",
            target: Target::AtLeast(0.9),
        },
        Row {
            part: PART,
            what: "50 lists a second while hashing fills all cores (open loop)".to_owned(),
            measured: format!("p99 {p99:.1} ms"),
            against: String::new(),
            figure: p99,
            unit: " ms p99",
            target: Target::AtMost(30.0),
        },
    ])
}

/// 100,000 accounts by the store's own path, beside bare batched inserts. Each on a copy of its own.
pub fn stored(ground: &Ground, data: &Data) -> Result<Vec<Row>> {
    let mut rates = Vec::new();
    for by in ["store", "bare"] {
        let copy = ground.copy(data, &format!("{by}.db"))?;
        let organization = ["--organization", &data.organization];
        rates.push(
            ground.side.number(&[&["inserts", by, "--database", &copy.url], &organization[..]].concat())?,
        );
    }
    Ok(vec![Row {
        part: PART,
        what: "100,000 accounts with a hash, stored from 16 clients one by one".to_owned(),
        measured: format!("{}/s", number(rates[0])),
        against: format!("{}/s bare, 1,000 in a transaction", number(rates[1])),
        figure: rates[0] / rates[1],
        unit: "",
        target: Target::AtLeast(0.5),
    }])
}
