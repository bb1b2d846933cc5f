//! Groups of users. So far they only filter lists of users: their endpoints come later.
mod sight;
mod store;

pub use sight::must_see;
pub use store::{add_user, count_users, insert, insert_of_class};

/// What the two groups of a class are called.
pub const STUDENTS: &str = "Students";
pub const TEACHERS: &str = "Teachers";
