//! `homeroom organizations`: on the database itself, whether or not a server runs on it.

use anyhow::Result;
use clap::{Args, Subcommand};
use homeroom_api::{OrganizationId, Timestamp, UserId};
use homeroom_server::App;
use homeroom_server::organizations::{self, Created, NewOrganization, Organization, OrganizationUpdate};
use secrecy::ExposeSecret as _;
use serde::Serialize;

use crate::output::{Columns, Output, line, note};
use crate::remote::usage;
use crate::settings::{ConfigFile, Database, Server, Settings, resolve};
use crate::store;

/// Make, list and change organizations, on the database itself
#[derive(Subcommand)]
pub enum Organizations {
    Create(Create),
    List(List),
    Update(Update),
    SigninLink(SigninLink),
}

/// Make an organization, its first admin and a token
///
/// The admin has no password yet. The token is shown this once: with it the API and the other commands make the
/// rest. The database is made where there is none; a server may run on it or not.
#[derive(Args)]
#[command(after_help = "Example:
  homeroom organizations create --name 'North Hill School' \\
    --admin-username ada --admin-email ada@northhill.example")]
pub struct Create {
    /// The name of the school or district
    #[arg(long)]
    name: String,
    /// The username of its first admin
    #[arg(long, value_name = "USERNAME")]
    admin_username: String,
    /// The e-mail address of its first admin
    #[arg(long, value_name = "ADDRESS")]
    admin_email: String,
    /// Its short name in addresses [default: from the name]
    #[arg(long)]
    slug: Option<String>,
    /// Its language, a code like `fr`
    #[arg(long, value_name = "CODE", default_value = "en")]
    locale: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// The address under which browsers reach the server, for the link [default: http://127.0.0.1:8080]
    #[arg(long, env = "HOMEROOM_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    #[command(flatten)]
    at: Place,
}

/// List the organizations
#[derive(Args)]
pub struct List {
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    at: Place,
}

/// Change an organization: only what is given
#[derive(Args)]
#[command(after_help = "Example:
  homeroom organizations update north-hill-school --lti1p1-allow-teachers true")]
pub struct Update {
    /// Its id or slug
    organization: String,
    #[command(flatten)]
    changes: Changes,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    at: Place,
}

/// Make a sign-in link for a member: the way in for an admin who is locked out
///
/// It works once, for an hour, and counts as the member's password: with it they set a new one.
#[derive(Args)]
#[command(after_help = "Example:
  homeroom organizations signin-link north-hill-school ada")]
pub struct SigninLink {
    /// The organization's id or slug
    organization: String,
    /// The member's username
    username: String,
    /// The address under which browsers reach the server [default: http://127.0.0.1:8080]
    #[arg(long, env = "HOMEROOM_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    #[command(flatten)]
    at: Place,
}

#[derive(Args)]
struct Changes {
    /// Its name
    #[arg(long)]
    name: Option<String>,
    /// Its short name in addresses; the old one no longer works
    #[arg(long)]
    slug: Option<String>,
    /// Its language, a code like `fr`
    #[arg(long, value_name = "CODE")]
    locale: Option<String>,
    /// Whether teachers may make LTI 1.1 credentials; turning it off ends theirs
    #[arg(long, value_name = "true|false")]
    lti1p1_allow_teachers: Option<bool>,
    /// The domains whose e-mail addresses sign in here, with commas between them, instead of those before; '' for none
    #[arg(long, value_name = "DOMAINS", value_delimiter = ',')]
    email_domains: Option<Vec<String>>,
}

#[derive(Args)]
struct Place {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    config: ConfigFile,
}

impl Place {
    fn settings(self) -> Result<Settings> {
        self.settings_for(None)
    }

    /// For what prints links.
    fn settings_for(self, public_url: Option<String>) -> Result<Settings> {
        let server = Server { public_url, ..Server::default() };
        Ok(resolve(&self.config, self.database, server)?.without_mail())
    }
}

impl Organizations {
    pub async fn run(self) -> Result<()> {
        match self {
            Self::Create(create) => create.run().await,
            Self::List(list) => list.run().await,
            Self::Update(update) => update.run().await,
            Self::SigninLink(link) => link.run().await,
        }
    }
}

impl Create {
    async fn run(self) -> Result<()> {
        let settings = self.at.settings_for(self.public_url)?;
        let (app, _) = store::open_or_make(&settings).await?;
        let new = NewOrganization {
            name: self.name,
            slug: self.slug,
            locale: self.locale,
            admin_username: self.admin_username,
            admin_email: self.admin_email,
        };
        let created = organizations::create(&app, new).await?;
        store::settle(&app.db, &settings.database).await;
        if self.json { print_json(&created) } else { print(&created) }
    }
}

fn print_json(created: &Created) -> Result<()> {
    let script = CreatedForScripts {
        organization: IdOnly { id: &created.organization.id },
        user: IdOnly { id: &created.admin },
        token: created.token.expose_secret(),
        signin_link: created.link.expose_secret(),
    };
    line(&serde_json::to_string(&script)?)
}

/// What scripts read of a new organization.
#[derive(Serialize)]
struct CreatedForScripts<'a> {
    organization: IdOnly<&'a OrganizationId>,
    user: IdOnly<&'a UserId>,
    token: &'a str,
    #[serde(rename = "signinLink")]
    signin_link: &'a str,
}

#[derive(Serialize)]
struct IdOnly<T> {
    id: T,
}

fn print(created: &Created) -> Result<()> {
    let Organization { id, name, slug, .. } = &created.organization;
    line(&format!("Organization  {name} ({slug}), {id}"))?;
    line(&format!("Admin         {}", created.admin))?;
    line(&format!("Token         {}", created.token.expose_secret()))?;
    line(&format!("Sign-in link  {}\n", created.link.expose_secret()))?;
    note(
        "Both are shown this once. The link works once, for an hour: with it the admin signs in and sets a password.",
    )?;
    note("Next, with a server running:  HOMEROOM_TOKEN=… homeroom users list")
}

impl List {
    async fn run(self) -> Result<()> {
        let app = store::open(&self.at.settings()?).await?;
        let found = organizations::list(&mut app.db.read().await?).await?;
        let mut shown = Vec::new();
        for organization in found {
            shown.push(Shown::read(&app, organization).await?);
        }
        output(self.json).list(&shown, COLUMNS)
    }
}

impl Update {
    async fn run(self) -> Result<()> {
        let Changes { name, slug, locale, lti1p1_allow_teachers, email_domains } = self.changes;
        let update = OrganizationUpdate { name, slug, locale, lti1p1_allow_teachers, email_domains };
        if update == OrganizationUpdate::default() {
            return Err(usage(
                "there is nothing to change: give --name, --slug, --locale, --lti1p1-allow-teachers or \
                 --email-domains",
            ));
        }
        let settings = self.at.settings()?;
        let app = store::open(&settings).await?;
        let updated = organizations::update(&app, &self.organization, update).await?;
        store::settle(&app.db, &settings.database).await;
        output(self.json).one(&Shown::read(&app, updated).await?, COLUMNS)
    }
}

impl SigninLink {
    async fn run(self) -> Result<()> {
        let settings = self.at.settings_for(self.public_url)?;
        let app = store::open(&settings).await?;
        let link = organizations::create_signin_link(&app, &self.organization, &self.username).await?;
        store::settle(&app.db, &settings.database).await;
        line(&link)
    }
}

fn output(json: bool) -> Output {
    if json { Output::Json } else { Output::Text }
}

/// An organization, as scripts read it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: OrganizationId,
    slug: String,
    name: String,
    locale: String,
    lti1p1_allow_teachers_credentials: bool,
    email_domains: Vec<String>,
    creation_date: Timestamp,
}

impl Shown {
    async fn read(app: &App, organization: Organization) -> Result<Self> {
        let Organization { id, name, slug, locale, lti1p1_allow_teachers, created_at } = organization;
        let email_domains = organizations::domains(&mut app.db.read().await?, &id).await?;
        Ok(Self {
            id,
            slug,
            name,
            locale,
            lti1p1_allow_teachers_credentials: lti1p1_allow_teachers,
            email_domains,
            creation_date: created_at,
        })
    }
}

const COLUMNS: &Columns<Shown> = &[
    ("Id", |o| o.id.to_string()),
    ("Slug", |o| o.slug.clone()),
    ("Name", |o| o.name.clone()),
    ("Language", |o| o.locale.clone()),
    ("E-mail domains", |o| o.email_domains.join(", ")),
    ("LTI by teachers", |o| if o.lti1p1_allow_teachers_credentials { "yes" } else { "no" }.to_owned()),
];
