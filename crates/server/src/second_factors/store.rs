use homeroom_api::{OrganizationId, Timestamp, UserId};

use super::Factor;
use crate::Result;
use crate::db::{Read, Tx};

pub async fn find(
    conn: &mut impl Read,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Option<Factor>> {
    let sql = "SELECT f.created_at, (SELECT count(*) FROM recovery_codes c
                                     WHERE c.organization_id = f.organization_id AND c.user_id = f.user_id)
               FROM second_factors f WHERE f.organization_id = $1 AND f.user_id = $2";
    let found: Option<(Timestamp, i64)> = conn.optional(sql, (organization, user)).await?;
    Ok(found.map(|(since, recovery_left)| Factor { since, recovery_left }))
}

/// The encrypted secret, and the step of the last code that was used.
pub async fn secret(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Option<(Vec<u8>, i64)>> {
    let sql = "SELECT secret, last_step FROM second_factors WHERE organization_id = $1 AND user_id = $2";
    Ok(tx.optional(sql, (organization, user)).await?)
}

/// Whether there was none.
pub async fn insert(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    sealed: Vec<u8>,
    step: i64,
    now: Timestamp,
) -> Result<bool> {
    let inserted = tx
        .execute(
            "INSERT INTO second_factors (organization_id, user_id, secret, last_step, created_at)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organization_id, user_id) DO NOTHING",
            (organization, user, sealed, step, now),
        )
        .await?;
    Ok(inserted > 0)
}

/// Whether no code of this step, or a later one, was used before.
pub async fn use_step(tx: &mut Tx, organization: &OrganizationId, user: &UserId, step: i64) -> Result<bool> {
    let sql = "UPDATE second_factors SET last_step = $3
               WHERE organization_id = $1 AND user_id = $2 AND last_step < $3";
    Ok(tx.execute(sql, (organization, user, step)).await? > 0)
}

pub async fn insert_code(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    hash: &[u8],
) -> Result<()> {
    let sql = "INSERT INTO recovery_codes (organization_id, user_id, code_hash) VALUES ($1, $2, $3)";
    tx.execute_later(sql, (organization, user, hash)).await?;
    Ok(())
}

/// Whether there was such a code.
pub async fn use_code(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    hash: &[u8],
) -> Result<bool> {
    let sql = "DELETE FROM recovery_codes WHERE organization_id = $1 AND user_id = $2 AND code_hash = $3";
    Ok(tx.execute(sql, (organization, user, hash)).await? > 0)
}

pub async fn count_codes(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<i64> {
    let sql = "SELECT count(*) FROM recovery_codes WHERE organization_id = $1 AND user_id = $2";
    let (count,): (i64,) = tx.one(sql, (organization, user)).await?;
    Ok(count)
}

pub async fn delete_codes(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    let sql = "DELETE FROM recovery_codes WHERE organization_id = $1 AND user_id = $2";
    tx.execute(sql, (organization, user)).await?;
    Ok(())
}

/// Deletes the second factor of a user, with its recovery codes. Whether there was one.
pub async fn forget(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<bool> {
    delete_codes(tx, organization, user).await?;
    let sql = "DELETE FROM second_factors WHERE organization_id = $1 AND user_id = $2";
    Ok(tx.execute(sql, (organization, user)).await? > 0)
}
