//! What people change about their own account, on their account page: a session in place of a token, and the rules of
//! [`super::update`].
//!
//! The account is locked before all that belongs to it: of two changes at once one waits for the other. Then the
//! session is read again.
mod email;
mod leaving;
mod password;

use homeroom_api::{OrganizationId, UserId};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::update::{changed_fields, save_profile};
use super::{Member, Profile, account, store};
use crate::audit::Event;
use crate::db::Tx;
use crate::http::{Origin, Visitor};
use crate::sessions::{self, Beginning, New, Session};
use crate::{App, Error, Result, text};

pub use email::{Confirmed, ask_for_email, clear_email, confirm_email};
pub use leaving::remove_oneself;
pub use password::{has_password, set_password};

/// The account of a session, locked until the transaction ends; 401 where the session has ended.
pub async fn lock(app: &App, tx: &mut Tx, session: &Session) -> Result<Member> {
    let member = store::lock(tx, &session.organization, &session.user).await?;
    let member = member.ok_or_else(Error::unauthorized)?;
    sessions::check_again(app, tx, session).await?;
    Ok(member)
}

/// As [`lock`], for what only the owner of an account may do.
pub async fn lock_confirmed(app: &App, tx: &mut Tx, session: &Session) -> Result<Member> {
    let member = store::lock(tx, &session.organization, &session.user).await?;
    let member = member.ok_or_else(Error::unauthorized)?;
    sessions::check_again(app, tx, session).await?.must_be_confirmed()?;
    Ok(member)
}

/// Changes one's first and last name.
pub async fn rename(app: &App, session: &Session, origin: &Origin, names: (&str, &str)) -> Result<()> {
    let firstname = account::name("firstname", Some(names.0))?;
    let lastname = account::name("lastname", Some(names.1))?;
    let mut tx = app.db.write().await?;
    let renamed = rename_in(app, &mut tx, session, origin, firstname, lastname).await;
    tx.finish(renamed).await
}

async fn rename_in(
    app: &App,
    tx: &mut Tx,
    session: &Session,
    origin: &Origin,
    firstname: String,
    lastname: String,
) -> Result<()> {
    let before = lock(app, tx, session).await?;
    let profile = Profile { firstname, lastname, ..before.profile.clone() };
    let after = Member { profile, ..before.clone() };
    let changed = changed_fields(&before.profile, &after.profile);
    if changed.is_empty() {
        return Ok(());
    }
    save_profile(tx, &session.organization, &before, &after).await?;
    let details = json!({ "changed": changed });
    session.event(origin, "user.updated", session.user.as_str(), details).record(app, tx).await
}

/// Changes the language in which one reads.
pub async fn set_locale(app: &App, session: &Session, origin: &Origin, locale: &str) -> Result<()> {
    let locale = text::locale("locale", locale)?;
    let mut tx = app.db.write().await?;
    let set = set_locale_in(app, &mut tx, session, origin, locale).await;
    tx.finish(set).await
}

async fn set_locale_in(
    app: &App,
    tx: &mut Tx,
    session: &Session,
    origin: &Origin,
    locale: &str,
) -> Result<()> {
    lock(app, tx, session).await?;
    store::set_locale(tx, &session.organization, &session.user, locale).await?;
    let details = json!({ "changed": ["locale"] });
    session.event(origin, "user.updated", session.user.as_str(), details).record(app, tx).await
}

/// A session in place of the one of this browser, which ended with the others.
async fn begin_anew(app: &App, tx: &mut Tx, visitor: &Visitor, session: &Session) -> Result<SecretString> {
    let with = Beginning::Password;
    let new = New { organization: &session.organization, user: &session.user, with, maker: None };
    sessions::begin(app, tx, &visitor.origin, &new).await
}

/// An event of somebody who has shown the account to be theirs.
fn event<'a>(
    organization: &'a OrganizationId,
    user: &'a UserId,
    origin: &Origin,
    name: &'static str,
    mut details: Value,
) -> Event<'a> {
    details["address"] = json!(origin.address);
    details["device"] = json!(origin.device);
    let target = Some(user.as_str());
    Event {
        organization,
        actor: Some(user),
        actor_token: None,
        maker: None,
        name,
        target,
        about: None,
        details,
    }
}
