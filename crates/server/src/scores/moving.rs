//! Scores of somebody who goes to another organization with the account. Each goes in one transaction, under the same
//! ids: at any time it is in exactly one of the two.
//!
//! What the old organization gave stays behind: who else could read or write it, likes, what others said. A score that
//! was shared with a school, or by a link, is private from then on. Documents are copied before, piece by piece, where
//! the other organization does not have the same already.

use homeroom_api::{OrganizationId, ScoreId, Timestamp, UserId};

use super::erasure;
use crate::db::{Read as _, Tx};
use crate::documents;
use crate::jobs::Erased;
use crate::{Error, Result};

/// Where somebody goes.
#[derive(Debug, Clone, Copy)]
pub struct Move<'a> {
    pub from: &'a OrganizationId,
    pub to: &'a OrganizationId,
    pub user: &'a UserId,
}

/// Does a part of moving the first score: at most `limit` rows, or a score with its revisions and own comments.
/// Nothing where no score is left.
pub async fn move_some(tx: &mut Tx, way: Move<'_>, limit: i64, now: Timestamp) -> Result<Erased> {
    let stripped = erasure::strip(tx, way.from, way.user, limit).await?;
    if !stripped.is_empty() {
        return Ok(stripped);
    }
    let sql = "SELECT id FROM scores WHERE organization_id = $1 AND user_id = $2 ORDER BY id LIMIT 1";
    let first: Option<(ScoreId,)> = tx.optional(sql, (way.from, way.user)).await?;
    let Some((score,)) = first else { return Ok(Erased::default()) };
    let pieces = documents::copy_some(tx, way.from, &score, way.to, now).await?;
    if pieces > 0 {
        return Ok(Erased::of("documentPiecesCopied", pieces));
    }
    move_one(tx, way, &score).await?;
    Ok(Erased::of("scoresMoved", 1))
}

async fn move_one(tx: &mut Tx, way: Move<'_>, score: &ScoreId) -> Result<()> {
    let Move { from, to, user } = way;
    insert_score(tx, way, score).await?;
    documents::use_copies(tx, from, score, to).await?;
    let revisions = insert_revisions(tx, way, score).await?;
    insert_comments(tx, way, score).await?;
    let sql = "INSERT INTO collection_scores (organization_id, collection_id, score_id, created_at)
               SELECT $2, p.collection_id, p.score_id, p.created_at FROM collection_scores p
               JOIN collections c ON c.organization_id = $2 AND c.id = p.collection_id AND c.user_id = $4
               WHERE p.organization_id = $1 AND p.score_id = $3";
    tx.execute(sql, (from, to, score, user)).await?;
    let sql =
        "DELETE FROM score_revisions WHERE organization_id = $1 AND score_id = $2 RETURNING document_id";
    let left: Vec<(documents::DocumentId,)> = tx.all(sql, (from, score)).await?;
    if left.len() as u64 != revisions {
        return Err(Error::unavailable("a revision came while its score was moved")); // and is moved at the next try
    }
    documents::release(tx, from, left.into_iter().map(|(document,)| document).collect()).await?;
    tx.execute("DELETE FROM score_comments WHERE organization_id = $1 AND score_id = $2", (from, score))
        .await?;
    tx.execute("DELETE FROM scores WHERE organization_id = $1 AND id = $2", (from, score)).await?;
    Ok(())
}

async fn insert_score(tx: &mut Tx, Move { from, to, .. }: Move<'_>, score: &ScoreId) -> Result<()> {
    // What it was forked from goes with it if it is the same person's.
    let sql = "INSERT INTO scores (organization_id, id, user_id, title, title_key, subtitle, composer, lyricist,
                                   arranger, description, tags, creation_type, license, license_text, privacy,
                                   sharing_key, sharing_key_hash, parent_score, created_at, modified_at, trashed_at,
                                   delete_at)
               SELECT $2, s.id, s.user_id, s.title, s.title_key, s.subtitle, s.composer, s.lyricist, s.arranger,
                      s.description, s.tags, s.creation_type, s.license, s.license_text, 'private', NULL, NULL,
                      (SELECT p.id FROM scores p WHERE p.organization_id IN ($1, $2) AND p.id = s.parent_score
                       AND p.user_id = s.user_id LIMIT 1),
                      s.created_at, s.modified_at, s.trashed_at, s.delete_at
               FROM scores s WHERE s.organization_id = $1 AND s.id = $3";
    tx.execute(sql, (from, to, score)).await?;
    Ok(())
}

async fn insert_revisions(tx: &mut Tx, way: Move<'_>, score: &ScoreId) -> Result<u64> {
    let sql = "INSERT INTO score_revisions (organization_id, score_id, id, document_id, format, user_id, description,
                                            autosave, created_at)
               SELECT $2, r.score_id, r.id, e.id, r.format, CASE WHEN r.user_id = $4 THEN r.user_id END,
                      r.description, r.autosave, r.created_at
               FROM score_revisions r
               JOIN documents d ON d.organization_id = r.organization_id AND d.id = r.document_id
               JOIN documents e ON e.organization_id = $2 AND e.hash = d.hash AND e.stored
               WHERE r.organization_id = $1 AND r.score_id = $3";
    Ok(tx.execute(sql, (way.from, way.to, score, way.user)).await?)
}

async fn insert_comments(tx: &mut Tx, way: Move<'_>, score: &ScoreId) -> Result<()> {
    let sql = "INSERT INTO score_comments (organization_id, score_id, id, user_id, revision_id, reply_to, comment,
                                           raw_comment, context, resolved, resolved_by, created_at, modified_at)
               SELECT $2, c.score_id, c.id, c.user_id, c.revision_id,
                      (SELECT p.id FROM score_comments p WHERE p.organization_id = $1 AND p.score_id = $3
                       AND p.id = c.reply_to AND p.user_id = $4),
                      c.comment, c.raw_comment, c.context, c.resolved,
                      CASE WHEN c.resolved_by = $4 THEN c.resolved_by END, c.created_at, c.modified_at
               FROM score_comments c WHERE c.organization_id = $1 AND c.score_id = $3 AND c.user_id = $4";
    tx.execute(sql, (way.from, way.to, score, way.user)).await?;
    Ok(())
}
