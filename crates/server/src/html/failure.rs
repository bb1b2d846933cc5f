//! The page that says what went wrong, and how to go on.

use askama::Template;
use homeroom_api::ErrorCode;

use super::Layout;
use crate::http::{CSRF, Visitor};
use crate::{App, Error};

#[derive(Template)]
#[template(path = "html/failure.html")]
struct Failure {
    page: Layout,
    title: &'static str,
    text: &'static str,
}

pub(super) fn body(app: &App, visitor: &Visitor, error: &Error) -> String {
    let page = Layout::new(app, visitor);
    let (title, text) = words(error);
    let failure = Failure { title: page.t(title), text: page.t(text), page };
    failure.render().unwrap_or_else(|_| error.message.to_string())
}

const fn of_code(code: ErrorCode) -> (&'static str, &'static str) {
    match code {
        ErrorCode::NotFound => ("failure.not_found_title", "failure.not_found"),
        // The session has ended since the page was opened.
        ErrorCode::Unauthorized => ("failure.form_title", "failure.form"),
        ErrorCode::InsufficientScope | ErrorCode::Forbidden => {
            ("failure.forbidden_title", "failure.forbidden")
        }
        ErrorCode::ApiRateLimitExceeded | ErrorCode::Unavailable => {
            ("failure.unavailable_title", "failure.unavailable")
        }
        ErrorCode::InternalError => ("failure.internal_title", "failure.internal"),
        _ => ("failure.wrong_title", "failure.wrong"),
    }
}

fn words(error: &Error) -> (&'static str, &'static str) {
    match error.param.as_deref() {
        Some(CSRF) => ("failure.form_title", "failure.form"),
        _ => of_code(error.code),
    }
}
