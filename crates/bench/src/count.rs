//! Bare counts on SQLite, each by the smallest index that holds it.

use std::time::Instant;

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use rusqlite::Connection;

#[derive(Clone, Copy, ValueEnum)]
enum Of {
    All,
    Role,
    Group,
}

/// Count users; prints how many milliseconds it takes
#[derive(Args)]
pub struct Count {
    of: Of,
    #[arg(long)]
    database: String,
    #[arg(long)]
    organization: String,
    #[arg(long)]
    group: String,
}

impl Count {
    pub fn run(self) -> Result<()> {
        let file = self.database.strip_prefix("sqlite://").context("bare counts are for SQLite")?;
        let connection = Connection::open(file)?;
        connection.execute_batch("PRAGMA cache_size = -16384; PRAGMA mmap_size = 2147418112")?;
        let (sql, value) = match self.of {
            Of::All => (
                "SELECT count(*) FROM users WHERE organization_id = ?1 AND removed_at IS NULL AND ?2 = ''",
                "",
            ),
            Of::Role => (
                "SELECT count(*) FROM users WHERE organization_id = ?1 AND role = ?2 AND removed_at IS NULL",
                "teacher",
            ),
            Of::Group => (
                "SELECT count(*) FROM group_users WHERE organization_id = ?1 AND group_id = ?2",
                &*self.group,
            ),
        };
        let mut statement = connection.prepare(sql)?;
        let mut times = Vec::new();
        for _ in 0..15 {
            let started = Instant::now();
            statement.query_row((&self.organization, value), |row| row.get::<_, i64>(0))?;
            times.push(started.elapsed().as_secs_f64() * 1000.0);
        }
        times.sort_by(f64::total_cmp);
        println!("{:.3}", times[times.len() / 2]);
        Ok(())
    }
}
