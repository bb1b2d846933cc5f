//! Second factors: a code from the person's phone, beside the password (TOTP, RFC 6238: SHA-1, six digits, 30 seconds).
//!
//! The secret is kept encrypted; each code works once; a clock may be one step off. Ten recovery codes, of which only
//! keyed hashes are kept, work once each in its place. A sign-in link asks for no code: its session is unconfirmed, and
//! to confirm it takes the password and a code. No link turns a factor off.
pub mod api;
mod recovery;
mod removal;
mod setup;
mod store;
mod totp;

use homeroom_api::{OrganizationId, Timestamp, UserId};
use serde_json::json;

use crate::db::{Read, Tx};
use crate::http::Origin;
use crate::sessions::Session;
use crate::users::own;
use crate::{App, Error, Result};

pub use recovery::renew;
pub use removal::remove;
pub use setup::{Setup, begin_setup, read_setup, turn_on};
pub use store::forget;

/// What a person has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Factor {
    pub since: Timestamp,
    /// How many recovery codes are left.
    pub recovery_left: i64,
}

/// What was typed, when it was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Used {
    /// There is no second factor: nothing had to be typed.
    Nothing,
    Code,
    /// A recovery code, and how many are left.
    Recovery {
        left: i64,
    },
}

/// The second factor of a person, if they have one.
pub async fn find(
    conn: &mut impl Read,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Option<Factor>> {
    store::find(conn, organization, user).await
}

/// Uses what somebody typed: a code or a recovery code. Nothing where it is neither, or was used before. The account
/// must be locked.
pub async fn use_code(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    typed: &str,
) -> Result<Option<Used>> {
    let Some((sealed, last_step)) = store::secret(tx, organization, user).await? else {
        return Ok(Some(Used::Nothing));
    };
    let place = setup::place(organization, user);
    let secret = app.keys.open_secret(&place, &sealed);
    let secret = secret.ok_or_else(|| Error::internal("a second factor of another key"))?;
    match totp::step_of(&secret, typed, app.clock.now()).filter(|step| *step > last_step) {
        Some(step) => {
            let is_first = store::use_step(tx, organization, user, step).await?;
            Ok(is_first.then_some(Used::Code))
        }
        None => recovery::use_one(app, tx, organization, user, typed).await,
    }
}

/// Turns one's second factor off. That it is its owner who does it was shown before, by password and code.
pub async fn turn_off(app: &App, session: &Session, origin: &Origin) -> Result<()> {
    let mut tx = app.db.write().await?;
    let off = turn_off_in(app, &mut tx, session, origin).await;
    tx.finish(off).await
}

async fn turn_off_in(app: &App, tx: &mut Tx, session: &Session, origin: &Origin) -> Result<()> {
    own::lock_confirmed(app, tx, session).await?;
    store::forget(tx, &session.organization, &session.user).await?;
    let event = session.event(origin, "second_factor.removed", session.user.as_str(), json!({}));
    event.record(app, tx).await
}
