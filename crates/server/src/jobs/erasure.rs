//! The second step of a person's leaving, removed or as an individual: erases what the organization still holds of
//! them, in small transactions, and ends with a receipt.

use std::time::Duration;

use homeroom_api::{OrganizationId, Timestamp, UserId};
use serde_json::json;

use crate::audit::{self, Event};
use crate::db::{Read as _, Tx};
use crate::{App, Result, users};

const BATCH: i64 = 500;

/// Has the things of `user` erased, once the transaction is committed.
pub async fn enqueue_erasure(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<()> {
    let now = app.clock.now();
    tx.execute(
        "INSERT INTO jobs (id, organization_id, kind, subject_id, progress, due_at, created_at)
         VALUES ($1, $2, 'erase_user', $3, 0, $4, $4)",
        (app.random.id::<String>(now), organization, user, now),
    )
    .await?;
    Ok(())
}

type Job = (String, OrganizationId, UserId, Timestamp);

/// A job that failed waits as long as it has existed, within these.
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(3600);

/// Does the erasures that are due. One that fails comes again later, and does not hold up the others.
pub async fn run_due(app: &App) -> Result<()> {
    loop {
        let due: Option<Job> = app
            .db
            .read()
            .await?
            .optional(
                "SELECT id, organization_id, subject_id, created_at FROM jobs WHERE kind = 'erase_user' AND due_at <= $1
                 ORDER BY due_at LIMIT 1",
                (app.clock.now(),),
            )
            .await?;
        let Some(job) = due else { return Ok(()) };
        if let Err(error) = run(app, &job).await {
            let (id, _, _, created_at) = &job;
            tracing::warn!(job = id, %error, "an erasure failed and will be tried again");
            postpone(app, id, *created_at).await?;
        }
    }
}

async fn run(app: &App, job: &Job) -> Result<()> {
    while !step(app, job).await? {}
    Ok(())
}

async fn postpone(app: &App, id: &str, created_at: Timestamp) -> Result<()> {
    let now = app.clock.now();
    let age = u64::try_from(now.as_millis() - created_at.as_millis()).unwrap_or(0);
    let due = now + Duration::from_millis(age).clamp(SHORTEST, LONGEST);
    let mut tx = app.db.write().await?;
    tx.execute("UPDATE jobs SET due_at = $2 WHERE id = $1", (id, due)).await?;
    Ok(tx.commit().await?)
}

/// One transaction of an erasure; whether it was the last.
async fn step(app: &App, job: &Job) -> Result<bool> {
    let mut tx = app.db.write().await?;
    let done = step_in(app, &mut tx, job).await;
    tx.finish(done).await
}

async fn step_in(app: &App, tx: &mut Tx, (id, organization, user, _): &Job) -> Result<bool> {
    // Locks the job: another replica may be at it, or may have ended it.
    let locked = tx
        .optional::<(i64,)>("UPDATE jobs SET due_at = due_at WHERE id = $1 RETURNING progress", (id,))
        .await?;
    let Some((progress,)) = locked else { return Ok(true) };
    let erased = audit::erase_details(tx, organization, user, BATCH).await?;
    if erased > 0 {
        let progress = progress + i64::try_from(erased).unwrap_or(i64::MAX);
        tx.execute("UPDATE jobs SET progress = $2 WHERE id = $1", (id, progress)).await?;
        return Ok(false);
    }
    users::bury(tx, organization, user).await?;
    tx.execute("DELETE FROM jobs WHERE id = $1", (id,)).await?;
    receipt(organization, user, progress).record(app, tx).await?;
    Ok(true)
}

/// What was erased: counts alone.
fn receipt<'a>(organization: &'a OrganizationId, user: &'a UserId, details: i64) -> Event<'a> {
    Event {
        organization,
        actor: None,
        actor_token: None,
        maker: None,
        name: "user.erased",
        target: Some(user.as_str()),
        about: None,
        details: json!({ "erased": { "auditDetails": details } }),
    }
}
