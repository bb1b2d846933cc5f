//! Documents: what revisions are made of, stored once for each organization.
pub mod erasure;
