//! In debug builds: the plan of every statement that ran on a database, so that a test can refuse one that scans.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use rusqlite::Connection;

/// Statements, each with the steps of its plan.
pub type Plans = Arc<Mutex<BTreeMap<String, Vec<String>>>>;

thread_local! {
    static OF_THIS_THREAD: RefCell<Option<Plans>> = const { RefCell::new(None) };
}

/// Has this thread note its statements in `plans`.
pub fn note_in(plans: Plans) {
    OF_THIS_THREAD.set(Some(plans));
}

/// Notes the plan of `sql`, once.
pub fn note(connection: &Connection, sql: &str) {
    OF_THIS_THREAD.with_borrow(|plans| {
        let Some(Ok(mut plans)) = plans.as_ref().map(|plans| plans.lock()) else { return };
        if !plans.contains_key(sql) {
            plans.insert(sql.to_owned(), plan(connection, sql).unwrap_or_default());
        }
    });
}

fn plan(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
    // As it is, without arguments: `query` would want them.
    statement.raw_query().mapped(|row| row.get(3)).collect()
}
