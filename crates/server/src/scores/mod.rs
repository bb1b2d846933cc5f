//! Scores.
pub mod erasure;
pub mod moving;
