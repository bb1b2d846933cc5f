//! The server through its SDK, on a real listener: what each operation does, in the cases that its name does not tell.
#![allow(clippy::pedantic, clippy::disallowed_methods, clippy::unwrap_used)] // tests are read for what they say

mod access;
mod activity;
mod audit;
mod audit_chain;
mod audit_log;
mod audit_names;
mod bad_input;
mod copying;
mod crashes;
mod cursors;
mod database;
mod full_disk;
mod http;
mod invitations;
mod licenses;
mod limits;
mod listing;
mod lti;
mod postgres;
mod races;
mod ranks;
mod removal;
mod replicas;
mod schema;
mod sdks;
mod searching;
mod signin_links;
mod signin_names;
mod signing_in;
mod statements;
mod support;
mod tokens;
mod upgrades;
mod users;
mod walks;
