use homeroom_api::{LicenseId, LicenseMode, LicenseSource, OrganizationId, Timestamp, UserId};

use super::settle;
use crate::Result;
use crate::db::{self, FromRow, Read, Row, Tx};

/// A licence, and how many hold a seat of it. One of mode `site` has no seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct License {
    pub id: LicenseId,
    pub mode: LicenseMode,
    pub source: LicenseSource,
    pub seats: i64,
    pub seats_used: i64,
    pub starts_at: Timestamp,
    pub expires_at: Timestamp,
    pub created_at: Timestamp,
}

impl FromRow for License {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.take()?,
            mode: row.take()?,
            source: row.take()?,
            seats: row.take()?,
            seats_used: row.take()?,
            starts_at: row.take()?,
            expires_at: row.take()?,
            created_at: row.take()?,
        })
    }
}

/// A licence to insert.
pub struct NewLicense {
    pub id: LicenseId,
    pub mode: LicenseMode,
    pub source: LicenseSource,
    pub seats: i64,
    pub starts_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Makes a licence, and chooses again which ones count.
pub async fn insert(
    tx: &mut Tx,
    organization: &OrganizationId,
    license: &NewLicense,
    now: Timestamp,
) -> Result<()> {
    let NewLicense { id, mode, source, seats, starts_at, expires_at } = license;
    tx.execute(
        "INSERT INTO licenses (organization_id, id, mode, source, seats, starts_at, expires_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        (organization, id, *mode, *source, *seats, *starts_at, *expires_at, now),
    )
    .await?;
    settle(tx, organization, now).await
}

/// All licences, in the order of their creation.
pub async fn list(conn: &mut impl Read, organization: &OrganizationId) -> Result<Vec<License>> {
    let sql = "SELECT id, mode, source, seats, seats_used, starts_at, expires_at, created_at FROM licenses
               WHERE organization_id = $1 ORDER BY id";
    Ok(conn.all(sql, (organization,)).await?)
}

pub async fn find(
    conn: &mut impl Read,
    organization: &OrganizationId,
    license: &LicenseId,
) -> Result<Option<License>> {
    let sql = "SELECT id, mode, source, seats, seats_used, starts_at, expires_at, created_at FROM licenses
               WHERE organization_id = $1 AND id = $2";
    Ok(conn.optional(sql, (organization, license)).await?)
}

/// Saves what can change of a licence; whether it has a seat for all who hold one.
pub async fn save(tx: &mut Tx, organization: &OrganizationId, license: &License) -> Result<bool> {
    let License { id, source, seats, starts_at, expires_at, .. } = license;
    let saved = tx
        .execute(
            "UPDATE licenses SET source = $3, seats = $4, starts_at = $5, expires_at = $6
             WHERE organization_id = $1 AND id = $2 AND seats_used <= $4",
            (organization, id, *source, *seats, *starts_at, *expires_at),
        )
        .await?;
    Ok(saved > 0)
}

/// Deletes a licence, and with it who holds a seat of it.
pub async fn delete(tx: &mut Tx, organization: &OrganizationId, license: &LicenseId) -> Result<()> {
    tx.execute("DELETE FROM licenses WHERE organization_id = $1 AND id = $2", (organization, license))
        .await?;
    Ok(())
}

/// Writes down that the user holds a seat; whether they did not before.
pub async fn hold_seat(
    tx: &mut Tx,
    organization: &OrganizationId,
    license: &LicenseId,
    user: &UserId,
) -> Result<bool> {
    let sql = "INSERT INTO license_users (organization_id, license_id, user_id) VALUES ($1, $2, $3)
               ON CONFLICT (organization_id, license_id, user_id) DO NOTHING";
    Ok(tx.execute(sql, (organization, license, user)).await? > 0)
}

/// Whether the user held a seat, which they no longer do.
pub async fn let_go_of_seat(
    tx: &mut Tx,
    organization: &OrganizationId,
    license: &LicenseId,
    user: &UserId,
) -> Result<bool> {
    let sql = "DELETE FROM license_users WHERE organization_id = $1 AND license_id = $2 AND user_id = $3";
    Ok(tx.execute(sql, (organization, license, user)).await? > 0)
}

/// Counts a seat; whether one was free.
pub async fn use_seat(tx: &mut Tx, organization: &OrganizationId, license: &LicenseId) -> Result<bool> {
    let sql = "UPDATE licenses SET seats_used = seats_used + 1
               WHERE organization_id = $1 AND id = $2 AND mode = 'credit' AND seats_used < seats";
    Ok(tx.execute(sql, (organization, license)).await? > 0)
}

pub async fn free_seat(tx: &mut Tx, organization: &OrganizationId, license: &LicenseId) -> Result<()> {
    let sql = "UPDATE licenses SET seats_used = seats_used - 1 WHERE organization_id = $1 AND id = $2";
    tx.execute(sql, (organization, license)).await?;
    Ok(())
}

/// Whether a user who is there is a test student, who gets no seat.
pub async fn is_test(
    conn: &mut impl Read,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Option<bool>> {
    let sql = "SELECT is_test FROM users WHERE organization_id = $1 AND id = $2 AND removed_at IS NULL";
    Ok(conn.optional::<(bool,)>(sql, (organization, user)).await?.map(|(is_test,)| is_test))
}

/// Notes when a user was given a seat for the first time.
pub async fn note_given(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    now: Timestamp,
) -> Result<()> {
    let sql =
        "UPDATE users SET seat_given_at = $3 WHERE organization_id = $1 AND id = $2 AND seat_given_at = 0";
    tx.execute(sql, (organization, user, now)).await?;
    Ok(())
}

/// The licence of which a user who signs in for the first time gets a seat, if there is one: of the active ones with
/// a free seat the one that ends last. Nobody needs one while a site licence is active.
pub async fn offered(
    conn: &mut impl Read,
    organization: &OrganizationId,
    user: &UserId,
    now: Timestamp,
) -> Result<Option<LicenseId>> {
    let found: Option<(LicenseId,)> = conn
        .optional(
            "SELECT l.id FROM organizations o
             JOIN users u ON u.organization_id = o.id AND u.id = $2 AND u.removed_at IS NULL AND u.seat_given_at = 0
              AND NOT u.is_test AND NOT (u.seat_starts_at <= $3 AND $3 < u.seat_expires_at)
             JOIN licenses l ON l.organization_id = o.id AND l.mode = 'credit' AND l.starts_at <= $3
              AND $3 < l.expires_at AND l.seats_used < l.seats
             WHERE o.id = $1 AND o.assigns_seats AND NOT (o.site_starts_at <= $3 AND $3 < o.site_expires_at)
             ORDER BY l.expires_at DESC, l.id LIMIT 1",
            (organization, user, now),
        )
        .await?;
    Ok(found.map(|(license,)| license))
}

/// Whether people get a seat by themselves.
pub async fn assigns_seats(conn: &mut impl Read, organization: &OrganizationId) -> Result<bool> {
    let sql = "SELECT assigns_seats FROM organizations WHERE id = $1";
    Ok(conn.one::<(bool,)>(sql, (organization,)).await?.0)
}

pub async fn set_assigns_seats(tx: &mut Tx, organization: &OrganizationId, assigns: bool) -> Result<()> {
    let sql = "UPDATE organizations SET assigns_seats = $2 WHERE id = $1";
    tx.execute(sql, (organization, assigns)).await?;
    Ok(())
}

/// The licences of all organizations whose count of seats is not how many hold one: there are none, whatever happened.
pub async fn miscounted(conn: &mut impl Read) -> Result<Vec<LicenseId>> {
    let sql = "SELECT l.id FROM licenses l WHERE l.seats_used > l.seats OR l.seats_used <>
                   (SELECT count(*) FROM license_users s
                    WHERE s.organization_id = l.organization_id AND s.license_id = l.id)";
    Ok(conn.all::<(LicenseId,)>(sql, ()).await?.into_iter().map(|(id,)| id).collect())
}
