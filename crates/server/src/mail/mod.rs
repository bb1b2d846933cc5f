//! Mail that has to go out: a row in the outbox, written in the transaction of what it tells of. It names the row
//! that the mail is made from when it is sent, so that no secret and no address stands in the outbox.

use homeroom_api::OrganizationId;

use crate::db::Tx;
use crate::{App, Result};

/// A mail to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mail {
    /// To the address of an invitation.
    Invitation,
    /// To an individual whose password an administrator had set: a link to set a new one.
    PasswordSetup,
}

impl Mail {
    const fn kind(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::PasswordSetup => "password_setup",
        }
    }

    /// Has the mail about `subject` sent, once the transaction is committed.
    pub async fn enqueue(
        self,
        app: &App,
        tx: &mut Tx,
        organization: &OrganizationId,
        subject: &str,
    ) -> Result<()> {
        let now = app.clock.now();
        tx.execute_later(
            "INSERT INTO outbox (id, organization_id, kind, subject_id, due_at, attempts, created_at)
             VALUES ($1, $2, $3, $4, $5, 0, $5)",
            (app.random.id::<String>(now), organization, self.kind(), subject, now),
        )
        .await?;
        Ok(())
    }
}
