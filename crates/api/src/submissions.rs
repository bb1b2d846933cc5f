//! What students hand in.

use serde::{Deserialize, Serialize};

use crate::update::{Update, present};
use crate::words::words;
use crate::{
    AssignmentId, ClassAttachmentCreation, ClassId, MediaAttachment, Points, ScoreId, SubmissionCommentId,
    SubmissionId, Timestamp, UserId,
};

words! {
    /// Where a submission stands.
    SubmissionState {
        Created = "created",
        TurnedIn = "turnedIn",
        Returned = "returned",
        Graded = "graded",
    }
}

words! {
    /// What a step of a submission led to.
    SubmissionHistoryState {
        Created = "created",
        TurnedIn = "turnedIn",
        Returned = "returned",
        Graded = "graded",
        Reset = "reset",
    }
}

impl From<SubmissionState> for SubmissionHistoryState {
    fn from(state: SubmissionState) -> Self {
        match state {
            SubmissionState::Created => Self::Created,
            SubmissionState::TurnedIn => Self::TurnedIn,
            SubmissionState::Returned => Self::Returned,
            SubmissionState::Graded => Self::Graded,
        }
    }
}

/// How often a student has played a score, as their client counts it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AssignmentSubmissionPlayback {
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub score: ScoreId,
    #[cfg_attr(feature = "openapi", schema(value_type = f64))]
    pub nb_play_attempt: Points,
}

/// How many comments a submission has, and how many of them the caller has not read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssignmentSubmissionComments {
    #[cfg_attr(feature = "openapi", schema(value_type = f64))]
    pub total: u64,
    #[cfg_attr(feature = "openapi", schema(value_type = f64))]
    pub unread: u64,
}

/// What a student hands in for an assignment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AssignmentSubmission {
    pub id: SubmissionId,
    pub state: SubmissionState,
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub classroom: ClassId,
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub assignment: AssignmentId,
    /// The student.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub creator: UserId,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub creation_date: Timestamp,
    pub attachments: Vec<MediaAttachment>,
    /// When it was handed in; after the assignment's `dueDate` it is late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub submission_date: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub return_date: Option<Timestamp>,
    /// Absent once that person is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub return_creator: Option<UserId>,
    /// To students once it is returned, or at once where the assignment releases grades by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = f64, required = false))]
    pub grade: Option<Points>,
    /// For teachers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = f64, required = false))]
    pub draft_grade: Option<Points>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = f64, required = false))]
    pub max_points: Option<Points>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub exercises_ids: Option<Vec<String>>,
    pub playback: Vec<AssignmentSubmissionPlayback>,
    pub comments: AssignmentSubmissionComments,
}

/// What `PUT …/submissions` and `PUT …/submissions/{submission}` take: only the fields that came are changed.
/// Students hand in; teachers grade and return.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct AssignmentSubmissionUpdate {
    /// By the student: takes the place of what was there. 50 at most.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub attachments: Option<Vec<ClassAttachmentCreation>>,
    /// By the student.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub playback: Option<Vec<AssignmentSubmissionPlayback>>,
    /// By the student: `true` hands in, `false` takes back what is not graded.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub submit: Option<bool>,
    /// By a teacher: a grade that only teachers see. When it is returned it becomes the grade.
    #[serde(skip_serializing_if = "Update::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<f64>, minimum = 0, maximum = 10000))]
    pub draft_grade: Update<Points>,
    /// By a teacher. It may be more than the points of the assignment.
    #[serde(skip_serializing_if = "Update::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<f64>, minimum = 0, maximum = 10000))]
    pub grade: Update<Points>,
    /// By the student.
    #[serde(skip_serializing_if = "Update::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<String>>))]
    pub exercises_ids: Update<Vec<String>>,
    /// By a teacher: `true` gives it back, with its grade.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub r#return: Option<bool>,
}

/// A step of a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AssignmentSubmissionHistory {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub date: Timestamp,
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub classroom: ClassId,
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub assignment: AssignmentId,
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub submission: SubmissionId,
    /// Who did it; nobody once that person is gone.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub users: Vec<UserId>,
    #[cfg_attr(feature = "openapi", schema(required = false))]
    pub state: SubmissionHistoryState,
    /// For teachers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = f64, required = false))]
    pub draft_grade: Option<Points>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = f64, required = false))]
    pub grade: Option<Points>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = f64, required = false))]
    pub max_points: Option<Points>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub due_date: Option<Timestamp>,
}

/// What is said of a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AssignmentSubmissionComment {
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub id: SubmissionCommentId,
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub user: UserId,
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub submission: SubmissionId,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub date: Timestamp,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub modification_date: Timestamp,
    #[cfg_attr(feature = "openapi", schema(required = false))]
    pub comment: String,
    /// Whether the caller has not read it before.
    #[cfg_attr(feature = "openapi", schema(required = false))]
    pub unread: bool,
}

/// What posting or changing a comment of a submission takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssignmentSubmissionCommentCreation {
    /// 1 to 10,000 characters.
    pub comment: String,
}
