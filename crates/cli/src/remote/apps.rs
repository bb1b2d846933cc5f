//! `homeroom apps …`

use anyhow::Result;
use clap::{Args, Subcommand};
use homeroom_api::{
    AppId, AppType, OrganizationApp, OrganizationAppCreation, OrganizationAppUpdate, Role, Scope, Update,
};
use homeroom_client::Client;

use super::connection::Connection;
use super::words::one_of;
use crate::output::{Columns, Output, minute, text};

#[derive(Args)]
pub struct Apps {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the apps
    #[command(after_help = "Example:\n  homeroom apps list --json")]
    List,
    /// Register an app; its secret is shown this once
    #[command(after_help = "Examples:
  homeroom apps create --name Diary --scope account.education_profile \\
    --redirect-uri https://diary.example/callback
  homeroom apps create --name Import --role accountAdmin --scope edu.admin.users")]
    Create(Create),
    /// Change an app; whoever changes it answers for it from then on
    #[command(after_help = "Example:\n  homeroom apps update 000001a3f2c07e00c0ffee01 --name Diary")]
    Update(Change),
    /// Remove an app: its tokens, codes and consents end with it
    #[command(after_help = "Example:\n  homeroom apps remove 000001a3f2c07e00c0ffee01")]
    Remove {
        /// Id of the app
        app: AppId,
    },
    /// Give an app another secret, shown this once: the one before it ends
    #[command(after_help = "Example:\n  homeroom apps rotate-secret 000001a3f2c07e00c0ffee01")]
    RotateSecret {
        /// Id of the app
        app: AppId,
    },
}

#[derive(Args)]
struct Create {
    /// What people read when they are asked, up to 100 characters
    #[arg(long)]
    name: String,
    /// Where people are sent back to; can be repeated
    #[arg(long = "redirect-uri", value_name = "URI")]
    redirect_uris: Vec<String>,
    /// What it may do at most; can be repeated
    #[arg(long = "scope", value_name = "SCOPE", value_parser = one_of(Scope::ALL, Scope::as_str), hide_possible_values = true)]
    scopes: Vec<Scope>,
    /// Whether it can keep a secret
    #[arg(long, default_value = "confidential", value_parser = one_of(AppType::ALL, AppType::as_str))]
    r#type: AppType,
    /// The role under which it acts for itself, at most your own [default: it only acts for people]
    #[arg(long, value_parser = one_of(Role::ALL, Role::as_str))]
    role: Option<Role>,
    /// An old app: PKCE is not asked of it, and it may use the implicit grant where the server allows that
    #[arg(long)]
    legacy: bool,
}

#[derive(Args)]
struct Change {
    /// Id of the app
    app: AppId,
    /// What people read when they are asked, up to 100 characters
    #[arg(long)]
    name: Option<String>,
    /// Where people are sent back to, in the place of all before; can be repeated
    #[arg(long = "redirect-uri", value_name = "URI")]
    redirect_uris: Vec<String>,
    /// What it may do at most, in the place of all before; can be repeated
    #[arg(long = "scope", value_name = "SCOPE", value_parser = one_of(Scope::ALL, Scope::as_str), hide_possible_values = true)]
    scopes: Vec<Scope>,
    /// The role under which it acts for itself, at most your own
    #[arg(long, value_parser = one_of(Role::ALL, Role::as_str), conflicts_with = "no_role")]
    role: Option<Role>,
    /// It only acts for people from now on
    #[arg(long)]
    no_role: bool,
    /// Whether it is an old app
    #[arg(long, value_name = "BOOL")]
    legacy: Option<bool>,
}

const COLUMNS: &Columns<OrganizationApp> = &[
    ("Id", |app| app.id.to_string()),
    ("Name", |app| app.name.clone()),
    ("Type", |app| app.r#type.to_string()),
    ("Role", |app| text(app.role.as_ref())),
    ("Scopes", |app| app.scopes.to_string()),
    ("Made", |app| minute(app.creation_date)),
];

const DETAILS: &Columns<OrganizationApp> = &[
    ("Client id", |app| app.id.to_string()),
    ("Secret", |app| text(app.secret.as_ref())),
    COLUMNS[1],
    COLUMNS[2],
    COLUMNS[3],
    COLUMNS[4],
    ("Redirects", |app| app.redirect_uris.join("\n")),
];

impl Apps {
    pub async fn run(self) -> Result<()> {
        let (client, output) = (self.connection.client()?, self.connection.output());
        self.command.run(&client, output).await.map_err(|error| self.connection.explain(error))
    }
}

impl Command {
    async fn run(self, client: &Client, output: Output) -> Result<()> {
        let apps = client.apps();
        match self {
            Self::List => output.list(&apps.list().await?, COLUMNS),
            Self::Create(create) => output.one(&apps.create(&create.body()).await?, DETAILS),
            Self::Update(change) => output.one(&apps.update(&change.app, &change.body()).await?, DETAILS),
            Self::Remove { app } => {
                apps.remove(&app).await?;
                output.done("Removed.")
            }
            Self::RotateSecret { app } => output.one(&apps.rotate_secret(&app).await?, DETAILS),
        }
    }
}

impl Create {
    fn body(self) -> OrganizationAppCreation {
        let Self { name, redirect_uris, scopes, r#type, role, legacy } = self;
        OrganizationAppCreation { name, r#type, redirect_uris, scopes, role, legacy }
    }
}

impl Change {
    fn body(&self) -> OrganizationAppUpdate {
        let role = if self.no_role { Update::Clear } else { self.role.map_or(Update::Keep, Update::Set) };
        OrganizationAppUpdate {
            name: self.name.clone(),
            redirect_uris: Some(self.redirect_uris.clone()).filter(|uris| !uris.is_empty()),
            scopes: Some(self.scopes.clone()).filter(|scopes| !scopes.is_empty()),
            role,
            legacy: self.legacy,
        }
    }
}
