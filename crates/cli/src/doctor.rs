//! `homeroom doctor`.

use anyhow::{Result, bail};
use clap::Args;
use homeroom_server::App;
use homeroom_server::clock::Clock;
use homeroom_server::config::{self, key_file, load_key};
use homeroom_server::db::{self, DatabaseUrl, Db};
use homeroom_server::licenses;
use homeroom_server::mail::Postman;
use homeroom_server::random::Random;
use url::{Host, Url};

use crate::output::line;
use crate::settings::{ConfigFile, Database, Server, Settings, resolve};

/// Find what is wrong, and say how to mend it
///
/// Looks at database, schema, key, clock, seats of licences, public URL and mail server. Run it with the settings of the
/// server. Exits with 1 if anything is wrong.
#[derive(Args)]
#[command(after_help = "Example:
  homeroom doctor --database sqlite:///var/lib/homeroom.db \\
    --public-url https://school.example")]
pub struct Doctor {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    server: Server,
    #[command(flatten)]
    config: ConfigFile,
}

/// What a check found: in order, or what is wrong and the mend.
type Finding = Result<String, String>;

impl Doctor {
    pub async fn run(self) -> Result<()> {
        let settings = resolve(&self.config, self.database, self.server)?;
        let mut wrong = 0;
        for (what, finding) in findings(&settings).await {
            let (mark, text) = match finding {
                Ok(text) => ("ok   ", text),
                Err(text) => ("WRONG", text),
            };
            wrong += usize::from(mark == "WRONG");
            line(&format!("{mark}  {what:<10}  {text}"))?;
        }
        if wrong > 0 {
            bail!("{wrong} of the checks found something wrong");
        }
        Ok(())
    }
}

async fn findings(settings: &Settings) -> Vec<(&'static str, Finding)> {
    let mut findings = match open(settings).await {
        Err(problem) => vec![("database", Err(problem))],
        Ok(db) => on_database(&db, settings).await,
    };
    findings.push(("public URL", public_url(&settings.server.public_url)));
    findings.push(("mail", mail(&settings.server).await));
    findings
}

/// What rests on something that is wrong is not looked at: it would only add noise.
async fn on_database(db: &Db, settings: &Settings) -> Vec<(&'static str, Finding)> {
    let mut findings = vec![("database", database(db, settings).await)];
    if findings[0].1.is_ok() {
        findings.push(("schema", schema(db).await));
    }
    if findings.iter().all(|(_, finding)| finding.is_ok()) {
        findings.push(("key", key(db, settings).await));
        findings.push(("clock", clock(db).await));
        findings.push(("seats", seats(db).await));
    }
    findings
}

async fn open(settings: &Settings) -> Result<Db, String> {
    if let DatabaseUrl::Sqlite(path) = &settings.database
        && !path.exists()
    {
        return Err(format!(
            "there is no {}: `homeroom serve` makes it, or name another with --database",
            path.display()
        ));
    }
    let db = Db::connect(&settings.database).map_err(|error| unopened(settings, &error))?;
    db.read().await.map_err(|error| unopened(settings, &error))?; // PostgreSQL is not asked before
    Ok(db)
}

fn unopened(settings: &Settings, error: &db::Error) -> String {
    let mend = match settings.database {
        DatabaseUrl::Sqlite(_) => "if it is the right file and you may write to it, restore the last backup",
        DatabaseUrl::Postgres(_) => "check that it runs, and the address in --database",
    };
    format!("{} can't be opened ({error}): {mend}", settings.database)
}

async fn database(db: &Db, settings: &Settings) -> Finding {
    db.check_letters().await.map_err(|error| error.to_string())?;
    match db.damage().await {
        Ok(problems) if problems.is_empty() => Ok(sound(&settings.database)),
        Ok(problems) => Err(format!("it is damaged: {}. Restore the last backup", some_of(&problems))),
        Err(error) => Err(format!("it can't be read ({error}): restore the last backup")),
    }
}

fn sound(database: &DatabaseUrl) -> String {
    match database {
        DatabaseUrl::Sqlite(_) => format!("{database} is whole"),
        DatabaseUrl::Postgres(_) => format!("{database} answers"),
    }
}

/// The first of what may be thousands of problems, each on one line.
fn some_of(problems: &[String]) -> String {
    let shown: Vec<String> = problems.iter().take(3).map(|problem| problem.replace('\n', " ")).collect();
    let more = problems.len().saturating_sub(shown.len());
    if more == 0 { shown.join("; ") } else { format!("{}; and {more} more", shown.join("; ")) }
}

async fn schema(db: &Db) -> Finding {
    match db.schema().await {
        Ok((applied, latest)) if applied == latest => Ok(format!("version {applied}, the latest")),
        Ok((applied, latest)) if applied < latest => {
            Err(format!("version {applied} of {latest}: `homeroom serve` brings it up to date"))
        }
        Ok((applied, latest)) => db.check_newer().await.map_err(|error| error.to_string()).map(|()| {
            format!("version {applied}, newer than this program ({latest}), which it still serves: exchange it soon")
        }),
        Err(error) => Err(error.to_string()),
    }
}

async fn key(db: &Db, settings: &Settings) -> Finding {
    if settings.secret_key.is_none() && key_file(&settings.database).is_some_and(|file| !file.exists()) {
        return Err("there is none: set HOMEROOM_SECRET_KEY, or put the file that ends in .key back beside the database"
            .to_owned());
    }
    let (key, _) = load_key(settings.secret_key.as_deref(), &settings.database).map_err(|e| e.to_string())?;
    let server = config::Settings { smtp: None, ..settings.server.clone() }; // mail has a check of its own
    let known = App::new(db.clone(), &key, server, Clock::system(), Random::system()).await;
    known.map(|_| "it is this database's".to_owned()).map_err(|error| error.to_string())
}

async fn clock(db: &Db) -> Finding {
    let now = Clock::system().now().as_millis();
    let newest = db.newest_event().await.map_err(|error| error.to_string())?;
    if newest > now + 60_000 {
        return Err("it is behind: the database holds events from later. Set it (timedatectl set-ntp true)"
            .to_owned());
    }
    Ok("not behind what the database holds".to_owned())
}

/// Seats are counted as they are given and taken: nothing may make that another number than hold one.
async fn seats(db: &Db) -> Finding {
    let mut conn = db.read().await.map_err(|error| error.to_string())?;
    let wrong = licenses::miscounted(&mut conn).await.map_err(|error| error.to_string())?;
    if wrong.is_empty() {
        return Ok("as many are in use as people have, and no more than were bought".to_owned());
    }
    let wrong: Vec<String> = wrong.iter().map(ToString::to_string).collect();
    Err(format!("they are counted wrongly in {}: delete these licences and add them anew", some_of(&wrong)))
}

fn public_url(url: &str) -> Finding {
    let parsed =
        Url::parse(url).map_err(|error| format!("{url} is no address ({error}): check --public-url"))?;
    if parsed.scheme() == "http" && !is_local(&parsed) {
        return Err(format!(
            "{url} is not https: browsers would send passwords in the clear. Put a proxy with TLS before it"
        ));
    }
    if parsed.socket_addrs(|| None).is_err() {
        return Err(format!("the name in {url} is not known here: check --public-url, or the DNS"));
    }
    Ok(url.to_owned())
}

/// Whether the mail server lets us in. Mails wait where there is none.
async fn mail(settings: &config::Settings) -> Finding {
    let Some(postman) = Postman::of(settings).map_err(|error| error.to_string())? else {
        return Ok("there is no --smtp-url: mails are kept, and `homeroom mail list` shows them".to_owned());
    };
    match postman.check().await {
        Ok(()) => Ok(format!("{} lets us in; mails come from {}", postman.server(), postman.from)),
        Err(failure) => Err(format!("{}: check --smtp-url and --smtp-ca", failure.text)),
    }
}

/// A name that only begins like this machine's is another's.
fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::public_url;

    #[test]
    fn only_this_machine_may_be_spoken_to_in_the_clear() {
        for local in ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"] {
            assert!(public_url(local).is_ok(), "{local}");
        }
        for other in ["http://127.0.0.1.evil.example", "http://localhost.evil.example", "http://10.0.0.1"] {
            assert!(public_url(other).unwrap_err().contains("is not https"), "{other}");
        }
    }
}
