//! Filters that lead to few users by an index of their own, on SQLite. PostgreSQL's planner sees for itself.

use homeroom_api::{OrganizationId, TestAccounts};

use super::filter::{Filter, SEAT_EXPIRES};
use crate::Result;
use crate::db::{Conn, Query, Read as _};

/// Up to so many users are looked up and sorted rather than walked to.
const FEW: i64 = 1_000;
/// As [`FEW`], of test accounts, whose index has all that orders need.
const FEW_TESTS: i64 = 4_000;

/// Whether one of the filters alone leads to few users.
pub async fn leads_to_few(
    conn: &mut Conn,
    organization: &OrganizationId,
    filter: &Filter,
    expires: &'static str,
) -> Result<bool> {
    let query = || Query::new(vec![organization.into()]);
    if !filter.groups.is_empty() {
        let mut members = query();
        members.push(
            "SELECT count(*) FROM (SELECT 1 FROM group_users WHERE organization_id = $1 AND group_id IN (",
        );
        members.bind_all(&filter.groups).push(")");
        if is_few(conn, members, FEW).await? {
            return Ok(true);
        }
    }
    if filter.test_accounts == Some(TestAccounts::Only) {
        let mut tests = query();
        tests.push("SELECT count(*) FROM (SELECT 1 FROM users u WHERE u.organization_id = $1 AND u.is_test");
        tests.push(" AND u.removed_at IS NULL");
        if is_few(conn, tests, FEW_TESTS).await? {
            return Ok(true);
        }
    }
    if let (Some((from, to)), SEAT_EXPIRES) = (filter.days(), expires) {
        let mut seats = query();
        seats.push("SELECT count(*) FROM (SELECT 1 FROM users u WHERE u.organization_id = $1");
        seats.push(" AND u.removed_at IS NULL AND u.seat_expires_at >= ").bind(from);
        seats.push(" AND u.seat_expires_at < ").bind(to);
        return is_few(conn, seats, FEW).await;
    }
    Ok(false)
}

/// Whether `SELECT count(*) FROM (SELECT …` finds no more than `most`.
async fn is_few(conn: &mut Conn, mut rows: Query, most: i64) -> Result<bool> {
    rows.push(" LIMIT ").bind(most + 1).push(")");
    let (sql, args) = rows.done();
    let counted: Vec<(i64,)> = conn.fetch(sql, args).await?;
    Ok(counted.first().is_some_and(|(found,)| *found <= most))
}
