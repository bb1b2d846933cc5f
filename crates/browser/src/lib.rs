//! The pages of a real `homeroom serve`, in Debian's Chromium. Nothing but what the tests of them stand on.
//!
//! A test has a server and browsers of its own. They end with it, also where it panics.
//!
//! ```ignore
//! let server = Server::start().await;
//! server.person("ada", Role::User).await;
//! let browser = Browser::start().await;
//! browser.open(&server.page("/o/north-hill-school/auth/signin")).await;
//! browser.fill("Username or e-mail address", "ada").await;
//! browser.fill("Password", PASSWORD).await;
//! browser.press("Sign in").await;
//! browser.sees("Sign out").await;
//! browser.look("account").await; // screenshots, and what axe-core finds
//! ```
#![allow(clippy::pedantic, clippy::unwrap_used)] // tests are read for what they say

mod axe;
mod browser;
mod driver;
mod look;
mod server;

pub use browser::Browser;
pub use server::{PASSWORD, SCHOOL, Server};

use std::path::PathBuf;
use std::process::Command;

/// Where cargo keeps what it builds: `target`.
fn target() -> PathBuf {
    let program = std::env::current_exe().unwrap(); // target/debug/deps/pages-…
    program.ancestors().nth(3).unwrap().to_owned()
}

/// Runs a command to its end. What it says is shown if it fails.
fn run(command: &mut Command) -> String {
    let done = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{command:?}: {said}");
    String::from_utf8(done.stdout).unwrap()
}
