//! `homeroom licenses …`

use anyhow::Result;
use clap::{Args, Subcommand};
use homeroom_api::{
    LicenseId, LicenseMode, LicenseReport, LicenseSettings, LicenseSource, OrganizationLicense,
    OrganizationLicenseCreation, OrganizationLicenseUpdate, Timestamp, UserId,
};
use homeroom_client::Client;

use super::connection::Connection;
use super::words::one_of;
use crate::output::{Columns, Output, minute, text};

#[derive(Args)]
pub struct Licenses {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the licences, and how many of their seats are free
    #[command(after_help = "Example:\n  homeroom licenses list --json")]
    List,
    /// Add a licence that was bought
    #[command(after_help = "Examples:
  homeroom licenses create --mode credit --source order --seats 300 \\
    --start 2026-08-01 --end 2027-08-01
  homeroom licenses create --mode site --source trial \\
    --start 2026-08-01 --end 2026-09-01")]
    Create(Create),
    /// Change a licence: only what is given
    #[command(after_help = "Example:\n  homeroom licenses update 000001a3f2c07e00c0ffee01 --end 2028-08-01")]
    Update(Change),
    /// Delete a licence: its seats end with it
    #[command(after_help = "Example:\n  homeroom licenses delete 000001a3f2c07e00c0ffee01")]
    Delete {
        /// Id of the licence
        license: LicenseId,
    },
    /// Give a user a seat
    #[command(after_help = "Example:
  homeroom licenses assign 000001a3f2c07e00c0ffee01 000001a3f2c07e00c0ffee02")]
    Assign(Seat),
    /// Take a seat away from a user
    #[command(after_help = "Example:
  homeroom licenses unassign 000001a3f2c07e00c0ffee01 000001a3f2c07e00c0ffee02")]
    Unassign(Seat),
    /// Show how the licences stand
    #[command(after_help = "Example:\n  homeroom licenses report")]
    Report,
    /// Show how seats are given, or change it
    #[command(after_help = "Example:\n  homeroom licenses settings --assigns-seats false")]
    Settings {
        /// Whether people get a seat by themselves when they first sign in
        #[arg(long, value_name = "BOOL")]
        assigns_seats: Option<bool>,
    },
}

#[derive(Args)]
struct Create {
    /// `credit` counts seats, `site` covers everybody
    #[arg(long, value_parser = one_of(LicenseMode::ALL, LicenseMode::as_str))]
    mode: LicenseMode,
    /// Where it comes from
    #[arg(long, default_value = "order", value_parser = one_of(LicenseSource::ALL, LicenseSource::as_str))]
    source: LicenseSource,
    /// How many seats were bought; a site licence has none
    #[arg(long)]
    seats: Option<i64>,
    /// When it begins, a date or date-time in UTC
    #[arg(long, value_name = "DATE", value_parser = date)]
    start: Timestamp,
    /// When it ends, a date or date-time in UTC
    #[arg(long, value_name = "DATE", value_parser = date)]
    end: Timestamp,
}

#[derive(Args)]
struct Change {
    /// Id of the licence
    license: LicenseId,
    /// Where it comes from
    #[arg(long, value_parser = one_of(LicenseSource::ALL, LicenseSource::as_str))]
    source: Option<LicenseSource>,
    /// How many seats were bought, no fewer than are in use
    #[arg(long)]
    seats: Option<i64>,
    /// When it begins, a date or date-time in UTC
    #[arg(long, value_name = "DATE", value_parser = date)]
    start: Option<Timestamp>,
    /// When it ends, a date or date-time in UTC
    #[arg(long, value_name = "DATE", value_parser = date)]
    end: Option<Timestamp>,
}

#[derive(Args)]
struct Seat {
    /// Id of the licence
    license: LicenseId,
    /// Id of the user
    user: UserId,
}

fn date(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).ok_or_else(|| "not a date like 2026-08-01".to_owned())
}

const COLUMNS: &Columns<OrganizationLicense> = &[
    ("Id", |license| license.id.to_string()),
    ("Mode", |license| license.mode.to_string()),
    ("Source", |license| license.source.to_string()),
    ("Seats", |license| text(license.seats.as_ref())),
    ("Used", |license| text(license.seats_used.as_ref())),
    ("Free", |license| text(license.seats_free.as_ref())),
    ("Begins", |license| minute(license.start_date)),
    ("Ends", |license| minute(license.expiration_date)),
    ("Active", |license| yes_or_no(license.active)),
];

const REPORT: &Columns<LicenseReport> = &[
    ("Seats", |report| report.seats.to_string()),
    ("Used", |report| report.seats_used.to_string()),
    ("Free", |report| report.seats_free.to_string()),
    ("Site licence", |report| yes_or_no(report.site)),
    ("Without a licence", |report| report.users_without_license.to_string()),
    ("List them", |_| "homeroom users list --no-active-license --test-accounts exclude".to_owned()),
];

const SETTINGS: &Columns<LicenseSettings> =
    &[("Seats by themselves", |settings| yes_or_no(settings.assigns_seats))];

fn yes_or_no(value: bool) -> String {
    if value { "yes" } else { "no" }.to_owned()
}

impl Licenses {
    pub async fn run(self) -> Result<()> {
        let (client, output) = (self.connection.client()?, self.connection.output());
        self.command.run(&client, output).await.map_err(|error| self.connection.explain(error))
    }
}

impl Command {
    async fn run(self, client: &Client, output: Output) -> Result<()> {
        let licenses = client.licenses();
        match self {
            Self::List => output.list(&licenses.list().await?, COLUMNS),
            Self::Create(create) => output.one(&licenses.create(&create.body()).await?, COLUMNS),
            Self::Update(change) => {
                output.one(&licenses.update(&change.license, &change.body()).await?, COLUMNS)
            }
            Self::Delete { license } => {
                licenses.delete(&license).await?;
                output.done("Deleted.")
            }
            Self::Assign(Seat { license, user }) => {
                licenses.assign(&license, &user).await?;
                output.done("The user has a seat.")
            }
            Self::Unassign(Seat { license, user }) => {
                licenses.unassign(&license, &user).await?;
                output.done("The user has no seat of it.")
            }
            Self::Report => output.one(&licenses.report().await?, REPORT),
            Self::Settings { assigns_seats } => {
                let settings = match assigns_seats {
                    Some(assigns_seats) => licenses.set_settings(LicenseSettings { assigns_seats }).await?,
                    None => licenses.settings().await?,
                };
                output.one(&settings, SETTINGS)
            }
        }
    }
}

impl Create {
    fn body(self) -> OrganizationLicenseCreation {
        let Self { mode, source, seats, start, end } = self;
        OrganizationLicenseCreation { mode, source, seats, start_date: start, expiration_date: end }
    }
}

impl Change {
    fn body(&self) -> OrganizationLicenseUpdate {
        let &Self { source, seats, start, end, .. } = self;
        OrganizationLicenseUpdate { mode: None, source, seats, start_date: start, expiration_date: end }
    }
}
