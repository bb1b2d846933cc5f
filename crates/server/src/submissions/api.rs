use axum::http::{HeaderName, StatusCode, header};
use homeroom_api::{
    AssignmentId, AssignmentSubmission, AssignmentSubmissionComment, AssignmentSubmissionCommentCreation,
    AssignmentSubmissionHistory, AssignmentSubmissionUpdate, ClassId, ErrorBody, Scope, Scopes,
};

use super::export::{self, disposition};
use super::{Place, comments, history};
use crate::assignments::api::{READ, WRITE};
use crate::http::{Access, Allowed, Binary, Caller, Json, Path, Routes, parse_id};
use crate::{App, Result, submissions};

const DETAILS_READ: Access = Access {
    scopes: Scopes::of(&[Scope::EduAssignments, Scope::EduAssignmentsReadonly]),
    roles: Allowed::Everybody,
};
const COMMENTS_WRITE: Access =
    Access { scopes: Scopes::of(&[Scope::EduAssignments]), roles: Allowed::Everybody };
const SCORES_READ: Access =
    Access { scopes: Scopes::of(&[Scope::Scores, Scope::ScoresReadonly]), roles: Allowed::Everybody };

const SUBMISSIONS: &str = "/v2/classes/{class}/assignments/{assignment}/submissions";
const SUBMISSION: &str = "/v2/classes/{class}/assignments/{assignment}/submissions/{submission}";
const HISTORY: &str = "/v2/classes/{class}/assignments/{assignment}/submissions/{submission}/history";
const COMMENTS: &str = "/v2/classes/{class}/assignments/{assignment}/submissions/{submission}/comments";
const COMMENT: &str =
    "/v2/classes/{class}/assignments/{assignment}/submissions/{submission}/comments/{comment}";

pub fn routes() -> Routes {
    Routes::new()
        .get(SUBMISSIONS, READ, list)
        .put(SUBMISSIONS, WRITE, create)
        .get("/v2/classes/{class}/assignments/{assignment}/submissions/csv", READ, export_csv)
        .get("/v2/classes/{class}/assignments/{assignment}/submissions/excel", READ, export_excel)
        .get(SUBMISSION, READ, get)
        .put(SUBMISSION, WRITE, update)
        .delete(SUBMISSION, WRITE, remove)
        .get(HISTORY, DETAILS_READ, list_history)
        .get(COMMENTS, DETAILS_READ, list_comments)
        .post(COMMENTS, COMMENTS_WRITE, post_comment)
        .put(COMMENT, COMMENTS_WRITE, update_comment)
        .delete(COMMENT, COMMENTS_WRITE, remove_comment)
        .get("/v2/classes/{class}/students/{user}/submissions", READ, list_of_student)
        .get("/v2/scores/{score}/submissions", SCORES_READ, list_of_score)
}

fn assignment_ids([class, assignment]: [String; 2]) -> Result<(ClassId, AssignmentId)> {
    Ok((parse_id("class", class)?, parse_id("assignment", assignment)?))
}

fn place([class, assignment, id]: [String; 3]) -> Result<Place> {
    let (class, assignment) = assignment_ids([class, assignment])?;
    Ok(Place { class, assignment, id: parse_id("submission", id)? })
}

/// List the submissions of an assignment
///
/// To students their own.
#[utoipa::path(
    get, path = "/v2/classes/{class}/assignments/{assignment}/submissions", operation_id = "getSubmissions", tag = "Class",
    params(("class" = String, Path, description = "The id of the class"), ("assignment" = String, Path, description = "The id of the assignment")),
    responses((status = 200, description = "The submissions in the order of their creation", body = [AssignmentSubmission]), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn list(app: App, caller: Caller, Path(ids): Path<2>) -> Result<Json<Vec<AssignmentSubmission>>> {
    let (class, assignment) = assignment_ids(ids)?;
    submissions::list(&app, &caller, &class, &assignment).await.map(Json)
}

/// Begin or change one's own submission
///
/// A student of the class has one for each assignment: it is made where there is none. Whoever has nothing attached gets
/// copies of the scores that the assignment gives with `sharingMode: copy`.
#[utoipa::path(
    put, path = "/v2/classes/{class}/assignments/{assignment}/submissions", operation_id = "createSubmission", tag = "Class",
    params(("class" = String, Path, description = "The id of the class"), ("assignment" = String, Path, description = "The id of the assignment")),
    request_body = AssignmentSubmissionUpdate,
    responses((status = 200, description = "The submission", body = AssignmentSubmission), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn create(
    app: App,
    caller: Caller,
    Path(ids): Path<2>,
    Json(update): Json<AssignmentSubmissionUpdate>,
) -> Result<Json<AssignmentSubmission>> {
    let (class, assignment) = assignment_ids(ids)?;
    submissions::create(&app, &caller, &class, &assignment, update).await.map(Json)
}

/// Export the grades of an assignment as comma-separated values
///
/// For teachers of the class. A row for each student whom the assignment is given to, and for who handed in before they
/// left the class; test students have none.
#[utoipa::path(
    get, path = "/v2/classes/{class}/assignments/{assignment}/submissions/csv", operation_id = "exportSubmissionsReviewsAsCsv", tag = "Class",
    params(("class" = String, Path, description = "The id of the class"), ("assignment" = String, Path, description = "The id of the assignment")),
    responses(
        (status = 200, description = "The file", body = Binary, content_type = "text/csv"),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn export_csv(
    app: App,
    caller: Caller,
    Path(ids): Path<2>,
) -> Result<([(HeaderName, String); 2], Vec<u8>)> {
    let (class, assignment) = assignment_ids(ids)?;
    let file = export::as_csv(&app, &caller, &class, &assignment).await?;
    let name = disposition(&file.title, "csv");
    let kind = "text/csv; charset=utf-8".to_owned();
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], file.bytes))
}

/// Export the grades of an assignment as an Excel workbook
///
/// For teachers of the class. A row for each student whom the assignment is given to, and for who handed in before they
/// left the class; test students have none.
#[utoipa::path(
    get, path = "/v2/classes/{class}/assignments/{assignment}/submissions/excel", operation_id = "exportSubmissionsReviewsAsExcel", tag = "Class",
    params(("class" = String, Path, description = "The id of the class"), ("assignment" = String, Path, description = "The id of the assignment")),
    responses(
        (status = 200, description = "The file", body = Binary, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (status = "default", description = "Refused", body = ErrorBody),
    ),
)]
pub async fn export_excel(
    app: App,
    caller: Caller,
    Path(ids): Path<2>,
) -> Result<([(HeaderName, String); 2], Vec<u8>)> {
    let (class, assignment) = assignment_ids(ids)?;
    let file = export::as_excel(&app, &caller, &class, &assignment).await?;
    let name = disposition(&file.title, "xlsx");
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned();
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], file.bytes))
}

/// Get a submission
///
/// For its student and the teachers of the class.
#[utoipa::path(
    get, path = "/v2/classes/{class}/assignments/{assignment}/submissions/{submission}", operation_id = "getSubmission", tag = "Class",
    params(("class" = String, Path, description = "The id of the class"), ("assignment" = String, Path, description = "The id of the assignment"), ("submission" = String, Path, description = "The id of the submission")),
    responses((status = 200, description = "The submission", body = AssignmentSubmission), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn get(app: App, caller: Caller, Path(ids): Path<3>) -> Result<Json<AssignmentSubmission>> {
    submissions::get(&app, &caller, &place(ids)?).await.map(Json)
}

/// Change a submission
///
/// The student hands in and takes back what is not graded; teachers of the class grade and return. Each field says whose
/// it is.
#[utoipa::path(
    put, path = "/v2/classes/{class}/assignments/{assignment}/submissions/{submission}", operation_id = "editSubmission", tag = "Class",
    params(("class" = String, Path, description = "The id of the class"), ("assignment" = String, Path, description = "The id of the assignment"), ("submission" = String, Path, description = "The id of the submission")),
    request_body = AssignmentSubmissionUpdate,
    responses((status = 200, description = "The submission", body = AssignmentSubmission), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn update(
    app: App,
    caller: Caller,
    Path(ids): Path<3>,
    Json(update): Json<AssignmentSubmissionUpdate>,
) -> Result<Json<AssignmentSubmission>> {
    submissions::update(&app, &caller, &place(ids)?, update).await.map(Json)
}

/// Reset a submission
///
/// For teachers of the class. What was handed in is taken off, and grades go; the student begins anew. Their scores stay
/// theirs; comments and history stay with the submission.
#[utoipa::path(
    delete, path = "/v2/classes/{class}/assignments/{assignment}/submissions/{submission}", operation_id = "deleteSubmission", tag = "Class",
    params(("class" = String, Path, description = "The id of the class"), ("assignment" = String, Path, description = "The id of the assignment"), ("submission" = String, Path, description = "The id of the submission")),
    responses((status = 200, description = "The submission, as it is now", body = AssignmentSubmission), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn remove(app: App, caller: Caller, Path(ids): Path<3>) -> Result<Json<AssignmentSubmission>> {
    submissions::reset(&app, &caller, &place(ids)?).await.map(Json)
}

/// List the steps of a submission
///
/// To students without drafts of grades.
#[utoipa::path(
    get, path = "/v2/classes/{class}/assignments/{assignment}/submissions/{submission}/history", operation_id = "getSubmissionHistory", tag = "Class",
    params(("class" = String, Path, description = "The id of the class"), ("assignment" = String, Path, description = "The id of the assignment"), ("submission" = String, Path, description = "The id of the submission")),
    responses((status = 200, description = "The steps, the first one first", body = [AssignmentSubmissionHistory]), (status = 403, description = "Not allowed", body = ErrorBody), (status = 404, description = "Not there", body = ErrorBody), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn list_history(
    app: App,
    caller: Caller,
    Path(ids): Path<3>,
) -> Result<Json<Vec<AssignmentSubmissionHistory>>> {
    history::list(&app, &caller, &place(ids)?).await.map(Json)
}

/// List the comments of a submission
///
/// From then on the caller has read them.
#[utoipa::path(
    get, path = "/v2/classes/{class}/assignments/{assignment}/submissions/{submission}/comments", operation_id = "getSubmissionComments", tag = "Class",
    params(("class" = String, Path, description = "The id of the class"), ("assignment" = String, Path, description = "The id of the assignment"), ("submission" = String, Path, description = "The id of the submission")),
    responses((status = 200, description = "The comments, the first one first", body = [AssignmentSubmissionComment]), (status = 403, description = "Not allowed", body = ErrorBody), (status = 404, description = "Not there", body = ErrorBody), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn list_comments(
    app: App,
    caller: Caller,
    Path(ids): Path<3>,
) -> Result<Json<Vec<AssignmentSubmissionComment>>> {
    comments::list(&app, &caller, &place(ids)?).await.map(Json)
}

/// Comment on a submission
///
/// 1,000 comments are the most.
#[utoipa::path(
    post, path = "/v2/classes/{class}/assignments/{assignment}/submissions/{submission}/comments", operation_id = "postSubmissionComment", tag = "Class",
    params(("class" = String, Path, description = "The id of the class"), ("assignment" = String, Path, description = "The id of the assignment"), ("submission" = String, Path, description = "The id of the submission")),
    request_body = AssignmentSubmissionCommentCreation,
    responses((status = 200, description = "The comment", body = AssignmentSubmissionComment), (status = 403, description = "Not allowed", body = ErrorBody), (status = 404, description = "Not there", body = ErrorBody), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn post_comment(
    app: App,
    caller: Caller,
    Path(ids): Path<3>,
    Json(new): Json<AssignmentSubmissionCommentCreation>,
) -> Result<Json<AssignmentSubmissionComment>> {
    comments::post(&app, &caller, &place(ids)?, &new.comment).await.map(Json)
}

/// Change a comment of one's own
#[utoipa::path(
    put, path = "/v2/classes/{class}/assignments/{assignment}/submissions/{submission}/comments/{comment}", operation_id = "updateSubmissionComment", tag = "Class",
    params(("class" = String, Path, description = "The id of the class"), ("assignment" = String, Path, description = "The id of the assignment"), ("submission" = String, Path, description = "The id of the submission"), ("comment" = String, Path, description = "The id of the comment")),
    request_body = AssignmentSubmissionCommentCreation,
    responses((status = 200, description = "The comment", body = AssignmentSubmissionComment), (status = 403, description = "Not allowed", body = ErrorBody), (status = 404, description = "Not there", body = ErrorBody), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn update_comment(
    app: App,
    caller: Caller,
    Path([class, assignment, submission, comment]): Path<4>,
    Json(new): Json<AssignmentSubmissionCommentCreation>,
) -> Result<Json<AssignmentSubmissionComment>> {
    let place = place([class, assignment, submission])?;
    let id = parse_id("comment", comment)?;
    comments::update(&app, &caller, &place, &id, &new.comment).await.map(Json)
}

/// Delete a comment
///
/// For its author and teachers of the class.
#[utoipa::path(
    delete, path = "/v2/classes/{class}/assignments/{assignment}/submissions/{submission}/comments/{comment}", operation_id = "deleteSubmissionComment", tag = "Class",
    params(("class" = String, Path, description = "The id of the class"), ("assignment" = String, Path, description = "The id of the assignment"), ("submission" = String, Path, description = "The id of the submission"), ("comment" = String, Path, description = "The id of the comment")),
    responses((status = 204, description = "Deleted"), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn remove_comment(
    app: App,
    caller: Caller,
    Path([class, assignment, submission, comment]): Path<4>,
) -> Result<StatusCode> {
    let place = place([class, assignment, submission])?;
    comments::remove(&app, &caller, &place, &parse_id("comment", comment)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List what a student hands in in a class
///
/// For the student and teachers of the class.
#[utoipa::path(
    get, path = "/v2/classes/{class}/students/{user}/submissions", operation_id = "listClassStudentSubmissions", tag = "Class",
    params(("class" = String, Path, description = "The id of the class"), ("user" = String, Path, description = "The id of the student")),
    responses((status = 200, description = "The submissions in the order of their creation", body = [AssignmentSubmission]), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn list_of_student(
    app: App,
    caller: Caller,
    Path([class, user]): Path<2>,
) -> Result<Json<Vec<AssignmentSubmission>>> {
    let (class, user) = (parse_id("class", class)?, parse_id("student", user)?);
    submissions::list_of_student(&app, &caller, &class, &user).await.map(Json)
}

/// List the submissions that a score is handed in with
///
/// The caller's own, and those of classes that they teach.
#[utoipa::path(
    get, path = "/v2/scores/{score}/submissions", operation_id = "getScoreSubmissions", tag = "Score",
    params(("score" = String, Path, description = "The id of the score")),
    responses((status = 200, description = "The submissions in the order of their creation", body = [AssignmentSubmission]), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn list_of_score(
    app: App,
    caller: Caller,
    Path([score]): Path<1>,
) -> Result<Json<Vec<AssignmentSubmission>>> {
    submissions::list_of_score(&app, &caller, &parse_id("score", score)?).await.map(Json)
}
