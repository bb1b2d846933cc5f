use homeroom_api::{LicenseId, LicenseMode, LicenseSource, OrganizationId, Timestamp, UserId};

use crate::Result;
use crate::db::{Read, Tx};

pub struct NewLicense {
    pub id: LicenseId,
    pub mode: LicenseMode,
    pub source: LicenseSource,
    pub seats: i64,
    pub starts_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Makes a licence; one of mode `site` covers everybody from then on.
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

/// Gives a user a seat of a licence.
pub async fn assign(
    tx: &mut Tx,
    organization: &OrganizationId,
    license: &LicenseId,
    user: &UserId,
    now: Timestamp,
) -> Result<()> {
    tx.execute(
        "INSERT INTO license_users (organization_id, license_id, user_id) VALUES ($1, $2, $3)
         ON CONFLICT (organization_id, license_id, user_id) DO NOTHING",
        (organization, license, user),
    )
    .await?;
    choose_seat(tx, organization, user, now).await
}

type Choice = (LicenseId, Timestamp, Timestamp);

async fn choose_seat(
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
