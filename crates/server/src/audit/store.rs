use aws_lc_rs::digest::{SHA256, digest};
use homeroom_api::{OrganizationId, Timestamp, UserId};

use super::Event;
use crate::Result;
use crate::db::Tx;

pub async fn insert(tx: &mut Tx, event: &Event<'_>, id: &str, now: Timestamp, salt: &[u8]) -> Result<()> {
    let details = event.details.to_string();
    let hash = digest(&SHA256, &[salt, details.as_bytes()].concat());
    let (organization, actor) = (event.organization, event.actor);
    tx.execute_later(
        "INSERT INTO audit_events (organization_id, id, event, at, actor, actor_token, maker, target, details_hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        (organization, id, event.name, now, actor, event.actor_token, event.maker, event.target, hash.as_ref()),
    )
    .await?;
    tx.execute_later(
        "INSERT INTO audit_details (organization_id, event_id, actor, target, salt, details)
         VALUES ($1, $2, $3, $4, $5, $6)",
        (organization, id, actor, event.about.map(UserId::as_str).or(event.target), salt, details),
    )
    .await?;
    Ok(())
}

/// Deletes up to `most` details rows that tell of `user`; how many.
pub async fn erase_details(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    most: i64,
) -> Result<u64> {
    Ok(tx
        .execute(
            "DELETE FROM audit_details WHERE organization_id = $1 AND event_id IN
                 (SELECT event_id FROM audit_details WHERE organization_id = $1 AND (actor = $2 OR target = $2)
                  LIMIT $3)",
            (organization, user, most),
        )
        .await?)
}
