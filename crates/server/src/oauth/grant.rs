//! What an app asks for or was given: scopes of the API, and those of OpenID Connect.

use homeroom_api::{IdentityScope, Scope, Scopes};

use crate::db::{self, FromColumn, ValueRef};

/// Scopes, as one string with spaces in OAuth and in the database (RFC 6749 §3.3).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grant {
    pub api: Scopes,
    pub identity: Vec<IdentityScope>,
}

impl Grant {
    pub fn of(api: Scopes) -> Self {
        Self { api, identity: Vec::new() }
    }

    /// Errors with the word that is no scope.
    pub fn parse(words: &str) -> Result<Self, String> {
        let mut grant = Self::default();
        let mut api = Vec::new();
        for word in words.split(' ').filter(|word| !word.is_empty()) {
            match (word.parse::<Scope>(), word.parse::<IdentityScope>()) {
                (Ok(scope), _) => api.push(scope),
                (_, Ok(scope)) if grant.has(scope) => {}
                (_, Ok(scope)) => grant.identity.push(scope),
                _ => return Err(word.to_owned()),
            }
        }
        grant.api = api.into_iter().collect();
        Ok(grant)
    }

    pub fn has(&self, scope: IdentityScope) -> bool {
        self.identity.contains(&scope)
    }

    pub fn is_empty(&self) -> bool {
        self.api.is_empty() && self.identity.is_empty()
    }

    /// What of it is among `most`.
    #[must_use]
    pub fn narrowed(&self, most: Scopes) -> Self {
        Self { api: self.api.intersection(most), identity: self.identity.clone() }
    }

    /// Whether all of `other` is in it.
    pub fn covers(&self, other: &Self) -> bool {
        other.api.without(self.api).is_empty() && other.identity.iter().all(|scope| self.has(*scope))
    }

    /// All of both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let added = other.identity.iter().copied().filter(|scope| !self.has(*scope));
        Self {
            api: self.api.iter().chain(other.api.iter()).collect(),
            identity: self.identity.iter().copied().chain(added).collect(),
        }
    }
}

impl std::fmt::Display for Grant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let identity = self.identity.iter().map(|scope| scope.as_str());
        let words: Vec<&str> = identity.chain(self.api.iter().map(Scope::as_str)).collect();
        f.write_str(&words.join(" "))
    }
}

impl FromColumn for Grant {
    fn from_column(value: ValueRef<'_>) -> db::Result<Self> {
        let words = String::from_column(value)?;
        Self::parse(&words).map_err(|word| db::Error::Failed(format!("a column holds the scope `{word}`")))
    }
}

#[cfg(test)]
mod tests {
    use super::Grant;

    fn grant(words: &str) -> Grant {
        Grant::parse(words).expect(words)
    }

    #[test]
    fn scopes_read_back_from_their_text_each_once() {
        let all = grant("openid scores email openid  edu.classes");
        assert_eq!(all.to_string(), "openid email scores edu.classes");
        assert_eq!(grant(&all.to_string()), all);
        assert_eq!(Grant::parse("openid nonsense"), Err("nonsense".to_owned()));
        assert_eq!(Grant::parse("scores\tomr"), Err("scores\tomr".to_owned()));
    }

    #[test]
    fn a_grant_covers_what_is_in_it() {
        let all = grant("openid scores");
        assert!(all.covers(&grant("scores")) && all.covers(&grant("openid")));
        assert!(!all.covers(&grant("openid email")) && !all.covers(&grant("edu.admin")));
        assert!(all.and(&grant("email omr")).covers(&grant("openid email scores omr")));
    }
}
