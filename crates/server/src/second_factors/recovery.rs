//! Recovery codes, for who has lost their phone: ten, shown once, each of which works once.

use homeroom_api::{OrganizationId, UserId};
use serde_json::json;

use super::{Used, store};
use crate::db::Tx;
use crate::http::Origin;
use crate::sessions::Session;
use crate::users::own;
use crate::{App, Result};

const COUNT: usize = 10;
/// 50 random bits; without letters and digits that look alike.
const LENGTH: usize = 10;
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// New codes in place of those that there are, as they are shown: `ABCDE-FGHJK`.
pub async fn draw(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Vec<String>> {
    let codes: Vec<String> = (0..COUNT).map(|_| app.random.text(ALPHABET, LENGTH)).collect();
    store::delete_codes(tx, organization, user).await?;
    for code in &codes {
        store::insert_code(tx, organization, user, &hash(app, organization, user, code)).await?;
    }
    Ok(codes.iter().map(|code| format!("{}-{}", &code[..LENGTH / 2], &code[LENGTH / 2..])).collect())
}

/// Uses a code up, if it is one.
pub async fn use_one(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    typed: &str,
) -> Result<Option<Used>> {
    let code: String = typed.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
    if !store::use_code(tx, organization, user, &hash(app, organization, user, &code)).await? {
        return Ok(None);
    }
    let left = store::count_codes(tx, organization, user).await?;
    Ok(Some(Used::Recovery { left }))
}

/// Ten new codes; the old ones no longer work. That it is their owner who asks was shown before, by a code.
pub async fn renew(app: &App, session: &Session, origin: &Origin) -> Result<Vec<String>> {
    let mut tx = app.db.write().await?;
    let renewed = renew_in(app, &mut tx, session, origin).await;
    tx.finish(renewed).await
}

async fn renew_in(app: &App, tx: &mut Tx, session: &Session, origin: &Origin) -> Result<Vec<String>> {
    own::lock_confirmed(app, tx, session).await?;
    if store::find(tx, &session.organization, &session.user).await?.is_none() {
        return Err(crate::Error::not_found("second factor"));
    }
    let codes = draw(app, tx, &session.organization, &session.user).await?;
    let event = session.event(origin, "recovery_codes.created", session.user.as_str(), json!({}));
    event.record(app, tx).await?;
    Ok(codes)
}

/// Without the secret key a code can't be guessed from its hash.
fn hash(app: &App, organization: &OrganizationId, user: &UserId, code: &str) -> Vec<u8> {
    app.keys.hash_recovery_code(&format!("{organization}\n{user}\n{code}"))
}
