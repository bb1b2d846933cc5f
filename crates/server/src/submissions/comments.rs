//! What is said of a submission, between its student and the teachers.

use homeroom_api::{
    AssignmentSubmissionComment, OrganizationId, SubmissionCommentId, SubmissionId, Timestamp, UserId,
};

use super::{Place, hold, open};
use crate::db::{self, FromRow, Read, Row, Tx};
use crate::http::Caller;
use crate::{App, Error, Result, text};

const LONGEST: usize = 10_000;
/// The most comments of a submission.
const MOST: u64 = 1000;

struct Comment {
    id: SubmissionCommentId,
    user: UserId,
    text: String,
    created_at: Timestamp,
    modified_at: Timestamp,
}

impl FromRow for Comment {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.take()?,
            user: row.take()?,
            text: row.take()?,
            created_at: row.take()?,
            modified_at: row.take()?,
        })
    }
}

/// The comments of a submission, the first one first. From then on the caller has read them.
pub async fn list(app: &App, caller: &Caller, place: &Place) -> Result<Vec<AssignmentSubmissionComment>> {
    let mut conn = app.db.read().await?;
    let (_, submission) = open(&mut conn, caller, place).await?;
    let sql = "SELECT c.id, c.user_id, c.comment, c.created_at, c.modified_at FROM submission_comments c
               JOIN users u ON u.organization_id = c.organization_id AND u.id = c.user_id AND u.removed_at IS NULL
               WHERE c.organization_id = $1 AND c.submission_id = $2 ORDER BY c.id";
    let comments: Vec<Comment> = conn.all(sql, (&caller.organization, &place.id)).await?;
    let read_at = read_at(&mut conn, caller, &place.id).await?;
    drop(conn);
    if submission.unread > 0
        && let (Some(reader), Some(last)) = (caller.person(), comments.iter().map(|one| one.created_at).max())
    {
        note_reading(app, caller, place, reader, last).await?;
    }
    Ok(comments.into_iter().map(|one| show(one, caller, &place.id, read_at)).collect())
}

fn show(
    comment: Comment,
    caller: &Caller,
    submission: &SubmissionId,
    read_at: Timestamp,
) -> AssignmentSubmissionComment {
    AssignmentSubmissionComment {
        unread: caller.person().is_some_and(|reader| *reader != comment.user && read_at < comment.created_at),
        id: comment.id,
        user: comment.user,
        submission: submission.clone(),
        date: comment.created_at,
        modification_date: comment.modified_at,
        comment: comment.text,
    }
}

/// Up to when the caller has read.
async fn read_at(conn: &mut impl Read, caller: &Caller, submission: &SubmissionId) -> Result<Timestamp> {
    let sql = "SELECT read_at FROM submission_readers
               WHERE organization_id = $1 AND submission_id = $2 AND user_id = $3";
    let found: Option<(Timestamp,)> =
        conn.optional(sql, (&caller.organization, submission, &caller.user)).await?;
    Ok(found.map(|(at,)| at).unwrap_or_default())
}

async fn note_reading(
    app: &App,
    caller: &Caller,
    place: &Place,
    reader: &UserId,
    at: Timestamp,
) -> Result<()> {
    let (mut tx, caller) = app.begin(caller).await?;
    let noted = note_in(&mut tx, &caller, place, reader, at).await;
    tx.finish(noted).await
}

/// Only forwards: who reads in two places at once has read both.
async fn note_in(tx: &mut Tx, caller: &Caller, place: &Place, reader: &UserId, at: Timestamp) -> Result<()> {
    hold(tx, caller, place).await?;
    tx.execute(
        "INSERT INTO submission_readers (organization_id, submission_id, user_id, read_at)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (organization_id, submission_id, user_id)
         DO UPDATE SET read_at = excluded.read_at WHERE submission_readers.read_at < excluded.read_at",
        (&caller.organization, &place.id, reader, at),
    )
    .await?;
    Ok(())
}

/// Adds a comment.
pub async fn post(
    app: &App,
    caller: &Caller,
    place: &Place,
    comment: &str,
) -> Result<AssignmentSubmissionComment> {
    let (mut tx, caller) = app.begin(caller).await?;
    let posted = post_in(app, &mut tx, &caller, place, comment).await;
    tx.finish(posted).await
}

async fn post_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    place: &Place,
    comment: &str,
) -> Result<AssignmentSubmissionComment> {
    let (opened, submission) = hold(tx, caller, place).await?;
    let author = caller.must_be_person()?;
    opened.must_be_open()?;
    let comment = check(comment)?;
    if submission.comments >= MOST {
        return Err(Error::conflict("This submission has 1,000 comments, which are the most."));
    }
    let now = app.clock.now();
    let id: SubmissionCommentId = app.random.id(now);
    tx.execute(
        "INSERT INTO submission_comments (organization_id, submission_id, id, user_id, comment, created_at, modified_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6)",
        (&caller.organization, &place.id, &id, author, &comment, now),
    )
    .await?;
    let posted = Comment { id, user: author.clone(), text: comment, created_at: now, modified_at: now };
    Ok(show(posted, caller, &place.id, now))
}

/// Several lines are welcome.
fn check(comment: &str) -> Result<String> {
    text::reject_nul("comment", comment)?;
    let comment = comment.trim();
    let length = comment.chars().count();
    if length == 0 || length > LONGEST {
        let message = format!("`comment` has {length} characters: make it 1 to {LONGEST}.");
        return Err(Error::invalid("comment", message));
    }
    Ok(comment.to_owned())
}

/// Changes a comment of the caller's own.
pub async fn update(
    app: &App,
    caller: &Caller,
    place: &Place,
    id: &SubmissionCommentId,
    comment: &str,
) -> Result<AssignmentSubmissionComment> {
    let (mut tx, caller) = app.begin(caller).await?;
    let updated = update_in(app, &mut tx, &caller, place, id, comment).await;
    tx.finish(updated).await
}

async fn update_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    place: &Place,
    id: &SubmissionCommentId,
    comment: &str,
) -> Result<AssignmentSubmissionComment> {
    let (opened, _) = hold(tx, caller, place).await?;
    let found = find(tx, &caller.organization, &place.id, id).await?;
    if !caller.is(&found.user) {
        return Err(Error::forbidden("Only its author may change a comment."));
    }
    opened.must_be_open()?;
    let (comment, now) = (check(comment)?, app.clock.now());
    let sql = "UPDATE submission_comments SET comment = $4, modified_at = $5
               WHERE organization_id = $1 AND submission_id = $2 AND id = $3";
    tx.execute(sql, (&caller.organization, &place.id, id, &comment, now)).await?;
    Ok(show(Comment { text: comment, modified_at: now, ..found }, caller, &place.id, now))
}

async fn find(
    tx: &mut Tx,
    organization: &OrganizationId,
    submission: &SubmissionId,
    id: &SubmissionCommentId,
) -> Result<Comment> {
    let sql = "SELECT c.id, c.user_id, c.comment, c.created_at, c.modified_at FROM submission_comments c
               JOIN users u ON u.organization_id = c.organization_id AND u.id = c.user_id AND u.removed_at IS NULL
               WHERE c.organization_id = $1 AND c.submission_id = $2 AND c.id = $3";
    let found = tx.optional(sql, (organization, submission, id)).await?;
    found.ok_or_else(|| Error::not_found("comment"))
}

/// Deletes a comment: by its author, or a teacher of the class.
pub async fn remove(app: &App, caller: &Caller, place: &Place, id: &SubmissionCommentId) -> Result<()> {
    let (mut tx, caller) = app.begin(caller).await?;
    let removed = remove_in(&mut tx, &caller, place, id).await;
    tx.finish(removed).await
}

async fn remove_in(tx: &mut Tx, caller: &Caller, place: &Place, id: &SubmissionCommentId) -> Result<()> {
    let (opened, _) = hold(tx, caller, place).await?;
    let found = find(tx, &caller.organization, &place.id, id).await?;
    if !opened.teaches && !caller.is(&found.user) {
        return Err(Error::forbidden("Only its author and teachers of the class may delete a comment."));
    }
    opened.must_be_open()?;
    let sql = "DELETE FROM submission_comments WHERE organization_id = $1 AND submission_id = $2 AND id = $3";
    tx.execute(sql, (&caller.organization, &place.id, id)).await?;
    Ok(())
}
