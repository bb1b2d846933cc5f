//! Assignments: what a class is asked to do.
pub mod erasure;
