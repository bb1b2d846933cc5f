//! The address at the LMS to which a person goes back, with what happened (LTI 1.1 §3, LTI 1.3 Core §5.4.4).

use url::Url;

/// An `http` or `https` address. Take one from verified launches only: else anybody could send people anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnUrl(Url);

impl ReturnUrl {
    /// Absent for what is no web address, and for one with a name and password in it.
    pub fn read(text: &str) -> Option<Self> {
        let url = Url::parse(text.trim()).ok()?;
        let plain = url.has_host() && url.username().is_empty() && url.password().is_none();
        (plain && matches!(url.scheme(), "http" | "https")).then_some(Self(url))
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The address that says to the person what went wrong (`shown`), and to the LMS's log why (`logged`).
    pub fn failed(&self, shown: &str, logged: &str) -> String {
        self.with(&[("lti_errormsg", shown), ("lti_errorlog", logged)])
    }

    /// The address that says to the person, and to the LMS's log, what was done.
    pub fn done(&self, shown: &str, logged: &str) -> String {
        self.with(&[("lti_msg", shown), ("lti_log", logged)])
    }

    /// The address with `parameters` after the query that it has; empty ones are left out.
    pub fn with(&self, parameters: &[(&str, &str)]) -> String {
        let mut url = self.0.clone();
        let said = parameters.iter().filter(|(_, value)| !value.is_empty());
        url.query_pairs_mut().extend_pairs(said);
        url.into()
    }
}
