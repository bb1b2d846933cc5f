//! Passwords that people choose for themselves.

use secrecy::SecretString;

use super::account;
use crate::text::{self, Weakness};
use crate::{App, Result};

/// Checks a password that somebody chose on a page; or what makes it too easy to guess. `personal` is what others know
/// of them: username, names, e-mail, school.
pub async fn choose_password(
    app: &App,
    password: &str,
    personal: &[&str],
) -> Result<std::result::Result<SecretString, Weakness>> {
    let chosen = account::password(password.to_owned())?;
    let (password, personal) = (password.to_owned(), personal.iter().map(ToString::to_string).collect());
    let weakness = app.passwords.run(move || weakness(&password, personal)).await?;
    Ok(weakness.map_or(Ok(chosen), Err))
}

#[allow(clippy::needless_pass_by_value)] // they come to a thread of their own
fn weakness(password: &str, personal: Vec<String>) -> Option<Weakness> {
    text::weakness(password, &personal.iter().map(String::as_str).collect::<Vec<_>>())
}
