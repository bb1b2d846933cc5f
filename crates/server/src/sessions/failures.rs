//! Failures to sign in: ten for a name, or so many for an address, within 15 minutes; then a wait that doubles.
//!
//! Those for a name are counted before the password is looked at, so that many tries at once count as many, and under
//! the name that was typed, whether or not somebody has it. Those of an address, which a whole school may share, are
//! counted once the password was wrong. Every replica counts in the database.

use std::net::IpAddr;
use std::time::Duration;

use homeroom_api::{OrganizationId, Timestamp, UserId};

use crate::db::{Read, Tx};
use crate::{App, Result};

const WINDOW: Duration = Duration::from_secs(15 * 60);
/// The first wait, and the longest.
const FIRST_WAIT: Duration = Duration::from_secs(30);
const LONGEST_WAIT: Duration = Duration::from_secs(3600);
/// How many for one name.
const FOR_A_NAME: u32 = 10;

/// Whose failures, and how many are too many.
pub struct Count {
    key: Vec<u8>,
    most: u32,
}

impl Count {
    /// For one name in one organization.
    pub fn of_name(app: &App, organization: &str, name_key: &str) -> Self {
        Self { key: app.keys.hash_failure(&format!("name\n{organization}\n{name_key}")), most: FOR_A_NAME }
    }

    /// For what somebody who is signed in tries.
    pub fn of_person(app: &App, what: &str, organization: &OrganizationId, user: &UserId) -> Self {
        Self { key: app.keys.hash_failure(&format!("{what}\n{organization}\n{user}")), most: FOR_A_NAME }
    }

    /// For one address (IPv6: each /64).
    pub fn of_address(app: &App, address: IpAddr) -> Self {
        Self::of_others(app, "address", address)
    }

    /// For what else an address may not do without end: another `what`, another count, so that who guesses codes in
    /// a school keeps nobody there from signing in.
    pub fn of_others(app: &App, what: &str, address: IpAddr) -> Self {
        let address = crate::http::limited(address);
        Self {
            key: app.keys.hash_failure(&format!("{what}\n{address}")),
            most: app.settings.signin_failures_address,
        }
    }
}

/// Until when to wait, where there were too many.
pub async fn wait(tx: &mut impl Read, count: &Count, now: Timestamp) -> Result<Option<Timestamp>> {
    let sql = "SELECT wait_until FROM signin_failures WHERE key_hash = $1 AND wait_until > $2";
    let waits: Option<(Timestamp,)> = tx.optional(sql, (count.key.as_slice(), now)).await?;
    Ok(waits.map(|(until,)| until))
}

/// Counts one more failure; until when to wait instead, where there were too many.
pub async fn count(app: &App, tx: &mut Tx, count: &Count) -> Result<Option<Timestamp>> {
    let now = app.clock.now();
    let (failures, wait_until) = add(tx, count, now).await?;
    if now < wait_until {
        return Ok(Some(wait_until));
    }
    let over = (u32::try_from(failures).unwrap_or(u32::MAX) + 1).saturating_sub(count.most);
    if over > 0 && count.most > 0 {
        // This one goes through; the next waits.
        let wait = FIRST_WAIT.saturating_mul(1 << (over - 1).min(20)).min(LONGEST_WAIT);
        set_wait(tx, count, now + wait).await?;
    }
    Ok(None)
}

/// One more failure, unless a wait is on: the count and the end of the wait. A window that is over begins anew.
async fn add(tx: &mut Tx, count: &Count, now: Timestamp) -> Result<(i64, Timestamp)> {
    Ok(tx
        .one(
            "INSERT INTO signin_failures (key_hash, failures, since, wait_until, expires_at)
             VALUES ($1, 1, $2, 0, $3)
             ON CONFLICT (key_hash) DO UPDATE SET
                 failures = CASE WHEN signin_failures.expires_at <= $2 THEN 1
                                 WHEN signin_failures.wait_until > $2 THEN signin_failures.failures
                                 ELSE signin_failures.failures + 1 END,
                 since = CASE WHEN signin_failures.expires_at <= $2 THEN $2 ELSE signin_failures.since END,
                 wait_until = CASE WHEN signin_failures.expires_at <= $2 THEN 0 ELSE signin_failures.wait_until END,
                 expires_at = CASE WHEN signin_failures.expires_at <= $2 THEN $3 ELSE signin_failures.expires_at END
             RETURNING failures, wait_until",
            (count.key.as_slice(), now, now + WINDOW),
        )
        .await?)
}

/// The wait is part of the window: after it the next failure makes the next wait twice as long.
async fn set_wait(tx: &mut Tx, count: &Count, until: Timestamp) -> Result<()> {
    let sql = "UPDATE signin_failures SET wait_until = $2, expires_at = $3 WHERE key_hash = $1";
    tx.execute(sql, (count.key.as_slice(), until, until + WINDOW)).await?;
    Ok(())
}

/// Takes one failure back, and the wait that it made: it was none.
pub async fn take_back(tx: &mut Tx, count: &Count) -> Result<()> {
    let sql = "UPDATE signin_failures SET failures = failures - 1, wait_until = 0 WHERE key_hash = $1";
    tx.execute(sql, (count.key.as_slice(),)).await?;
    Ok(())
}

/// Forgets the failures of a name: its owner has come.
pub async fn forget(tx: &mut Tx, count: &Count) -> Result<()> {
    tx.execute("DELETE FROM signin_failures WHERE key_hash = $1", (count.key.as_slice(),)).await?;
    Ok(())
}

/// Deletes up to `most` counts whose time is over.
pub async fn prune(tx: &mut Tx, now: Timestamp, most: i64) -> Result<u64> {
    Ok(tx
        .execute(
            "DELETE FROM signin_failures WHERE key_hash IN
                 (SELECT key_hash FROM signin_failures WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            (now, most),
        )
        .await?)
}
