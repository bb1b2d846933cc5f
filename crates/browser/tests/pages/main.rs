//! The pages as people use them: clicking and typing in Chromium, by what things are called.
#![allow(clippy::pedantic, clippy::unwrap_used)] // tests are read for what they say

mod signing_in;
mod support;
