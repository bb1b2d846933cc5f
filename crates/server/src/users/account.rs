//! What an account is made of, and what its fields accept.

use homeroom_api::{Role, UserCreation};
use secrecy::SecretString;

use crate::crypto::PasswordHash;
use crate::text::{self, fold};
use crate::{Error, Result};

pub const LONGEST_USERNAME: usize = 30;
const LONGEST_NAME: usize = 60;
const BRAILLE_BLANK: char = '\u{2800}';
const PASSWORD: std::ops::RangeInclusive<usize> = 6..=1000;

/// Username, names and e-mail, checked and trimmed. A missing name is ''.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub username: String,
    pub firstname: String,
    pub lastname: String,
    pub email: Option<String>,
}

impl Profile {
    pub fn username_key(&self) -> String {
        fold(&self.username)
    }

    /// '' where there is no address.
    pub fn email_key(&self) -> String {
        self.email.as_deref().map(fold).unwrap_or_default()
    }

    /// What `q` is searched in: the folds, a line each, so that no word is found across two of them.
    pub fn search_key(&self) -> String {
        [self.username_key(), fold(&self.firstname), fold(&self.lastname), self.email_key()].join("\n")
    }
}

/// A user to insert.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub profile: Profile,
    pub role: Role,
    pub locale: String,
    pub password: Option<PasswordHash>,
    pub is_test: bool,
}

impl NewUser {
    /// The first admin of an organization, who has no password yet.
    pub fn admin(username_text: &str, email: &str, locale: &str) -> Result<Self> {
        let profile = Profile {
            username: username(username_text)?,
            firstname: String::new(),
            lastname: String::new(),
            email: Some(text::email("email", email)?),
        };
        let locale = locale.to_owned();
        Ok(Self { profile, role: Role::Admin, locale, password: None, is_test: false })
    }

    /// What an administrator asks for, and the password that has yet to be hashed.
    pub fn parse(new: UserCreation) -> Result<(Self, SecretString)> {
        let profile = Profile {
            username: username(&new.username)?,
            firstname: name("firstname", new.firstname.as_deref())?,
            lastname: name("lastname", new.lastname.as_deref())?,
            email: new.email.as_deref().map(|email| text::email("email", email)).transpose()?,
        };
        let role = new.role.unwrap_or(Role::User);
        let locale = text::locale("locale", new.locale.as_deref().unwrap_or_default())?.to_owned();
        let password = password(new.password)?;
        Ok((Self { profile, role, locale, password: None, is_test: false }, password))
    }
}

pub fn username(text: &str) -> Result<String> {
    let username = text::line("username", text, 1, LONGEST_USERNAME)?;
    let has_letters = fold(&username).chars().any(|c| !c.is_whitespace() && c != BRAILLE_BLANK);
    if !has_letters {
        return Err(Error::invalid(
            "username",
            "`username` has nothing but accents or blanks: add a letter.",
        ));
    }
    // Two usernames that differ in these alone look the same.
    if username.contains(text::is_variation_selector) {
        let message = "`username` holds a variation selector, which can't be seen: leave it out.";
        return Err(Error::invalid("username", message));
    }
    Ok(username)
}

pub fn name(param: &'static str, text: Option<&str>) -> Result<String> {
    text::optional_line(param, text, LONGEST_NAME)
}

/// Not trimmed: white space is part of a password.
pub fn password(text: String) -> Result<SecretString> {
    text::reject_nul("password", &text)?;
    let length = text.chars().count();
    if !PASSWORD.contains(&length) {
        let message = format!("`password` has {length} characters: make it 6 to 1000.");
        return Err(Error::invalid("password", message));
    }
    Ok(text.into())
}
