//! What students hand in.

use homeroom_api::{
    AssignmentId, AssignmentSubmission, AssignmentSubmissionComment, AssignmentSubmissionCommentCreation,
    AssignmentSubmissionHistory, AssignmentSubmissionUpdate, ClassId, ScoreId, SubmissionCommentId,
    SubmissionId, UserId,
};

use crate::query::Query;
use crate::{Call, Client};

/// The submissions of an assignment: [`Client::submissions`].
#[derive(Debug, Clone, Copy)]
pub struct Submissions<'a> {
    pub(crate) client: &'a Client,
    pub(crate) class: &'a ClassId,
    pub(crate) assignment: &'a AssignmentId,
}

impl<'a> Submissions<'a> {
    fn path(&self, rest: &[&'a str]) -> Vec<&'a str> {
        let place = ["classes", self.class.as_str(), "assignments", self.assignment.as_str(), "submissions"];
        [&place, rest].concat()
    }

    /// To teachers all of them, to students their own.
    pub fn list(&self) -> Call<Vec<AssignmentSubmission>> {
        self.client.get(&self.path(&[]), &Query::none())
    }

    /// Begin or change one's own submission. Errors with `FORBIDDEN` for who is not a student of the class.
    ///
    /// ```no_run
    /// # use homeroom_client::{AssignmentId, AssignmentSubmissionUpdate, ClassId, Client, Result};
    /// # async fn example(client: Client, class: ClassId, assignment: AssignmentId) -> Result<()> {
    /// let submit = AssignmentSubmissionUpdate { submit: Some(true), ..Default::default() };
    /// let submission = client.submissions(&class, &assignment).put_own(&submit).await?;
    /// println!("{} {:?}", submission.state, submission.submission_date);
    /// # Ok(()) }
    /// ```
    pub fn put_own(&self, update: &AssignmentSubmissionUpdate) -> Call<AssignmentSubmission> {
        self.client.put(&self.path(&[]), update)
    }

    /// One submission, for its student and teachers of the class.
    pub fn get(&self, id: &'a SubmissionId) -> Call<AssignmentSubmission> {
        self.client.get(&self.path(&[id.as_str()]), &Query::none())
    }

    /// The student hands in and takes back, teachers grade and return. Errors with `CONFLICT` for what the state of the
    /// submission does not allow.
    pub fn update(
        &self,
        id: &'a SubmissionId,
        update: &AssignmentSubmissionUpdate,
    ) -> Call<AssignmentSubmission> {
        self.client.put(&self.path(&[id.as_str()]), update)
    }

    /// Take off what was handed in, and its grades; the submission as it is then.
    pub fn reset(&self, id: &'a SubmissionId) -> Call<AssignmentSubmission> {
        self.client.delete_for(&self.path(&[id.as_str()]))
    }

    /// The steps of a submission, the first one first.
    pub fn history(&self, id: &'a SubmissionId) -> Call<Vec<AssignmentSubmissionHistory>> {
        self.client.get(&self.path(&[id.as_str(), "history"]), &Query::none())
    }

    /// The comments of a submission, which the caller has read from then on.
    pub fn comments(&self, id: &'a SubmissionId) -> Call<Vec<AssignmentSubmissionComment>> {
        self.client.get(&self.path(&[id.as_str(), "comments"]), &Query::none())
    }

    /// Comment on a submission.
    pub fn comment(&self, id: &'a SubmissionId, comment: &str) -> Call<AssignmentSubmissionComment> {
        let new = AssignmentSubmissionCommentCreation { comment: comment.to_owned() };
        self.client.post(&self.path(&[id.as_str(), "comments"]), &new)
    }

    /// Change a comment of one's own.
    pub fn update_comment(
        &self,
        id: &'a SubmissionId,
        comment: &'a SubmissionCommentId,
        text: &str,
    ) -> Call<AssignmentSubmissionComment> {
        let new = AssignmentSubmissionCommentCreation { comment: text.to_owned() };
        self.client.put(&self.path(&[id.as_str(), "comments", comment.as_str()]), &new)
    }

    /// Delete a comment: by its author, or a teacher of the class.
    pub fn remove_comment(&self, id: &'a SubmissionId, comment: &'a SubmissionCommentId) -> Call<()> {
        self.client.delete(&self.path(&[id.as_str(), "comments", comment.as_str()]), &Query::none())
    }

    /// The grades as comma-separated values. Errors with `FORBIDDEN` unless the caller teaches the class.
    pub fn csv(&self) -> Call<Vec<u8>> {
        self.client.bytes(&self.path(&["csv"]))
    }

    /// The grades as an Excel workbook. Errors with `FORBIDDEN` unless the caller teaches the class.
    pub fn excel(&self) -> Call<Vec<u8>> {
        self.client.bytes(&self.path(&["excel"]))
    }
}

impl Client {
    /// The submissions of an assignment.
    pub fn submissions<'a>(&'a self, class: &'a ClassId, assignment: &'a AssignmentId) -> Submissions<'a> {
        Submissions { client: self, class, assignment }
    }

    /// What a student hands in in a class, for the student and teachers of the class.
    pub fn student_submissions(&self, class: &ClassId, student: &UserId) -> Call<Vec<AssignmentSubmission>> {
        let path = ["classes", class.as_str(), "students", student.as_str(), "submissions"];
        self.get(&path, &Query::none())
    }

    /// The submissions that a score is handed in with: the caller's own, and those of classes that they teach.
    pub fn score_submissions(&self, score: &ScoreId) -> Call<Vec<AssignmentSubmission>> {
        self.get(&["scores", score.as_str(), "submissions"], &Query::none())
    }
}
