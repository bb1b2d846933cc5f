//! What every page has around its own part.

use crate::App;
use crate::http::Visitor;
use crate::text::Language;

use super::assets;

/// The frame of a page, and how its template says things. Templates have it as `page`.
pub struct Layout {
    pub language: Language,
    /// What forms send back, as `csrf`.
    pub csrf: String,
    /// The name of the person who is signed in.
    pub who: Option<String>,
    base: String,
}

impl Layout {
    pub fn new(app: &App, visitor: &Visitor) -> Self {
        Self {
            language: visitor.language,
            csrf: visitor.csrf.clone(),
            who: visitor.session.as_ref().map(|session| session.name()),
            base: app.site.base.clone(),
        }
    }

    /// The text of a message.
    pub fn t(&self, key: &'static str) -> &'static str {
        self.language.text(key)
    }

    /// A message with one word filled in.
    pub fn fill(&self, key: &'static str, name: &str, value: &str) -> String {
        self.language.fill(key, &[(name, value)])
    }

    /// A message with two words filled in.
    pub fn fill2(&self, key: &'static str, name: &str, value: &str, name2: &str, value2: &str) -> String {
        self.language.fill(key, &[(name, value), (name2, value2)])
    }

    /// The address of one of our pages.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub fn code(&self) -> &'static str {
        self.language.code()
    }

    pub fn stylesheet(&self) -> String {
        self.url(&assets::address("homeroom.css"))
    }

    pub fn script(&self, name: &str) -> String {
        self.url(&assets::address(name))
    }
}
