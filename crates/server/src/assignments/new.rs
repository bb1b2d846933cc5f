//! An assignment that somebody writes: its fields, checked.

use homeroom_api::{
    AssigneeMode, AssignmentOptions, AssignmentState, AssignmentType, ClassAssignmentUpdate, ErrorCode,
    MediaAttachment, NewAssignmentState, Points, ReleaseGrades, SubmissionStudentsMode, Timestamp, UserId,
};

use super::attachments::parse_all;
use crate::{Error, Result, text};

const LONGEST_TITLE: usize = 1000;
const LONGEST_TEXT: usize = 100_000;
const LONGEST_OPTION: usize = 2000;
const MOST_STUDENTS: usize = 1000;

/// What is stored of an assignment, but for its id, class and maker.
pub struct NewAssignment {
    pub state: AssignmentState,
    pub r#type: AssignmentType,
    pub title: String,
    pub description: String,
    pub description_html: String,
    pub teacher_instructions: String,
    pub teacher_instructions_html: String,
    /// JSON.
    pub options: String,
    pub max_points: Option<Points>,
    pub release_grades: ReleaseGrades,
    pub assignee_mode: AssigneeMode,
    pub scheduled_at: Timestamp,
    pub due_at: Timestamp,
    pub students: Vec<UserId>,
    pub attachments: Vec<MediaAttachment>,
}

impl NewAssignment {
    pub fn parse(new: ClassAssignmentUpdate) -> Result<Self> {
        refuse_groups(&new)?;
        let title = text::line("title", new.title.as_deref().unwrap_or_default(), 1, LONGEST_TITLE)?;
        let (assignee_mode, students) = assignees(&new)?;
        let options = options(&new)?;
        let (description, description_html) =
            prose(("description", new.description), ("descriptionHtml", new.description_html))?;
        let (teacher_instructions, teacher_instructions_html) = prose(
            ("teacherInstructions", new.teacher_instructions),
            ("teacherInstructionsHtml", new.teacher_instructions_html),
        )?;
        Ok(Self {
            state: match new.state {
                Some(NewAssignmentState::Draft) => AssignmentState::Draft,
                Some(NewAssignmentState::Active) | None => AssignmentState::Active,
            },
            r#type: new.r#type.unwrap_or(AssignmentType::None),
            title,
            description,
            description_html,
            teacher_instructions,
            teacher_instructions_html,
            options,
            max_points: new.max_points.map(|points| check_points("maxPoints", points)).transpose()?,
            release_grades: new.release_grades.unwrap_or(ReleaseGrades::Manual),
            assignee_mode,
            scheduled_at: new.scheduled_date.unwrap_or_default(),
            due_at: new.due_date.unwrap_or_default(),
            students,
            attachments: parse_all(new.attachments)?,
        })
    }
}

fn refuse_groups(new: &ClassAssignmentUpdate) -> Result<()> {
    let param = match (new.submission_students_mode, &new.class_group_ids) {
        (Some(SubmissionStudentsMode::Group), _) => "submissionStudentsMode",
        (_, Some(groups)) if !groups.is_empty() => "classGroupIds",
        _ => return Ok(()),
    };
    let message = "Students can't hand in as groups here: leave this out, and each hands in their own.";
    Err(Error::new(ErrorCode::NotImplemented, message).with_param(param))
}

/// From 0 to 10,000, as the contract has it.
pub fn check_points(param: &'static str, points: Points) -> Result<Points> {
    if (0.0..=10_000.0).contains(&points.value()) {
        return Ok(points);
    }
    Err(Error::invalid(param, format!("`{param}` is a number from 0 to 10000, not {points}.")))
}

fn assignees(new: &ClassAssignmentUpdate) -> Result<(AssigneeMode, Vec<UserId>)> {
    const PARAM: &str = "assignedStudents";
    let mut students = new.assigned_students.clone();
    students.sort();
    students.dedup();
    let named = if students.is_empty() { AssigneeMode::Everyone } else { AssigneeMode::Selected };
    match (new.assignee_mode.unwrap_or(named), students.len()) {
        (AssigneeMode::Selected, 0) => Err(Error::invalid(PARAM, "Name the students in `assignedStudents`.")),
        (AssigneeMode::Everyone, 1..) => {
            Err(Error::invalid(PARAM, "With `assigneeMode: everyone` leave out `assignedStudents`."))
        }
        (_, count) if count > MOST_STUDENTS => {
            Err(Error::invalid(PARAM, format!("`assignedStudents` has {count} students: 1000 are the most.")))
        }
        (mode, _) => Ok((mode, students)),
    }
}

/// A text and its HTML, made harmless. A text that did not come is what the HTML says.
fn prose(
    (text_param, text): (&'static str, Option<String>),
    (html_param, html): (&'static str, Option<String>),
) -> Result<(String, String)> {
    let html = check_text(html_param, &html.unwrap_or_default())?;
    let text = match text {
        Some(text) => check_text(text_param, &text)?,
        None => plain(&html),
    };
    Ok((text, ammonia::clean(&html)))
}

fn check_text(param: &'static str, text: &str) -> Result<String> {
    text::reject_nul(param, text)?;
    let length = text.chars().count();
    if length > LONGEST_TEXT {
        let message = format!("`{param}` has {length} characters: {LONGEST_TEXT} are the most.");
        return Err(Error::invalid(param, message));
    }
    Ok(text.trim().to_owned())
}

/// What HTML says without its tags. What is left of its escapes are those that ammonia writes.
fn plain(html: &str) -> String {
    let escaped = ammonia::Builder::empty().clean(html).to_string();
    let text = escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\u{a0}");
    text.replace("&quot;", "\"").replace("&amp;", "&").trim().to_owned()
}

/// What is kept and shown as it came.
fn options(new: &ClassAssignmentUpdate) -> Result<String> {
    for (param, value) in [("cover", &new.cover), ("coverFile", &new.cover_file), ("toolset", &new.toolset)] {
        text::optional_line(param, value.as_deref(), LONGEST_OPTION)?;
    }
    if let Some(number) = &new.nb_playback_authorized {
        check_points("nbPlaybackAuthorized", number.clone())?;
    }
    let options = AssignmentOptions {
        cover: new.cover.clone(),
        cover_file: new.cover_file.clone(),
        shuffle_exercises: new.shuffle_exercises,
        toolset: new.toolset.clone(),
        nb_playback_authorized: new.nb_playback_authorized.clone(),
        restrict_play_note: new.restrict_play_note,
        restrict_to_audio_tracks: new.restrict_to_audio_tracks,
        submission_students_mode: new.submission_students_mode,
        recording_type: new.recording_type,
        allow_metronome: new.allow_metronome,
        allow_backing_track: new.allow_backing_track,
        allow_speed_change: new.allow_speed_change,
    };
    serde_json::to_string(&options).map_err(|error| Error::internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::{plain, prose};

    #[test]
    fn html_is_made_harmless_and_its_text_is_a_text() {
        let html = "<p onclick=\"steal()\">Play <b>1 &lt; 2</b> &amp; <script>alert(1)</script>rest</p>";
        let (text, kept) = prose(("t", None), ("h", Some(html.to_owned()))).unwrap();
        assert_eq!(text, "Play 1 < 2 & rest");
        assert_eq!(kept, "<p>Play <b>1 &lt; 2</b> &amp; rest</p>");
        assert_eq!(plain("&amp;lt;b&amp;gt;"), "&lt;b&gt;");
    }
}
