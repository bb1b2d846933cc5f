use homeroom_api::{
    AssignmentId, AssignmentSubmissionPlayback, ClassId, GroupId, MediaAttachment, OrganizationId, Points,
    ReleaseGrades, ScoreId, SubmissionId, Timestamp, UserId,
};

use super::steps::Standing;
use crate::Result;
use crate::assignments::{Attached, read_attachments};
use crate::db::{self, FromRow, Read, Row, Tx};
use crate::http::Caller;

/// A submission as it is stored, and what of its comments its reader has not read.
#[derive(Debug, Clone)]
pub struct Submission {
    pub id: SubmissionId,
    pub class: ClassId,
    pub assignment: AssignmentId,
    pub student: UserId,
    pub standing: Standing,
    pub playback: Vec<AssignmentSubmissionPlayback>,
    pub exercises: Option<Vec<String>>,
    pub created_at: Timestamp,
    pub max_points: Option<Points>,
    pub release_grades: ReleaseGrades,
    pub attachments: Vec<MediaAttachment>,
    pub comments: u64,
    pub unread: u64,
}

/// `$2` is the reader. Of who was removed nothing is there from then on, though it is erased later.
macro_rules! columns {
    () => {
        "m.id, m.class_id, m.assignment_id, m.user_id, m.state, m.grade, m.draft_grade, m.submitted_at,
         m.returned_at, m.returned_by, m.playback, m.exercises, m.created_at, a.max_points, a.release_grades,
         (SELECT string_agg(t.content, ',' ORDER BY t.position) FROM submission_attachments t
          WHERE t.organization_id = m.organization_id AND t.submission_id = m.id),
         (SELECT string_agg(coalesce(s.title, ''), '\n' ORDER BY t.position) FROM submission_attachments t
          LEFT JOIN scores s ON s.organization_id = t.organization_id AND s.id = t.score_id
          WHERE t.organization_id = m.organization_id AND t.submission_id = m.id),
         (SELECT count(*) FROM submission_comments k
          JOIN users w ON w.organization_id = k.organization_id AND w.id = k.user_id AND w.removed_at IS NULL
          WHERE k.organization_id = m.organization_id AND k.submission_id = m.id),
         (SELECT count(*) FROM submission_comments k
          JOIN users w ON w.organization_id = k.organization_id AND w.id = k.user_id AND w.removed_at IS NULL
          WHERE k.organization_id = m.organization_id AND k.submission_id = m.id AND k.user_id <> $2
            AND k.created_at > coalesce((SELECT r.read_at FROM submission_readers r
                WHERE r.organization_id = m.organization_id AND r.submission_id = m.id AND r.user_id = $2), 0))"
    };
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM submissions m JOIN assignments a ON a.organization_id = m.organization_id
                AND a.id = m.assignment_id
             JOIN users u ON u.organization_id = m.organization_id AND u.id = m.user_id AND u.removed_at IS NULL ",
            $rest
        )
    };
}

impl FromRow for Submission {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.take()?,
            class: row.take()?,
            assignment: row.take()?,
            student: row.take()?,
            standing: Standing {
                state: row.take()?,
                grade: row.take()?,
                draft_grade: row.take()?,
                submitted_at: row.take()?,
                returned_at: row.take()?,
                returned_by: row.take()?,
            },
            playback: json(&row.take::<String>()?)?,
            exercises: json(&row.take::<String>()?)?,
            created_at: row.take()?,
            max_points: row.take()?,
            release_grades: row.take()?,
            attachments: read_attachments(row.take()?, row.take()?)?,
            comments: row.take::<i64>()?.unsigned_abs(),
            unread: row.take::<i64>()?.unsigned_abs(),
        })
    }
}

fn json<T: serde::de::DeserializeOwned>(text: &str) -> db::Result<T> {
    serde_json::from_str(text).map_err(|error| db::Error::Failed(error.to_string()))
}

/// Who reads: nobody, where an app acts for itself.
fn reader(caller: &Caller) -> &str {
    caller.person().map_or("", UserId::as_str)
}

pub async fn find(conn: &mut impl Read, caller: &Caller, id: &SubmissionId) -> Result<Option<Submission>> {
    let sql = select!("WHERE m.organization_id = $1 AND m.id = $3");
    Ok(conn.optional(sql, (&caller.organization, reader(caller), id)).await?)
}

/// All of an assignment.
pub async fn list(
    conn: &mut impl Read,
    caller: &Caller,
    assignment: &AssignmentId,
) -> Result<Vec<Submission>> {
    let sql = select!("WHERE m.organization_id = $1 AND m.assignment_id = $3 ORDER BY m.id");
    Ok(conn.all(sql, (&caller.organization, reader(caller), assignment)).await?)
}

/// All of a class.
pub async fn list_of_class(
    conn: &mut impl Read,
    caller: &Caller,
    class: &ClassId,
) -> Result<Vec<Submission>> {
    let sql =
        select!("WHERE a.organization_id = $1 AND a.class_id = $3 AND m.organization_id = $1 ORDER BY m.id");
    Ok(conn.all(sql, (&caller.organization, reader(caller), class)).await?)
}

/// All of a student in a class.
pub async fn list_of_student(
    conn: &mut impl Read,
    caller: &Caller,
    class: &ClassId,
    student: &UserId,
) -> Result<Vec<Submission>> {
    let sql = select!("WHERE m.organization_id = $1 AND m.user_id = $3 AND m.class_id = $4 ORDER BY m.id");
    Ok(conn.all(sql, (&caller.organization, reader(caller), student, class)).await?)
}

/// Those to which a score is attached: the caller's own, and those of classes that they teach.
pub async fn list_of_score(
    conn: &mut impl Read,
    caller: &Caller,
    score: &ScoreId,
) -> Result<Vec<Submission>> {
    let sql = select!(
        "WHERE m.organization_id = $1
           AND m.id IN (SELECT t.submission_id FROM submission_attachments t
                        WHERE t.organization_id = $1 AND t.score_id = $3)
           AND (m.user_id = $2 OR $4 OR EXISTS (
               SELECT 1 FROM classes c JOIN group_users g ON g.organization_id = $1
                 AND g.group_id = c.teachers_group AND g.user_id = $2
               WHERE c.organization_id = $1 AND c.id = m.class_id))
         ORDER BY m.id"
    );
    let args = (&caller.organization, reader(caller), score, caller.administers());
    Ok(conn.all(sql, args).await?)
}

/// Makes a student's submission, where there is none. Whether it did.
pub async fn insert(
    tx: &mut Tx,
    organization: &OrganizationId,
    id: &SubmissionId,
    (class, assignment, student): (&ClassId, &AssignmentId, &UserId),
    now: Timestamp,
) -> Result<bool> {
    let inserted = tx
        .execute(
            "INSERT INTO submissions (organization_id, id, assignment_id, class_id, user_id, state, playback,
                                      exercises, created_at, submitted_at, returned_at)
             VALUES ($1, $2, $3, $4, $5, 'created', '[]', 'null', $6, 0, 0)
             ON CONFLICT (organization_id, assignment_id, user_id) DO NOTHING",
            (organization, id, assignment, class, student, now),
        )
        .await?;
    Ok(inserted > 0)
}

/// Locks the submission of a student.
pub async fn lock_of_student(
    tx: &mut Tx,
    organization: &OrganizationId,
    assignment: &AssignmentId,
    student: &UserId,
) -> Result<Option<SubmissionId>> {
    let sql = "UPDATE submissions SET state = state
               WHERE organization_id = $1 AND assignment_id = $2 AND user_id = $3 RETURNING id";
    let found: Option<(SubmissionId,)> = tx.optional(sql, (organization, assignment, student)).await?;
    Ok(found.map(|(id,)| id))
}

/// Locks a submission, if it is there.
pub async fn lock(tx: &mut Tx, organization: &OrganizationId, id: &SubmissionId) -> Result<()> {
    let sql = "UPDATE submissions SET state = state WHERE organization_id = $1 AND id = $2";
    tx.execute(sql, (organization, id)).await?;
    Ok(())
}

pub async fn set_standing(
    tx: &mut Tx,
    organization: &OrganizationId,
    id: &SubmissionId,
    next: &Standing,
) -> Result<()> {
    tx.execute(
        "UPDATE submissions SET state = $3, grade = $4, draft_grade = $5, submitted_at = $6, returned_at = $7,
                                returned_by = $8
         WHERE organization_id = $1 AND id = $2",
        (
            organization,
            id,
            next.state,
            next.grade.as_ref(),
            next.draft_grade.as_ref(),
            next.submitted_at,
            next.returned_at,
            next.returned_by.as_ref(),
        ),
    )
    .await?;
    Ok(())
}

/// Stores playback and exercises, as JSON.
pub async fn set_work(
    tx: &mut Tx,
    organization: &OrganizationId,
    id: &SubmissionId,
    playback: &str,
    exercises: &str,
) -> Result<()> {
    let sql = "UPDATE submissions SET playback = $3, exercises = $4 WHERE organization_id = $1 AND id = $2";
    tx.execute(sql, (organization, id, playback, exercises)).await?;
    Ok(())
}

/// Puts attachments in the place of those that were there.
pub async fn set_attachments(
    tx: &mut Tx,
    organization: &OrganizationId,
    id: &SubmissionId,
    attached: &[Attached],
) -> Result<()> {
    let sql = "DELETE FROM submission_attachments WHERE organization_id = $1 AND submission_id = $2";
    tx.execute_later(sql, (organization, id)).await?;
    for (position, attached) in (0_i64..).zip(attached) {
        tx.execute_later(
            "INSERT INTO submission_attachments (organization_id, submission_id, position, type, score_id, content)
             VALUES ($1, $2, $3, $4, $5, $6)",
            (
                organization,
                id,
                position,
                attached.shown.r#type,
                attached.shown.score.as_ref(),
                &attached.content,
            ),
        )
        .await?;
    }
    Ok(())
}

/// Whether the caller may read a score as a teacher of a class to whose submissions it is attached, once they are
/// handed in.
pub async fn is_handed_in_to(conn: &mut impl Read, caller: &Caller, score: &ScoreId) -> Result<bool> {
    let sql = "SELECT 1 FROM submission_attachments t
               JOIN submissions m ON m.organization_id = $1 AND m.id = t.submission_id AND m.submitted_at > 0
               JOIN users u ON u.organization_id = $1 AND u.id = m.user_id AND u.removed_at IS NULL
               JOIN classes c ON c.organization_id = $1 AND c.id = m.class_id
               WHERE t.organization_id = $1 AND t.score_id = $2
                 AND ($4 OR EXISTS (SELECT 1 FROM group_users g WHERE g.organization_id = $1
                                    AND g.group_id = c.teachers_group AND g.user_id = $3))
               LIMIT 1";
    let args = (&caller.organization, score, reader(caller), caller.administers());
    let found: Option<(i64,)> = conn.optional(sql, args).await?;
    Ok(found.is_some())
}

/// Whether somebody is in a group.
pub async fn is_in(conn: &mut impl Read, caller: &Caller, group: &GroupId, user: &UserId) -> Result<bool> {
    let sql = "SELECT 1 FROM group_users WHERE organization_id = $1 AND group_id = $2 AND user_id = $3";
    let found: Option<(i64,)> = conn.optional(sql, (&caller.organization, group, user)).await?;
    Ok(found.is_some())
}
