//! One's own account: the pages on which people see and change it.
//!
//! A form stands at one address: GET shows it, POST takes it, so that it can be loaded again after a mistake. What only
//! the owner may do takes an [`crate::http::Owner`]: a session that began with somebody's link is asked for the
//! password first. What takes access away (a token, an app, a session) is open to every session.
mod apps;
mod confirm_email;
mod email;
mod language;
mod leaving;
mod names;
mod overview;
pub mod pages;
mod password;
mod proof;
mod recovery_codes;
mod second_factor;
mod sessions;
mod tokens;

use axum::response::Response;

pub use proof::Proof;

use crate::App;
use crate::html::see_other;
use crate::http::Params;

/// What the next page says after something was done, by the word that its address has.
const DONE: &[(&str, &str)] = &[
    ("app", "done.app"),
    ("asked", "done.asked"),
    ("email", "done.email"),
    ("factor", "done.factor"),
    ("language", "done.language"),
    ("name", "done.name"),
    ("no-email", "done.no_email"),
    ("password", "done.password"),
    ("session", "done.session"),
    ("token", "done.token"),
];

/// Goes to a page of the account that says what was done.
fn done(app: &App, page: &str, what: &'static str) -> Response {
    see_other(app, &app.site.path(&done_address(page, what)))
}

fn done_address(page: &str, what: &'static str) -> String {
    format!("{page}?done={what}")
}

/// The message that the address of a page asks for, if it is one of ours.
fn said(params: &Params) -> Option<&'static str> {
    let word = params.text("done").ok()??;
    DONE.iter().find(|(known, _)| *known == word).map(|(_, message)| *message)
}
