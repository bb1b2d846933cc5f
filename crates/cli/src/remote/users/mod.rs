//! `homeroom users …`

mod edit;
mod list;
mod remove;
mod tokens;

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use homeroom_api::{AccessTokenId, UserDetailsAdmin, UserId};
use homeroom_client::Client;

use super::connection::Connection;
use crate::output::{Columns, Output, json, line, minute, minute_if, text};

#[derive(Args)]
pub struct Users {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List users
    #[command(after_help = "Examples:
  homeroom users list --role teacher --sort lastname --sort firstname
  homeroom users list --search 'zoe müller' --json
  homeroom users list --all --only-ids")]
    List(list::List),
    /// Count users
    #[command(after_help = "Example:\n  homeroom users count --no-active-license")]
    Count(list::Filter),
    /// Show a user
    #[command(after_help = "Example:\n  homeroom users get 000001a3f2c07e00c0ffee01")]
    Get {
        /// Id of the user
        user: UserId,
    },
    /// Create a user; asks for the password
    #[command(after_help = "Examples:
  homeroom users create --username ada --firstname Ada --lastname Lovelace
  pwgen 16 1 | homeroom users create --username ada --password-stdin")]
    Create(edit::Create),
    /// Change a user: only what is given
    #[command(after_help = "Examples:
  homeroom users update 000001a3f2c07e00c0ffee01 --role teacher --no-email
  homeroom users update 000001a3f2c07e00c0ffee01 --password")]
    Update(edit::Update),
    /// Remove a user and what belongs to them, for good
    #[command(after_help = "Examples:
  homeroom users remove 000001a3f2c07e00c0ffee01 --yes
  homeroom users remove 000001a3f2c07e00c0ffee01 --yes --wait
  homeroom users remove 000001a3f2c07e00c0ffee01 --convert-to-individual")]
    Remove(remove::Remove),
    /// Show what has been erased of a user who was removed, or left with the account
    #[command(after_help = "Example:\n  homeroom users erasure 000001a3f2c07e00c0ffee01")]
    Erasure {
        /// Id that the user had
        user: UserId,
    },
    /// Write all that is held about a user to a ZIP file
    #[command(after_help = "Example:\n  homeroom users export 000001a3f2c07e00c0ffee01 --out ada.zip")]
    Export {
        /// Id of the user
        user: UserId,
        /// The file, which must not exist yet
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Remove the second factor of a user who has lost phone and recovery codes
    #[command(after_help = "Example:\n  homeroom users remove-second-factor 000001a3f2c07e00c0ffee01")]
    RemoveSecondFactor {
        /// Id of the user
        user: UserId,
    },
    /// Make an API token that acts as a user; it is shown this once
    #[command(after_help = "Example:
  homeroom users token 000001a3f2c07e00c0ffee01 --scope account.public_profile")]
    Token(tokens::Token),
    /// List the API tokens of a user, never the tokens themselves
    #[command(after_help = "Example:\n  homeroom users tokens 000001a3f2c07e00c0ffee01")]
    Tokens(tokens::Tokens),
    /// Revoke an API token of a user
    #[command(after_help = "Example:
  homeroom users token-revoke 000001a3f2c07e00c0ffee01 000001a3f2c07e00c0ffee02")]
    TokenRevoke {
        /// Id of the user
        user: UserId,
        /// Id of the token, as `tokens` lists it (not the token itself)
        #[arg(id = "access-token", value_name = "TOKEN_ID")]
        token: AccessTokenId,
    },
    /// Make a URL that signs a user in, once
    #[command(after_help = "Example:
  homeroom users signin-link 000001a3f2c07e00c0ffee01 --destination-path /new")]
    SigninLink(tokens::SigninLink),
}

const COLUMNS: &Columns<UserDetailsAdmin> = &[
    ("Id", |user| user.id.to_string()),
    ("Username", |user| user.username.clone()),
    ("First name", |user| text(user.firstname.as_ref())),
    ("Last name", |user| text(user.lastname.as_ref())),
    ("Role", |user| text(user.organization_role.as_ref())),
    ("E-mail", |user| text(user.email.as_ref())),
    ("Licence until", |user| {
        user.license.as_ref().map(|own| minute(own.expiration_date)).unwrap_or_default()
    }),
    ("Last active", |user| minute_if(user.last_activity_date)),
];

impl Users {
    pub async fn run(self) -> Result<()> {
        let (client, output) = (self.connection.client()?, self.connection.output());
        self.command.run(&client, output).await.map_err(|error| self.connection.explain(error))
    }
}

impl Command {
    async fn run(self, client: &Client, output: Output) -> Result<()> {
        match self {
            Self::List(args) => args.run(client, output).await,
            Self::Count(filter) => json(&client.users().count(&filter.into()).await?),
            Self::Get { user } => output.one(&client.users().get(&user).await?, COLUMNS),
            Self::Create(args) => args.run(client, output).await,
            Self::Update(args) => args.run(client, output).await,
            Self::Remove(args) => args.run(client, output).await,
            Self::Erasure { user } => remove::show(client, output, &user).await,
            Self::Export { user, out } => export(client, output, &user, &out).await,
            Self::RemoveSecondFactor { user } => {
                client.users().remove_second_factor(&user).await?;
                output.done("Removed. From now on the password is enough to sign in.")
            }
            Self::Token(args) => args.run(client, output).await,
            Self::Tokens(args) => args.run(client, output).await,
            Self::TokenRevoke { user, token } => {
                client.users().revoke_access_token(&user, &token).await?;
                output.done("Revoked.")
            }
            Self::SigninLink(args) => args.run(client, output).await,
        }
    }
}

/// One id on each line, for `xargs` and loops.
fn print_ids(users: &[UserDetailsAdmin]) -> Result<()> {
    users.iter().try_for_each(|user| line(user.id.as_str()))
}

/// Of people's data nobody else on the machine may read a copy.
async fn export(client: &Client, output: Output, user: &UserId, out: &Path) -> Result<()> {
    let archive = client.users().export(user).await?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(out).with_context(|| format!("{} can't be written", out.display()))?;
    file.write_all(&archive)?;
    output.done(&format!("Written to {}.", out.display()))
}
