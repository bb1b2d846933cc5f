//! One's own address. It is changed by a link that goes to the new one, and the old one is told.

use std::time::Duration;

use homeroom_api::{ErrorCode, OrganizationId};
use secrecy::SecretString;
use serde_json::json;

use super::{begin_anew, event, lock_confirmed};
use crate::db::Tx;
use crate::http::{Origin, Visitor};
use crate::mailed_links::{self, Kind, Purpose};
use crate::sessions::{self, Session};
use crate::users::update::{end_ways_in, keeps_its_signin_name, save_profile};
use crate::users::{Member, Profile, store};
use crate::{App, Error, Result, text};

/// How many mails a person can have sent to addresses in an hour.
const MOST: i64 = 5;
const HOUR: Duration = Duration::from_hours(1);

/// Has a mail sent to an address, which becomes one's own once the link in it is followed.
pub async fn ask_for_email(app: &App, session: &Session, origin: &Origin, email: &str) -> Result<()> {
    let email = text::email("email", email)?;
    let mut tx = app.db.write().await?;
    let asked = ask_for_email_in(app, &mut tx, session, origin, email).await;
    tx.finish(asked).await
}

/// Whether somebody has the address is only told to who can read its mail. Of several mails the last one counts.
async fn ask_for_email_in(
    app: &App,
    tx: &mut Tx,
    session: &Session,
    origin: &Origin,
    email: String,
) -> Result<()> {
    let member = lock_confirmed(app, tx, session).await?;
    let after = Profile { email: Some(email.clone()), ..member.profile.clone() };
    keeps_its_signin_name(&member.profile, &after)?;
    let (organization, user, kind) = (&session.organization, &member.id, Kind::ConfirmEmail);
    if mailed_links::count_since(tx, organization, user, kind, app.clock.now() - HOUR).await? >= MOST {
        let message = "Too many mails were sent to confirm an address. Try again in an hour.";
        return Err(Error::new(ErrorCode::ApiRateLimitExceeded, message).with_param("email"));
    }
    mailed_links::supersede(tx, organization, user, kind).await?;
    mailed_links::send(app, tx, organization, user, kind, &email).await?;
    session.event(origin, "email.requested", user.as_str(), json!({})).record(app, tx).await
}

/// Gives up one's address, which is told of it.
pub async fn clear_email(app: &App, visitor: &Visitor, session: &Session) -> Result<SecretString> {
    let mut tx = app.db.write().await?;
    let cleared = clear_email_in(app, &mut tx, visitor, session).await;
    tx.finish(cleared).await
}

async fn clear_email_in(
    app: &App,
    tx: &mut Tx,
    visitor: &Visitor,
    session: &Session,
) -> Result<SecretString> {
    let member = lock_confirmed(app, tx, session).await?;
    change(app, tx, &session.organization, &member, None, &visitor.origin).await?;
    begin_anew(app, tx, visitor, session).await
}

/// What came of a link that confirms an address.
pub enum Confirmed {
    /// The address is the account's. A new session, where this browser was signed in to it.
    Done(Option<SecretString>),
    /// The link was used, is too old, or is unknown.
    Ended,
}

/// Makes an address one's own: whoever has the link reads the mail that goes there. 409 where somebody else has it by
/// now; the link then stays open.
pub async fn confirm_email(app: &App, visitor: &Visitor, token: &str) -> Result<Confirmed> {
    let mut tx = app.db.write().await?;
    let confirmed = confirm_email_in(app, &mut tx, visitor, token).await;
    tx.finish(confirmed).await
}

/// Whose account is to be locked first stands in the link.
async fn confirm_email_in(app: &App, tx: &mut Tx, visitor: &Visitor, token: &str) -> Result<Confirmed> {
    let purpose = Purpose::ConfirmEmail;
    let Some(link) = mailed_links::peek(app, tx, purpose, token).await? else { return Ok(Confirmed::Ended) };
    let Some(member) = store::lock(tx, &link.organization, &link.user).await? else {
        return Ok(Confirmed::Ended);
    };
    let Some(link) = mailed_links::take(app, tx, purpose, token).await? else { return Ok(Confirmed::Ended) };
    let mine = visitor.session.as_ref().filter(|session| {
        session.organization == link.organization && session.user == link.user && session.confirmed
    });
    let lasting = match mine {
        Some(session) => sessions::check_again(app, tx, session).await.ok(),
        None => None,
    };
    change(app, tx, &link.organization, &member, Some(link.email), &visitor.origin).await?;
    match lasting {
        Some(session) => {
            begin_anew(app, tx, visitor, &session).await.map(|secret| Confirmed::Done(Some(secret)))
        }
        None => Ok(Confirmed::Done(None)),
    }
}

/// Changes the address of an account, which is locked.
async fn change(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    member: &Member,
    email: Option<String>,
    origin: &Origin,
) -> Result<()> {
    let profile = Profile { email, ..member.profile.clone() };
    keeps_its_signin_name(&member.profile, &profile)?;
    let after = Member { profile, email_shared: false, ..member.clone() };
    save_profile(tx, organization, member, &after).await?;
    end_ways_in(tx, organization, &member.id).await?;
    if let Some(former) =
        member.profile.email.as_deref().filter(|former| Some(*former) != after.profile.email.as_deref())
    {
        mailed_links::send(app, tx, organization, &member.id, Kind::FormerAddress, former).await?;
    }
    let details = json!({ "changed": ["email"] });
    event(organization, &member.id, origin, "user.updated", details).record(app, tx).await
}
