//! What can be guessed, counted as failures to sign in are: for each address where nobody is signed in, else for each
//! person.

use homeroom_api::{OrganizationId, Timestamp, UserId};

use super::failures::{self, Count};
use crate::db::Tx;
use crate::http::Origin;
use crate::text::fold;
use crate::{App, Result};

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guess {
    /// The code of an invitation, which nobody has.
    Code,
    /// A mail to set a new password.
    Reset,
}

impl Guess {
    const fn what(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Reset => "reset",
        }
    }

    fn count(self, app: &App, origin: &Origin) -> Count {
        Count::of_others(app, self.what(), origin.address)
    }

    /// Until when this address has to wait, where it tried too often.
    pub async fn wait(self, app: &App, origin: &Origin) -> Result<Option<Timestamp>> {
        failures::wait(&mut app.db.read().await?, &self.count(app, origin), app.clock.now()).await
    }

    /// Counts one more try; until when to wait instead, where there were too many.
    pub async fn note(self, app: &App, origin: &Origin) -> Result<Option<Timestamp>> {
        let mut tx = app.db.write().await?;
        let counted = failures::count(app, &mut tx, &self.count(app, origin)).await;
        tx.finish(counted).await
    }
}

/// The tries of somebody who is signed in. Each is counted before it is looked at, so that many at once count as many,
/// and taken back where it was right.
pub struct Tries(Count);

impl Tries {
    /// Those of `what`.
    pub fn of_person(app: &App, what: &str, organization: &OrganizationId, user: &UserId) -> Self {
        Self(Count::of_person(app, what, organization, user))
    }

    /// Counts one more; until when to wait instead, where there were too many.
    pub async fn note(&self, app: &App) -> Result<Option<Timestamp>> {
        let mut tx = app.db.write().await?;
        let counted = failures::count(app, &mut tx, &self.0).await;
        tx.finish(counted).await
    }

    /// This one was right.
    pub async fn take_back(&self, tx: &mut Tx) -> Result<()> {
        failures::take_back(tx, &self.0).await
    }
}

/// Forgets the wrong passwords that were tried for these names: their owner has come another way.
pub async fn forget_failures(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    names: &[&str],
) -> Result<()> {
    for name in names {
        failures::forget(tx, &Count::of_name(app, organization.as_str(), &fold(name))).await?;
    }
    Ok(())
}
