//! Assignments as they are shown.

use std::collections::HashMap;

use homeroom_api::{
    AssigneeMode, AssignmentCapabilities, AssignmentId, AssignmentOptions, AssignmentState,
    AssignmentSubmission, ClassAssignment, ClassState, MediaAttachment, Timestamp,
};

use super::Assignment;
use crate::classes::Class;

/// Each with its submissions.
pub fn all(
    class: &Class,
    assignments: Vec<Assignment>,
    submissions: Vec<AssignmentSubmission>,
    teaches: bool,
) -> Vec<ClassAssignment> {
    let mut of: HashMap<AssignmentId, Vec<AssignmentSubmission>> = HashMap::new();
    for submission in submissions {
        of.entry(submission.assignment.clone()).or_default().push(submission);
    }
    let show = |assignment: Assignment| {
        let submissions = of.remove(&assignment.id).unwrap_or_default();
        one(class, assignment, submissions, teaches)
    };
    assignments.into_iter().map(show).collect()
}

/// What is for teachers alone is absent to others.
pub fn one(
    class: &Class,
    assignment: Assignment,
    submissions: Vec<AssignmentSubmission>,
    teaches: bool,
) -> ClassAssignment {
    let is_selected = assignment.assignee_mode == AssigneeMode::Selected;
    ClassAssignment {
        capabilities: capabilities(class, &assignment, teaches),
        id: assignment.id,
        r#type: assignment.r#type,
        title: assignment.title,
        description: text(assignment.description),
        description_html: text(assignment.description_html),
        teacher_instructions: text(assignment.teacher_instructions).filter(|_| teaches),
        teacher_instructions_html: text(assignment.teacher_instructions_html).filter(|_| teaches),
        attachments: attachments(assignment.attachments, teaches),
        max_points: assignment.max_points,
        release_grades: Some(assignment.release_grades),
        creator: assignment.creator,
        state: assignment.state,
        classroom: Some(assignment.class),
        creation_date: assignment.created_at,
        scheduled_date: instant(assignment.scheduled_at),
        due_date: instant(assignment.due_at),
        assignee_mode: Some(assignment.assignee_mode),
        assigned_students: (teaches && is_selected).then_some(assignment.students),
        submissions,
        options: options(&assignment.options),
    }
}

fn capabilities(class: &Class, assignment: &Assignment, teaches: bool) -> AssignmentCapabilities {
    let may_change = teaches && class.state != ClassState::Archived;
    AssignmentCapabilities {
        can_edit: may_change && assignment.state != AssignmentState::Archived,
        can_publish_in_class: may_change && assignment.state == AssignmentState::Draft,
        can_archive: may_change && assignment.state == AssignmentState::Active,
        can_unarchive: may_change && assignment.state == AssignmentState::Archived,
    }
}

fn text(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// An instant, where 0 stands for none.
fn instant(at: Timestamp) -> Option<Timestamp> {
    (at != Timestamp::default()).then_some(at)
}

fn attachments(all: Vec<MediaAttachment>, teaches: bool) -> Vec<MediaAttachment> {
    all.into_iter().filter(|one| teaches || !one.teacher_only).collect()
}

/// What this program wrote.
fn options(json: &str) -> AssignmentOptions {
    serde_json::from_str(json).unwrap_or_default()
}
