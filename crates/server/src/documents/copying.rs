//! Documents of a score that goes to another organization. One that is there already is used once more; any other is
//! copied before, a few pieces in a transaction, as one that is not finished: until it is used nobody sees it, and if it
//! never is, upkeep gives it up.

use homeroom_api::{OrganizationId, ScoreId, Timestamp, UserId};

use super::{DocumentId, sweep_some};
use crate::db::{Read as _, Tx};
use crate::{Error, Result};

/// Pieces in one statement.
const AT_ONCE: i64 = 4;

/// Copies a few pieces of a document of `score` that the organization `to` does not have; how many, 0 where it has all.
pub async fn copy_some(
    tx: &mut Tx,
    organization: &OrganizationId,
    score: &ScoreId,
    to: &OrganizationId,
    now: Timestamp,
) -> Result<u64> {
    let Some(document) = first_missing(tx, organization, score, to).await? else { return Ok(0) };
    let sql = "INSERT INTO documents (organization_id, id, hash, size, stored, uses, created_at)
               SELECT $3, id, hash, size, FALSE, 0, CAST($4 AS BIGINT) FROM documents
               WHERE organization_id = $1 AND id = $2
               ON CONFLICT (organization_id, id) DO NOTHING";
    tx.execute(sql, (organization, &document, to, now)).await?;
    let sql = "INSERT INTO document_pieces (organization_id, document_id, position, bytes)
               SELECT $3, document_id, position, bytes FROM document_pieces
               WHERE organization_id = $1 AND document_id = $2 AND position >
                   (SELECT coalesce(max(q.position), -1) FROM document_pieces q
                    WHERE q.organization_id = $3 AND q.document_id = $2)
               ORDER BY position LIMIT $4";
    Ok(tx.execute(sql, (organization, &document, to, AT_ONCE)).await?)
}

/// A document of the score that is neither stored there nor copied to its end.
async fn first_missing(
    tx: &mut Tx,
    organization: &OrganizationId,
    score: &ScoreId,
    to: &OrganizationId,
) -> Result<Option<DocumentId>> {
    let sql = "SELECT d.id FROM score_revisions r
               JOIN documents d ON d.organization_id = r.organization_id AND d.id = r.document_id
               WHERE r.organization_id = $1 AND r.score_id = $2
                 AND NOT EXISTS (SELECT 1 FROM documents e
                                 WHERE e.organization_id = $3 AND e.hash = d.hash AND e.stored)
                 AND (SELECT count(*) FROM document_pieces p WHERE p.organization_id = $1 AND p.document_id = d.id)
                   > (SELECT count(*) FROM document_pieces p WHERE p.organization_id = $3 AND p.document_id = d.id)
               LIMIT 1";
    Ok(tx.optional::<(DocumentId,)>(sql, (organization, score, to)).await?.map(|(id,)| id))
}

/// Gives up what was copied to the organization `to` of documents of somebody who does not arrive there, and deletes some
/// of it. How many rows.
pub async fn drop_copies(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    to: &OrganizationId,
) -> Result<u64> {
    let sql = "UPDATE documents SET created_at = 0 WHERE NOT stored AND (organization_id, id) IN
                   (SELECT e.organization_id, e.id FROM documents e
                    WHERE e.uses = 0 AND e.created_at > 0 AND e.organization_id = $3 AND EXISTS
                        (SELECT 1 FROM score_revisions r JOIN scores s
                         ON s.organization_id = r.organization_id AND s.id = r.score_id
                         WHERE r.organization_id = $1 AND r.document_id = e.id AND s.user_id = $2))";
    let given_up = tx.execute(sql, (organization, user, to)).await?;
    Ok(given_up + sweep_some(tx, to).await?)
}

/// Has the documents of `score` used in the organization `to` as often as they are by it: they are all there.
pub async fn use_copies(
    tx: &mut Tx,
    organization: &OrganizationId,
    score: &ScoreId,
    to: &OrganizationId,
) -> Result<()> {
    let sql = "SELECT d.id, d.hash, count(*) FROM score_revisions r
               JOIN documents d ON d.organization_id = r.organization_id AND d.id = r.document_id
               WHERE r.organization_id = $1 AND r.score_id = $2 GROUP BY d.id, d.hash ORDER BY d.hash";
    let used: Vec<(DocumentId, Vec<u8>, i64)> = tx.all(sql, (organization, score)).await?;
    for (document, hash, uses) in used {
        let sql = "UPDATE documents SET uses = uses + $3 WHERE organization_id = $1 AND hash = $2 AND stored";
        if tx.execute(sql, (to, hash, uses)).await? > 0 {
            continue;
        }
        let sql = "UPDATE documents SET stored = TRUE, uses = $3
                   WHERE organization_id = $1 AND id = $2 AND NOT stored AND uses = 0 AND created_at > 0";
        if tx.execute(sql, (to, &document, uses)).await? == 0 {
            return Err(Error::unavailable("a document went while its score was moved"));
        }
    }
    Ok(())
}
