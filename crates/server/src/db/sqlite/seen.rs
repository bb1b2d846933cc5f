//! In debug builds: the statements that ran on a database and the plan of each, so that a test can refuse one that scans,
//! and how many ran.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use rusqlite::Connection;

/// What ran so far.
#[derive(Default)]
pub struct Seen {
    /// Statements, each with the steps of its plan.
    pub plans: Mutex<BTreeMap<String, Vec<String>>>,
    /// How often any of them ran.
    pub runs: AtomicU64,
}

thread_local! {
    static OF_THIS_THREAD: RefCell<Option<Arc<Seen>>> = const { RefCell::new(None) };
}

/// Has this thread note its statements in `seen`.
pub fn note_in(seen: Arc<Seen>) {
    OF_THIS_THREAD.set(Some(seen));
}

/// Counts `sql`, and notes its plan once.
pub fn note(connection: &Connection, sql: &str) {
    OF_THIS_THREAD.with_borrow(|seen| {
        let Some(seen) = seen else { return };
        seen.runs.fetch_add(1, Ordering::Relaxed);
        let Ok(mut plans) = seen.plans.lock() else { return };
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
