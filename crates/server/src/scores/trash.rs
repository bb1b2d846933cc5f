//! The trash: a score waits in it for 30 days, and can be taken out again until then.

use std::time::Duration;

use homeroom_api::{CollaboratorType, OrganizationId, ScoreId};
use serde_json::json;

use super::{Score, open, store};
use crate::db::Tx;
use crate::http::Caller;
use crate::{App, Result, documents};

const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);
/// Rows in one transaction.
const BATCH: i64 = 200;

/// Puts a score into the trash. Who has it shared with them in person, and does not administer it, gives it back
/// instead.
pub async fn remove(app: &App, caller: &Caller, score: &ScoreId) -> Result<()> {
    let (mut tx, caller) = app.begin(caller).await?;
    let removed = remove_in(app, &mut tx, &caller, score).await;
    tx.finish(removed).await
}

async fn remove_in(app: &App, tx: &mut Tx, caller: &Caller, id: &ScoreId) -> Result<()> {
    let score = lock(tx, caller, id).await?;
    if gives_back(&score) {
        return store::give_back(tx, &caller.organization, &caller.user, id).await;
    }
    score.must_admin()?;
    if score.is_trashed() {
        return Ok(());
    }
    let now = app.clock.now();
    store::set_trashed(tx, &caller.organization, id, now, now + KEPT).await?;
    caller.event("score.trashed", id.as_str(), json!({})).about(&score.user.id).record(app, tx).await
}

async fn lock(tx: &mut Tx, caller: &Caller, id: &ScoreId) -> Result<Score> {
    store::lock(tx, &caller.organization, id).await?;
    open(tx, caller, id, None).await
}

fn gives_back(score: &Score) -> bool {
    score.rights.by == Some(CollaboratorType::User) && !score.rights.admin
}

/// Takes a score out of the trash.
pub async fn restore(app: &App, caller: &Caller, score: &ScoreId) -> Result<()> {
    let (mut tx, caller) = app.begin(caller).await?;
    let restored = restore_in(app, &mut tx, &caller, score).await;
    tx.finish(restored).await
}

async fn restore_in(app: &App, tx: &mut Tx, caller: &Caller, id: &ScoreId) -> Result<()> {
    let score = lock(tx, caller, id).await?;
    score.must_admin()?;
    if !score.is_trashed() {
        return Ok(());
    }
    let never = homeroom_api::Timestamp::default();
    store::set_trashed(tx, &caller.organization, id, never, never).await?;
    caller.event("score.restored", id.as_str(), json!({})).about(&score.user.id).record(app, tx).await
}

/// Deletes a score for good, with all that hangs on it: from the first step on it is not there any more.
pub async fn delete(app: &App, caller: &Caller, score: &ScoreId) -> Result<()> {
    let (mut tx, caller) = app.begin(caller).await?;
    let begun = delete_in(app, &mut tx, &caller, score).await;
    tx.finish(begun).await?;
    delete_rest(app, &caller.organization, score).await
}

async fn delete_in(app: &App, tx: &mut Tx, caller: &Caller, id: &ScoreId) -> Result<()> {
    let score = lock(tx, caller, id).await?;
    score.must_admin()?;
    store::set_going(tx, &caller.organization, id).await?;
    caller.event("score.deleted", id.as_str(), json!({})).about(&score.user.id).record(app, tx).await
}

/// Deletes a score that is going, in short transactions.
async fn delete_rest(app: &App, organization: &OrganizationId, score: &ScoreId) -> Result<()> {
    loop {
        let mut tx = app.db.write().await?;
        let deleted = store::delete_some(&mut tx, organization, score, BATCH).await;
        if tx.finish(deleted).await? == 0 {
            return documents::sweep(app, organization).await;
        }
    }
}

/// Deletes the scores whose time in the trash is over, and those that were left by a server that was stopped.
pub async fn empty(app: &App) -> Result<()> {
    loop {
        let mut tx = app.db.write().await?;
        let due = store::take_due(&mut tx, app.clock.now()).await;
        let Some((organization, score)) = tx.finish(due).await? else { return Ok(()) };
        delete_rest(app, &organization, &score).await?;
    }
}
