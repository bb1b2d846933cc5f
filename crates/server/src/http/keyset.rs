//! Pages by keyset: a page begins after the last row of the one before, whatever was added or removed meanwhile.

use super::cursor::{Key, Position};
use super::{From, Page, PageQuery};
use crate::Result;
use crate::db::{self, Conn, FromColumn, FromRow, Query, Read as _, Row, Value, ValueRef};

/// The order of a list: sort keys (SQL expressions over the table that are never NULL), then the id; all in one
/// direction.
#[derive(Clone)]
pub struct Order {
    pub keys: Vec<&'static str>,
    pub id: &'static str,
    pub descending: bool,
}

impl Order {
    pub const fn by_id(id: &'static str) -> Self {
        Self { keys: Vec::new(), id, descending: false }
    }

    fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.keys.iter().copied().chain([self.id])
    }
}

/// A list. The page is found in one table, by an index; what else its rows show is joined to them afterwards, so
/// that no planner can choose to join and sort the whole list.
///
/// Every part may name `args` as `$1…$n`, and together they must name them all.
pub struct Select<F: Fn(&mut Query)> {
    pub args: Vec<Value>,
    /// The columns of the table that the rest needs.
    pub found: &'static str,
    /// ` FROM table t WHERE …`: where the rows are.
    pub from: &'static str,
    /// Adds ` AND …` for what lets only some of them through.
    pub filter: F,
    pub way: Way,
    /// What the rows show.
    pub columns: &'static str,
    /// The page's name, which is the table's, and what is joined to it: `t LEFT JOIN …`.
    pub page: &'static str,
    pub order: Order,
}

/// How the rows of a page are found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In the order of the list, until the page is full. Left to the planner.
    Walk,
    /// In the order of the list, but no further than so many rows. SQLite.
    WalkWithin(i64),
    /// All that match, by whichever index leads to them, then sorted. SQLite.
    Gather,
    /// As [`Way::Gather`], in a table that has nothing but what filters and order need, and the `id`. What the page
    /// shows is joined to it, which is called `h`: `table t ON …`. SQLite.
    LookUp(&'static str),
}

/// A row and its place in the list.
struct Placed<T> {
    item: T,
    position: Position,
    /// Whether there is a row on the other side of where the page began, as far as that was asked.
    any_behind: bool,
}

impl<T: FromRow> FromRow for Placed<T> {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        let item = T::from_row(row)?;
        let mut keys: Vec<Key> = row.rest()?;
        let (Some(Key::Int(behind)), Some(Key::Text(id))) = (keys.pop(), keys.pop()) else {
            return Err(db::Error::bug("the last columns are the id, and whether there are rows behind"));
        };
        Ok(Self { item, position: Position { keys, id, inclusive: false }, any_behind: behind > 0 })
    }
}

impl FromColumn for Key {
    fn from_column(value: ValueRef<'_>) -> db::Result<Self> {
        match value {
            ValueRef::Int(int) => Ok(Self::Int(int)),
            other => String::from_column(other).map(Self::Text),
        }
    }
}

impl std::convert::From<&Key> for Value {
    fn from(key: &Key) -> Self {
        match key {
            Key::Int(int) => Self::Int(*int),
            Key::Text(text) => text.into(),
        }
    }
}

/// Which side of a position, seen along the list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    After,
    Before,
}

impl<F: Fn(&mut Query) + Sync> Select<F> {
    /// One page, and whether there are rows on either side of it.
    pub async fn page<T: FromRow>(&self, conn: &mut Conn, page: &PageQuery) -> Result<Page<T>> {
        let (side, from) = begin(page);
        let rows = self.rows(conn, side, from, page.limit).await?;
        let any_behind = match (rows.first(), from) {
            (_, None) => false,
            (Some(row), Some(_)) if self.way == Way::Walk => row.any_behind,
            (_, Some(position)) => self.any_behind(conn, side, position).await?,
        };
        Ok(assemble(rows, page.limit, side, from, any_behind))
    }

    /// As [`Self::page`], on [`Way::WalkWithin`]; nothing where the walk ended before all was found.
    pub async fn page_within<T: FromRow>(
        &self,
        conn: &mut Conn,
        page: &PageQuery,
    ) -> Result<Option<Page<T>>> {
        let (side, from) = begin(page);
        let rows = self.rows(conn, side, from, page.limit).await?;
        if rows.len() <= page.limit {
            return Ok(None);
        }
        match from {
            Some(position) if !self.any_behind(conn, side, position).await? => Ok(None),
            _ => Ok(Some(assemble(rows, page.limit, side, from, from.is_some()))),
        }
    }

    /// The rows of a page, and one more where there is one.
    async fn rows<T: FromRow>(
        &self,
        conn: &mut Conn,
        side: Side,
        from: Option<&Position>,
        limit: usize,
    ) -> Result<Vec<Placed<T>>> {
        let (sql, args) = self.statement(side, from, limit + 1);
        Ok(conn.fetch(sql, args).await?)
    }

    /// Whether there is a row on the other side of where the page began.
    async fn any_behind(&self, conn: &mut Conn, side: Side, from: &Position) -> Result<bool> {
        let (sql, args) = self.statement(side.other(), Some(&turned(from)), 1);
        Ok(!conn.fetch::<Anything>(sql, args).await?.is_empty())
    }

    fn statement(&self, side: Side, from: Option<&Position>, limit: usize) -> (db::Sql, Vec<Value>) {
        let descending = self.order.descending != (side == Side::Before);
        let mut query = Query::new(self.args.clone());
        query.push("SELECT ").push(self.columns);
        for column in self.order.columns() {
            query.push(", ").push(column);
        }
        match from {
            Some(from) if self.way == Way::Walk => self.behind(&mut query, from, !descending),
            _ => drop(query.push(", 0")),
        }
        query.push(" FROM (");
        self.search(&mut query, from, descending, limit);
        query.push(") ").push(self.page);
        self.sorted(&mut query, descending, "");
        query.done()
    }

    /// Adds a column that tells whether there is a row behind `from`. It is looked up once, with the page.
    fn behind(&self, query: &mut Query, from: &Position, descending: bool) {
        query.push(", CASE WHEN EXISTS (SELECT 1").push(self.from);
        self.filtered(query);
        self.bound(query, Some(&turned(from)), descending);
        query.push(") THEN 1 ELSE 0 END");
    }

    /// Adds `SELECT found FROM … WHERE … ORDER BY … LIMIT …`.
    fn search(&self, query: &mut Query, from: Option<&Position>, descending: bool, limit: usize) {
        match self.way {
            Way::Walk | Way::Gather => self.all(query, self.found, from, descending, limit),
            Way::LookUp(rows) => {
                query.push("SELECT ").push(self.found).push(" FROM (");
                self.all(query, self.order.id, from, descending, limit);
                query.push(") h CROSS JOIN ").push(rows);
            }
            // The inner rows come in their order, and the outer ones are taken from them one by one.
            Way::WalkWithin(steps) => {
                query.push("SELECT ").push(self.found).push(" FROM (SELECT ").push(self.name()).push(".*");
                query.push(self.from);
                self.bound(query, from, descending);
                self.sorted(query, descending, "");
                query.push(" LIMIT ").bind(steps).push(") ").push(self.name()).push(" WHERE TRUE");
                self.filtered(query);
                limited(query, limit);
            }
        }
    }

    fn all(
        &self,
        query: &mut Query,
        columns: &'static str,
        from: Option<&Position>,
        descending: bool,
        limit: usize,
    ) {
        query.push("SELECT ").push(columns).push(self.from);
        self.filtered(query);
        self.bound(query, from, descending);
        self.sorted(query, descending, self.sign());
        limited(query, limit);
    }

    /// Adds what lets only some rows through. What the values of a filter are decides which plan is good.
    fn filtered(&self, query: &mut Query) {
        let before = query.args();
        (self.filter)(query);
        if query.args() > before {
            query.plan_anew();
        }
    }

    /// The table's name.
    fn name(&self) -> &'static str {
        self.page.split(' ').next().unwrap_or(self.page)
    }

    /// `+` before a column keeps SQLite from taking its index.
    const fn sign(&self) -> &'static str {
        match self.way {
            Way::Walk | Way::WalkWithin(_) => "",
            Way::Gather | Way::LookUp(_) => "+",
        }
    }

    fn sorted(&self, query: &mut Query, descending: bool, sign: &'static str) {
        query.push(" ORDER BY ");
        for (index, column) in self.order.columns().enumerate() {
            query.push(if index > 0 { ", " } else { "" }).push(sign).push(column);
            query.push(if descending { " DESC" } else { "" });
        }
    }

    /// Adds `AND (key, id) > ($3, $4)`.
    fn bound(&self, query: &mut Query, from: Option<&Position>, descending: bool) {
        let Some(position) = from else { return };
        query.push(" AND (");
        for (index, column) in self.order.columns().enumerate() {
            query.push(if index > 0 { ", " } else { "" }).push(self.sign()).push(column);
        }
        query.push(match (descending, position.inclusive) {
            (false, false) => ") > (",
            (false, true) => ") >= (",
            (true, false) => ") < (",
            (true, true) => ") <= (",
        });
        query.bind_all(position.keys.iter().map(Value::from).chain([(&position.id).into()])).push(")");
    }
}

fn limited(query: &mut Query, limit: usize) {
    query.push(" LIMIT ").bind(i64::try_from(limit).unwrap_or(i64::MAX));
}

/// The same place, seen from the other side: whether its row belongs to the page changes.
fn turned(from: &Position) -> Position {
    Position { inclusive: !from.inclusive, ..from.clone() }
}

/// Which way a page lies, and from where.
const fn begin(page: &PageQuery) -> (Side, Option<&Position>) {
    match &page.from {
        None => (Side::After, None),
        Some(From::After(position)) => (Side::After, Some(position)),
        Some(From::Before(position)) => (Side::Before, Some(position)),
    }
}

impl Side {
    const fn other(self) -> Self {
        match self {
            Self::After => Self::Before,
            Self::Before => Self::After,
        }
    }
}

/// A row of which only its being there counts.
struct Anything;

impl FromRow for Anything {
    fn from_row(_: &Row<'_>) -> db::Result<Self> {
        Ok(Self)
    }
}

/// Puts rows in the order of the list; an empty page has its neighbour where it began.
fn assemble<T>(
    mut rows: Vec<Placed<T>>,
    limit: usize,
    side: Side,
    from: Option<&Position>,
    more_behind: bool,
) -> Page<T> {
    let more_ahead = rows.len() > limit;
    rows.truncate(limit);
    if side == Side::Before {
        rows.reverse();
    }
    let begin = from.map(turned);
    let first = rows.first().map(|row| row.position.clone()).or_else(|| begin.clone());
    let last = rows.last().map(|row| row.position.clone()).or(begin);
    let (more_after, more_before) = match side {
        Side::After => (more_ahead, more_behind),
        Side::Before => (more_behind, more_ahead),
    };
    Page {
        items: rows.into_iter().map(|row| row.item).collect(),
        next: last.filter(|_| more_after),
        previous: first.filter(|_| more_before),
    }
}
