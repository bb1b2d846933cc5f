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
    /// Adds `FROM table t WHERE …`.
    pub source: F,
    /// What the rows show.
    pub columns: &'static str,
    /// The page's name, which is the table's, and what is joined to it: `t LEFT JOIN …`.
    pub page: &'static str,
    pub order: Order,
}

/// A row and its place in the list.
struct Placed<T> {
    item: T,
    position: Position,
}

impl<T: FromRow> FromRow for Placed<T> {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        let item = T::from_row(row)?;
        let mut keys: Vec<Key> = row.rest()?;
        let Some(Key::Text(id)) = keys.pop() else { return Err(db::Error::bug("the last column is the id")) };
        Ok(Self { item, position: Position { keys, id, inclusive: false } })
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
        let (side, from) = match &page.from {
            None => (Side::After, None),
            Some(From::After(position)) => (Side::After, Some(position)),
            Some(From::Before(position)) => (Side::Before, Some(position)),
        };
        let (sql, args) = self.statement(side, from, page.limit + 1);
        let mut rows: Vec<Placed<T>> = conn.fetch(sql, args).await?;
        let more_ahead = rows.len() > page.limit;
        rows.truncate(page.limit);
        let more_behind = match from {
            Some(position) => self.any_behind(conn, side, position).await?,
            None => false,
        };
        Ok(assemble(rows, side, from, more_ahead, more_behind))
    }

    /// Whether there is a row on the other side of where the page began.
    async fn any_behind(&self, conn: &mut Conn, side: Side, from: &Position) -> Result<bool> {
        let (other, inclusive) = (side.other(), !from.inclusive);
        let (sql, args) = self.statement(other, Some(&Position { inclusive, ..from.clone() }), 1);
        Ok(!conn.fetch::<Anything>(sql, args).await?.is_empty())
    }

    fn statement(&self, side: Side, from: Option<&Position>, limit: usize) -> (db::Sql, Vec<Value>) {
        let descending = self.order.descending != (side == Side::Before);
        let mut query = Query::new(self.args.clone());
        query.push("SELECT ").push(self.columns);
        for column in self.order.columns() {
            query.push(", ").push(column);
        }
        query.push(" FROM (SELECT ").push(self.found);
        (self.source)(&mut query);
        if let Some(position) = from {
            self.bound(&mut query, position, descending);
        }
        self.sorted(&mut query, descending);
        query.push(" LIMIT ").bind(i64::try_from(limit).unwrap_or(i64::MAX));
        query.push(") ").push(self.page);
        self.sorted(&mut query, descending);
        query.done()
    }

    fn sorted(&self, query: &mut Query, descending: bool) {
        query.push(" ORDER BY ");
        for (index, column) in self.order.columns().enumerate() {
            query.push(if index > 0 { ", " } else { "" }).push(column).push(if descending {
                " DESC"
            } else {
                ""
            });
        }
    }

    /// Adds `AND (key, id) > ($3, $4)`.
    fn bound(&self, query: &mut Query, position: &Position, descending: bool) {
        query.push(" AND (");
        for (index, column) in self.order.columns().enumerate() {
            query.push(if index > 0 { ", " } else { "" }).push(column);
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
    side: Side,
    from: Option<&Position>,
    more_ahead: bool,
    more_behind: bool,
) -> Page<T> {
    if side == Side::Before {
        rows.reverse();
    }
    let begin = from.map(|from| Position { inclusive: !from.inclusive, ..from.clone() });
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
