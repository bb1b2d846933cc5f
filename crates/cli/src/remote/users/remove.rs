//! `homeroom users remove` and `erasure`

use std::time::Duration;

use anyhow::Result;
use clap::Args;
use homeroom_api::{ErasureState, UserErasure, UserId};
use homeroom_client::Client;

use crate::output::{Columns, Output, text};
use crate::remote::terminal::confirm;

#[derive(Args)]
pub struct Remove {
    /// Id of the user
    user: UserId,

    /// Let the user leave with the account and the scores, instead of removing them
    #[arg(long)]
    convert_to_individual: bool,

    /// Don't ask first; needed where there is no terminal to ask at
    #[arg(long, short)]
    yes: bool,

    /// Wait until all is erased, and show what was
    #[arg(long)]
    wait: bool,
}

impl Remove {
    pub async fn run(self, client: &Client, output: Output) -> Result<()> {
        let done = if self.convert_to_individual {
            self.ask("Make user {} an individual, who leaves the organization?")?;
            client.users().convert_to_individual(&self.user).await?;
            "The user has left the organization."
        } else {
            self.ask("Remove user {} and what belongs to them, for good?")?;
            client.users().remove(&self.user).await?;
            "Removed."
        };
        if self.wait {
            return output.one(&wait(client, &self.user).await?, ERASURE);
        }
        output.done(done)
    }

    fn ask(&self, question: &str) -> Result<()> {
        if self.yes { Ok(()) } else { confirm(&question.replace("{}", self.user.as_str())) }
    }
}

const PAUSE: Duration = Duration::from_millis(500);

async fn wait(client: &Client, user: &UserId) -> Result<UserErasure> {
    loop {
        let erasure = client.users().erasure(user).await?;
        if erasure.state == ErasureState::Done {
            return Ok(erasure);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

const ERASURE: &Columns<UserErasure> = &[
    ("State", |erasure| erasure.state.to_string()),
    ("Erased", |erasure| {
        let counts: Vec<_> = erasure.erased.iter().map(|(kind, rows)| format!("{kind}: {rows}")).collect();
        counts.join(", ")
    }),
    ("Receipt", |erasure| text(erasure.audit_event.as_ref())),
];

/// What has been erased of somebody.
pub async fn show(client: &Client, output: Output, user: &UserId) -> Result<()> {
    output.one(&client.users().erasure(user).await?, ERASURE)
}
