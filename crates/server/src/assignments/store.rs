use homeroom_api::{
    AssignmentId, AssignmentState, ClassId, GroupId, MediaAttachment, OrganizationId, ScoreId, SharingMode,
    Timestamp, UserId,
};

use super::Assignment;
use super::attachments::Attached;
use super::new::NewAssignment;
use crate::Result;
use crate::db::{self, FromRow, Read, Row, Tx};
use crate::http::Caller;

/// The attachments of an assignment and the titles of their scores, one on each line: no title has two.
macro_rules! columns {
    () => {
        "a.id, a.class_id, a.creator, a.state, a.type, a.title, a.description, a.description_html,
         a.teacher_instructions, a.teacher_instructions_html, a.options, a.max_points, a.release_grades,
         a.assignee_mode, a.scheduled_at, a.due_at, a.created_at,
         (SELECT string_agg(t.user_id, ',' ORDER BY t.user_id) FROM assignment_students t
          WHERE t.organization_id = a.organization_id AND t.assignment_id = a.id),
         (SELECT string_agg(t.content, ',' ORDER BY t.position) FROM assignment_attachments t
          WHERE t.organization_id = a.organization_id AND t.assignment_id = a.id),
         (SELECT string_agg(coalesce(s.title, ''), '\n' ORDER BY t.position) FROM assignment_attachments t
          LEFT JOIN scores s ON s.organization_id = t.organization_id AND s.id = t.score_id
          WHERE t.organization_id = a.organization_id AND t.assignment_id = a.id)"
    };
}

impl FromRow for Assignment {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.take()?,
            class: row.take()?,
            creator: row.take()?,
            state: row.take()?,
            r#type: row.take()?,
            title: row.take()?,
            description: row.take()?,
            description_html: row.take()?,
            teacher_instructions: row.take()?,
            teacher_instructions_html: row.take()?,
            options: row.take()?,
            max_points: row.take()?,
            release_grades: row.take()?,
            assignee_mode: row.take()?,
            scheduled_at: row.take()?,
            due_at: row.take()?,
            created_at: row.take()?,
            students: ids(row.take()?),
            attachments: attachments(row.take()?, row.take()?)?,
        })
    }
}

fn ids(list: Option<String>) -> Vec<UserId> {
    list.map(|list| list.split(',').map(UserId::from).collect()).unwrap_or_default()
}

/// Attachments, each as JSON with commas between them, and their titles, one on each line.
pub fn attachments(json: Option<String>, titles: Option<String>) -> db::Result<Vec<MediaAttachment>> {
    let parsed = serde_json::from_str::<Vec<MediaAttachment>>(&format!("[{}]", json.unwrap_or_default()));
    let mut attachments = parsed.map_err(|error| db::Error::Failed(error.to_string()))?;
    for (attachment, title) in attachments.iter_mut().zip(titles.unwrap_or_default().split('\n')) {
        attachment.title = Some(title.to_owned()).filter(|title| !title.is_empty());
    }
    Ok(attachments)
}

pub async fn find(
    conn: &mut impl Read,
    organization: &OrganizationId,
    class: &ClassId,
    id: &AssignmentId,
) -> Result<Option<Assignment>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM assignments a WHERE a.organization_id = $1 AND a.id = $2 AND a.class_id = $3"
    );
    Ok(conn.optional(sql, (organization, id, class)).await?)
}

/// All of a class, in the order of their creation.
pub async fn list(
    conn: &mut impl Read,
    organization: &OrganizationId,
    class: &ClassId,
) -> Result<Vec<Assignment>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM assignments a WHERE a.organization_id = $1 AND a.class_id = $2 ORDER BY a.id"
    );
    Ok(conn.all(sql, (organization, class)).await?)
}

pub async fn count(tx: &mut Tx, organization: &OrganizationId, class: &ClassId) -> Result<i64> {
    let sql = "SELECT count(*) FROM assignments WHERE organization_id = $1 AND class_id = $2";
    let (count,): (i64,) = tx.one(sql, (organization, class)).await?;
    Ok(count)
}

/// Who is in a group.
pub async fn students(
    conn: &mut impl Read,
    organization: &OrganizationId,
    group: &GroupId,
) -> Result<Vec<UserId>> {
    let sql = "SELECT user_id FROM group_users WHERE organization_id = $1 AND group_id = $2 ORDER BY user_id";
    let found: Vec<(UserId,)> = conn.all(sql, (organization, group)).await?;
    Ok(found.into_iter().map(|(user,)| user).collect())
}

pub async fn insert(
    tx: &mut Tx,
    caller: &Caller,
    class: &ClassId,
    id: &AssignmentId,
    new: &NewAssignment,
    now: Timestamp,
) -> Result<()> {
    tx.execute(
        "INSERT INTO assignments (organization_id, id, class_id, creator, state, type, title, description,
                                  description_html, teacher_instructions, teacher_instructions_html, options,
                                  max_points, release_grades, assignee_mode, scheduled_at, due_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        (
            &caller.organization,
            id,
            class,
            caller.person(),
            new.state,
            new.r#type,
            &new.title,
            &new.description,
            &new.description_html,
            &new.teacher_instructions,
            &new.teacher_instructions_html,
            &new.options,
            new.max_points.as_ref(),
            new.release_grades,
            new.assignee_mode,
            new.scheduled_at,
            new.due_at,
            now,
        ),
    )
    .await?;
    Ok(())
}

/// Puts another assignment in the place of a draft, whose parts are to be put anew. Whether there was such a draft.
pub async fn fill_draft(
    tx: &mut Tx,
    caller: &Caller,
    class: &ClassId,
    id: &AssignmentId,
    new: &NewAssignment,
) -> Result<bool> {
    let filled = tx
        .execute(
            "UPDATE assignments SET state = $4, type = $5, title = $6, description = $7, description_html = $8,
                 teacher_instructions = $9, teacher_instructions_html = $10, options = $11, max_points = $12,
                 release_grades = $13, assignee_mode = $14, scheduled_at = $15, due_at = $16
             WHERE organization_id = $1 AND id = $2 AND class_id = $3 AND state = 'draft'",
            (
                &caller.organization,
                id,
                class,
                new.state,
                new.r#type,
                &new.title,
                &new.description,
                &new.description_html,
                &new.teacher_instructions,
                &new.teacher_instructions_html,
                &new.options,
                new.max_points.as_ref(),
                new.release_grades,
                new.assignee_mode,
                new.scheduled_at,
                new.due_at,
            ),
        )
        .await?;
    Ok(filled > 0)
}

/// Puts students and attachments in the place of those that were there.
pub async fn put_parts(
    tx: &mut Tx,
    organization: &OrganizationId,
    id: &AssignmentId,
    new: &NewAssignment,
    attached: &[Attached],
) -> Result<()> {
    for sql in [
        "DELETE FROM assignment_students WHERE organization_id = $1 AND assignment_id = $2",
        "DELETE FROM assignment_attachments WHERE organization_id = $1 AND assignment_id = $2",
    ] {
        tx.execute_later(sql, (organization, id)).await?;
    }
    for student in &new.students {
        let sql =
            "INSERT INTO assignment_students (organization_id, assignment_id, user_id) VALUES ($1, $2, $3)";
        tx.execute_later(sql, (organization, id, student)).await?;
    }
    for (position, attached) in (0_i64..).zip(attached) {
        insert_attachment(tx, organization, id, position, attached).await?;
    }
    Ok(())
}

async fn insert_attachment(
    tx: &mut Tx,
    organization: &OrganizationId,
    id: &AssignmentId,
    position: i64,
    attached: &Attached,
) -> Result<()> {
    let shown = &attached.shown;
    let mode = shown.sharing_mode.unwrap_or(SharingMode::Read);
    tx.execute_later(
        "INSERT INTO assignment_attachments (organization_id, assignment_id, position, type, score_id, sharing_mode,
                                             teacher_only, content)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        (
            organization,
            id,
            position,
            shown.r#type,
            shown.score.as_ref(),
            mode,
            shown.teacher_only,
            &attached.content,
        ),
    )
    .await?;
    Ok(())
}

/// Keeps an assignment as it is until the transaction ends.
pub async fn hold(tx: &mut Tx, organization: &OrganizationId, id: &AssignmentId) -> Result<()> {
    let sql = "SELECT 1 FROM assignments WHERE organization_id = $1 AND id = $2 FOR SHARE";
    Ok(tx.lock(sql, (organization, id)).await?)
}

/// Locks an assignment; its state.
pub async fn lock(
    tx: &mut Tx,
    organization: &OrganizationId,
    class: &ClassId,
    id: &AssignmentId,
) -> Result<Option<AssignmentState>> {
    let sql = "UPDATE assignments SET state = state WHERE organization_id = $1 AND id = $2 AND class_id = $3
               RETURNING state";
    let found: Option<(AssignmentState,)> = tx.optional(sql, (organization, id, class)).await?;
    Ok(found.map(|(state,)| state))
}

pub async fn set_state(
    tx: &mut Tx,
    organization: &OrganizationId,
    id: &AssignmentId,
    state: AssignmentState,
) -> Result<()> {
    let sql = "UPDATE assignments SET state = $3 WHERE organization_id = $1 AND id = $2";
    tx.execute(sql, (organization, id, state)).await?;
    Ok(())
}

/// Whether the caller may read a score, and whether they may write it, by assignments that it is attached to:
/// teachers of the class, and those students whom the assignment is given to, while it is active.
pub async fn rights_of(conn: &mut impl Read, caller: &Caller, score: &ScoreId) -> Result<(bool, bool)> {
    let sql = "SELECT t.sharing_mode FROM assignment_attachments t
               JOIN assignments a ON a.organization_id = $1 AND a.id = t.assignment_id
               JOIN classes c ON c.organization_id = $1 AND c.id = a.class_id
               JOIN group_users g ON g.organization_id = $1 AND g.user_id = $3
                 AND g.group_id IN (c.teachers_group, c.students_group)
               WHERE t.organization_id = $1 AND t.score_id = $2
                 AND (g.group_id = c.teachers_group OR (
                     NOT t.teacher_only AND a.state = 'active' AND a.scheduled_at <= $4
                     AND (a.assignee_mode = 'everyone' OR EXISTS (SELECT 1 FROM assignment_students s
                          WHERE s.organization_id = $1 AND s.assignment_id = a.id AND s.user_id = $3))))";
    let Some(user) = caller.person() else { return Ok((false, false)) };
    let modes: Vec<(String,)> = conn.all(sql, (&caller.organization, score, user, caller.asked_at)).await?;
    let writes = modes.iter().any(|(mode,)| mode == SharingMode::Write.as_str());
    Ok((!modes.is_empty(), writes))
}
