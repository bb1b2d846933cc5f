//! Scopes: what a token may do.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::words::words;

words! {
    /// One thing that a token may do.
    #[cfg_attr(feature = "openapi", schema(as = AppScopes))]
    Scope {
        AccountPublicProfile = "account.public_profile",
        AccountEmail = "account.email",
        AccountEducationProfile = "account.education_profile",
        ScoresReadonly = "scores.readonly",
        ScoresSocial = "scores.social",
        Scores = "scores",
        CollectionsReadonly = "collections.readonly",
        CollectionsAddScores = "collections.add_scores",
        Collections = "collections",
        NotificationsReadonly = "notifications.readonly",
        EduResources = "edu.resources",
        EduResourcesReadonly = "edu.resources.readonly",
        EduClasses = "edu.classes",
        EduClassesReadonly = "edu.classes.readonly",
        EduAssignments = "edu.assignments",
        EduAssignmentsReadonly = "edu.assignments.readonly",
        EduAdmin = "edu.admin",
        EduAdminLti = "edu.admin.lti",
        EduAdminLtiReadonly = "edu.admin.lti.readonly",
        EduAdminUsers = "edu.admin.users",
        EduAdminUsersReadonly = "edu.admin.users.readonly",
        TasksReadonly = "tasks.readonly",
        Omr = "omr",
    }
}

/// A set of scopes. On the wire an array; in a database or a log one string with spaces, as OAuth writes it
/// (RFC 6749 §3.3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Scopes(u32);

impl Scopes {
    pub const NONE: Self = Self(0);

    /// The set of `scopes`.
    pub const fn of(scopes: &[Scope]) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < scopes.len() {
            bits |= 1 << scopes[i] as u32;
            i += 1;
        }
        Self(bits)
    }

    /// Every scope there is.
    pub const fn all() -> Self {
        Self::of(Scope::ALL)
    }

    pub const fn has(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u32) != 0
    }

    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those of `self` that are also in `other`.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those of `self` that are not in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether a token with these scopes may do what `scope` allows: `edu.admin` covers all that begin with it,
    /// and a scope covers its own `.readonly`.
    pub fn covers(self, scope: Scope) -> bool {
        self.iter().any(|own| {
            scope.as_str().strip_prefix(own.as_str()).is_some_and(|rest| {
                rest.is_empty() || rest == ".readonly" || (own == Scope::EduAdmin && rest.starts_with('.'))
            })
        })
    }

    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.iter().copied().filter(move |scope| self.has(*scope))
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |bits, scope| bits | 1 << scope as u32))
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.iter().map(Scope::as_str).collect::<Vec<_>>().join(" "))
    }
}

impl std::str::FromStr for Scopes {
    type Err = String;

    fn from_str(words: &str) -> Result<Self, Self::Err> {
        words.split_ascii_whitespace().map(str::parse).collect()
    }
}

impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Scope>::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_covers_itself_its_readonly_and_nothing_else() {
        let users = Scopes::of(&[Scope::EduAdminUsers]);
        assert!(users.covers(Scope::EduAdminUsers) && users.covers(Scope::EduAdminUsersReadonly));
        assert!(!users.covers(Scope::EduAdmin) && !users.covers(Scope::EduAdminLti));
        assert!(Scopes::of(&[Scope::EduAdmin]).covers(Scope::EduAdminLtiReadonly));
        assert!(!Scopes::of(&[Scope::Collections]).covers(Scope::CollectionsAddScores));
    }

    #[test]
    fn the_text_of_a_set_reads_back_as_the_set() {
        assert_eq!(Scopes::all().to_string().parse(), Ok(Scopes::all()));
        assert!("edu.admin nonsense".parse::<Scopes>().is_err());
    }
}
