//! The tables that a database has, as its schema tells: columns, keys, and which refer to which.

use std::collections::BTreeMap;

use super::{Db, Error, Query, Read as _, Result, Value};
use crate::db::{Engine, Sql};

/// What is not copied: it is made from the rest, or says how the schema came about.
const DERIVED: &[&str] = &["refinery_schema_history", "user_search_rows"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Int,
    Bool,
    Bytes,
}

#[derive(Debug)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
    /// The place in the primary key, from 1; 0 where it is not in it.
    key: i64,
}

#[derive(Debug)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
}

impl Table {
    /// For people and for comparison.
    pub fn shape(&self) -> String {
        let mut columns: Vec<String> =
            self.columns.iter().map(|column| format!("{} {:?}", column.name, column.kind)).collect();
        columns.sort();
        format!("{} ({})", self.name, columns.join(", "))
    }

    pub fn names(&self) -> String {
        self.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// The columns of the primary key, in its order, each with its place in a row.
    fn key(&self) -> Vec<(usize, &str)> {
        let mut key: Vec<_> = self.columns.iter().enumerate().filter(|(_, column)| column.key > 0).collect();
        key.sort_by_key(|(_, column)| column.key);
        key.into_iter().map(|(place, column)| (place, column.name.as_str())).collect()
    }

    pub fn key_of(&self, row: &[Value]) -> Vec<Value> {
        self.key().into_iter().map(|(place, _)| row[place].clone()).collect()
    }

    /// The statement for the next rows behind a key.
    pub fn page(&self, last: Option<Vec<Value>>, limit: i64) -> (Sql, Vec<Value>) {
        let key = self.key().into_iter().map(|(_, name)| name).collect::<Vec<_>>().join(", ");
        let mut query = Query::new(Vec::new());
        query.name("SELECT ").name(&self.names()).name(" FROM ").name(&self.name);
        if let Some(last) = last {
            query.name(&format!(" WHERE ({key}) > (")).bind_all(last).push(")");
        }
        query.name(&format!(" ORDER BY {key} LIMIT ")).bind(limit);
        query.done()
    }

    /// SQLite has no booleans.
    pub fn typed(&self, row: Vec<Value>) -> Vec<Value> {
        let typed = |(value, column): (Value, &Column)| match (value, column.kind) {
            (Value::Int(int), Kind::Bool) => Value::Bool(int != 0),
            (value, _) => value,
        };
        row.into_iter().zip(&self.columns).map(typed).collect()
    }
}

/// Every table that is copied, those first that others refer to.
pub async fn tables(db: &Db) -> Result<Vec<Table>> {
    let mut conn = db.read().await?;
    let columns: Vec<(String, String, String, i64)> = conn.all(columns_of(db.engine()), ()).await?;
    let references: Vec<(String, String)> = conn.all(references_of(db.engine()), ()).await?;
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    for (table, name, kind, key) in columns {
        if DERIVED.contains(&table.as_str()) {
            continue;
        }
        let kind = kind_of(&kind).ok_or_else(|| Error::bug("a column has a type that is not one of ours"))?;
        let entry = tables.entry(table.clone()).or_insert_with(|| Table { name: table, columns: Vec::new() });
        entry.columns.push(Column { name, kind, key });
    }
    if tables.values().any(|table| table.key().is_empty()) {
        return Err(Error::bug("a table has no primary key"));
    }
    Ok(in_order(tables, &references))
}

fn kind_of(name: &str) -> Option<Kind> {
    match name.to_ascii_uppercase().as_str() {
        "TEXT" => Some(Kind::Text),
        "BIGINT" => Some(Kind::Int),
        "BOOLEAN" => Some(Kind::Bool),
        "BYTEA" => Some(Kind::Bytes),
        _ => None,
    }
}

/// Table, column, type, place in the key. Virtual tables and what they keep their things in are not of type `table`.
const fn columns_of(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "SELECT t.name, c.name, c.type, c.pk FROM pragma_table_list t JOIN pragma_table_info(t.name) c
             WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid"
        }
        Engine::Postgres => {
            "SELECT CAST(c.table_name AS TEXT), CAST(c.column_name AS TEXT), CAST(c.data_type AS TEXT),
                    CAST(coalesce(k.ordinal_position, 0) AS BIGINT)
             FROM information_schema.columns c
             JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
             LEFT JOIN information_schema.table_constraints p
               ON p.table_schema = c.table_schema AND p.table_name = c.table_name AND p.constraint_type = 'PRIMARY KEY'
             LEFT JOIN information_schema.key_column_usage k
               ON k.constraint_schema = p.constraint_schema AND k.constraint_name = p.constraint_name
                  AND k.table_name = c.table_name AND k.column_name = c.column_name
             WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
             ORDER BY c.table_name, c.ordinal_position"
        }
    }
}

/// Which table refers to which.
const fn references_of(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "SELECT t.name, f.\"table\" FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) f
             WHERE t.schema = 'main'"
        }
        Engine::Postgres => {
            "SELECT CAST(r.relname AS TEXT), CAST(t.relname AS TEXT) FROM pg_constraint c
             JOIN pg_class r ON r.oid = c.conrelid JOIN pg_class t ON t.oid = c.confrelid
             WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace"
        }
    }
}

/// A table comes after all that it refers to; itself does not count.
fn in_order(mut tables: BTreeMap<String, Table>, references: &[(String, String)]) -> Vec<Table> {
    let mut ordered = Vec::new();
    while !tables.is_empty() {
        let waits = |name: &String| {
            references.iter().any(|(from, to)| from == name && to != name && tables.contains_key(to))
        };
        let next = tables.keys().find(|name| !waits(name)).or_else(|| tables.keys().next()).cloned();
        ordered.extend(next.and_then(|name| tables.remove(&name)));
    }
    ordered
}
