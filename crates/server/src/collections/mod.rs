//! Collections of scores.
pub mod erasure;
