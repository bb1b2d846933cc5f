//! A new password by mail, for accounts that have an address.
//!
//! What a page says, and how long it takes, never tells whether an account exists: the mail is made in the background.
//! Only the link that goes to the account's own address sets a password; a second factor stays.
pub mod pages;
mod store;

use std::sync::Arc;
use std::time::Duration;

use homeroom_api::{OrganizationId, UserId};
use secrecy::SecretString;
use serde_json::json;

use crate::audit::Event;
use crate::crypto::PasswordHash;
use crate::db::Tx;
use crate::http::{Origin, Visitor};
use crate::mail::Mail;
use crate::mailed_links::{self, Kind, Purpose};
use crate::sessions::{self, Beginning, New};
use crate::text::fold;
use crate::users::{self, Member};
use crate::{App, Result, signin_links};

/// How many mails an account gets in an hour.
const MOST: i64 = 5;
const HOUR: Duration = Duration::from_hours(1);

/// Has a mail sent to whoever `name` is the username or address of, if there is such an account, in the background.
pub fn request(app: &App, origin: Arc<Origin>, organization: OrganizationId, name: &str) {
    let (app, key) = (app.clone(), fold(name));
    app.clone().tasks.spawn(async move {
        if let Err(error) = send(&app, &origin, &organization, &key).await {
            tracing::warn!(%error, "a mail for a new password could not be made");
        }
    });
}

/// Those who share an address are told of by one mail.
async fn send(app: &App, origin: &Origin, organization: &OrganizationId, key: &str) -> Result<()> {
    let users = store::find_by_name(&mut app.db.read().await?, organization, key).await?;
    if users.is_empty() {
        return Ok(());
    }
    let mut tx = app.db.write().await?;
    let sent = send_in(app, &mut tx, origin, organization, &users).await;
    tx.finish(sent).await
}

async fn send_in(
    app: &App,
    tx: &mut Tx,
    origin: &Origin,
    organization: &OrganizationId,
    users: &[UserId],
) -> Result<()> {
    let mut first = None;
    for user in users {
        let link = make_link(app, tx, origin, organization, user).await?;
        first = first.or(link);
    }
    match first {
        Some(link) => Mail::PasswordReset.enqueue(app, tx, organization, &link).await,
        None => Ok(()),
    }
}

/// A link for one account; none where it is gone meanwhile, or had enough.
async fn make_link(
    app: &App,
    tx: &mut Tx,
    origin: &Origin,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Option<String>> {
    let since = app.clock.now() - HOUR;
    let Some(Member { profile, .. }) = users::find_and_lock(tx, organization, user).await? else {
        return Ok(None);
    };
    let Some(email) = profile.email else { return Ok(None) };
    if store::count_since(tx, organization, user, since).await? >= MOST {
        return Ok(None);
    }
    event(origin, organization, user, None, "password_reset.requested").record(app, tx).await?;
    mailed_links::create(app, tx, organization, user, Kind::Reset, &email).await.map(Some)
}

/// What came of a new password.
pub enum Set {
    /// The person is signed in.
    SignedIn(SecretString),
    /// The person has to sign in: with a second factor.
    SignIn,
}

/// Sets a new password with the link's token, once. Nothing where the link is no longer open.
pub async fn set(app: &App, visitor: &Visitor, token: &str, hash: &PasswordHash) -> Result<Option<Set>> {
    let mut tx = app.db.write().await?;
    let set = set_in(app, &mut tx, visitor, token, hash).await;
    tx.finish(set).await
}

/// Locks are taken in one order: the user, then what is theirs.
async fn set_in(
    app: &App,
    tx: &mut Tx,
    visitor: &Visitor,
    token: &str,
    hash: &PasswordHash,
) -> Result<Option<Set>> {
    let Some(link) = mailed_links::peek(app, tx, Purpose::SetPassword, token).await? else { return Ok(None) };
    let (organization, user) = (&link.organization, &link.user);
    let Some(member) = users::find_and_lock(tx, organization, user).await? else { return Ok(None) };
    if mailed_links::take(app, tx, Purpose::SetPassword, token).await?.is_none() {
        return Ok(None);
    }
    users::set_own_password(tx, organization, user, hash).await?;
    end_what_was_open(tx, organization, user).await?;
    sessions::forget_failures(app, tx, organization, &member.names()).await?;
    event(&visitor.origin, organization, user, Some(user), "user.password_reset").record(app, tx).await?;
    if member.profile.email.is_some() {
        Mail::PasswordChanged.enqueue(app, tx, organization, user.as_str()).await?;
    }
    begin_session(app, tx, visitor, organization, user).await.map(Some)
}

async fn end_what_was_open(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    sessions::end_of(tx, organization, user).await?;
    signin_links::end_open(tx, organization, user).await?;
    mailed_links::end_open(tx, organization, user).await
}

/// Who reads the mail of somebody with a second factor does not have that too.
async fn begin_session(
    app: &App,
    tx: &mut Tx,
    visitor: &Visitor,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Set> {
    if store::has_second_factor(tx, organization, user).await? {
        return Ok(Set::SignIn);
    }
    let new = New { organization, user, with: Beginning::Mail, maker: None };
    sessions::begin_instead(app, tx, visitor, &new).await.map(Set::SignedIn)
}

fn event<'a>(
    origin: &Origin,
    organization: &'a OrganizationId,
    user: &'a UserId,
    actor: Option<&'a UserId>,
    name: &'static str,
) -> Event<'a> {
    let details = json!({ "address": origin.address, "device": origin.device });
    let (actor_token, maker) = (None, None);
    Event { organization, actor, actor_token, maker, name, target: Some(user.as_str()), about: None, details }
}
