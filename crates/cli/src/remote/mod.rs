//! Commands that speak to a running server through the SDK.

mod apps;
mod connection;
mod failure;
mod invitations;
mod licenses;
mod lti_credentials;
mod me;
mod paging;
mod terminal;
mod users;
mod words;

use clap::Subcommand;

pub use connection::Connection;
pub use failure::usage;
pub use paging::Paging;
pub use words::one_of;

/// Commands that speak to a running server.
#[derive(Subcommand)]
pub enum Remote {
    /// List and change users; make tokens and sign-in links for them
    Users(users::Users),
    /// Invite people to join the organization
    Invitations(invitations::Invitations),
    /// Make, list and change licences; give and take their seats
    Licenses(licenses::Licenses),
    /// Make, list and revoke LTI 1.x keys for learning platforms
    LtiCredentials(lti_credentials::LtiCredentials),
    /// Register, change and remove apps that use OAuth2
    Apps(apps::Apps),
    /// Show the user that the token stands for
    Me(me::Me),
}

/// Runs a command. An error that holds a `clap::Error` is one of usage.
pub async fn run(remote: Remote) -> anyhow::Result<()> {
    match remote {
        Remote::Users(command) => command.run().await,
        Remote::Invitations(command) => command.run().await,
        Remote::Licenses(command) => command.run().await,
        Remote::LtiCredentials(command) => command.run().await,
        Remote::Apps(command) => command.run().await,
        Remote::Me(command) => command.run().await,
    }
}
