//! Sessions: who is signed in in which browser.
//!
//! Of a session's secret, which its cookie holds, only the SHA-256 is kept, and every sign-in draws a new one. A
//! session ends after 12 hours without a page, or 30 days after it began. One that began with somebody else's link
//! remembers who made that; until the person has typed their own password it is not *confirmed*, and may not do what
//! only the owner of an account may.
mod confirming;
mod device;
mod failures;
mod guesses;
pub mod pages;
mod password;
mod second_step;
mod store;

use std::time::Duration;

use homeroom_api::{OrganizationId, Role, Timestamp, UserId};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use crate::audit::Event;
use crate::crypto::{NewToken, TokenHash};
use crate::db::Tx;
use crate::http::{Origin, Visitor};
use crate::mailed_links::{self, Kind};
use crate::{App, Error, Result, licenses, users};

pub use confirming::confirm_first;
pub use device::describe as describe_device;
pub use failures::prune as prune_failures;
pub use guesses::{Guess, Tries, forget_failures};
pub use password::{
    Attempt, Checked, Proof, Refused, check as check_password, check_proof, count_secret, forget_secret,
    refuse,
};
pub use store::{Listed, end_after_role_change, end_all_made_by, end_of, list, prune};

/// How long a session lasts without a page, and at most.
pub const IDLE: Duration = Duration::from_hours(12);
pub const LONGEST: Duration = Duration::from_hours(30 * 24);
/// How exact the time of the last page is.
const SEEN: Duration = Duration::from_secs(60);

/// What a session began with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beginning {
    Password,
    Link,
    Invitation,
    Mail,
}

impl Beginning {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Link => "link",
            Self::Invitation => "invitation",
            Self::Mail => "mail",
        }
    }
}

/// A session and its person, as of this request.
#[derive(Debug, Clone)]
pub struct Session {
    pub organization: OrganizationId,
    pub id: String,
    pub user: UserId,
    pub confirmed: bool,
    /// Who made the link that it began with.
    pub maker: Option<UserId>,
    pub created_at: Timestamp,
    last_seen_at: Timestamp,
    expires_at: Timestamp,
    pub username: String,
    pub firstname: String,
    pub lastname: String,
    pub email: Option<String>,
    pub role: Role,
    pub locale: String,
    pub organization_name: String,
    pub organization_slug: String,
}

impl Session {
    /// The person's name, else their username.
    pub fn name(&self) -> String {
        users::printable_name(&self.firstname, &self.lastname, &self.username)
    }

    pub fn is_individual(&self) -> bool {
        self.organization.as_str() == crate::organizations::INDIVIDUALS
    }

    /// 403 where the session began with a link that somebody made, and the password was not typed since.
    pub fn must_be_confirmed(&self) -> Result<()> {
        if self.confirmed {
            return Ok(());
        }
        Err(Error::forbidden("You came by a link: type your own password first.").with_param(CONFIRM))
    }

    /// An audit event with this person as its actor, who came with somebody's link or not.
    pub fn event<'a>(
        &'a self,
        origin: &Origin,
        name: &'static str,
        target: &'a str,
        mut details: Value,
    ) -> Event<'a> {
        details["address"] = json!(origin.address);
        details["device"] = json!(origin.device);
        Event {
            organization: &self.organization,
            actor: Some(&self.user),
            actor_token: None,
            maker: self.maker.as_ref().filter(|_| !self.confirmed),
            name,
            target: Some(target),
            about: None,
            details,
        }
    }

    fn lasts(&self, now: Timestamp) -> bool {
        now < self.expires_at && now < self.last_seen_at + IDLE
    }
}

/// The `param` of the error that asks for the password.
pub const CONFIRM: &str = "confirm";

/// A session to begin.
pub struct New<'a> {
    pub organization: &'a OrganizationId,
    pub user: &'a UserId,
    pub with: Beginning,
    /// Who made the link, if it was a person through the API.
    pub maker: Option<&'a UserId>,
}

/// Begins a session, in a transaction that may do more; the secret for its cookie.
pub async fn begin(app: &App, tx: &mut Tx, origin: &Origin, new: &New<'_>) -> Result<SecretString> {
    let now = app.clock.now();
    let id: String = app.random.id(now);
    let secret = NewToken::link(&app.random);
    users::note_activity(tx, new.organization, new.user, now).await?;
    store::insert(tx, new, &id, secret.hash, origin, now).await?;
    let mut details = json!({ "with": new.with.as_str(), "user": new.user });
    details["address"] = json!(origin.address);
    details["device"] = json!(origin.device);
    let event = Event {
        organization: new.organization,
        actor: Some(new.user),
        actor_token: None,
        maker: new.maker,
        name: "session.created",
        target: Some(&id),
        about: Some(new.user),
        details,
    };
    event.record(app, tx).await?;
    Ok(secret.secret)
}

/// As [`begin`], in place of the session that this browser has.
pub async fn begin_instead(app: &App, tx: &mut Tx, visitor: &Visitor, new: &New<'_>) -> Result<SecretString> {
    if let Some(session) = &visitor.session {
        end_in(app, tx, session, &visitor.origin, &session.id).await?;
    }
    begin(app, tx, &visitor.origin, new).await
}

/// The session with this secret, if it lasts.
pub async fn find(app: &App, secret: TokenHash) -> Result<Option<Session>> {
    let now = app.clock.now();
    let found = store::find(&mut app.db.read().await?, secret).await?.filter(|session| session.lasts(now));
    if let Some(session) = &found
        && now >= session.last_seen_at + SEEN
    {
        note_seen(app, session, now).await?;
    }
    Ok(found)
}

/// Notes a page, to the minute. Locks are taken in one order: the user, then what is theirs.
async fn note_seen(app: &App, session: &Session, now: Timestamp) -> Result<()> {
    let mut tx = app.db.write().await?;
    users::note_activity(&mut tx, &session.organization, &session.user, now).await?;
    store::note_seen(&mut tx, session, now).await?;
    Ok(tx.commit().await?)
}

/// `session` as the transaction sees it: it may have ended. 401 where it has.
pub async fn check_again(app: &App, tx: &mut Tx, session: &Session) -> Result<Session> {
    users::hold_role(tx, &session.organization, &session.user).await.map_err(|_| Error::unauthorized())?;
    let found = store::get(tx, &session.organization, &session.id).await?;
    found.filter(|session| session.lasts(app.clock.now())).ok_or_else(Error::unauthorized)
}

/// Ends one session of a person; whether it was there.
pub async fn end(app: &App, session: &Session, origin: &Origin, which: &str) -> Result<bool> {
    let mut tx = app.db.write().await?;
    let ended = end_in(app, &mut tx, session, origin, which).await;
    tx.finish(ended).await
}

async fn end_in(app: &App, tx: &mut Tx, session: &Session, origin: &Origin, which: &str) -> Result<bool> {
    if !store::delete(tx, &session.organization, &session.user, which).await? {
        return Ok(false);
    }
    session.event(origin, "session.ended", which, json!({})).about(&session.user).record(app, tx).await?;
    Ok(true)
}

/// Ends all sessions of the person, and a change of address that one of them began.
pub async fn end_everywhere(app: &App, session: &Session, origin: &Origin) -> Result<()> {
    let mut tx = app.db.write().await?;
    let ended = end_everywhere_in(app, &mut tx, session, origin).await;
    tx.finish(ended).await
}

async fn end_everywhere_in(app: &App, tx: &mut Tx, session: &Session, origin: &Origin) -> Result<()> {
    mailed_links::supersede(tx, &session.organization, &session.user, Kind::ConfirmEmail).await?;
    store::end_of(tx, &session.organization, &session.user).await?;
    session.event(origin, "sessions.ended", session.user.as_str(), json!({})).record(app, tx).await
}

/// Says that the person has shown the account to be theirs.
pub async fn confirm(app: &App, session: &Session, origin: &Origin) -> Result<()> {
    let mut tx = app.db.write().await?;
    let confirmed = confirm_in(app, &mut tx, session, origin).await;
    tx.finish(confirmed).await
}

async fn confirm_in(app: &App, tx: &mut Tx, session: &Session, origin: &Origin) -> Result<()> {
    store::confirm(tx, &session.organization, &session.id).await?;
    session
        .event(origin, "session.confirmed", &session.id, json!({}))
        .about(&session.user)
        .record(app, tx)
        .await
}

/// The cookie of a session that has just begun. Its person gets a seat, where there is one for them: without it they
/// come in all the same.
pub async fn cookie(app: &App, secret: &SecretString) -> cookie::Cookie<'static> {
    if let Err(error) = give_seat(app, secret).await {
        tracing::warn!(%error, "a seat could not be given: it will be at the next sign-in");
    }
    app.site.cookie(crate::http::SESSION, secret.expose_secret().to_owned()).build()
}

async fn give_seat(app: &App, secret: &SecretString) -> Result<()> {
    let found = store::find(&mut app.db.read().await?, TokenHash::of(secret.expose_secret())).await?;
    match found {
        Some(session) => licenses::give_seat(app, &session.organization, &session.user).await,
        None => Ok(()),
    }
}

/// The cookie that takes the place of a session's when it has ended.
pub fn no_cookie(app: &App) -> cookie::Cookie<'static> {
    let mut gone = app.site.cookie(crate::http::SESSION, String::new()).build();
    gone.make_removal();
    gone
}
