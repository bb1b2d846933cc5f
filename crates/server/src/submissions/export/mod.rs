//! The grades of a class for an assignment, as a file for spreadsheets: a row for each student whom it is given to,
//! and for who handed in before they left the class. Test students have none.
mod csv;
mod excel;
mod filename;

use homeroom_api::{AssignmentId, ClassId, Points, SubmissionState, Timestamp, UserId};

use crate::assignments::{self, Assignment, Opened};
use crate::db::{self, Conn, FromRow, Read as _, Row};
use crate::http::Caller;
use crate::users::printable_name;
use crate::{App, Error, Result};

pub use filename::disposition;

/// What the columns are called.
const HEADER: [&str; 8] =
    ["Name", "Username", "State", "Submitted (UTC)", "Late", "Grade", "Max points", "Comments"];

/// What a row says of a student.
pub struct Line {
    pub name: String,
    pub username: String,
    /// Absent for who handed in nothing.
    pub state: Option<SubmissionState>,
    pub submitted_at: Option<Timestamp>,
    pub is_late: bool,
    pub grade: Option<Points>,
    pub max_points: Option<Points>,
    pub comments: u32,
}

/// A file, and the title of the assignment.
pub struct File {
    pub title: String,
    pub bytes: Vec<u8>,
}

/// UTF-8 with a mark at its beginning, so that Excel reads it as such.
pub async fn as_csv(app: &App, caller: &Caller, class: &ClassId, assignment: &AssignmentId) -> Result<File> {
    let (title, lines) = lines(app, caller, class, assignment).await?;
    Ok(File { title, bytes: csv::write(&lines)? })
}

/// A workbook; written on a thread that may take its time.
pub async fn as_excel(
    app: &App,
    caller: &Caller,
    class: &ClassId,
    assignment: &AssignmentId,
) -> Result<File> {
    let (title, lines) = lines(app, caller, class, assignment).await?;
    let written = tokio::task::spawn_blocking(move || excel::write(&lines)).await;
    let bytes = written.map_err(|panic| Error::internal(panic.to_string()))??;
    Ok(File { title, bytes })
}

async fn lines(
    app: &App,
    caller: &Caller,
    class: &ClassId,
    assignment: &AssignmentId,
) -> Result<(String, Vec<Line>)> {
    let mut conn = app.db.read().await?;
    let opened = assignments::open(&mut conn, caller, class, assignment).await?;
    opened.class.must_teach(caller)?;
    let found = list(&mut conn, caller, &opened).await?;
    let assignment = opened.assignment;
    let lines = found.into_iter().filter(|student| student.has_row(&assignment));
    let lines = lines.map(|student| student.line(&assignment)).collect();
    Ok((assignment.title, lines))
}

/// A student, and what they handed in.
struct Student {
    id: UserId,
    username: String,
    firstname: String,
    lastname: String,
    state: Option<SubmissionState>,
    submitted_at: Option<Timestamp>,
    grade: Option<Points>,
    comments: i64,
}

impl FromRow for Student {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.take()?,
            username: row.take()?,
            firstname: row.take()?,
            lastname: row.take()?,
            state: row.take()?,
            submitted_at: row.take()?,
            grade: row.take()?,
            comments: row.take()?,
        })
    }
}

impl Student {
    fn has_row(&self, assignment: &Assignment) -> bool {
        self.state.is_some() || assignment.is_for(&self.id)
    }

    fn line(self, assignment: &Assignment) -> Line {
        let (never, due_at) = (Timestamp::default(), assignment.due_at);
        let submitted_at = self.submitted_at.filter(|at| *at != never);
        Line {
            name: printable_name(&self.firstname, &self.lastname, &self.username),
            username: self.username,
            state: self.state,
            submitted_at,
            is_late: due_at != never && submitted_at.is_some_and(|at| at > due_at),
            grade: self.grade,
            max_points: assignment.max_points.clone(),
            comments: u32::try_from(self.comments).unwrap_or(u32::MAX),
        }
    }
}

/// Everybody who may have a row, by their names.
async fn list(conn: &mut Conn, caller: &Caller, opened: &Opened) -> Result<Vec<Student>> {
    let sql = "SELECT u.id, u.username, u.firstname, u.lastname, m.state, m.submitted_at, m.grade,
                      (SELECT count(*) FROM submission_comments k
                       JOIN users w ON w.organization_id = k.organization_id AND w.id = k.user_id
                           AND w.removed_at IS NULL
                       WHERE k.organization_id = $1 AND k.submission_id = m.id)
               FROM users u
               LEFT JOIN submissions m ON m.organization_id = $1 AND m.assignment_id = $2 AND m.user_id = u.id
               WHERE u.organization_id = $1 AND NOT u.is_test AND u.removed_at IS NULL AND u.id IN (
                   SELECT user_id FROM group_users WHERE organization_id = $1 AND group_id = $3
                   UNION ALL
                   SELECT user_id FROM submissions WHERE organization_id = $1 AND assignment_id = $2)
               ORDER BY u.lastname_key, u.firstname_key, u.username_key";
    let args = (&caller.organization, &opened.assignment.id, &opened.class.students_group);
    Ok(conn.all(sql, args).await?)
}
