//! The pages as people use them: clicking and typing in Chromium, by what things are called.
#![allow(clippy::pedantic, clippy::unwrap_used)] // tests are read for what they say

mod account;
mod consent;
mod joining;
mod keyboard;
mod links;
mod look;
#[allow(dead_code)] // what the tests of the server need of it
#[path = "../../../server/tests/it/support/mailbox.rs"]
mod mailbox;
mod resets;
mod signing_in;
mod support;
