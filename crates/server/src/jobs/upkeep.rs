//! What time makes obsolete.

use std::time::Duration;

use crate::{
    App, Result, access_tokens, collections, documents, invitations, mail, mailed_links, oauth, scores,
    sessions, signin_links,
};

const DAY: Duration = Duration::from_secs(24 * 3600);
/// Rows in one transaction.
const BATCH: i64 = 500;

/// Deletes what ended, closes what expired, forgets addresses and rate limits that are no longer needed.
pub async fn keep_up(app: &App) -> Result<()> {
    app.limits.forget_idle();
    scores::empty_trash(app).await?;
    documents::keep_up(app).await?;
    let now = app.clock.now();
    loop {
        let mut tx = app.db.write().await?;
        let done = access_tokens::prune(&mut tx, now - DAY, BATCH).await?
            + oauth::prune(&mut tx, now - DAY, BATCH).await?
            + signin_links::prune(&mut tx, now - 7 * DAY, BATCH).await?
            + sessions::prune(&mut tx, now, BATCH).await?
            + sessions::prune_failures(&mut tx, now, BATCH).await?
            + mailed_links::prune(&mut tx, now - 7 * DAY, BATCH).await?
            + mail::prune(&mut tx, now, BATCH).await?
            + collections::empty_trash(&mut tx, now, BATCH).await?
            + invitations::expire(&mut tx, now, BATCH).await?
            + invitations::forget_addresses(&mut tx, now - 90 * DAY, BATCH).await?;
        tx.commit().await?;
        if done == 0 {
            return Ok(());
        }
    }
}
