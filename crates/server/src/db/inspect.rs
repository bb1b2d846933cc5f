//! Looking at a database without changing it.

use super::{Db, Engine, Read as _, Result, migrate};

impl Db {
    /// The number of the last migration that was applied, and of the last one that this program knows.
    pub async fn schema(&self) -> Result<(i64, i64)> {
        let applied: Option<(Option<i64>,)> = self
            .read()
            .await?
            .optional("SELECT CAST(max(version) AS BIGINT) FROM refinery_schema_history", ())
            .await
            .unwrap_or(None); // there is no such table yet
        Ok((applied.and_then(|(version,)| version).unwrap_or(0), migrate::latest()))
    }

    /// What is damaged: each problem a sentence; none where all is well. Reads the whole file.
    pub async fn damage(&self) -> Result<Vec<String>> {
        if self.engine() == Engine::Postgres {
            return Ok(Vec::new());
        }
        let mut conn = self.read().await?;
        let found: Vec<(String,)> = conn.all("PRAGMA integrity_check", ()).await?;
        let mut problems: Vec<String> =
            found.into_iter().map(|(line,)| line).filter(|line| line != "ok").collect();
        let orphans: Vec<(String,)> = conn.all("SELECT \"table\" FROM pragma_foreign_key_check", ()).await?;
        problems.extend(
            orphans.into_iter().map(|(table,)| format!("a row of {table} refers to a row that is not there")),
        );
        Ok(problems)
    }

    /// The instant of the newest audit event, in Unix milliseconds; 0 where there is none.
    pub async fn newest_event(&self) -> Result<i64> {
        let (newest,): (i64,) =
            self.read().await?.one("SELECT coalesce(max(at), 0) FROM audit_events", ()).await?;
        Ok(newest)
    }

    /// The statements that ran so far on SQLite, each with the steps of its plan.
    #[cfg(debug_assertions)]
    pub fn plans(&self) -> std::collections::BTreeMap<String, Vec<String>> {
        match &self.0 {
            super::Backend::Sqlite(sqlite) => {
                sqlite.seen.plans.lock().map(|plans| plans.clone()).unwrap_or_default()
            }
            super::Backend::Postgres(_) => std::collections::BTreeMap::new(),
        }
    }

    /// How often a statement ran so far on SQLite.
    #[cfg(debug_assertions)]
    pub fn runs(&self) -> u64 {
        match &self.0 {
            super::Backend::Sqlite(sqlite) => sqlite.seen.runs.load(std::sync::atomic::Ordering::Relaxed),
            super::Backend::Postgres(_) => 0,
        }
    }

    /// The statements that ran so far.
    #[cfg(debug_assertions)]
    pub fn statements(&self) -> std::collections::BTreeSet<String> {
        match &self.0 {
            super::Backend::Sqlite(_) => self.plans().into_keys().collect(),
            super::Backend::Postgres(pool) => pool.seen.lock().map(|seen| seen.clone()).unwrap_or_default(),
        }
    }
}
