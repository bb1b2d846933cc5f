//! Groups of users. So far they only filter lists of users: their endpoints come later.
mod store;

pub use store::{add_user, count_users, insert};
