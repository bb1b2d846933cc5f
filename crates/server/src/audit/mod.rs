//! The audit log: who did what, for whom, when. A row holds ids alone; names, addresses and devices stand in its
//! details row, which erasure can delete: the event keeps the hash of the details and of their random salt.
//!
//! Rows are written in the transaction of what they tell of, or not at all.
mod store;

use homeroom_api::{AccessTokenId, OrganizationId, UserId};
use serde_json::Value;

use crate::db::Tx;
use crate::{App, Result};

pub use store::erase_details;

/// What happened.
pub struct Event<'a> {
    pub organization: &'a OrganizationId,
    /// Absent: the operator, on the machine itself.
    pub actor: Option<&'a UserId>,
    pub actor_token: Option<&'a AccessTokenId>,
    /// Who made the token or the sign-in link that the actor came with, where it was somebody else.
    pub maker: Option<&'a UserId>,
    /// `user.created`: the thing and what became of it.
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
        let salt: [u8; 16] = app.random.bytes();
        store::insert(tx, &self, &app.random.id::<String>(app.clock.now()), app.clock.now(), &salt).await
    }
}
