//! Where a launch comes from: the course, the link in it, the LMS.

/// A course, or what else the LMS calls a context.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    pub id: String,
    pub title: String,
    pub label: String,
}

/// A link that somebody placed in the course.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    pub id: String,
    pub title: String,
    pub description: String,
}

/// The LMS itself. "" stands for what did not come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Platform {
    /// The instance's own id: numeric user ids of two LMSs collide.
    pub guid: String,
    /// `canvas`, `moodle`, …
    pub product: String,
    pub version: String,
    pub name: String,
    pub url: String,
    pub contact_email: String,
}

/// The longest id that is stored (LTI 1.3 Core §5.3.3, §5.3.6).
pub const LONGEST_ID: usize = 255;
