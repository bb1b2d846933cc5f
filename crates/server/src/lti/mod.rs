//! LTI 1.x credentials: a consumer key and secret to paste into a learning platform.
//!
//! Whoever holds both can sign launches for anybody: a delegated token neither makes nor sees them, and those that are
//! made without `edu.admin`, or by an app, never match accounts by e-mail. A teacher's end with the teacher, or a
//! teacher no more, and with the organization's permission.
pub mod api;
mod store;

use homeroom_api::{LmsName, LtiCredentialsCreation, LtiCredentialsId, Role, Scope, Scopes};
use serde_json::json;

use crate::db::Tx;
use crate::http::Caller;
use crate::random::Random;
use crate::{App, Error, Result, text};

pub use store::{Credentials, end_all_of_teacher, end_all_of_teachers, forget_creator};

const SECRET_ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const SECRET_LENGTH: usize = 40;

/// The organization's credentials; of a teacher the own ones.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<Credentials>> {
    store::list(app, &mut app.db.read().await?, caller).await
}

/// Makes credentials.
pub async fn create(app: &App, caller: &Caller, new: LtiCredentialsCreation) -> Result<Credentials> {
    let name = text::line("name", &new.name, 0, 300)?;
    let (mut tx, caller) = app.begin(caller).await?;
    let created = create_in(app, &mut tx, &caller, name, new.lms).await;
    tx.finish(created).await
}

async fn create_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    name: String,
    lms: LmsName,
) -> Result<Credentials> {
    may_sign_launches(caller)?;
    let now = app.clock.now();
    let by_teacher = caller.role == Role::Teacher;
    let credentials = Credentials {
        id: app.random.id(now),
        organization: caller.organization.clone(),
        name,
        lms,
        creator: Some(caller.user.clone()),
        by_teacher,
        consumer_key: consumer_key(&app.random),
        consumer_secret: Some(app.random.text(SECRET_ALPHABET, SECRET_LENGTH)),
        enable_email_matching: !by_teacher && may_reach_admins(caller),
        created_at: now,
        last_used_at: homeroom_api::Timestamp::default(),
    };
    store::insert(app, tx, &credentials).await?;
    let details = json!({ "lms": lms });
    caller.event("lti_credentials.created", credentials.id.as_str(), details).record(app, tx).await?;
    Ok(credentials)
}

/// Revokes credentials: launches with them stop at once.
pub async fn revoke(app: &App, caller: &Caller, id: &LtiCredentialsId) -> Result<()> {
    let (mut tx, caller) = app.begin(caller).await?;
    let revoked = revoke_in(app, &mut tx, &caller, id).await;
    tx.finish(revoked).await
}

async fn revoke_in(app: &App, tx: &mut Tx, caller: &Caller, id: &LtiCredentialsId) -> Result<()> {
    if !store::delete(tx, caller, id).await? {
        return Err(Error::not_found("set of LTI credentials"));
    }
    caller.event("lti_credentials.revoked", id.as_str(), json!({})).record(app, tx).await
}

/// Signing launches is having the accounts that they match.
fn may_sign_launches(caller: &Caller) -> Result<()> {
    caller.may_have_account(Role::User)
}

/// Launches that match by e-mail reach an admin's account too.
fn may_reach_admins(caller: &Caller) -> bool {
    caller.may_have_account(Role::Admin).is_ok()
}

/// Whether the token may see the secret: one that only reads could sign launches with it.
fn may_see_secret(caller: &Caller, credentials: &Credentials) -> bool {
    if credentials.enable_email_matching {
        return may_reach_admins(caller);
    }
    let may_write = Scopes::of(&[Scope::EduAdmin, Scope::EduAdminLti]);
    caller.scopes.intersects(may_write) && may_sign_launches(caller).is_ok()
}

/// A random UUID (RFC 9562 §5.4) in upper case.
fn consumer_key(random: &Random) -> String {
    let mut bytes: [u8; 16] = random.bytes();
    bytes[6] = bytes[6] & 0x0F | 0x40;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let hex = format!("{:032X}", u128::from_be_bytes(bytes));
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
