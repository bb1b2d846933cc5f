//! The way back to an app: its own address, with what it is told.

use super::denial::Refusal;

/// Where in the address the app is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Query,
    /// Scripts of a page read it, servers don't see it.
    Fragment,
}

/// A way back that has been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayBack {
    pub redirect_uri: String,
    pub mode: Mode,
    /// What the app sent along, to know its request again.
    pub state: Option<String>,
    /// Who answers (RFC 9207): an app that knows several servers can't be told by the wrong one.
    pub issuer: String,
}

impl WayBack {
    /// The address with `told`, and what every answer holds.
    pub fn with(&self, told: &[(&str, &str)]) -> String {
        let mut words = form_urlencoded::Serializer::new(String::new());
        words.extend_pairs(told);
        words.extend_pairs(self.state.as_deref().map(|state| ("state", state)));
        words.append_pair("iss", &self.issuer);
        let words = words.finish();
        match self.mode {
            Mode::Fragment => format!("{}#{words}", self.redirect_uri),
            Mode::Query if self.redirect_uri.contains('?') => format!("{}&{words}", self.redirect_uri),
            Mode::Query => format!("{}?{words}", self.redirect_uri),
        }
    }

    pub fn refuse(&self, refusal: &Refusal) -> String {
        self.with(&[("error", refusal.code), ("error_description", &refusal.text)])
    }
}
