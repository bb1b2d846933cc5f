//! Query strings: an array repeats its parameter, a boolean is there only if true, what is absent is left out.

use form_urlencoded::Serializer;
use homeroom_api::{
    AuditQuery, CollectionQuery, CommentQuery, InvitationQuery, MailQuery, ScoreQuery, UserFilter, UserQuery,
};

use crate::AccessTokenQuery;

/// The pairs of a query string, in order.
#[derive(Debug, Default)]
pub struct Query(Vec<(&'static str, String)>);

impl Query {
    pub fn none() -> Self {
        Self::default()
    }

    /// One pair for each of `values`: none or one of an `Option`, each of an array.
    pub fn with<V: ToString>(mut self, name: &'static str, values: impl IntoIterator<Item = V>) -> Self {
        self.0.extend(values.into_iter().map(|value| (name, value.to_string())));
        self
    }

    pub fn flag(self, name: &'static str, value: bool) -> Self {
        self.with(name, value.then_some("true"))
    }

    /// The text after `?`, or `None` if there is nothing to say.
    pub fn encode(&self) -> Option<String> {
        let encoded = Serializer::new(String::new()).extend_pairs(&self.0).finish();
        Some(encoded).filter(|text| !text.is_empty())
    }
}

impl From<&UserFilter> for Query {
    fn from(filter: &UserFilter) -> Self {
        Self::default()
            .with("role", &filter.role)
            .with("group", &filter.group)
            .with("q", &filter.q)
            .flag("noActiveLicense", filter.no_active_license)
            .with("testAccounts", filter.test_accounts)
            .with("licenseExpirationDate", &filter.license_expiration_date)
    }
}

impl From<&UserQuery> for Query {
    fn from(query: &UserQuery) -> Self {
        Self::from(&query.filter)
            .with("sort", &query.sort)
            .with("direction", query.direction)
            .flag("onlyIds", query.only_ids)
            .with("limit", query.limit)
            .with("next", &query.next)
            .with("previous", &query.previous)
    }
}

impl From<&InvitationQuery> for Query {
    fn from(query: &InvitationQuery) -> Self {
        Self::default()
            .with("role", query.role)
            .with("status", &query.status)
            .with("limit", query.limit)
            .with("next", &query.next)
            .with("previous", &query.previous)
    }
}

impl From<&MailQuery> for Query {
    fn from(query: &MailQuery) -> Self {
        Self::default()
            .with("state", &query.state)
            .with("limit", query.limit)
            .with("next", &query.next)
            .with("previous", &query.previous)
    }
}

impl From<&AuditQuery> for Query {
    fn from(query: &AuditQuery) -> Self {
        Self::default()
            .with("event", &query.event)
            .with("actor", &query.actor)
            .with("target", &query.target)
            .with("since", query.since)
            .with("until", query.until)
            .with("direction", query.direction)
            .with("limit", query.limit)
            .with("next", &query.next)
            .with("previous", &query.previous)
    }
}

impl From<&CollectionQuery> for Query {
    fn from(query: &CollectionQuery) -> Self {
        Self::default()
            .with("parent", &query.parent)
            .with("sort", query.sort)
            .with("direction", query.direction)
            .with("limit", query.limit)
            .with("next", &query.next)
            .with("previous", &query.previous)
    }
}

impl From<&ScoreQuery> for Query {
    fn from(query: &ScoreQuery) -> Self {
        Self::default()
            .with("sort", query.sort)
            .with("direction", query.direction)
            .with("limit", query.limit)
            .with("next", &query.next)
            .with("previous", &query.previous)
    }
}

impl From<&CommentQuery> for Query {
    fn from(query: &CommentQuery) -> Self {
        Self::default()
            .with("type", query.r#type)
            .with("direction", query.direction)
            .with("sharingKey", &query.sharing_key)
    }
}

impl From<&AccessTokenQuery> for Query {
    fn from(query: &AccessTokenQuery) -> Self {
        Self::default().with("limit", query.limit).with("next", &query.next).with("previous", &query.previous)
    }
}

#[cfg(test)]
mod tests {
    use homeroom_api::{Direction, Role, TestAccounts, UserSort};

    use super::*;

    fn encoded(query: impl Into<Query>) -> Option<String> {
        query.into().encode()
    }

    #[test]
    fn a_query_that_asks_for_nothing_is_empty() {
        assert_eq!(encoded(&UserQuery::default()), None);
        assert_eq!(encoded(&InvitationQuery::default()), None);
    }

    #[test]
    fn every_filter_and_option_is_sent_and_arrays_repeat() {
        let filter = UserFilter {
            role: vec![Role::User, Role::Teacher],
            group: vec!["g1".into()],
            q: Some("山 & co".into()),
            no_active_license: true,
            test_accounts: Some(TestAccounts::Only),
            license_expiration_date: vec!["active".into(), "2026-03-01".into()],
        };
        let query = UserQuery {
            filter,
            sort: vec![UserSort::Lastname, UserSort::Firstname],
            direction: Some(Direction::Desc),
            next: Some("a+b".into()),
            previous: None,
            only_ids: true,
            limit: Some(1000),
        };
        let expected = "role=user&role=teacher&group=g1&q=%E5%B1%B1+%26+co&noActiveLicense=true&testAccounts=only\
                        &licenseExpirationDate=active&licenseExpirationDate=2026-03-01\
                        &sort=lastname&sort=firstname&direction=desc&onlyIds=true&limit=1000&next=a%2Bb";
        assert_eq!(encoded(&query).as_deref(), Some(expected));
    }
}
