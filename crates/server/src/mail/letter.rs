//! What a mail says, before it becomes bytes: two texts of the same content, for eyes and for terminals.

use askama::Template;

use crate::text::Language;
use crate::{Error, Result};

/// A mail that is written.
#[derive(Debug, Clone)]
pub struct Letter {
    pub to: String,
    pub language: Language,
    pub subject: String,
    /// Before the links.
    pub opening: String,
    pub links: Vec<Link>,
    /// After them.
    pub closing: Vec<String>,
    pub footer: String,
}

/// A link in a mail, on a button of its own.
#[derive(Debug, Clone)]
pub struct Link {
    pub label: String,
    pub url: String,
}

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct Plain<'a> {
    letter: &'a Letter,
    greeting: &'static str,
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct Html<'a> {
    letter: &'a Letter,
    greeting: &'static str,
    other_way: &'static str,
}

impl Letter {
    pub fn plain(&self) -> Result<String> {
        let plain = Plain { letter: self, greeting: self.language.text("mail.greeting") };
        plain.render().map_err(|error| Error::internal(error.to_string()))
    }

    pub fn html(&self) -> Result<String> {
        let greeting = self.language.text("mail.greeting");
        let html = Html { letter: self, greeting, other_way: self.language.text("mail.other_way") };
        html.render().map_err(|error| Error::internal(error.to_string()))
    }

    /// The letter without what its links open.
    #[must_use]
    pub fn without_links(mut self) -> Self {
        for link in &mut self.links {
            "(…)".clone_into(&mut link.url);
        }
        self
    }
}
