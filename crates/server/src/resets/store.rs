use homeroom_api::{OrganizationId, Timestamp, UserId};

use crate::Result;
use crate::db::{Read, Tx};

/// The accounts with an address that have this name, or share it as their address: a hundred at most.
pub async fn find_by_name(
    conn: &mut impl Read,
    organization: &OrganizationId,
    key: &str,
) -> Result<Vec<UserId>> {
    let found: Vec<(UserId,)> = conn
        .all(
            "SELECT id FROM users
             WHERE organization_id = $1 AND username_key = $2 AND email_key <> '' AND removed_at IS NULL
             UNION SELECT id FROM users
             WHERE organization_id = $1 AND email_key = $2 AND email_key <> '' AND removed_at IS NULL
             ORDER BY 1 LIMIT 100",
            (organization, key),
        )
        .await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// How many mails for a new password an account got.
pub async fn count_since(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    since: Timestamp,
) -> Result<i64> {
    let sql = "SELECT CAST(count(*) AS BIGINT) FROM mailed_links
               WHERE organization_id = $1 AND user_id = $2 AND kind = 'reset' AND created_at > $3";
    Ok(tx.one::<(i64,)>(sql, (organization, user, since)).await?.0)
}

pub async fn has_second_factor(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<bool> {
    let sql = "SELECT user_id FROM second_factors WHERE organization_id = $1 AND user_id = $2";
    Ok(tx.optional::<(UserId,)>(sql, (organization, user)).await?.is_some())
}
