//! What is wrong with a field of a form, in the reader's language.

use homeroom_api::ErrorCode;

use crate::text::Language;
use crate::{Error, Result};

/// A sentence, and the field that it is about ('' for the whole form).
#[derive(Debug, Clone)]
pub struct Problem {
    pub field: String,
    pub text: String,
}

impl Problem {
    pub fn new(field: &str, text: impl Into<String>) -> Self {
        Self { field: field.to_owned(), text: text.into() }
    }
}

/// The sentence for an error that the person can mend. Any other is an error page.
pub fn problem(language: Language, error: Error) -> Result<Problem> {
    let field = error.param.clone().unwrap_or_default();
    let key = match (error.code, &*field) {
        (ErrorCode::UsernameTaken, _) => "problem.username_taken",
        (ErrorCode::EmailTaken, _) => "problem.email_taken",
        (ErrorCode::LastAdmin, _) => "problem.last_admin",
        (ErrorCode::InvalidParameter, "username") => "problem.username",
        (ErrorCode::InvalidParameter, "email") => "problem.email",
        (ErrorCode::InvalidParameter, "password") => "problem.password",
        (ErrorCode::InvalidParameter, "firstname" | "lastname") => "problem.name",
        _ => return Err(error),
    };
    Ok(Problem::new(&field, language.text(key)))
}
