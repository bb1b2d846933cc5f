//! The user that a token stands for.
pub mod api;
