//! `homeroom lti-credentials …`

use anyhow::Result;
use clap::{Args, Subcommand};
use homeroom_api::{LmsName, LtiCredentials as Credentials, LtiCredentialsCreation, LtiCredentialsId};
use homeroom_client::Client;

use super::connection::Connection;
use super::words::one_of;
use crate::output::{Columns, Output, minute, minute_if, text};

#[derive(Args)]
pub struct LtiCredentials {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the keys; secrets are in the JSON only
    #[command(after_help = "Example:\n  homeroom lti-credentials list --json")]
    List,
    /// Make a consumer key and secret to paste into a learning platform
    #[command(after_help = "Example:\n  homeroom lti-credentials create --name 'Lower school' --lms moodle")]
    Create {
        /// A name for people, up to 300 characters
        #[arg(long)]
        name: String,
        /// The learning platform
        #[arg(long, value_parser = one_of(LmsName::ALL, LmsName::as_str))]
        lms: LmsName,
    },
    /// Revoke a key: launches signed with it fail at once
    #[command(after_help = "Example:\n  homeroom lti-credentials revoke 000001a3f2c07e00c0ffee01")]
    Revoke {
        /// Id of the credentials (not the consumer key)
        credentials: LtiCredentialsId,
    },
}

const COLUMNS: &Columns<Credentials> = &[
    ("Id", |credentials| credentials.id.to_string()),
    ("Name", |credentials| credentials.name.clone()),
    ("Platform", |credentials| credentials.lms.to_string()),
    ("Key", |credentials| credentials.consumer_key.clone()),
    ("Made", |credentials| minute(credentials.creation_date)),
    ("Last launch", |credentials| minute_if(credentials.last_usage)),
];

const DETAILS: &Columns<Credentials> = &[
    COLUMNS[0],
    COLUMNS[1],
    COLUMNS[2],
    COLUMNS[3],
    ("Secret", |credentials| text(credentials.consumer_secret.as_ref())),
];

impl LtiCredentials {
    pub async fn run(self) -> Result<()> {
        let (client, output) = (self.connection.client()?, self.connection.output());
        self.command.run(&client, output).await.map_err(|error| self.connection.explain(error))
    }
}

impl Command {
    async fn run(self, client: &Client, output: Output) -> Result<()> {
        let all = client.lti_credentials();
        match self {
            Self::List => output.list(&all.list().await?, COLUMNS),
            Self::Create { name, lms } => {
                output.one(&all.create(&LtiCredentialsCreation { name, lms }).await?, DETAILS)
            }
            Self::Revoke { credentials } => {
                all.revoke(&credentials).await?;
                output.done("Revoked.")
            }
        }
    }
}
