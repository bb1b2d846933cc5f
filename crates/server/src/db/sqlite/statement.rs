//! Running one statement on a connection.

use rusqlite::{CachedStatement, Connection};

use crate::db::{Error, FromRow, Result, Row, Value};

pub fn all<T: FromRow>(connection: &Connection, sql: &str, args: &[Value]) -> Result<Vec<T>> {
    let mut statement = bound(connection, sql, args)?;
    let mut rows = statement.raw_query();
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(T::from_row(&Row::sqlite(row))?);
    }
    Ok(found)
}

pub fn execute(connection: &Connection, sql: &str, args: &[Value]) -> Result<u64> {
    Ok(bound(connection, sql, args)?.raw_execute()? as u64)
}

/// Prepares `sql` and binds `$n` to the n-th argument. To SQLite `$n` is a name, numbered by its first
/// appearance: binding by position would give `SELECT $2, $1` its arguments the wrong way round.
fn bound<'c>(connection: &'c Connection, sql: &str, args: &[Value]) -> Result<CachedStatement<'c>> {
    #[cfg(debug_assertions)]
    super::seen::note(connection, sql);
    let mut statement = connection.prepare_cached(sql)?;
    let mut highest = 0;
    for index in 1..=statement.parameter_count() {
        let number = number(&statement, index)?;
        let value =
            args.get(number - 1).ok_or_else(|| Error::bug("a statement names more arguments than it got"))?;
        statement.raw_bind_parameter(index, value)?;
        highest = highest.max(number);
    }
    if highest != args.len() {
        return Err(Error::bug("a statement got more arguments than it names"));
    }
    Ok(statement)
}

fn number(statement: &CachedStatement<'_>, index: usize) -> Result<usize> {
    let name = statement.parameter_name(index).and_then(|name| name.strip_prefix('$'));
    let number = name.and_then(|digits| digits.parse().ok()).filter(|number| *number > 0);
    number.ok_or_else(|| Error::bug("placeholders are written $1 to $n"))
}
