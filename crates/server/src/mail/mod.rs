//! Mail that has to go out: a row in the outbox, written in the transaction of what it tells of. It names the row
//! that the mail is made from when it is sent, so that no secret and no address stands in the outbox.
//!
//! A worker leases a row, writes the mail from what is there now, hands it in outside any transaction, and marks it.
//! A crash between handing in and marking sends it again: at least once, with the same `Message-ID`.
pub mod api;
mod letter;
mod message;
mod operator;
mod postman;
mod sender;
mod store;
mod worker;
mod writing;

use homeroom_api::OrganizationId;

use crate::db::Tx;
use crate::{App, Result};

pub use letter::{Letter, Link};
pub use operator::{Kept, Looked, deliver_test, kept_since, list_all, look, retry, retry_all_dead};
pub use postman::Postman;
pub use store::{Row, forget_about, prune};
pub use worker::{LANES, send_due};

/// A mail to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mail {
    /// To the address of an invitation. Its subject is the invitation.
    Invitation,
    /// A link to choose a new password. Its subject is a mailed link.
    PasswordReset,
    /// A link to set a password where there is none. Its subject is a mailed link.
    PasswordSetup,
    /// A link to confirm an address, sent to that address. Its subject is a mailed link.
    ConfirmEmail,
    /// To an address that is no longer the account's. Its subject is a mailed link of kind `FormerAddress`.
    EmailChanged,
    /// To the account's address. Its subject is the user.
    PasswordChanged,
}

impl Mail {
    const ALL: [Self; 6] = [
        Self::Invitation,
        Self::PasswordReset,
        Self::PasswordSetup,
        Self::ConfirmEmail,
        Self::EmailChanged,
        Self::PasswordChanged,
    ];

    const fn kind(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::PasswordReset => "password_reset",
            Self::PasswordSetup => "password_setup",
            Self::ConfirmEmail => "confirm_email",
            Self::EmailChanged => "email_changed",
            Self::PasswordChanged => "password_changed",
        }
    }

    fn of_kind(kind: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mail| mail.kind() == kind)
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
        let id: String = app.random.id(now);
        store::insert(tx, organization, &id, self.kind(), subject, now).await
    }
}
