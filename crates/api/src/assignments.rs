//! What classes are asked to do.

use serde::{Deserialize, Serialize};

use crate::update::present;
use crate::words::words;
use crate::{
    AssignmentId, AssignmentSubmission, ClassAttachmentCreation, ClassId, GroupId, MediaAttachment, Points,
    Timestamp, UserId,
};

words! {
    /// What students do.
    AssignmentType {
        None = "none",
        NewScore = "newScore",
        ScoreTemplate = "scoreTemplate",
        SharedWriting = "sharedWriting",
        Worksheet = "worksheet",
        WorksheetText = "worksheetText",
        Performance = "performance",
    }
}

words! {
    /// Where an assignment stands.
    AssignmentState {
        Draft = "draft",
        Active = "active",
        Archived = "archived",
    }
}

words! {
    /// Where an assignment can begin.
    NewAssignmentState {
        Draft = "draft",
        Active = "active",
    }
}

words! {
    /// When students see their grades: at once, or once they are returned.
    ReleaseGrades {
        Auto = "auto",
        Manual = "manual",
    }
}

words! {
    /// To whom an assignment is given: the class, or some of its students.
    AssigneeMode {
        Everyone = "everyone",
        Selected = "selected",
    }
}

words! {
    /// Whether students hand in one by one, or as groups.
    SubmissionStudentsMode {
        Single = "single",
        Group = "group",
    }
}

words! {
    /// What a performance is recorded as.
    RecordingType {
        Audio = "audio",
        Video = "video",
    }
}

/// Settings of an assignment that are kept and shown, and decide nothing on the server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct AssignmentOptions {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub cover: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub cover_file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub shuffle_exercises: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub toolset: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = f64, required = false))]
    pub nb_playback_authorized: Option<Points>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub restrict_play_note: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub restrict_to_audio_tracks: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub submission_students_mode: Option<SubmissionStudentsMode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub recording_type: Option<RecordingType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub allow_metronome: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub allow_backing_track: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub allow_speed_change: Option<bool>,
}

/// What `POST /v2/classes/{class}/assignments` takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ClassAssignmentUpdate {
    /// `none` by default.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub r#type: Option<AssignmentType>,
    /// `active` by default. Students see no drafts.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub state: Option<NewAssignmentState>,
    /// 1 to 1000 characters. Needed.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, min_length = 1, max_length = 1000))]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, max_length = 100_000))]
    pub description: Option<String>,
    /// Kept without what could harm: scripts, styles, forms, frames. Where there is no `description`, its text is one.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, max_length = 100_000))]
    pub description_html: Option<String>,
    /// For teachers' eyes.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, max_length = 100_000))]
    pub teacher_instructions: Option<String>,
    /// As `descriptionHtml`, for teachers' eyes.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, max_length = 100_000))]
    pub teacher_instructions_html: Option<String>,
    /// 50 at most.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<ClassAttachmentCreation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<f64>, minimum = 0, maximum = 10000))]
    pub max_points: Option<Points>,
    /// `manual` by default.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub release_grades: Option<ReleaseGrades>,
    /// What is handed in later is taken, and shown as late.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub due_date: Option<Timestamp>,
    /// Students don't see the assignment before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub scheduled_date: Option<Timestamp>,
    /// `everyone` by default, `selected` where students are named.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub assignee_mode: Option<AssigneeMode>,
    /// Students of the class, with `selected`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub assigned_students: Vec<UserId>,
    /// Groups that hand in together: 501.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<String>>))]
    pub class_group_ids: Option<Vec<GroupId>>,
    // What follows is kept and shown, and decides nothing on the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover_file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub toolset: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<f64>))]
    pub nb_playback_authorized: Option<Points>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub shuffle_exercises: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub restrict_play_note: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub restrict_to_audio_tracks: Option<bool>,
    /// `group`: 501.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub submission_students_mode: Option<SubmissionStudentsMode>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub recording_type: Option<RecordingType>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub allow_metronome: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub allow_backing_track: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub allow_speed_change: Option<bool>,
}

/// What the caller may do with an assignment.
#[expect(clippy::struct_excessive_bools, reason = "as the contract has it")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AssignmentCapabilities {
    pub can_edit: bool,
    pub can_publish_in_class: bool,
    pub can_archive: bool,
    pub can_unarchive: bool,
}

/// An assignment of a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ClassAssignment {
    pub id: AssignmentId,
    pub r#type: AssignmentType,
    pub capabilities: AssignmentCapabilities,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub description_html: Option<String>,
    /// For teachers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub teacher_instructions: Option<String>,
    /// For teachers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub teacher_instructions_html: Option<String>,
    pub attachments: Vec<MediaAttachment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = f64, required = false))]
    pub max_points: Option<Points>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub release_grades: Option<ReleaseGrades>,
    /// Absent once that person is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub creator: Option<UserId>,
    pub state: AssignmentState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub classroom: Option<ClassId>,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub creation_date: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub scheduled_date: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub due_date: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub assignee_mode: Option<AssigneeMode>,
    /// With `selected`; for teachers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, required = false))]
    pub assigned_students: Option<Vec<UserId>>,
    /// To students their own.
    pub submissions: Vec<AssignmentSubmission>,
    #[serde(flatten)]
    pub options: AssignmentOptions,
}

/// What `POST /v2/classes/{class}/assignments/{assignment}/copy` takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct AssignmentCopy {
    /// The class that gets the copy, which you teach too.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub classroom: Option<ClassId>,
    /// A draft of that class to put the copy in the place of.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub assignment: Option<AssignmentId>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub scheduled_date: Option<Timestamp>,
    /// There is no resource library here: 501.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub library_parent: Option<String>,
    /// The same.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub verify_if_not_already_in_resource_library: Option<bool>,
}
