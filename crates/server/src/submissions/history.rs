//! The steps of a submission.

use homeroom_api::{
    AssignmentSubmissionHistory, Points, SubmissionHistoryState, SubmissionId, Timestamp, UserId,
};

use super::show::{instant, shows_grade};
use super::steps::Standing;
use super::{Place, open};
use crate::assignments::Assignment;
use crate::db::{self, FromRow, Read as _, Row, Tx};
use crate::http::Caller;
use crate::{App, Result};

struct Step {
    user: Option<UserId>,
    state: SubmissionHistoryState,
    grade: Option<Points>,
    draft_grade: Option<Points>,
    max_points: Option<Points>,
    due_at: Timestamp,
    created_at: Timestamp,
}

impl FromRow for Step {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            user: row.take()?,
            state: row.take()?,
            grade: row.take()?,
            draft_grade: row.take()?,
            max_points: row.take()?,
            due_at: row.take()?,
            created_at: row.take()?,
        })
    }
}

/// Notes a step, and what stands after it.
pub async fn record(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    assignment: &Assignment,
    submission: &SubmissionId,
    state: SubmissionHistoryState,
    standing: &Standing,
) -> Result<()> {
    let now = app.clock.now();
    tx.execute_later(
        "INSERT INTO submission_history (organization_id, submission_id, id, user_id, state, grade, draft_grade,
                                         max_points, due_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        (
            &caller.organization,
            submission,
            app.random.id::<String>(now),
            caller.person(),
            state,
            standing.grade.as_ref(),
            standing.draft_grade.as_ref(),
            assignment.max_points.as_ref(),
            assignment.due_at,
            now,
        ),
    )
    .await?;
    Ok(())
}

/// The steps of a submission, the first one first. To the student without drafts of grades, and steps that were
/// nothing else, and with the grades that they see.
pub async fn list(app: &App, caller: &Caller, place: &Place) -> Result<Vec<AssignmentSubmissionHistory>> {
    let mut conn = app.db.read().await?;
    let (opened, submission) = open(&mut conn, caller, place).await?;
    let sql =
        "SELECT user_id, state, grade, draft_grade, max_points, due_at, created_at FROM submission_history
               WHERE organization_id = $1 AND submission_id = $2 ORDER BY id";
    let steps: Vec<Step> = conn.all(sql, (&caller.organization, &submission.id)).await?;
    let release = submission.release_grades;
    let mut shown: Vec<Step> = Vec::new();
    for mut step in steps {
        if !opened.teaches {
            step.draft_grade = None;
            step.grade = step.grade.filter(|_| shows_grade(release, step.state));
            let is_same = |last: &Step| last.state == step.state && last.grade == step.grade;
            if shown.last().is_some_and(is_same) && step.state != SubmissionHistoryState::Returned {
                continue;
            }
        }
        shown.push(step);
    }
    Ok(shown.into_iter().map(|step| show(step, place)).collect())
}

fn show(step: Step, place: &Place) -> AssignmentSubmissionHistory {
    AssignmentSubmissionHistory {
        date: step.created_at,
        classroom: place.class.clone(),
        assignment: place.assignment.clone(),
        submission: place.id.clone(),
        users: step.user.into_iter().collect(),
        state: step.state,
        draft_grade: step.draft_grade,
        grade: step.grade,
        max_points: step.max_points,
        due_date: instant(step.due_at),
    }
}
