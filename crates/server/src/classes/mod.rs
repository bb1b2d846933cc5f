//! Classes.
pub mod erasure;
