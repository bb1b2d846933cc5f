//! Documents that nobody uses any more, and those that go to another organization.
//!
//! Who takes the last use from a document takes it out of those that are stored, so that nobody finds it, and notes
//! that it goes: its creation becomes 0. Its pieces are then deleted a few at a time.

use homeroom_api::{OrganizationId, ScoreId, Timestamp};

use crate::Result;
use crate::db::{Read as _, Tx};

/// Pieces in one statement: with 256 KiB each, which are overwritten in the file too.
const PIECES: i64 = 8;

/// Takes `uses` uses from a document; whether it was the last.
pub async fn release(tx: &mut Tx, organization: &OrganizationId, document: &str, uses: i64) -> Result<bool> {
    let sql = "UPDATE documents SET uses = uses - $3, stored = (stored AND uses > $3),
                                    created_at = CASE WHEN uses > $3 THEN created_at ELSE 0 END
               WHERE organization_id = $1 AND id = $2 RETURNING uses";
    let (left,): (i64,) = tx.one(sql, (organization, document, uses)).await?;
    Ok(left <= 0)
}

/// Deletes a few pieces of documents of the organization that are going, or such a document whose pieces are gone; how
/// many rows.
pub async fn delete_some_unused(tx: &mut Tx, organization: &OrganizationId) -> Result<u64> {
    let sql = "SELECT id FROM documents WHERE uses = 0 AND created_at = 0 AND organization_id = $1 LIMIT 1";
    let Some((document,)) = tx.optional::<(String,)>(sql, (organization,)).await? else { return Ok(0) };
    let sql = "DELETE FROM document_pieces WHERE organization_id = $1 AND document_id = $2 AND position IN
                   (SELECT p.position FROM document_pieces p WHERE p.organization_id = $1 AND p.document_id = $2
                    ORDER BY p.position LIMIT $3)";
    let pieces = tx.execute(sql, (organization, &document, PIECES)).await?;
    if pieces > 0 {
        return Ok(pieces);
    }
    let sql = "DELETE FROM documents WHERE organization_id = $1 AND id = $2 AND uses = 0";
    Ok(tx.execute(sql, (organization, &document)).await?)
}

/// Copies a few pieces of a document of `score` that the organization `to` does not have yet; how many rows, 0 where it
/// has all of them.
pub async fn copy_some_of(
    tx: &mut Tx,
    organization: &OrganizationId,
    score: &ScoreId,
    to: &OrganizationId,
    now: Timestamp,
) -> Result<u64> {
    let sql = "SELECT d.id FROM score_revisions r
               JOIN documents d ON d.organization_id = r.organization_id AND d.id = r.document_id
               WHERE r.organization_id = $1 AND r.score_id = $2 AND NOT EXISTS
                   (SELECT 1 FROM documents e WHERE e.organization_id = $3 AND e.hash = d.hash AND e.stored)
               LIMIT 1";
    let missing: Option<(String,)> = tx.optional(sql, (organization, score, to)).await?;
    let Some((document,)) = missing else { return Ok(0) };
    let sql = "INSERT INTO documents (organization_id, id, hash, size, stored, uses, created_at)
               SELECT $3, id, hash, size, FALSE, 0, CAST($4 AS BIGINT) FROM documents WHERE organization_id = $1 AND id = $2
               ON CONFLICT (organization_id, id) DO NOTHING";
    tx.execute(sql, (organization, &document, to, now)).await?;
    let sql = "INSERT INTO document_pieces (organization_id, document_id, position, bytes)
               SELECT $3, document_id, position, bytes FROM document_pieces
               WHERE organization_id = $1 AND document_id = $2 AND position >
                   (SELECT coalesce(max(q.position), -1) FROM document_pieces q
                    WHERE q.organization_id = $3 AND q.document_id = $2)
               ORDER BY position LIMIT $4";
    let pieces = tx.execute(sql, (organization, &document, to, PIECES)).await?;
    if pieces > 0 {
        return Ok(pieces);
    }
    let sql = "UPDATE documents SET stored = TRUE WHERE organization_id = $1 AND id = $2 AND uses = 0";
    Ok(tx.execute(sql, (to, &document)).await?)
}
