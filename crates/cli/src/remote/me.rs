//! `homeroom me`

use clap::Args;
use homeroom_api::UserDetails;

use super::connection::Connection;
use crate::output::{Columns, minute_if, text};

#[derive(Args)]
#[command(after_help = "Example:\n  homeroom me --json")]
pub struct Me {
    #[command(flatten)]
    connection: Connection,
}

const COLUMNS: &Columns<UserDetails> = &[
    ("Username", |user| user.username.clone()),
    ("Name", |user| text(user.printable_name.as_ref())),
    ("Role", |user| text(user.organization_role.as_ref())),
    ("E-mail", |user| text(user.email.as_ref())),
    ("Language", |user| text(user.locale.as_ref())),
    ("Since", |user| minute_if(user.registration_date)),
    ("Organization", |user| text(user.organization.as_ref())),
    ("Id", |user| user.id.to_string()),
];

impl Me {
    pub async fn run(self) -> anyhow::Result<()> {
        let client = self.connection.client()?;
        let me = client.me().await.map_err(|error| self.connection.explain(error.into()))?;
        self.connection.output().one(&me, COLUMNS)
    }
}
