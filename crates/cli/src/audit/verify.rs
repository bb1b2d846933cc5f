//! `homeroom audit verify`: on the database itself, whether or not a server runs on it.

use anyhow::{Result, bail};
use clap::Args;
use homeroom_server::App;
use homeroom_server::audit::{self, End, Fault, Report};
use homeroom_server::organizations::{self, Organization};
use serde::Serialize;

use crate::output::{json, line, note};
use crate::settings::{ConfigFile, Database, Server, resolve};
use crate::store;

/// Find events of the audit log that were changed, removed or put in by hand
///
/// On the database itself, whether or not a server runs on it. It exits with 1 where anything is wrong. Write down
/// elsewhere the end that it prints: a later run with it shows that the log was not put back to an earlier day.
#[derive(Args)]
#[command(after_help = "Examples:
  homeroom audit verify
  homeroom audit verify north-hill-school --includes 1234:9f3a…")]
pub struct Verify {
    /// Of the organization with this id or slug (`individuals`: accounts without one) [default: of all]
    organization: Option<String>,
    /// An end that an earlier run printed, which must still be in the log
    #[arg(long, value_name = "NUMBER:SEAL", requires = "organization")]
    includes: Option<End>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    config: ConfigFile,
}

/// An organization's report, as scripts read it.
#[derive(Serialize)]
struct Verified {
    organization: String,
    slug: String,
    #[serde(flatten)]
    report: Report,
}

impl Verify {
    pub async fn run(self) -> Result<()> {
        let settings = resolve(&self.config, self.database, Server::default())?.without_mail();
        let app = store::open(&settings).await?;
        let mut all = Vec::new();
        for organization in organizations(&app, self.organization.as_deref()).await? {
            let report = audit::verify(&app, &organization.id, self.includes.as_ref()).await?;
            if !self.json {
                print(&organization, &report)?;
            }
            all.push(Verified { organization: organization.id.to_string(), slug: organization.slug, report });
        }
        if self.json {
            json(&all)?;
        }
        match all.iter().map(|verified| verified.report.wrong).sum::<u64>() {
            0 => Ok(()),
            1 => bail!("one event is wrong"),
            wrong => bail!("{wrong} events are wrong"),
        }
    }
}

/// The one that is asked for, or all, with the individuals.
async fn organizations(app: &App, which: Option<&str>) -> Result<Vec<Organization>> {
    let all = organizations::list_with_individuals(&mut app.db.read().await?).await?;
    let Some(which) = which else { return Ok(all) };
    let found = all.into_iter().find(|one| one.id.as_str() == which || one.slug == which);
    match found {
        Some(organization) => Ok(vec![organization]),
        None => bail!("there is no organization with the id or slug `{which}`"),
    }
}

fn print(organization: &Organization, report: &Report) -> Result<()> {
    let Report { good, erased, unsealed, wrong, faults, end } = report;
    let verdict = if *wrong == 0 { "good" } else { "WRONG" };
    line(&format!("{} ({}): {verdict}", organization.name, organization.slug))?;
    line(&format!("  {good} good, {erased} erased, {unsealed} not sealed yet, {wrong} wrong"))?;
    for fault in faults {
        line(&format!("  {}", sentence(fault)))?;
    }
    if let Some(end) = end {
        line(&format!("  end {end}"))?;
    }
    if (faults.len() as u64) < *wrong && faults.len() >= 1000 {
        note("  Only the first thousand are told.")?;
    }
    Ok(())
}

/// `12: the event 000001a3… was changed…`
fn sentence(fault: &Fault) -> String {
    let Fault { sequence, until, event, problem } = fault;
    let place = until.map_or(sequence.to_string(), |until| format!("{sequence} to {until}"));
    let event = event.as_deref().map(|id| format!(" {id}")).unwrap_or_default();
    format!("{place}:{event} {}", problem.text())
}
