//! Submissions: what students hand in.
pub mod erasure;
