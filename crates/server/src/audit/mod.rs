//! The audit log: who did what, for whom, when. A row holds ids alone; names, addresses and devices stand in its
//! details row, which erasure can delete: the event keeps the hash of the details and of their random salt.
//!
//! Rows are written in the transaction of what they tell of, or not at all. `sealing` then puts them into the chain of
//! their organization, and `verification` finds what was changed since (docs/audit.md).
pub mod api;
mod chain;
mod listing;
mod sealing;
mod store;
mod verification;

use homeroom_api::{AccessTokenId, OrganizationId, UserId};
use serde_json::Value;

use crate::db::Tx;
use crate::{App, Result};

pub use chain::End;
pub use listing::{Filter, Which, list};
pub use sealing::seal_due;
pub use store::{erase_details, find_receipt};
pub use verification::{Fault, Problem, Report, verify};

/// What happened.
pub struct Event<'a> {
    pub organization: &'a OrganizationId,
    /// Absent: the operator, on the machine itself.
    pub actor: Option<&'a UserId>,
    pub actor_token: Option<&'a AccessTokenId>,
    /// Who made the token or the sign-in link that the actor came with, where it was somebody else.
    pub maker: Option<&'a UserId>,
    /// `user.created`: the thing and what became of it. Stands in docs/audit.md.
    pub name: &'static str,
    /// The id of the user, invitation, token… that it happened to.
    pub target: Option<&'a str>,
    /// Whom the details tell of, where the target is a thing of theirs: erasure finds the details by it.
    pub about: Option<&'a UserId>,
    /// What erasure must be able to delete.
    pub details: Value,
}

impl<'a> Event<'a> {
    /// Says that the details tell of `person`, whose thing the target is.
    #[must_use]
    pub fn about(self, person: &'a UserId) -> Self {
        Self { about: Some(person), ..self }
    }

    pub async fn record(self, app: &App, tx: &mut Tx) -> Result<()> {
        let (now, salt) = (app.clock.now(), app.random.bytes::<16>());
        store::insert(tx, &self, &app.random.id::<String>(now), now, &salt).await
    }
}
