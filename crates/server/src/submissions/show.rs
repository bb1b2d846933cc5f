//! Submissions as they are shown.

use homeroom_api::{
    AssignmentSubmission, AssignmentSubmissionComments, ReleaseGrades, SubmissionHistoryState, Timestamp,
};

use super::store::Submission;

/// To students without what is for teachers.
pub fn show(submission: Submission, teaches: bool) -> AssignmentSubmission {
    let standing = submission.standing;
    let grade = standing.grade.filter(|_| teaches || shows_grade(submission.release_grades, standing.state));
    AssignmentSubmission {
        id: submission.id,
        state: standing.state,
        classroom: submission.class,
        assignment: submission.assignment,
        creator: submission.student,
        creation_date: submission.created_at,
        attachments: submission.attachments,
        submission_date: instant(standing.submitted_at),
        return_date: instant(standing.returned_at),
        return_creator: standing.returned_by,
        grade,
        draft_grade: standing.draft_grade.filter(|_| teaches),
        max_points: submission.max_points,
        exercises_ids: submission.exercises,
        playback: submission.playback,
        comments: AssignmentSubmissionComments { total: submission.comments, unread: submission.unread },
    }
}

/// Whether a student sees a grade that was given.
pub fn shows_grade(release: ReleaseGrades, state: impl Into<SubmissionHistoryState>) -> bool {
    release == ReleaseGrades::Auto || state.into() == SubmissionHistoryState::Returned
}

/// An instant, where 0 stands for none.
pub fn instant(at: Timestamp) -> Option<Timestamp> {
    (at != Timestamp::default()).then_some(at)
}
