use secrecy::SecretString;
use serde_json::json;

use super::{begin_anew, lock_confirmed};
use crate::crypto::PasswordHash;
use crate::db::Tx;
use crate::http::Visitor;
use crate::mail::Mail;
use crate::sessions::Session;
use crate::users::{store, update::end_ways_in};
use crate::{App, Result};

/// Whether the person has a password.
pub async fn has_password(app: &App, session: &Session) -> Result<bool> {
    let mut conn = app.db.read().await?;
    Ok(store::password_hash(&mut conn, &session.organization, &session.user).await?.is_some())
}

/// Sets one's password: other sessions, open links and mails end, and this session begins anew.
pub async fn set_password(
    app: &App,
    visitor: &Visitor,
    session: &Session,
    password: SecretString,
) -> Result<SecretString> {
    let hash = app.passwords.hash(password).await?;
    let mut tx = app.db.write().await?;
    let set = set_password_in(app, &mut tx, visitor, session, &hash).await;
    tx.finish(set).await
}

async fn set_password_in(
    app: &App,
    tx: &mut Tx,
    visitor: &Visitor,
    session: &Session,
    hash: &PasswordHash,
) -> Result<SecretString> {
    let member = lock_confirmed(app, tx, session).await?;
    let organization = &session.organization;
    store::set_password(tx, organization, &member.id, hash, false).await?;
    end_ways_in(tx, organization, &member.id).await?;
    if member.profile.email.is_some() {
        Mail::PasswordChanged.enqueue(app, tx, organization, member.id.as_str()).await?;
    }
    let details = json!({ "changed": ["password"] });
    session.event(&visitor.origin, "user.updated", member.id.as_str(), details).record(app, tx).await?;
    begin_anew(app, tx, visitor, session).await
}
