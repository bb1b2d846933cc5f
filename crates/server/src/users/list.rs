//! Lists of users, and their count, which is always as long as the list.

use homeroom_api::{GroupId, OrganizationId, Role, TestAccounts, Timestamp, UserSort};
use serde::Serialize;

use super::User;
use super::store::{COLUMNS, PAGE};
use crate::db::{Query, Read as _, Value};
use crate::http::{Caller, Order, Page, PageQuery, Select};
use crate::{App, Result, licenses};

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

/// In which order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Sorting {
    pub keys: Vec<UserSort>,
    pub descending: bool,
}

// In the search for a page there are users alone: what the organization has is looked up once.
const SEAT_ACTIVE: &str = "(u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)";
const SITE_ACTIVE: &str = "EXISTS (SELECT 1 FROM organizations o WHERE o.id = $1 AND o.site_starts_at <= $2
                                    AND $2 < o.site_expires_at)";
const HAS_SITE: &str = "EXISTS (SELECT 1 FROM organizations o WHERE o.id = $1 AND o.site_expires_at > 0)";

/// When the licence that counts ends; 0 where there is none.
const EXPIRES: &str = "(SELECT CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                                       = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
                                    THEN CASE WHEN u.seat_expires_at >= o.site_expires_at THEN u.seat_expires_at
                                              ELSE o.site_expires_at END
                                    WHEN u.seat_starts_at <= $2 AND $2 < u.seat_expires_at THEN u.seat_expires_at
                                    ELSE o.site_expires_at END
                        FROM organizations o WHERE o.id = $1)";

const FROM: &str = " FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL";

/// The columns that a page needs of its users.
const FOUND: &str = "u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at";

/// A page of the users of the caller's organization.
pub async fn list(
    app: &App,
    caller: &Caller,
    filter: &Filter,
    sorting: &Sorting,
    page: &PageQuery,
) -> Result<Page<User>> {
    let mut conn = app.db.read().await?;
    let by_license = sorting.keys.contains(&UserSort::LicenseExpirationDate);
    let has_site = by_license && licenses::has_site(&mut conn, &caller.organization).await?;
    let select = Select {
        args: vec![(&caller.organization).into(), app.clock.now().into()],
        found: FOUND,
        source: |query: &mut Query| {
            query.push(FROM);
            filter.add(query);
        },
        columns: COLUMNS,
        page: PAGE,
        order: sorting.order(has_site),
    };
    select.page(&mut conn, page).await
}

/// How many users of the caller's organization match.
pub async fn count(app: &App, caller: &Caller, filter: &Filter) -> Result<u64> {
    let mut query = Query::new(filter.args(&caller.organization, app.clock.now()));
    query.push("SELECT count(*)").push(FROM);
    filter.add(&mut query);
    let (sql, args) = query.done();
    let counted: Vec<(i64,)> = app.db.read().await?.fetch(sql, args).await?;
    Ok(counted.first().map_or(0, |(count,)| count.unsigned_abs()))
}

impl Sorting {
    /// Without a site licence the date of the seat is the one that counts, and has an index.
    fn order(&self, has_site_license: bool) -> Order {
        let key = |sort: &UserSort| match sort {
            UserSort::Firstname => "u.firstname_key",
            UserSort::Lastname => "u.lastname_key",
            UserSort::LastActivityDate => "u.last_activity_at",
            UserSort::LicenseExpirationDate if has_site_license => EXPIRES,
            UserSort::LicenseExpirationDate => "u.seat_expires_at",
        };
        Order { keys: self.keys.iter().map(key).collect(), id: "u.id", descending: self.descending }
    }
}

impl Filter {
    /// `$1` the organization and, where a part names it, `$2` the time.
    fn args(&self, organization: &OrganizationId, now: Timestamp) -> Vec<Value> {
        let names_time = self.no_active_license || self.license.is_some();
        let now = names_time.then(|| Value::from(now));
        std::iter::once(organization.into()).chain(now).collect()
    }

    /// Adds ` AND …` for each filter.
    fn add(&self, query: &mut Query) {
        if !self.roles.is_empty() {
            query.push(" AND u.role IN (").bind_all(self.roles.iter().copied()).push(")");
        }
        if !self.groups.is_empty() {
            query.push(
                " AND EXISTS (SELECT 1 FROM group_users g WHERE g.organization_id = u.organization_id
                              AND g.user_id = u.id AND g.group_id IN (",
            );
            query.bind_all(&self.groups).push("))");
        }
        for word in &self.words {
            query.push(" AND u.search_key LIKE ").bind(containing(word)).push(" ESCAPE '\\'");
        }
        if self.no_active_license {
            query.push(" AND NOT (").push(SEAT_ACTIVE).push(" OR ").push(SITE_ACTIVE).push(")");
        }
        if let Some(kind) = self.test_accounts {
            query.push(" AND u.is_test = ").bind(kind == TestAccounts::Only);
        }
        if let Some(license) = &self.license {
            license.add(query);
        }
    }
}

impl LicenseFilter {
    fn add(&self, query: &mut Query) {
        query.push(" AND (FALSE");
        if self.active {
            query.push(" OR ").push(SEAT_ACTIVE).push(" OR ").push(SITE_ACTIVE);
        }
        if self.not_active {
            query.push(" OR ((u.seat_expires_at > 0 OR ").push(HAS_SITE).push(") AND NOT (");
            query.push(SEAT_ACTIVE).push(" OR ").push(SITE_ACTIVE).push("))");
        }
        if !self.days.is_empty() {
            query.push(" OR (").push(EXPIRES).push(" > 0 AND ").push(EXPIRES).push(" / 86400000 IN (");
            query.bind_all(self.days.iter().copied()).push("))");
        }
        query.push(")");
    }
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
