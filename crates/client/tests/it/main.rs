//! The client against servers that answer what the test wants.
#![allow(
    clippy::pedantic,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test that unwraps an error fails, as it should"
)]

mod errors;
mod pages;
mod requests;
mod retries;

use std::time::Duration;

use homeroom_client::{Client, UserDetailsAdmin};
use serde_json::{Value, json};
use wiremock::{MockServer, ResponseTemplate};

pub const TOKEN: &str = "hr_secret";

/// A client of `server` that waits a second at most before a retry.
pub fn client(server: &MockServer) -> Client {
    let builder = Client::builder(server.uri()).token(TOKEN).max_wait(Duration::from_secs(1));
    builder.build().unwrap()
}

pub fn user(name: &str) -> Value {
    json!({"id": name, "type": "user", "product": "flatEdu", "username": name, "picture": null})
}

pub fn users(names: &[&str]) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(names.iter().map(|name| user(name)).collect::<Vec<_>>())
}

pub fn error(status: u16, code: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({"code": code, "message": "No."}))
}

pub fn names(users: &[UserDetailsAdmin]) -> Vec<&str> {
    users.iter().map(|user| user.username.as_str()).collect()
}
