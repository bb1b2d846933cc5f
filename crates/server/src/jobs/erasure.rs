//! The second step of a person's leaving, removed or with the account: erases what the organization still holds of
//! them, or moves it to where they go, in small transactions, and ends with a receipt.
//!
//! A transaction begins with the first kind of thing each time: what is not there any more costs a query, and whatever
//! came in late is found. The counts stand in the job, so that a crash loses none.

use std::time::{Duration, Instant};

use homeroom_api::{OrganizationId, Timestamp, UserId};
use serde_json::json;

use super::Erased;
use crate::audit::{self, Event};
use crate::db::{self, Conn, FromRow, Read as _, Row, Tx};
use crate::scores::moving::Move;
use crate::{App, Error, Result, assignments, collections, documents, scores, submissions, users};

/// A transaction ends at whichever comes first.
const ROWS: i64 = 500;
const TIME: Duration = Duration::from_millis(20);
/// Rows in one statement.
const AT_ONCE: i64 = 100;

/// Has the things of `user` erased, once the transaction is committed.
pub async fn enqueue_erasure(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<()> {
    enqueue(app, tx, organization, user, None).await
}

/// Has the scores of `user` moved to another organization, where the account is now, and the rest erased.
pub async fn enqueue_move(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    to: &OrganizationId,
) -> Result<()> {
    enqueue(app, tx, organization, user, Some(to)).await
}

async fn enqueue(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    destination: Option<&OrganizationId>,
) -> Result<()> {
    let now = app.clock.now();
    tx.execute(
        "INSERT INTO jobs (id, organization_id, kind, subject_id, destination, progress, due_at, created_at)
         VALUES ($1, $2, 'erase_user', $3, $4, 0, $5, $5)",
        (app.random.id::<String>(now), organization, user, destination, now),
    )
    .await?;
    Ok(())
}

/// Refuses to move an account whose things are still on the way from its last move.
pub async fn must_have_arrived(tx: &mut Tx, user: &UserId) -> Result<()> {
    let sql = "SELECT id FROM jobs WHERE subject_id = $1 AND destination IS NOT NULL LIMIT 1";
    match tx.optional::<(String,)>(sql, (user,)).await? {
        None => Ok(()),
        Some(_) => {
            Err(Error::unavailable("What the account has is still being moved. Try again in a minute."))
        }
    }
}

/// What the erasure of somebody, if it is under way, has erased so far.
pub async fn find(conn: &mut Conn, organization: &OrganizationId, user: &UserId) -> Result<Option<Erased>> {
    let sql = "SELECT erased FROM jobs WHERE organization_id = $1 AND subject_id = $2 AND kind = 'erase_user'
               ORDER BY id LIMIT 1";
    let found: Option<(String,)> = conn.optional(sql, (organization, user)).await?;
    Ok(found.map(|(erased,)| serde_json::from_str(&erased).unwrap_or_default()))
}

#[derive(Debug, Clone)]
struct Job {
    id: String,
    organization: OrganizationId,
    user: UserId,
    destination: Option<OrganizationId>,
    created_at: Timestamp,
}

impl FromRow for Job {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.take()?,
            organization: row.take()?,
            user: row.take()?,
            destination: row.take()?,
            created_at: row.take()?,
        })
    }
}

/// A job that failed waits as long as it has existed, within these.
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(3600);

/// Does the erasures that are due. One that fails comes again later, and does not hold up the others.
pub async fn run_due(app: &App) -> Result<()> {
    loop {
        let jobs = due(app).await?;
        if jobs.is_empty() {
            return Ok(());
        }
        let mut erased = Vec::new();
        for job in jobs {
            match erase(app, &job).await {
                Ok(()) => erased.push(job),
                Err(error) => postpone(app, &job, &error).await?,
            }
        }
        let truncated = app.db.truncate_log().await;
        for job in erased {
            let ended = match &truncated {
                Ok(()) => end(app, &job).await,
                Err(error) => Err(error.clone().into()),
            };
            if let Err(error) = ended {
                postpone(app, &job, &error).await?;
            }
        }
    }
}

/// The next transaction of the erasures that are due: how many rows of it; nothing where none is due.
pub async fn step_due(app: &App) -> Result<Option<u64>> {
    let jobs = due(app).await?;
    let Some(job) = jobs.first() else { return Ok(None) };
    match step(app, job).await? {
        Some(erased) => Ok(Some(erased.rows())),
        None => end(app, job).await.map(|()| Some(1)),
    }
}

async fn due(app: &App) -> Result<Vec<Job>> {
    let sql = "SELECT id, organization_id, subject_id, destination, created_at FROM jobs
               WHERE kind = 'erase_user' AND due_at <= $1 ORDER BY due_at LIMIT 100";
    Ok(app.db.read().await?.all(sql, (app.clock.now(),)).await?)
}

async fn erase(app: &App, job: &Job) -> Result<()> {
    while step(app, job).await?.is_some() {
        if app.stopping.is_cancelled() {
            return Err(Error::unavailable("the server stops"));
        }
    }
    Ok(())
}

async fn postpone(app: &App, job: &Job, error: &Error) -> Result<()> {
    tracing::warn!(job = job.id, %error, "an erasure failed and will be tried again");
    let now = app.clock.now();
    let age = u64::try_from(now.as_millis() - job.created_at.as_millis()).unwrap_or(0);
    let due = now + Duration::from_millis(age).clamp(SHORTEST, LONGEST);
    let mut tx = app.db.write().await?;
    tx.execute("UPDATE jobs SET due_at = $2 WHERE id = $1", (&job.id, due)).await?;
    Ok(tx.commit().await?)
}

/// One transaction of an erasure; nothing where all is erased, or another replica has ended it.
async fn step(app: &App, job: &Job) -> Result<Option<Erased>> {
    let mut tx = app.db.write().await?;
    let done = step_in(app, &mut tx, job).await;
    tx.finish(done).await
}

/// Locks the job, which another replica may be at or may have ended; what it has erased so far.
async fn lock(tx: &mut Tx, job: &Job) -> Result<Option<Erased>> {
    let sql = "UPDATE jobs SET due_at = due_at WHERE id = $1 RETURNING erased";
    let locked: Option<(String,)> = tx.optional(sql, (&job.id,)).await?;
    Ok(locked.map(|(erased,)| serde_json::from_str(&erased).unwrap_or_default()))
}

async fn step_in(app: &App, tx: &mut Tx, job: &Job) -> Result<Option<Erased>> {
    let Some(mut total) = lock(tx, job).await? else { return Ok(None) };
    let way = way(tx, job).await?;
    let erased = erase_some(app, tx, job, way).await?;
    if erased.is_empty() {
        return Ok(None);
    }
    total.merge(erased.clone());
    let (rows, text) = (i64::try_from(total.rows()).unwrap_or(i64::MAX), json!(total).to_string());
    tx.execute("UPDATE jobs SET progress = $2, erased = $3 WHERE id = $1", (&job.id, rows, text)).await?;
    Ok(Some(erased))
}

/// Where the person's scores go: nowhere, if the account has been removed there too. It stays until the transaction
/// ends.
async fn way<'a>(tx: &mut Tx, job: &'a Job) -> Result<Option<Move<'a>>> {
    let Job { organization: from, user, destination, .. } = job;
    let Some(to) = destination else { return Ok(None) };
    users::hold(tx, to, user).await?;
    let is_there = users::find_role(tx, to, user).await?.is_some();
    Ok(is_there.then_some(Move { from, to, user }))
}

/// What is erased, in order: what hangs on a thing before the thing, and what only names the person last.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Submissions,
    SubmissionComments,
    NamesInSubmissions,
    NamesInAssignments,
    CopiesOfCollections,
    Scores,
    Collections,
    ScoreComments,
    ScoreLikes,
    NamesInComments,
    NamesInScores,
    Documents,
    AuditDetails,
}

const KINDS: [Kind; 13] = [
    Kind::Submissions,
    Kind::SubmissionComments,
    Kind::NamesInSubmissions,
    Kind::NamesInAssignments,
    Kind::CopiesOfCollections,
    Kind::Scores,
    Kind::Collections,
    Kind::ScoreComments,
    Kind::ScoreLikes,
    Kind::NamesInComments,
    Kind::NamesInScores,
    Kind::Documents,
    Kind::AuditDetails,
];

/// Erases until a transaction has enough; nothing where nothing is left.
async fn erase_some(app: &App, tx: &mut Tx, job: &Job, way: Option<Move<'_>>) -> Result<Erased> {
    let (began, mut erased) = (Instant::now(), Erased::default());
    for kind in KINDS {
        loop {
            let left = ROWS - i64::try_from(erased.rows()).unwrap_or(ROWS);
            if left <= 0 || (began.elapsed() > TIME && !erased.is_empty()) {
                return Ok(erased);
            }
            let some = erase_some_of(app, tx, job, way, kind, left.min(AT_ONCE)).await?;
            if some.is_empty() {
                break;
            }
            erased.merge(some);
        }
    }
    Ok(erased)
}

async fn erase_some_of(
    app: &App,
    tx: &mut Tx,
    Job { organization, user, destination, .. }: &Job,
    way: Option<Move<'_>>,
    kind: Kind,
    limit: i64,
) -> Result<Erased> {
    let (name, rows) = match (kind, way) {
        (Kind::Submissions, _) => {
            return submissions::erasure::delete_some_of(tx, organization, user, limit).await;
        }
        (Kind::Scores, Some(way)) => {
            return scores::moving::move_some(tx, way, limit, app.clock.now()).await;
        }
        (Kind::Scores, None) => return scores::erasure::delete_some_of(tx, organization, user, limit).await,
        (Kind::CopiesOfCollections, None) => match destination {
            None => return Ok(Erased::default()),
            Some(to) => ("documents", documents::drop_copies(tx, organization, user, to).await?),
        },
        (Kind::CopiesOfCollections, Some(Move { to, .. })) => {
            ("collectionsMoved", collections::copy_some_of(tx, organization, user, to, limit).await?)
        }
        (Kind::Collections, _) => {
            ("collections", collections::delete_some_of(tx, organization, user, limit).await?)
        }
        (Kind::SubmissionComments, _) => {
            let rows = submissions::erasure::delete_comments_of(tx, organization, user, limit).await?;
            ("submissionComments", rows)
        }
        (Kind::NamesInSubmissions, _) => {
            ("names", submissions::erasure::forget_person(tx, organization, user, limit).await?)
        }
        (Kind::NamesInAssignments, _) => {
            ("names", assignments::erasure::forget_person(tx, organization, user, limit).await?)
        }
        (Kind::ScoreComments, _) => {
            ("scoreComments", scores::comments::delete_some_of(tx, organization, user, limit).await?)
        }
        (Kind::ScoreLikes, _) => {
            ("scoreLikes", collections::unlike_some_of(tx, organization, user, limit).await?)
        }
        (Kind::NamesInComments, _) => {
            ("names", scores::comments::forget_some_of(tx, organization, user, limit).await?)
        }
        (Kind::NamesInScores, _) => {
            ("names", scores::erasure::forget_person(tx, organization, user, limit).await?)
        }
        (Kind::Documents, _) => ("documents", documents::sweep_some(tx, organization).await?),
        (Kind::AuditDetails, _) => {
            ("auditDetails", audit::erase_details(tx, organization, user, limit).await?)
        }
    };
    Ok(Erased::of(name, rows))
}

/// The last transaction: the tombstone goes, the receipt is written.
async fn end(app: &App, job: &Job) -> Result<()> {
    let mut tx = app.db.write().await?;
    let ended = end_in(app, &mut tx, job).await;
    tx.finish(ended).await
}

async fn end_in(app: &App, tx: &mut Tx, job: &Job) -> Result<()> {
    let Some(erased) = lock(tx, job).await? else { return Ok(()) };
    users::bury(tx, &job.organization, &job.user).await?;
    tx.execute("DELETE FROM jobs WHERE id = $1", (&job.id,)).await?;
    receipt(job, &erased).record(app, tx).await
}

/// What was erased: counts alone.
fn receipt<'a>(job: &'a Job, erased: &Erased) -> Event<'a> {
    Event {
        organization: &job.organization,
        actor: None,
        actor_token: None,
        maker: None,
        name: "user.erased",
        target: Some(job.user.as_str()),
        about: None,
        details: json!({ "erased": erased }),
    }
}
