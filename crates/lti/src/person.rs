//! Who launches, as far as the LMS tells. All of it may be missing: a launch with an opaque id alone is a good launch.

use std::fmt;

/// Names and address. "" stands for what did not come.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Person {
    pub given_name: String,
    pub family_name: String,
    pub full_name: String,
    pub email: String,
}

/// Without what it holds: it is about a person, and logs outlive them.
impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person").finish_non_exhaustive()
    }
}

/// The longest name or title that is kept, in characters.
const LONGEST: usize = 300;

/// One line of text for people: trimmed, control characters made spaces, cut where it is longer than anybody reads.
pub fn line(text: &str) -> String {
    text.trim().chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
