//! Lists of users, and their count, which is always as long as the list.

use homeroom_api::{OrganizationId, Timestamp, UserSort};
use serde::Serialize;

use super::User;
use super::filter::{EXPIRES, Filter, SEAT_EXPIRES};
use super::narrow;
use super::search::{self, HITS, SHORT_HITS, SHORT_TEXTS, TEXTS};
use super::store::{COLUMNS, PAGE};
use crate::db::{Conn, Engine, Query, Read as _, Value};
use crate::http::{Caller, Order, Page, PageQuery, Select, Way};
use crate::{App, Result, groups, licenses};

/// In which order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Sorting {
    pub keys: Vec<UserSort>,
    pub descending: bool,
}

const FROM: &str = " FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL";

const LOOK_UP: Way = Way::LookUp("users u ON u.organization_id = $1 AND u.id = h.id");

/// The columns that a page needs of its users.
const FOUND: &str = "u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at, u.firstname_key, u.lastname_key, u.seat_license_id, u.seat_starts_at,
    u.seat_expires_at";

/// So many rows are walked on SQLite before what matches is looked for by another index: fewer, where that is the
/// index of trigrams.
const STEPS: i64 = 20_000;
const STEPS_TO_WORDS: i64 = 5_000;
/// Up to so many users that may hold the words are all looked at rather than walked to.
const FEW: i64 = 4_000;
/// More users than this that may hold the words are not looked up one by one: in rows of their own, in short ones.
const MANY: i64 = 20_000;
const MANY_SHORT: i64 = 200_000;

/// A page of the users of the caller's organization.
pub async fn list(
    app: &App,
    caller: &Caller,
    filter: &Filter,
    sorting: &Sorting,
    page: &PageQuery,
) -> Result<Page<User>> {
    let mut conn = app.db.read().await?;
    let expires = match sorting.keys.contains(&UserSort::LicenseExpirationDate) {
        true => expires_of(&mut conn, &caller.organization).await?,
        false => expires(&mut conn, &caller.organization, filter).await?,
    };
    let list = List {
        organization: &caller.organization,
        now: app.clock.now(),
        filter,
        order: sorting.order(expires),
        expires,
        engine: app.db.engine(),
    };
    match app.db.engine() {
        Engine::Sqlite if !filter.is_empty() => list.filtered(&mut conn, page).await,
        _ => list.select(FROM, Way::Walk, None).page(&mut conn, page).await,
    }
}

/// As [`expires_of`], where a filter asks for days.
async fn expires(conn: &mut Conn, organization: &OrganizationId, filter: &Filter) -> Result<&'static str> {
    match filter.license.as_ref().is_some_and(|license| !license.days.is_empty()) {
        true => expires_of(conn, organization).await,
        false => Ok(SEAT_EXPIRES),
    }
}

/// Without a site licence the date of the seat is the one that counts, and has an index.
async fn expires_of(conn: &mut Conn, organization: &OrganizationId) -> Result<&'static str> {
    let has_site = licenses::has_site(conn, organization).await?;
    Ok(if has_site { EXPIRES } else { SEAT_EXPIRES })
}

struct List<'a> {
    organization: &'a OrganizationId,
    now: Timestamp,
    filter: &'a Filter,
    order: Order,
    /// When the licence that counts ends, where a filter or the order asks for it.
    expires: &'static str,
    engine: Engine,
}

impl List<'_> {
    /// Where few hold the words, or groups, a day or test accounts lead to few, these are looked up. Else the list is walked: where many match, the page is full
    /// soon; where it is not, all that match are looked for and sorted.
    async fn filtered(&self, conn: &mut Conn, page: &PageQuery) -> Result<Page<User>> {
        let words = &self.filter.words;
        if let Some(trigrams) = search::few(conn, words, FEW).await? {
            return self.gathered(Some(trigrams)).page(conn, page).await;
        }
        if narrow::leads_to_few(conn, self.organization, self.filter, self.expires).await? {
            return self.select(FROM, LOOK_UP, None).page(conn, page).await;
        }
        let steps = if search::has_trigrams(words) { STEPS_TO_WORDS } else { STEPS };
        let walk = self.select(FROM, Way::WalkWithin(steps), None);
        if let Some(page) = walk.page_within(conn, page).await? {
            return Ok(page);
        }
        let many = if self.is_short() { MANY_SHORT } else { MANY };
        let trigrams = search::few(conn, words, many).await?;
        self.gathered(trigrams).page(conn, page).await
    }

    /// Whether the short rows have all that filter and order need.
    fn is_short(&self) -> bool {
        let has = |key: &&str| ["u.firstname_key", "u.lastname_key"].contains(key);
        self.filter.words_alone() && self.order.keys.iter().all(has)
    }

    fn gathered(&self, trigrams: Option<String>) -> Select<impl Fn(&mut Query)> {
        let (from, way) = match (self.is_short(), trigrams.is_some()) {
            (true, true) => (SHORT_HITS, LOOK_UP),
            (true, false) => (SHORT_TEXTS, LOOK_UP),
            (false, true) => (HITS, Way::Gather),
            (false, false) if self.filter.words.is_empty() => (FROM, Way::Gather),
            (false, false) => (TEXTS, Way::Gather),
        };
        self.select(from, way, trigrams)
    }

    fn select(&self, from: &'static str, way: Way, trigrams: Option<String>) -> Select<impl Fn(&mut Query)> {
        let (organization, now) = (self.organization.into(), self.now.into());
        Select {
            args: [organization, now].into_iter().chain(trigrams.map(Value::from)).collect(),
            found: FOUND,
            from,
            filter: move |query: &mut Query| self.filter.add(query, self.engine, way, self.expires),
            way,
            columns: COLUMNS,
            page: PAGE,
            order: self.order.clone(),
        }
    }
}

/// How many users of the caller's organization match.
pub async fn count(app: &App, caller: &Caller, filter: &Filter) -> Result<u64> {
    let mut conn = app.db.read().await?;
    let organization = &caller.organization;
    if let Some(groups) = filter.groups_alone() {
        return groups::count_users(&mut conn, organization, groups).await;
    }
    let is_short = filter.words_alone() && conn.engine() == Engine::Sqlite;
    let many = if is_short { MANY_SHORT } else { MANY };
    let trigrams = search::few(&mut conn, &filter.words, many).await?;
    let from = match (is_short, trigrams.is_some()) {
        (true, true) => SHORT_HITS,
        (true, false) => SHORT_TEXTS,
        (false, true) => HITS,
        (false, false) => FROM,
    };
    let expires = expires(&mut conn, organization, filter).await?;
    let names_time = is_short || trigrams.is_some() || filter.names_time(expires);
    let now = names_time.then(|| Value::from(app.clock.now()));
    let args = std::iter::once(organization.into()).chain(now).chain(trigrams.map(Value::from));
    let mut query = Query::new(args.collect());
    query.push("SELECT count(*)").push(from);
    filter.add(&mut query, conn.engine(), Way::Gather, expires);
    if !filter.is_empty() {
        query.plan_anew();
    }
    let (sql, args) = query.done();
    let counted: Vec<(i64,)> = conn.fetch(sql, args).await?;
    Ok(counted.first().map_or(0, |(count,)| count.unsigned_abs()))
}

impl Sorting {
    /// `expires` is when the licence that counts ends.
    fn order(&self, expires: &'static str) -> Order {
        let key = |sort: &UserSort| match sort {
            UserSort::Firstname => "u.firstname_key",
            UserSort::Lastname => "u.lastname_key",
            UserSort::LastActivityDate => "u.last_activity_at",
            UserSort::LicenseExpirationDate => expires,
        };
        Order { keys: self.keys.iter().map(key).collect(), id: "u.id", descending: self.descending }
    }
}
