//! Which users a list holds.

use homeroom_api::{GroupId, Role, TestAccounts};
use serde::Serialize;

use crate::db::{Engine, Query};
use crate::http::Way;

/// Which users. Different filters are combined with *and*, values of one with *or*; none of a kind: no filter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Filter {
    pub roles: Vec<Role>,
    pub groups: Vec<GroupId>,
    /// Folded words: each must be found somewhere.
    pub words: Vec<String>,
    pub no_active_license: bool,
    pub test_accounts: Option<TestAccounts>,
    pub license: Option<LicenseFilter>,
}

/// Values of `licenseExpirationDate`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LicenseFilter {
    pub active: bool,
    pub not_active: bool,
    /// UTC days since 1970 on which the licence that counts ends.
    pub days: Vec<i64>,
}

// In the search for a page there are users alone: what the organization has is looked up once.
const SEAT_ACTIVE: &str = "(u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)";
const SITE_ACTIVE: &str = "EXISTS (SELECT 1 FROM organizations o WHERE o.id = $1 AND o.site_starts_at <= $2
                                    AND $2 < o.site_expires_at)";
const HAS_SITE: &str = "EXISTS (SELECT 1 FROM organizations o WHERE o.id = $1 AND o.site_expires_at > 0)";

/// When the licence that counts ends, where there never was one for everybody: this has an index.
pub const SEAT_EXPIRES: &str = "u.seat_expires_at";
/// When the licence that counts ends; 0 where there is none.
pub const EXPIRES: &str = "(SELECT CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                                       = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
                                    THEN CASE WHEN u.seat_expires_at >= o.site_expires_at THEN u.seat_expires_at
                                              ELSE o.site_expires_at END
                                    WHEN u.seat_starts_at <= $2 AND $2 < u.seat_expires_at THEN u.seat_expires_at
                                    ELSE o.site_expires_at END
                        FROM organizations o WHERE o.id = $1)";

impl Filter {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a part names `$2`, the time. `expires` as in [`Filter::add`].
    pub fn names_time(&self, expires: &str) -> bool {
        let names = |license: &LicenseFilter| license.active || license.not_active || expires == EXPIRES;
        self.no_active_license || self.license.as_ref().is_some_and(names)
    }

    /// The days on one of which the licence must end: from the first millisecond of the first to that after the last.
    pub fn days(&self) -> Option<(i64, i64)> {
        let license = self.license.as_ref().filter(|license| !license.active && !license.not_active)?;
        let (first, last) = (license.days.iter().min()?, license.days.iter().max()?);
        Some((span(*first).0, span(*last).1))
    }

    /// The groups, where nothing else is asked.
    pub fn groups_alone(&self) -> Option<&[GroupId]> {
        let is_alone = Self { groups: Vec::new(), ..self.clone() }.is_empty();
        Some(&*self.groups).filter(|groups| is_alone && !groups.is_empty())
    }

    /// Whether nothing but words is asked.
    pub fn words_alone(&self) -> bool {
        !self.words.is_empty() && Self { words: Vec::new(), ..self.clone() }.is_empty()
    }

    /// Adds ` AND …` for each filter. `$1` is the organization and, where a part names it, `$2` the time; `expires` is
    /// [`EXPIRES`], or [`SEAT_EXPIRES`] where that is the same.
    pub fn add(&self, query: &mut Query, engine: Engine, way: Way, expires: &'static str) {
        if !self.roles.is_empty() {
            query.push(" AND u.role IN (").bind_all(self.roles.iter().copied()).push(")");
        }
        if !self.groups.is_empty() {
            query.push(match way {
                Way::Gather | Way::LookUp(_) => " AND u.id IN (SELECT g.user_id FROM group_users g WHERE g.organization_id = $1",
                Way::Walk | Way::WalkWithin(_) => {
                    " AND EXISTS (SELECT 1 FROM group_users g WHERE g.organization_id = $1 AND g.user_id = u.id"
                }
            });
            query.push(" AND g.group_id IN (").bind_all(&self.groups).push("))");
        }
        for word in &self.words {
            holds(query, engine, word);
        }
        if self.no_active_license {
            query.push(" AND NOT (").push(SEAT_ACTIVE).push(" OR ").push(SITE_ACTIVE).push(")");
        }
        match self.test_accounts {
            Some(TestAccounts::Only) => drop(query.push(" AND u.is_test")), // as in the index of these
            Some(TestAccounts::Exclude) => drop(query.push(" AND NOT u.is_test")),
            None => {}
        }
        if let (Some((from, to)), SEAT_EXPIRES) = (self.days(), expires) {
            query.push(" AND u.seat_expires_at >= ").bind(from).push(" AND u.seat_expires_at < ").bind(to);
        }
        if let Some(license) = &self.license {
            license.add(query, expires);
        }
    }
}

impl LicenseFilter {
    fn add(&self, query: &mut Query, expires: &'static str) {
        query.push(" AND (FALSE");
        if self.active {
            query.push(" OR ").push(SEAT_ACTIVE).push(" OR ").push(SITE_ACTIVE);
        }
        if self.not_active {
            query.push(" OR ((u.seat_expires_at > 0 OR ").push(HAS_SITE).push(") AND NOT (");
            query.push(SEAT_ACTIVE).push(" OR ").push(SITE_ACTIVE).push("))");
        }
        for (from, to) in self.days.iter().copied().map(span) {
            query.push(" OR (").push(expires).push(" >= ").bind(from);
            query.push(" AND ").push(expires).push(" < ").bind(to).push(")");
        }
        query.push(")");
    }
}

/// The milliseconds of a day since 1970: from the first of it, to that of the next. 0 stands for no licence.
const fn span(day: i64) -> (i64, i64) {
    const DAY: i64 = 86_400_000;
    let from = day.saturating_mul(DAY);
    (if from > 0 { from } else { 1 }, day.saturating_add(1).saturating_mul(DAY))
}

/// Adds ` AND` that the word is found. Both are folded, so that case does not matter.
fn holds(query: &mut Query, engine: Engine, word: &str) {
    match engine {
        Engine::Sqlite => query.push(" AND instr(u.search_key, ").bind(word).push(") > 0"),
        Engine::Postgres => query.push(" AND u.search_key LIKE ").bind(containing(word)).push(" ESCAPE '\\'"),
    };
}

/// The pattern of `LIKE` for texts with `word` in them.
fn containing(word: &str) -> String {
    let mut pattern = String::with_capacity(word.len() + 2);
    pattern.push('%');
    for c in word.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
