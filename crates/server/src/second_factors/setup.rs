//! Turning a second factor on: the secret is shown, and kept once a first code shows that the phone knows it.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use homeroom_api::{OrganizationId, Timestamp, UserId};
use serde_json::json;

use super::{recovery, store, totp};
use crate::db::Tx;
use crate::http::Origin;
use crate::sessions::Session;
use crate::users::own;
use crate::{App, Error, Result};

/// A secret that is not yet in use.
pub struct Setup {
    /// As people type it.
    pub secret: String,
    /// As the form carries it: encrypted, for this session alone.
    pub sealed: String,
}

impl Setup {
    /// The secret as an address, which an app on the same phone opens.
    pub fn address(&self, session: &Session) -> Result<String> {
        let school = if session.is_individual() { "" } else { &session.organization_name };
        totp::address(&self.secret, school, &session.username)
    }

    /// A picture of the address, for the camera of another phone.
    pub fn picture(&self, session: &Session) -> Result<String> {
        totp::picture(&self.address(session)?)
    }

    /// In groups of four, to be read and typed.
    pub fn spaced(&self) -> String {
        let letters: Vec<char> = self.secret.chars().collect();
        letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }
}

/// Draws a secret.
pub fn begin_setup(app: &App, session: &Session) -> Setup {
    let secret = totp::to_text(&app.random.bytes());
    let sealed = app.keys.seal_secret(&app.random, &form_place(session), &secret);
    Setup { secret, sealed: BASE64_URL_SAFE_NO_PAD.encode(sealed) }
}

/// The secret that a form carried; nothing where it is not this session's.
pub fn read_setup(app: &App, session: &Session, sealed: &str) -> Option<Setup> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let secret = app.keys.open_secret(&form_place(session), &bytes)?;
    Some(Setup { secret, sealed: sealed.to_owned() })
}

fn form_place(session: &Session) -> String {
    format!("second_factor_setup/{}/{}", session.organization, session.id)
}

/// Where a secret stands in the database.
pub fn place(organization: &OrganizationId, user: &UserId) -> String {
    format!("second_factor/{organization}/{user}")
}

/// Turns it on, if the code is right: the recovery codes, which are shown this once.
pub async fn turn_on(
    app: &App,
    session: &Session,
    origin: &Origin,
    setup: &Setup,
    typed: &str,
) -> Result<Option<Vec<String>>> {
    let Some(step) = totp::step_of(&setup.secret, typed, app.clock.now()) else { return Ok(None) };
    let sealed =
        app.keys.seal_secret(&app.random, &place(&session.organization, &session.user), &setup.secret);
    let mut tx = app.db.write().await?;
    let on = turn_on_in(app, &mut tx, session, origin, (sealed, step, app.clock.now())).await;
    tx.finish(on).await.map(Some)
}

async fn turn_on_in(
    app: &App,
    tx: &mut Tx,
    session: &Session,
    origin: &Origin,
    (sealed, step, now): (Vec<u8>, i64, Timestamp),
) -> Result<Vec<String>> {
    own::lock_confirmed(app, tx, session).await?;
    let (organization, user) = (&session.organization, &session.user);
    if !store::insert(tx, organization, user, sealed, step, now).await? {
        return Err(Error::invalid("code", "There is a second factor already: turn it off first."));
    }
    let event = session.event(origin, "second_factor.created", user.as_str(), json!({}));
    event.record(app, tx).await?;
    recovery::draw(app, tx, organization, user).await
}
