//! Which licence counts, for each user and for the whole organization.

use homeroom_api::{LicenseId, OrganizationId, Timestamp, UserId};

use super::License;
use super::store;
use crate::Result;
use crate::db::{Read, Tx};

type Choice = (LicenseId, Timestamp, Timestamp);

/// Chooses again among the seats that a user holds.
pub async fn choose_seat(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    now: Timestamp,
) -> Result<()> {
    let counts: Option<Choice> = tx
        .optional(
            "SELECT l.id, l.starts_at, l.expires_at FROM license_users s
             JOIN licenses l ON l.organization_id = s.organization_id AND l.id = s.license_id
             WHERE s.organization_id = $1 AND s.user_id = $2
             ORDER BY CASE WHEN l.starts_at <= $3 AND $3 < l.expires_at THEN 0 ELSE 1 END, l.expires_at DESC, l.id
             LIMIT 1",
            (organization, user, now),
        )
        .await?;
    let (license, starts_at, expires_at) = split(counts);
    tx.execute(
        "UPDATE users SET seat_license_id = $3, seat_starts_at = $4, seat_expires_at = $5
         WHERE organization_id = $1 AND id = $2",
        (organization, user, license.as_ref(), starts_at, expires_at),
    )
    .await?;
    Ok(())
}

/// Chooses again which licences count in an organization, and notes when that may change next.
pub async fn settle(tx: &mut Tx, organization: &OrganizationId, now: Timestamp) -> Result<()> {
    settle_site(tx, organization, now).await?;
    let several: Vec<(UserId,)> = tx
        .all(
            "SELECT user_id FROM license_users WHERE organization_id = $1 GROUP BY user_id HAVING count(*) > 1",
            (organization,),
        )
        .await?;
    for (user,) in several {
        choose_seat(tx, organization, &user, now).await?;
    }
    tx.execute(
        "UPDATE organizations SET licenses_change_at = coalesce(
             (SELECT min(CASE WHEN starts_at > $2 THEN starts_at ELSE expires_at END)
              FROM licenses WHERE organization_id = $1 AND expires_at > $2), 0)
         WHERE id = $1",
        (organization, now),
    )
    .await?;
    Ok(())
}

async fn settle_site(tx: &mut Tx, organization: &OrganizationId, now: Timestamp) -> Result<()> {
    let counts: Option<Choice> = tx
        .optional(
            "SELECT id, starts_at, expires_at FROM licenses
             WHERE organization_id = $1 AND mode = 'site'
             ORDER BY CASE WHEN starts_at <= $2 AND $2 < expires_at THEN 0 ELSE 1 END, expires_at DESC, id
             LIMIT 1",
            (organization, now),
        )
        .await?;
    let (license, starts_at, expires_at) = split(counts);
    tx.execute(
        "UPDATE organizations SET site_license_id = $2, site_starts_at = $3, site_expires_at = $4 WHERE id = $1",
        (organization, license.as_ref(), starts_at, expires_at),
    )
    .await?;
    Ok(())
}

/// The columns of a licence that counts; 0 stands for missing.
fn split(counts: Option<Choice>) -> (Option<LicenseId>, Timestamp, Timestamp) {
    counts.map_or((None, Timestamp::default(), Timestamp::default()), |(id, from, to)| (Some(id), from, to))
}

/// Gives those for whom `license` counts its new dates, and chooses again.
pub async fn move_dates(
    tx: &mut Tx,
    organization: &OrganizationId,
    license: &License,
    now: Timestamp,
) -> Result<()> {
    let License { id, starts_at, expires_at, .. } = license;
    tx.execute(
        "UPDATE users SET seat_starts_at = $3, seat_expires_at = $4
         WHERE organization_id = $1 AND seat_license_id = $2
           AND id IN (SELECT user_id FROM license_users WHERE organization_id = $1 AND license_id = $2)",
        (organization, id, *starts_at, *expires_at),
    )
    .await?;
    settle(tx, organization, now).await
}

/// Deletes a licence with its seats, and chooses again. Nobody took a seat from those who held one: they may be given
/// another.
pub async fn forget(
    tx: &mut Tx,
    organization: &OrganizationId,
    license: &LicenseId,
    now: Timestamp,
) -> Result<()> {
    let with_others: Vec<(UserId,)> = tx
        .all(
            "SELECT s.user_id FROM license_users s WHERE s.organization_id = $1 AND s.license_id = $2
               AND EXISTS (SELECT 1 FROM license_users o WHERE o.organization_id = s.organization_id
                             AND o.user_id = s.user_id AND o.license_id <> s.license_id)",
            (organization, license),
        )
        .await?;
    tx.execute(
        "UPDATE users SET seat_license_id = NULL, seat_starts_at = 0, seat_expires_at = 0, seat_given_at = 0
         WHERE organization_id = $1
           AND id IN (SELECT user_id FROM license_users WHERE organization_id = $1 AND license_id = $2)",
        (organization, license),
    )
    .await?;
    store::delete(tx, organization, license).await?;
    for (user,) in with_others {
        choose_seat(tx, organization, &user, now).await?;
    }
    settle(tx, organization, now).await
}

/// Whether the organization has, or had, a licence for everybody.
pub async fn has_site(conn: &mut impl Read, organization: &OrganizationId) -> Result<bool> {
    let sql = "SELECT id FROM organizations WHERE id = $1 AND site_expires_at > 0";
    Ok(conn.optional::<(OrganizationId,)>(sql, (organization,)).await?.is_some())
}

/// The organizations in which a licence has begun or ended since it was last settled.
pub async fn due(conn: &mut impl Read, now: Timestamp) -> Result<Vec<OrganizationId>> {
    let sql = "SELECT id FROM organizations WHERE licenses_change_at > 0 AND licenses_change_at <= $1";
    Ok(conn.all::<(OrganizationId,)>(sql, (now,)).await?.into_iter().map(|(id,)| id).collect())
}
