//! `homeroom invitations …`

use anyhow::Result;
use clap::{Args, Subcommand};
use homeroom_api::{
    InvitationId, InvitationQuery, InvitationStatus, InvitedRole, OrganizationInvitation,
    OrganizationInvitationCreation, Role, UserId,
};
use homeroom_client::Client;

use super::connection::Connection;
use super::paging::Paging;
use super::words::one_of;
use crate::output::{Columns, Output, minute_if, text};

#[derive(Args)]
pub struct Invitations {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List invitations, by default the open and the used ones
    #[command(after_help = "Example:\n  homeroom invitations list --status open --all")]
    List(List),
    /// Invite somebody by mail, or make a link to hand out
    ///
    /// If the address is a member's, that member gets the role instead.
    #[command(after_help = "Examples:
  homeroom invitations create --email ada@school.example --role teacher
  homeroom invitations create --multiple-use")]
    Create(Create),
    /// Send an open invitation again, with a new code; the one before it no longer works
    ///
    /// One without an address gets a new link to hand out.
    #[command(after_help = "Example:\n  homeroom invitations resend 000001a3f2c07e00c0ffee01")]
    Resend {
        /// Id of the invitation
        invitation: InvitationId,
    },
    /// Revoke an open invitation
    #[command(after_help = "Example:\n  homeroom invitations remove 000001a3f2c07e00c0ffee01")]
    Remove {
        /// Id of the invitation
        invitation: InvitationId,
    },
}

#[derive(Args)]
struct List {
    /// Only invitations to this role
    #[arg(long, value_parser = one_of(Role::ALL, Role::as_str))]
    role: Option<Role>,

    /// Only invitations that stand so; may be repeated
    #[arg(long, value_delimiter = ',', value_parser = one_of(InvitationStatus::ALL, InvitationStatus::as_str))]
    status: Vec<InvitationStatus>,

    #[command(flatten)]
    paging: Paging,
}

#[derive(Args)]
struct Create {
    /// Whom to invite by mail; without it there is only the link
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,

    /// The role to give [default: teacher]
    #[arg(long, value_parser = one_of(InvitedRole::ALL, InvitedRole::as_str))]
    role: Option<InvitedRole>,

    /// Let many teachers join by one link
    #[arg(long, conflicts_with = "email")]
    multiple_use: bool,
}

const COLUMNS: &Columns<OrganizationInvitation> = &[
    ("Id", |invitation| invitation.id.to_string()),
    ("E-mail", |invitation| text(invitation.email.as_ref())),
    ("Role", |invitation| invitation.organization_role.to_string()),
    ("Status", |invitation| text(invitation.status.as_ref())),
    ("Until", |invitation| minute_if(invitation.expiration_date)),
    ("Code", |invitation| text(invitation.custom_code.as_ref())),
];

/// One invitation also shows what is too long for a table.
const DETAILS: &Columns<OrganizationInvitation> = &[
    COLUMNS[0],
    COLUMNS[1],
    COLUMNS[2],
    COLUMNS[3],
    COLUMNS[4],
    COLUMNS[5],
    ("Link", |invitation| text(invitation.html_url.as_ref())),
    ("Used by", |invitation| used_by(&invitation.used_by)),
];

fn used_by(users: &[UserId]) -> String {
    users.iter().map(UserId::as_str).collect::<Vec<_>>().join(" ")
}

impl Invitations {
    pub async fn run(self) -> Result<()> {
        let (client, output) = (self.connection.client()?, self.connection.output());
        self.command.run(&client, output).await.map_err(|error| self.connection.explain(error))
    }
}

impl Command {
    async fn run(self, client: &Client, output: Output) -> Result<()> {
        match self {
            Self::List(args) => args.run(client, output).await,
            Self::Create(Create { email, role, multiple_use }) => {
                let new = OrganizationInvitationCreation {
                    email,
                    organization_role: role,
                    allow_multiple_use: multiple_use,
                };
                output.one(&client.invitations().create(&new).await?, DETAILS)
            }
            Self::Resend { invitation } => {
                output.one(&client.invitations().resend(&invitation).await?, DETAILS)
            }
            Self::Remove { invitation } => {
                client.invitations().remove(&invitation).await?;
                output.done("Revoked.")
            }
        }
    }
}

impl List {
    async fn run(self, client: &Client, output: Output) -> Result<()> {
        let query = InvitationQuery {
            role: self.role,
            status: self.status,
            limit: Some(self.paging.page_size()),
            next: self.paging.next.clone(),
            previous: self.paging.previous.clone(),
        };
        let page = client.invitations().list(&query).await?;
        output.list(&self.paging.collect(page).await?, COLUMNS)
    }
}
