//! E-mail addresses.

use email_address::{EmailAddress, Options};

use super::line;
use crate::{Error, Result};

/// The longest address that a mail server takes (RFC 5321 §4.5.3.1.3, less the angle brackets).
const LONGEST: usize = 254;

/// Checks the syntax of an address (RFC 5321) and trims it.
pub fn email(param: &'static str, text: &str) -> Result<String> {
    let text = line(param, text, 1, LONGEST)?;
    let options = Options::default().without_display_text().without_domain_literal();
    EmailAddress::parse_with_options(&text, options).map_err(|error| {
        let reason = error.to_string();
        let message = format!("`{param}` is not an e-mail address: {}.", reason.trim_end_matches('.'));
        Error::invalid(param, message)
    })?;
    Ok(text)
}
