//! Schools to measure on. Making a million people takes minutes, so they are kept in `target/bench`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};
use serde_json::Value;

use super::load::Request;
use crate::homeroom::{SECRET_KEY, Server};

/// The program of the other side, `homeroom-bench`.
#[derive(Clone)]
pub struct Side(pub PathBuf);

impl Side {
    /// `homeroom-bench …`
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.0);
        command.args(args).env("HOMEROOM_SECRET_KEY", SECRET_KEY);
        command
    }

    /// Runs it to its end; what it printed.
    pub fn run(&self, args: &[&str]) -> Result<String> {
        let output = self.command(args).output()?;
        ensure!(
            output.status.success(),
            "homeroom-bench {}: {}",
            args.join(" "),
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(String::from_utf8(output.stdout)?)
    }

    /// As [`Self::run`], for what prints a number.
    pub fn number(&self, args: &[&str]) -> Result<f64> {
        Ok(self.run(args)?.trim().parse()?)
    }
}

/// A school on a database, and the tokens of its administrators.
#[derive(Clone)]
pub struct Data {
    pub people: usize,
    /// `sqlite://…` or `postgres://…`
    pub url: String,
    pub organization: String,
    pub tokens: Vec<String>,
    /// One of its groups.
    pub group: String,
    /// Some of the groups that share the people out, where there are any.
    pub forms: Vec<String>,
    /// The day on which the licence of one person in four ends.
    pub license_day: String,
    /// Some users who are only pupils.
    pub pupils: Vec<String>,
    /// Places all along the list by last name: the folded name and the id.
    pub places: Vec<(String, String)>,
}

/// The school of so many people in a file of `folder`, made where it is not there.
pub fn sqlite(side: &Side, folder: &Path, people: usize) -> Result<Data> {
    with_forms(side, folder, people, 0)
}

/// As [`sqlite`], with so many groups that share the people out.
pub fn with_forms(side: &Side, folder: &Path, people: usize, forms: usize) -> Result<Data> {
    let file = folder.join(format!("{people}-{forms}-v{}.db", schema()?));
    let url = format!("sqlite://{}", file.display());
    let about = file.with_extension("json");
    if !about.exists() {
        println!("making a school of {people} people: {}", file.display());
        for old in ["db", "db-wal", "db-shm"] {
            let _ = fs::remove_file(file.with_extension(old));
        }
        let (many, forms) = (people.to_string(), forms.to_string());
        let made = side.run(&["fill", "--database", &url, "--people", &many, "--forms", &forms])?;
        fs::write(&about, made)?;
    }
    read(people, url, &fs::read_to_string(about)?)
}

/// As [`sqlite`], on a PostgreSQL that is there for this run alone.
pub fn postgres(side: &Side, url: String, people: usize) -> Result<Data> {
    println!("making a school of {people} people on PostgreSQL");
    let made = side.run(&["fill", "--database", &url, "--people", &people.to_string()])?;
    read(people, url, &made)
}

/// A file of another schema is of no use.
fn schema() -> Result<usize> {
    Ok(fs::read_dir("crates/server/migrations")?.count())
}

fn read(people: usize, url: String, about: &str) -> Result<Data> {
    let mut about: Value = serde_json::from_str(about)?;
    let mut take = |name: &str| about[name].take();
    Ok(Data {
        people,
        url,
        organization: serde_json::from_value(take("organization"))?,
        tokens: serde_json::from_value(take("tokens"))?,
        group: serde_json::from_value(take("group"))?,
        forms: serde_json::from_value(take("forms"))?,
        license_day: take("licenseEnds")
            .as_str()
            .and_then(|end| end.get(..10))
            .unwrap_or_default()
            .to_owned(),
        pupils: serde_json::from_value(take("pupils"))?,
        places: serde_json::from_value(take("places"))?,
    })
}

impl Data {
    pub fn engine(&self) -> &'static str {
        if self.url.starts_with("sqlite:") { "SQLite" } else { "PostgreSQL" }
    }

    /// The token of the n-th request: each administrator's in turn.
    pub fn token(&self, number: usize) -> &str {
        &self.tokens[number % self.tokens.len()]
    }

    /// Requests for these paths, each by every administrator in turn.
    pub fn requests(&self, paths: &[String]) -> Vec<Request> {
        let many = paths.len().max(self.tokens.len());
        (0..many).map(|number| Request::get(&paths[number % paths.len()], self.token(number))).collect()
    }
}

pub const USERS: &str = "/v2/organizations/users";

/// Lists in one order: the first page of it both ways, and pages at forty places all along it.
pub async fn pages(server: &Server, data: &Data, sort: &[&str]) -> Result<Vec<String>> {
    let sort = sort.iter().fold(String::new(), |query, key| query + "sort=" + key + "&");
    let first = format!("{USERS}?{sort}limit=1000&onlyIds=true");
    let cursors = walk(server, data, first).await?;
    let every = (cursors.len() / 40).max(1);
    let list = format!("{USERS}?{sort}");
    let mut paths = vec![list.trim_end_matches(['&', '?']).to_owned(), format!("{list}direction=desc")];
    for cursor in cursors.iter().step_by(every) {
        paths.push(format!("{list}next={cursor}"));
        paths.push(format!("{list}previous={cursor}"));
    }
    Ok(paths)
}

/// Follows the links to the end of a list; the cursors.
async fn walk(server: &Server, data: &Data, first: String) -> Result<Vec<String>> {
    let client = reqwest::Client::new();
    let mut next = Some(format!("{}{first}", server.url()));
    let mut cursors = Vec::new();
    while let Some(url) = next {
        let answer = client.get(url).bearer_auth(&data.tokens[0]).send().await?.error_for_status()?;
        let link = answer
            .headers()
            .get("link")
            .map(|link| link.to_str())
            .transpose()?
            .unwrap_or_default()
            .to_owned();
        answer.bytes().await?;
        let cursor = link.split(", ").find(|link| link.ends_with("rel=\"next\"")).and_then(|link| {
            link.split(['&', '?', '>']).find_map(|pair| pair.strip_prefix("next=")).map(str::to_owned)
        });
        next = cursor.as_ref().map(|cursor| format!("{}{first}&next={cursor}", server.url()));
        cursors.extend(cursor);
    }
    Ok(cursors)
}
