//! When users and tokens were last active, to the minute: collected in memory and written together.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

use homeroom_api::{AccessTokenId, OrganizationId, Timestamp, UserId};

use crate::db::Tx;
use crate::http::Identity;
use crate::{App, Result, access_tokens};

const MINUTE: i64 = 60_000;
/// Rows in one transaction.
const BATCH: usize = 250;

type Noted = HashMap<(OrganizationId, UserId, AccessTokenId), Timestamp>;

#[derive(Default)]
pub struct Activity(Mutex<Noted>);

impl Activity {
    /// Notes a request; nothing to do where this minute has been noted.
    pub fn note(&self, identity: &Identity, now: Timestamp) {
        let minute = now.as_millis() - now.as_millis().rem_euclid(MINUTE);
        if identity.noted_minute.fetch_max(minute, Ordering::Relaxed) >= minute {
            return;
        }
        let key = (identity.organization.clone(), identity.user.clone(), identity.token.clone());
        self.noted().insert(key, Timestamp::from_millis(minute));
    }

    /// Writes what was noted. What can't be written is noted again.
    pub async fn write(&self, app: &App) -> Result<()> {
        let mut noted: Vec<_> = std::mem::take(&mut *self.noted()).into_iter().collect();
        noted.sort_unstable(); // every replica locks rows in one order, so that none waits for the other in a circle
        let mut batches = noted.chunks(BATCH);
        while let Some(batch) = batches.next() {
            if let Err(error) = write_batch(app, batch).await {
                let rest = batches.flatten().chain(batch).cloned();
                let mut again = self.noted();
                rest.for_each(|(key, at)| {
                    again.entry(key).or_insert(at);
                });
                return Err(error);
            }
        }
        Ok(())
    }

    fn noted(&self) -> std::sync::MutexGuard<'_, Noted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn write_batch(
    app: &App,
    batch: &[((OrganizationId, UserId, AccessTokenId), Timestamp)],
) -> Result<()> {
    let mut tx = app.db.write().await?;
    for ((organization, user, _), at) in batch {
        write_user(&mut tx, organization, user, *at).await?;
    }
    tx.commit().await?;
    // Apart: a request holds its caller's token when it comes to a user.
    let mut tx = app.db.write().await?;
    for ((organization, _, token), at) in batch {
        access_tokens::note_use(&mut tx, organization, token, *at).await?;
    }
    Ok(tx.commit().await?)
}

async fn write_user(tx: &mut Tx, organization: &OrganizationId, user: &UserId, at: Timestamp) -> Result<()> {
    tx.execute(
        "UPDATE users SET last_activity_at = $3
         WHERE organization_id = $1 AND id = $2 AND last_activity_at < $3 AND removed_at IS NULL",
        (organization, user, at),
    )
    .await?;
    Ok(())
}
