//! Whether a name and a password belong together. The answer and its time are the same for an account that is not
//! there, one without password, and a wrong password.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use homeroom_api::{OrganizationId, Timestamp, UserId};
use secrecy::SecretString;
use serde_json::json;

use super::Session;
use super::failures::{self, Count};
use crate::audit::Event;
use crate::crypto::{PasswordHash, TokenHash};
use crate::db::{Read, Tx};
use crate::http::{Origin, Visitor};
use crate::second_factors::{self, Used};
use crate::text::fold;
use crate::{App, Result, users};

/// What somebody typed.
pub struct Attempt<'a> {
    pub organization: &'a OrganizationId,
    /// A username or an e-mail address.
    pub name: &'a str,
    pub password: SecretString,
}

/// Why nobody is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    Wrong,
    /// Too many failures: until when to wait.
    Wait(Timestamp),
}

/// Whose password was right.
pub struct Verified {
    pub user: UserId,
    /// What that password is known by: it may be another one once the account is locked.
    pub mark: String,
}

/// Whose name and password it was.
pub type Checked = std::result::Result<Verified, Refused>;

/// What a password is known by: '' where there is none.
pub async fn mark(conn: &mut impl Read, organization: &OrganizationId, user: &UserId) -> Result<String> {
    let hash = users::password_hash(conn, organization, user).await?;
    Ok(hash.map_or_else(String::new, |hash| mark_of(&hash)))
}

fn mark_of(hash: &PasswordHash) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(TokenHash::of(&hash.0).to_vec())
}

/// Looks whether the name and the password belong together, and counts the failure where they don't.
pub async fn check(app: &App, origin: &Origin, attempt: Attempt<'_>) -> Result<Checked> {
    let key = fold(attempt.name);
    let name = Count::of_name(app, attempt.organization.as_str(), &key);
    if let Some(until) = count_try(app, origin, &name).await? {
        return Ok(Err(Refused::Wait(until)));
    }
    let found = find(app, attempt.organization, &key).await?;
    let (user, hash) = found.map_or((None, None), |(user, hash)| (Some(user), hash.map(PasswordHash)));
    let mark = hash.as_ref().map(mark_of).unwrap_or_default();
    let is_right = app.passwords.verify(attempt.password, hash).await?;
    match user.clone().filter(|_| is_right) {
        Some(user) => forget(app, &name).await.map(|()| Ok(Verified { user, mark })),
        None => {
            refuse(app, origin, attempt.organization, user.as_ref()).await?;
            Ok(Err(Refused::Wrong))
        }
    }
}

/// Counts one try of another secret of `user`, as a code of their second factor; until when to wait where there were
/// too many.
pub async fn count_secret(
    app: &App,
    origin: &Origin,
    whose: &OrganizationId,
    user: &UserId,
) -> Result<Option<Timestamp>> {
    count_try(app, origin, &of_secret(app, whose, user)).await
}

/// The secret was right: the tries before it are forgotten.
pub async fn forget_secret(app: &App, whose: &OrganizationId, user: &UserId) -> Result<()> {
    forget(app, &of_secret(app, whose, user)).await
}

/// What somebody who is signed in typed to show that the account is theirs.
pub struct Proof<'a> {
    /// Nothing is asked for where there is none.
    pub password: Option<&'a str>,
    /// A code, where there is a second factor and it is asked for.
    pub code: Option<&'a str>,
}

/// Looks whether what was typed is right, and counts the failure where it isn't. A password that was right is no
/// reason to forget wrong codes, nor the reverse: only all that the account has is.
pub async fn check_proof(
    app: &App,
    visitor: &Visitor,
    session: &Session,
    proof: Proof<'_>,
) -> Result<std::result::Result<(), Refused>> {
    let (organization, user) = (&session.organization, &session.user);
    if let Some(until) = count_secret(app, &visitor.origin, organization, user).await? {
        return Ok(Err(Refused::Wait(until)));
    }
    let is_all = is_all(app, session, &proof).await?;
    if is_right(app, session, proof).await? {
        if is_all {
            forget_secret(app, organization, user).await?;
        }
        return Ok(Ok(()));
    }
    refuse(app, &visitor.origin, organization, Some(user)).await?;
    Ok(Err(Refused::Wrong))
}

/// Whether whatever the account has is asked for.
async fn is_all(app: &App, session: &Session, proof: &Proof<'_>) -> Result<bool> {
    let (organization, user) = (&session.organization, &session.user);
    let mut conn = app.db.read().await?;
    Ok((proof.password.is_some() || users::password_hash(&mut conn, organization, user).await?.is_none())
        && (proof.code.is_some() || second_factors::find(&mut conn, organization, user).await?.is_none()))
}

async fn is_right(app: &App, session: &Session, proof: Proof<'_>) -> Result<bool> {
    let (organization, user) = (&session.organization, &session.user);
    if let Some(password) = proof.password {
        let known = users::password_hash(&mut app.db.read().await?, organization, user).await?;
        if known.is_some() && !app.passwords.verify(password.to_owned().into(), known).await? {
            return Ok(false);
        }
    }
    let Some(code) = proof.code else { return Ok(true) };
    let mut tx = app.db.write().await?;
    let found = use_code(app, &mut tx, session, code).await;
    tx.finish(found).await.map(|found| found.is_some())
}

async fn use_code(app: &App, tx: &mut Tx, session: &Session, code: &str) -> Result<Option<Used>> {
    users::own::lock(app, tx, session).await?;
    second_factors::use_code(app, tx, &session.organization, &session.user, code).await
}

fn of_secret(app: &App, organization: &OrganizationId, user: &UserId) -> Count {
    Count::of_name(app, organization.as_str(), &format!("secret\n{user}"))
}

async fn count_try(app: &App, origin: &Origin, name: &Count) -> Result<Option<Timestamp>> {
    let mut tx = app.db.write().await?;
    let counted = count_try_in(app, &mut tx, name, &Count::of_address(app, origin.address)).await;
    tx.finish(counted).await
}

async fn count_try_in(app: &App, tx: &mut Tx, name: &Count, address: &Count) -> Result<Option<Timestamp>> {
    match failures::wait(tx, address, app.clock.now()).await? {
        Some(until) => Ok(Some(until)),
        None => failures::count(app, tx, name).await,
    }
}

async fn forget(app: &App, name: &Count) -> Result<()> {
    let mut tx = app.db.write().await?;
    failures::forget(&mut tx, name).await?;
    Ok(tx.commit().await?)
}

/// Counts a failure of the address and records it.
pub async fn refuse(
    app: &App,
    origin: &Origin,
    organization: &OrganizationId,
    user: Option<&UserId>,
) -> Result<()> {
    let mut tx = app.db.write().await?;
    let refused = refuse_in(app, &mut tx, origin, organization, user).await;
    tx.finish(refused).await
}

/// What was typed is not written down: people type their passwords into the wrong field.
async fn refuse_in(
    app: &App,
    tx: &mut Tx,
    origin: &Origin,
    organization: &OrganizationId,
    user: Option<&UserId>,
) -> Result<()> {
    failures::count(app, tx, &Count::of_address(app, origin.address)).await?;
    let event = Event {
        organization,
        actor: None,
        actor_token: None,
        maker: None,
        name: "session.refused",
        target: user.map(UserId::as_str),
        about: None,
        details: json!({ "address": origin.address, "device": origin.device }),
    };
    event.record(app, tx).await
}

/// The account that a sign-in name means, and its password. A shared address is nobody's name.
async fn find(
    app: &App,
    organization: &OrganizationId,
    key: &str,
) -> Result<Option<(UserId, Option<String>)>> {
    let mut conn = app.db.read().await?;
    Ok(conn
        .optional(
            "SELECT id, password_hash FROM users
             WHERE organization_id = $1 AND removed_at IS NULL AND id = COALESCE(
                 (SELECT user_id FROM signin_names WHERE organization_id = $1 AND name_key = $2),
                 (SELECT id FROM users WHERE organization_id = $1 AND username_key = $2 AND removed_at IS NULL))",
            (organization, key),
        )
        .await?)
}
