//! How a submission goes on: created, turned in, graded, returned; and back again.

use homeroom_api::{AssignmentSubmissionUpdate, Points, SubmissionState, Timestamp, Update, UserId};

use crate::assignments::check_points;
use crate::{Error, Result};

/// Where a submission stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub state: SubmissionState,
    pub grade: Option<Points>,
    pub draft_grade: Option<Points>,
    pub submitted_at: Timestamp,
    pub returned_at: Timestamp,
    pub returned_by: Option<UserId>,
}

const NEVER: Timestamp = Timestamp::from_millis(0);

impl Standing {
    pub const NEW: Self = Self {
        state: SubmissionState::Created,
        grade: None,
        draft_grade: None,
        submitted_at: NEVER,
        returned_at: NEVER,
        returned_by: None,
    };

    /// What a student does: works on it, hands it in, takes back what is not graded. What was returned may be handed
    /// in again.
    pub fn by_student(self, update: &AssignmentSubmissionUpdate, now: Timestamp) -> Result<Self> {
        refuse_to_student(update)?;
        let state = match (self.state, update.submit) {
            (SubmissionState::Graded, Some(false)) => {
                return Err(Error::conflict("This is graded: it can't be taken back until it is returned."));
            }
            (SubmissionState::Graded, _) => {
                return Err(Error::conflict("This is graded: wait until it is returned."));
            }
            (SubmissionState::TurnedIn, Some(false)) => self.before_submission(),
            (SubmissionState::TurnedIn, _) if changes_work(update) => {
                let message = "This is handed in: take it back first, with `submit: false`.";
                return Err(Error::conflict(message));
            }
            (SubmissionState::Created | SubmissionState::Returned, Some(true)) => SubmissionState::TurnedIn,
            (state, _) => state,
        };
        let submitted_at = match (self.state == state, state) {
            (false, SubmissionState::TurnedIn) => now,
            (false, _) => NEVER,
            (true, _) => self.submitted_at,
        };
        Ok(Self { state, submitted_at, ..self })
    }

    /// What a teacher does: notes a grade, gives it, returns the work.
    pub fn by_teacher(
        self,
        update: &AssignmentSubmissionUpdate,
        teacher: Option<&UserId>,
        now: Timestamp,
    ) -> Result<Self> {
        refuse_to_teacher(update)?;
        let mut next = self;
        if update.draft_grade != Update::Keep {
            next.draft_grade = points("draftGrade", &update.draft_grade)?;
        }
        match points("grade", &update.grade)? {
            Some(grade) => next.give(grade, update.draft_grade.is_keep()),
            None if update.grade == Update::Clear => next.ungrade(),
            None => {}
        }
        if update.r#return == Some(true) {
            next.give_back(teacher, now);
        }
        Ok(next)
    }

    /// A grade takes the place of the draft that was noted before.
    fn give(&mut self, grade: Points, ends_draft: bool) {
        self.grade = Some(grade);
        self.state = SubmissionState::Graded;
        if ends_draft {
            self.draft_grade = None;
        }
    }

    fn ungrade(&mut self) {
        self.grade = None;
        if self.state == SubmissionState::Graded {
            let is_in = self.submitted_at > NEVER;
            self.state = if is_in { SubmissionState::TurnedIn } else { self.before_submission() };
        }
    }

    /// The draft, where there is one, is newer than the grade.
    fn give_back(&mut self, teacher: Option<&UserId>, now: Timestamp) {
        self.grade = self.draft_grade.take().or(self.grade.take());
        self.state = SubmissionState::Returned;
        self.returned_at = now;
        self.returned_by = teacher.cloned();
    }

    fn before_submission(&self) -> SubmissionState {
        if self.returned_at > NEVER { SubmissionState::Returned } else { SubmissionState::Created }
    }
}

fn changes_work(update: &AssignmentSubmissionUpdate) -> bool {
    update.attachments.is_some() || update.playback.is_some() || !update.exercises_ids.is_keep()
}

fn points(param: &'static str, update: &Update<Points>) -> Result<Option<Points>> {
    match update {
        Update::Set(points) => check_points(param, points.clone()).map(Some),
        Update::Clear | Update::Keep => Ok(None),
    }
}

fn refuse_to_student(update: &AssignmentSubmissionUpdate) -> Result<()> {
    let param = match update {
        update if !update.grade.is_keep() => "grade",
        update if !update.draft_grade.is_keep() => "draftGrade",
        update if update.r#return.is_some() => "return",
        _ => return Ok(()),
    };
    Err(Error::forbidden("Only teachers of the class grade and return.").with_param(param))
}

fn refuse_to_teacher(update: &AssignmentSubmissionUpdate) -> Result<()> {
    let param = match update {
        update if update.submit.is_some() => "submit",
        update if update.attachments.is_some() => "attachments",
        update if update.playback.is_some() => "playback",
        update if !update.exercises_ids.is_keep() => "exercisesIds",
        _ => return Ok(()),
    };
    Err(Error::forbidden("Only the student changes what is handed in, and hands it in.").with_param(param))
}

#[cfg(test)]
mod tests {
    use homeroom_api::SubmissionState::{Created, Graded, Returned, TurnedIn};

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(5);

    fn submit(submit: bool) -> AssignmentSubmissionUpdate {
        AssignmentSubmissionUpdate { submit: Some(submit), ..Default::default() }
    }

    fn grade(points: u32) -> AssignmentSubmissionUpdate {
        AssignmentSubmissionUpdate { grade: Update::Set(points.into()), ..Default::default() }
    }

    fn give_back() -> AssignmentSubmissionUpdate {
        AssignmentSubmissionUpdate { r#return: Some(true), ..Default::default() }
    }

    fn turned_in() -> Standing {
        Standing::NEW.by_student(&submit(true), NOW).unwrap()
    }

    #[test]
    fn what_is_handed_in_can_be_taken_back_until_it_is_graded() {
        assert_eq!((turned_in().state, turned_in().submitted_at), (TurnedIn, NOW));
        assert_eq!(turned_in().by_student(&submit(false), NOW).unwrap(), Standing::NEW);
        let graded = turned_in().by_teacher(&grade(7), None, NOW).unwrap();
        assert_eq!(graded.state, Graded);
        assert!(graded.by_student(&submit(false), NOW).is_err());
    }

    #[test]
    fn handing_in_twice_keeps_the_first_date() {
        assert_eq!(turned_in().by_student(&submit(true), Timestamp::from_millis(9)).unwrap(), turned_in());
    }

    #[test]
    fn what_is_handed_in_is_not_changed() {
        let work = AssignmentSubmissionUpdate { attachments: Some(Vec::new()), ..Default::default() };
        assert!(turned_in().by_student(&work, NOW).is_err());
        assert!(Standing::NEW.by_student(&work, NOW).is_ok());
    }

    #[test]
    fn what_is_returned_can_be_handed_in_again_and_taken_back_to_where_it_was() {
        let returned = turned_in().by_teacher(&give_back(), None, NOW).unwrap();
        assert_eq!(returned.state, Returned);
        let again = returned.by_student(&submit(true), NOW).unwrap();
        assert_eq!(again.state, TurnedIn);
        assert_eq!(again.by_student(&submit(false), NOW).unwrap().state, Returned);
    }

    #[test]
    fn a_draft_becomes_the_grade_when_the_work_is_returned() {
        let draft = AssignmentSubmissionUpdate { draft_grade: Update::Set(8.into()), ..Default::default() };
        let noted = turned_in().by_teacher(&draft, None, NOW).unwrap();
        assert_eq!((noted.state, &noted.grade), (TurnedIn, &None));
        let returned = noted.by_teacher(&give_back(), None, NOW).unwrap();
        assert_eq!((returned.grade, returned.draft_grade), (Some(8.into()), None));
    }

    #[test]
    fn a_grade_that_is_cleared_leaves_what_was_before() {
        let clear = AssignmentSubmissionUpdate { grade: Update::Clear, ..Default::default() };
        for (standing, state) in [(turned_in(), TurnedIn), (Standing::NEW, Created)] {
            let graded = standing.by_teacher(&grade(7), None, NOW).unwrap();
            assert_eq!(graded.by_teacher(&clear, None, NOW).unwrap().state, state);
        }
    }

    #[test]
    fn students_do_not_grade_and_teachers_do_not_hand_in() {
        for update in [grade(10), give_back()] {
            assert!(Standing::NEW.by_student(&update, NOW).is_err());
        }
        assert!(Standing::NEW.by_teacher(&submit(true), None, NOW).is_err());
        assert!(Standing::NEW.by_teacher(&grade(10_001), None, NOW).is_err());
    }
}
