//! When users and tokens were last active, to the minute: collected in memory and written together.
//!
//! Requests lock tokens, then users; here many of both are written in one transaction, in whatever order. So that
//! nobody ever waits in a circle, it waits for nobody: what a request holds just now is left for the next time.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use homeroom_api::{AccessTokenId, OrganizationId, Timestamp, UserId};

use crate::db::Tx;
use crate::http::Identity;
use crate::{App, Result, access_tokens};

const MINUTE: i64 = 60_000;
/// Rows in one transaction.
const BATCH: usize = 250;
/// What could not be written for so long is of a row that is gone.
const LONGEST: Duration = Duration::from_secs(300);

/// Of a token that stands for an app there is no user.
type Key = (OrganizationId, Option<UserId>, AccessTokenId);
type Noted = HashMap<Key, Timestamp>;

#[derive(Default)]
pub struct Activity(Mutex<Noted>);

impl Activity {
    /// Notes a request; nothing to do where this minute has been noted.
    pub fn note(&self, identity: &Identity, now: Timestamp) {
        let minute = now.as_millis() - now.as_millis().rem_euclid(MINUTE);
        if identity.noted_minute.fetch_max(minute, Ordering::Relaxed) >= minute {
            return;
        }
        let user = Some(identity.user.clone()).filter(|_| !identity.as_app);
        let key = (identity.organization.clone(), user, identity.token.clone());
        self.noted().insert(key, Timestamp::from_millis(minute));
    }

    /// Writes what was noted. What can't be written is noted again.
    pub async fn write(&self, app: &App) -> Result<()> {
        let mut noted: Vec<_> = std::mem::take(&mut *self.noted()).into_iter().collect();
        noted.sort_unstable(); // every replica locks rows in one order, so that none waits for the other in a circle
        let mut batches = noted.chunks(BATCH);
        while let Some(batch) = batches.next() {
            match write_batch(app, batch).await {
                Ok(held) => self.note_again(held.filter(|(_, at)| app.clock.now() < *at + LONGEST)),
                Err(error) => {
                    self.note_again(batches.flatten().chain(batch));
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    fn note_again<'a>(&self, entries: impl Iterator<Item = &'a (Key, Timestamp)>) {
        let mut again = self.noted();
        for (key, at) in entries {
            again.entry(key.clone()).or_insert(*at);
        }
    }

    fn noted(&self) -> std::sync::MutexGuard<'_, Noted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Those that somebody held.
async fn write_batch<'a>(
    app: &App,
    batch: &'a [(Key, Timestamp)],
) -> Result<impl Iterator<Item = &'a (Key, Timestamp)> + use<'a>> {
    let mut held = Vec::new();
    let mut tx = app.db.write().await?;
    for entry @ ((organization, user, token), at) in batch {
        let user_is_written = match user {
            Some(user) => write_user(&mut tx, organization, user, *at).await?,
            None => true,
        };
        if !access_tokens::note_use(&mut tx, organization, token, *at).await? || !user_is_written {
            held.push(entry);
        }
    }
    tx.commit().await?;
    Ok(held.into_iter())
}

/// Notes that a person was there, to the minute, in a transaction that does more.
pub async fn note_activity(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    now: Timestamp,
) -> Result<()> {
    let minute = Timestamp::from_millis(now.as_millis() - now.as_millis().rem_euclid(MINUTE));
    let sql = "UPDATE users SET last_activity_at = $3
               WHERE organization_id = $1 AND id = $2 AND removed_at IS NULL AND last_activity_at < $3";
    tx.execute(sql, (organization, user, minute)).await?;
    Ok(())
}

/// Whether the user is there and nobody holds the row.
async fn write_user(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    at: Timestamp,
) -> Result<bool> {
    // SQLite has one writer: nobody holds anything.
    let sql = tx.engine().pick(
        "UPDATE users SET last_activity_at = MAX(last_activity_at, $3)
         WHERE organization_id = $1 AND id = $2 AND removed_at IS NULL",
        "UPDATE users SET last_activity_at = GREATEST(last_activity_at, $3) WHERE organization_id = $1 AND id =
             (SELECT id FROM users WHERE organization_id = $1 AND id = $2 AND removed_at IS NULL
              FOR NO KEY UPDATE SKIP LOCKED)",
    );
    Ok(tx.execute(sql, (organization, user, at)).await? > 0)
}
