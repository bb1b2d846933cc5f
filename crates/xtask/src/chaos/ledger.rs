//! What a writer was told is done. A request without an answer may have been done or not: what it was about is
//! no longer expected either way.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use super::http::Outcome;

/// Ids of what must be there, and in which state.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Invitations and their addresses.
    pub invited: BTreeMap<String, String>,
    /// Their codes, but for those that may have another one since a request without an answer.
    pub codes: BTreeMap<String, String>,
    pub revoked: BTreeSet<String>,
    /// Invitations whose revocation was not answered.
    pub perhaps_revoked: BTreeSet<String>,
    /// Users, each with the last names that it may have: the last that was acknowledged, and what came after it
    /// without an answer.
    pub users: BTreeMap<String, Vec<String>>,
    pub removed: BTreeSet<String>,
    /// Users whose removal was not answered.
    pub perhaps_removed: BTreeSet<String>,
    /// Access tokens, and whose they are.
    pub tokens: BTreeMap<String, String>,
    pub requests: Vec<Request>,
}

/// A request, and how it ended.
#[derive(Debug)]
pub struct Request {
    pub began: Instant,
    pub ended: Instant,
    pub end: End,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    Done,
    Refused,
    Later,
    Wrong(String),
    Nothing(String),
}

impl Ledger {
    /// How many writes were acknowledged.
    pub fn acknowledged(&self) -> usize {
        self.requests.iter().filter(|request| request.end == End::Done).count()
    }

    pub fn note(&mut self, began: Instant, outcome: &Outcome) {
        let end = match outcome {
            Outcome::Done(_) => End::Done,
            Outcome::Refused => End::Refused,
            Outcome::Later => End::Later,
            Outcome::Wrong(what) => End::Wrong(what.clone()),
            Outcome::Nothing(what) => End::Nothing(what.clone()),
        };
        self.requests.push(Request { began, ended: Instant::now(), end });
    }

    pub fn merge(&mut self, other: Self) {
        self.invited.extend(other.invited);
        self.codes.extend(other.codes);
        self.revoked.extend(other.revoked);
        self.perhaps_revoked.extend(other.perhaps_revoked);
        self.users.extend(other.users);
        self.removed.extend(other.removed);
        self.perhaps_removed.extend(other.perhaps_removed);
        self.tokens.extend(other.tokens);
        self.requests.extend(other.requests);
    }

    pub fn count(&self, what: impl Fn(&End) -> bool) -> usize {
        self.requests.iter().filter(|request| what(&request.end)).count()
    }

    /// The answers that must never come, each once.
    pub fn wrong(&self) -> BTreeSet<&str> {
        let wrong = self.requests.iter().filter_map(|request| match &request.end {
            End::Wrong(what) => Some(what.as_str()),
            _ => None,
        });
        wrong.collect()
    }

    /// The reasons why there was no answer, each once.
    pub fn unanswered(&self) -> BTreeSet<&str> {
        let nothing = self.requests.iter().filter_map(|request| match &request.end {
            End::Nothing(what) => Some(what.as_str()),
            _ => None,
        });
        nothing.collect()
    }
}
