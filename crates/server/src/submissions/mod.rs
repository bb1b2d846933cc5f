//! Submissions: what students hand in for an assignment, one each, and what becomes of it.
//!
//! The student works on it and hands it in; teachers of the class and administrators grade and return it. A student
//! sees no other's, no draft of a grade, and a grade when the assignment releases it.
pub mod api;
mod comments;
pub mod erasure;
mod export;
mod history;
mod show;
mod steps;
mod store;

use homeroom_api::{
    AssignmentId, AssignmentSubmission, AssignmentSubmissionUpdate, ClassId, ErrorCode, ScoreId,
    SubmissionHistoryState, SubmissionId, SubmissionState, Update, UserId,
};
use serde_json::json;

use crate::assignments::{self, Attached, Opened, Purpose};
use crate::db::{Conn, Read, Tx};
use crate::http::Caller;
use crate::{App, Error, Result, classes, scores, text};

use show::show;
use steps::Standing;
use store::Submission;
pub use store::is_handed_in_to;

const MOST_PLAYBACKS: usize = 100;
const MOST_EXERCISES: usize = 100;
const LONGEST_EXERCISE: usize = 200;

/// The place of a submission: class, assignment, submission.
pub struct Place {
    pub class: ClassId,
    pub assignment: AssignmentId,
    pub id: SubmissionId,
}

/// A submission of an assignment; 404 for who is neither its student nor teaches the class.
async fn open(conn: &mut impl Read, caller: &Caller, place: &Place) -> Result<(Opened, Submission)> {
    let opened = assignments::open(conn, caller, &place.class, &place.assignment).await?;
    let submission = find(conn, caller, &opened, &place.id).await?;
    Ok((opened, submission))
}

/// As [`open`], and both stay as they are until the transaction ends.
async fn hold(tx: &mut Tx, caller: &Caller, place: &Place) -> Result<(Opened, Submission)> {
    let opened = assignments::hold(tx, caller, &place.class, &place.assignment).await?;
    store::lock(tx, &caller.organization, &place.id).await?;
    let submission = find(tx, caller, &opened, &place.id).await?;
    Ok((opened, submission))
}

async fn find(
    conn: &mut impl Read,
    caller: &Caller,
    opened: &Opened,
    id: &SubmissionId,
) -> Result<Submission> {
    let found = store::find(conn, caller, id).await?.filter(|found| found.assignment == opened.assignment.id);
    let may_see = |found: &Submission| opened.teaches || caller.is(&found.student);
    found.filter(may_see).ok_or_else(|| Error::not_found("submission"))
}

/// One submission.
pub async fn get(app: &App, caller: &Caller, place: &Place) -> Result<AssignmentSubmission> {
    let (opened, submission) = open(&mut app.db.read().await?, caller, place).await?;
    Ok(show(submission, opened.teaches))
}

/// The submissions of an assignment: to students their own.
pub async fn list(
    app: &App,
    caller: &Caller,
    class: &ClassId,
    assignment: &AssignmentId,
) -> Result<Vec<AssignmentSubmission>> {
    let mut conn = app.db.read().await?;
    let opened = assignments::open(&mut conn, caller, class, assignment).await?;
    let mut found = store::list(&mut conn, caller, assignment).await?;
    found.retain(|one| opened.teaches || caller.is(&one.student));
    Ok(found.into_iter().map(|one| show(one, opened.teaches)).collect())
}

/// The submissions of an assignment, as its teachers see them.
pub async fn list_of_assignment(
    conn: &mut impl Read,
    caller: &Caller,
    assignment: &AssignmentId,
) -> Result<Vec<AssignmentSubmission>> {
    let found = store::list(conn, caller, assignment).await?;
    Ok(found.into_iter().map(|one| show(one, true)).collect())
}

/// The submissions of a class that the caller has opened: to students their own.
pub async fn list_of_class(
    conn: &mut Conn,
    caller: &Caller,
    class: &ClassId,
    teaches: bool,
) -> Result<Vec<AssignmentSubmission>> {
    let found = match (teaches, caller.person()) {
        (true, _) => store::list_of_class(conn, caller, class).await?,
        (false, Some(user)) => store::list_of_student(conn, caller, class, user).await?,
        (false, None) => Vec::new(),
    };
    Ok(found.into_iter().map(|one| show(one, teaches)).collect())
}

/// What a student hands in in a class, for teachers and the student.
pub async fn list_of_student(
    app: &App,
    caller: &Caller,
    class: &ClassId,
    student: &UserId,
) -> Result<Vec<AssignmentSubmission>> {
    let mut conn = app.db.read().await?;
    let class = classes::open(&mut conn, caller, class).await?;
    let teaches = class.may_teach(caller);
    let found = store::list_of_student(&mut conn, caller, &class.id, student).await?;
    let is_known =
        !found.is_empty() || store::is_in(&mut conn, caller, &class.students_group, student).await?;
    if !is_known || !(teaches || caller.is(student)) {
        return Err(Error::not_found("student"));
    }
    Ok(found.into_iter().map(|one| show(one, teaches)).collect())
}

/// Those to which a score is attached: the caller's own, and those of classes that they teach.
pub async fn list_of_score(app: &App, caller: &Caller, score: &ScoreId) -> Result<Vec<AssignmentSubmission>> {
    let mut conn = app.db.read().await?;
    scores::open(&mut conn, caller, score, None).await?;
    let found = store::list_of_score(&mut conn, caller, score).await?;
    Ok(found
        .into_iter()
        .map(|one| {
            let own = caller.is(&one.student);
            show(one, !own)
        })
        .collect())
}

/// Begins the caller's submission, or goes on with it: a student has one for each assignment.
pub async fn create(
    app: &App,
    caller: &Caller,
    class: &ClassId,
    assignment: &AssignmentId,
    update: AssignmentSubmissionUpdate,
) -> Result<AssignmentSubmission> {
    let (mut tx, caller) = app.begin(caller).await?;
    let created = create_in(app, &mut tx, &caller, class, assignment, update).await;
    tx.finish(created).await
}

async fn create_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    class: &ClassId,
    assignment: &AssignmentId,
    update: AssignmentSubmissionUpdate,
) -> Result<AssignmentSubmission> {
    let opened = assignments::hold(tx, caller, class, assignment).await?;
    if !opened.is_students(caller) {
        let message = "Only students of the class hand in: teachers grade what is there, by its id.";
        return Err(Error::forbidden(message));
    }
    opened.must_be_open()?;
    let id = begin(app, tx, caller, &opened).await?;
    let submission = find(tx, caller, &opened, &id).await?;
    if submission.attachments.is_empty() && update.attachments.is_none() {
        give_copies(app, tx, caller, &opened, &id).await?;
    }
    edit(app, tx, caller, &opened, submission, update).await
}

/// Makes the caller's submission, where there is none, and locks it.
async fn begin(app: &App, tx: &mut Tx, caller: &Caller, opened: &Opened) -> Result<SubmissionId> {
    let (organization, now) = (&caller.organization, app.clock.now());
    let assignment = &opened.assignment;
    let id: SubmissionId = app.random.id(now);
    let of = (&assignment.class, &assignment.id, &caller.user);
    if store::insert(tx, organization, &id, of, now).await? {
        history::record(app, tx, caller, assignment, &id, SubmissionHistoryState::Created, &Standing::NEW)
            .await?;
    }
    let locked = store::lock_of_student(tx, organization, &assignment.id, &caller.user).await?;
    locked.ok_or_else(|| Error::unavailable("a submission went away while it was begun"))
}

/// The student's own copies of the scores that the assignment gives as such, and that are still there.
async fn give_copies(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    opened: &Opened,
    id: &SubmissionId,
) -> Result<()> {
    let mut attached = Vec::new();
    for score in opened.assignment.copied_scores() {
        match scores::open(tx, caller, score, None).await {
            Ok(original) => {
                let copy = scores::fork_in(app, tx, caller, &original, true, None).await?;
                attached.push(Attached::score(copy)?);
            }
            Err(error) if error.code == ErrorCode::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    store::set_attachments(tx, &caller.organization, id, &attached).await
}

/// Changes a submission: students hand in, teachers grade and return.
pub async fn update(
    app: &App,
    caller: &Caller,
    place: &Place,
    update: AssignmentSubmissionUpdate,
) -> Result<AssignmentSubmission> {
    let (mut tx, caller) = app.begin(caller).await?;
    let updated = update_in(app, &mut tx, &caller, place, update).await;
    tx.finish(updated).await
}

async fn update_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    place: &Place,
    update: AssignmentSubmissionUpdate,
) -> Result<AssignmentSubmission> {
    let (opened, submission) = hold(tx, caller, place).await?;
    opened.must_be_open()?;
    edit(app, tx, caller, &opened, submission, update).await
}

/// Changes a submission that is locked.
async fn edit(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    opened: &Opened,
    submission: Submission,
    update: AssignmentSubmissionUpdate,
) -> Result<AssignmentSubmission> {
    let (before, now) = (submission.standing.clone(), app.clock.now());
    let next = match opened.teaches {
        true => before.clone().by_teacher(&update, caller.person(), now)?,
        false => before.clone().by_student(&update, now)?,
    };
    set_work(tx, caller, &submission, update).await?;
    if next != before {
        store::set_standing(tx, &caller.organization, &submission.id, &next).await?;
        history::record(app, tx, caller, &opened.assignment, &submission.id, next.state.into(), &next)
            .await?;
        tell(app, tx, caller, &submission, &next).await?;
    }
    Ok(show(find(tx, caller, opened, &submission.id).await?, opened.teaches))
}

/// Writes what changes grades to the audit log.
async fn tell(app: &App, tx: &mut Tx, caller: &Caller, before: &Submission, next: &Standing) -> Result<()> {
    let (id, was) = (before.id.as_str(), &before.standing);
    let details = json!({
        "class": before.class, "assignment": before.assignment, "student": before.student, "grade": next.grade,
    });
    if next.grade != was.grade {
        let event = caller.event("submission.graded", id, details.clone());
        event.about(&before.student).record(app, tx).await?;
    }
    if next.state == SubmissionState::Returned && next.returned_at != was.returned_at {
        caller.event("submission.returned", id, details).about(&before.student).record(app, tx).await?;
    }
    Ok(())
}

/// Stores what the student works on.
async fn set_work(
    tx: &mut Tx,
    caller: &Caller,
    submission: &Submission,
    update: AssignmentSubmissionUpdate,
) -> Result<()> {
    let organization = &caller.organization;
    if let Some(attachments) = update.attachments {
        let parsed = assignments::parse_attachments(attachments)?;
        let attached = assignments::check_attachments(tx, caller, &parsed, Purpose::Submission).await?;
        store::set_attachments(tx, organization, &submission.id, &attached).await?;
    }
    if update.playback.is_none() && update.exercises_ids.is_keep() {
        return Ok(());
    }
    let playback = update.playback.unwrap_or_else(|| submission.playback.clone());
    let exercises = match update.exercises_ids {
        Update::Keep => submission.exercises.clone(),
        Update::Clear => None,
        Update::Set(ids) => Some(ids),
    };
    check_work(&playback, exercises.as_deref().unwrap_or_default())?;
    let (playback, exercises) = (json!(playback).to_string(), json!(exercises).to_string());
    store::set_work(tx, organization, &submission.id, &playback, &exercises).await
}

fn check_work(playback: &[homeroom_api::AssignmentSubmissionPlayback], exercises: &[String]) -> Result<()> {
    if playback.len() > MOST_PLAYBACKS {
        return Err(Error::invalid("playback", format!("{MOST_PLAYBACKS} scores are the most.")));
    }
    for one in playback {
        text::line("playback", one.score.as_str(), 1, LONGEST_EXERCISE)?;
    }
    if exercises.len() > MOST_EXERCISES {
        return Err(Error::invalid("exercisesIds", format!("{MOST_EXERCISES} exercises are the most.")));
    }
    for id in exercises {
        text::line("exercisesIds", id, 1, LONGEST_EXERCISE)?;
    }
    Ok(())
}

/// Takes away what the student handed in, and its grades, so that they begin anew. The copies that they wrote in stay
/// theirs; comments and history stay with the submission.
pub async fn reset(app: &App, caller: &Caller, place: &Place) -> Result<AssignmentSubmission> {
    let (mut tx, caller) = app.begin(caller).await?;
    let reset = reset_in(app, &mut tx, &caller, place).await;
    tx.finish(reset).await
}

async fn reset_in(app: &App, tx: &mut Tx, caller: &Caller, place: &Place) -> Result<AssignmentSubmission> {
    let (opened, submission) = hold(tx, caller, place).await?;
    opened.class.must_teach(caller)?;
    opened.must_be_open()?;
    let (organization, id) = (&caller.organization, &submission.id);
    store::set_standing(tx, organization, id, &Standing::NEW).await?;
    store::set_work(tx, organization, id, "[]", "null").await?;
    store::set_attachments(tx, organization, id, &[]).await?;
    let (state, assignment) = (SubmissionHistoryState::Reset, &opened.assignment);
    history::record(app, tx, caller, assignment, id, state, &Standing::NEW).await?;
    let details = json!({
        "class": submission.class, "assignment": submission.assignment, "student": submission.student,
        "grade": submission.standing.grade,
    });
    let event = caller.event("submission.deleted", id.as_str(), details);
    event.about(&submission.student).record(app, tx).await?;
    Ok(show(find(tx, caller, &opened, id).await?, true))
}
