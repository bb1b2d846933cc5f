use homeroom_api::{OrganizationId, Timestamp};

use super::Packed;
use crate::Result;
use crate::db::{self, FromColumn, Read, Tx, Value, ValueRef};

/// A document of an organization.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DocumentId(String);

impl From<String> for DocumentId {
    fn from(id: String) -> Self {
        Self(id)
    }
}

impl From<&DocumentId> for Value {
    fn from(id: &DocumentId) -> Self {
        Self::from(&id.0)
    }
}

impl FromColumn for DocumentId {
    fn from_column(value: ValueRef<'_>) -> db::Result<Self> {
        String::from_column(value).map(Self)
    }
}

pub async fn is_stored(conn: &mut impl Read, organization: &OrganizationId, packed: &Packed) -> Result<bool> {
    let sql = "SELECT 1 FROM documents WHERE organization_id = $1 AND hash = $2 AND stored";
    Ok(conn.optional::<(i64,)>(sql, (organization, packed.hash())).await?.is_some())
}

/// Hash and size of a document that is stored.
pub async fn find(
    conn: &mut impl Read,
    organization: &OrganizationId,
    id: &DocumentId,
) -> Result<Option<(Vec<u8>, i64)>> {
    let sql = "SELECT hash, size FROM documents WHERE organization_id = $1 AND id = $2 AND stored";
    Ok(conn.optional(sql, (organization, id)).await?)
}

/// The compressed bytes at a position.
pub async fn piece(
    conn: &mut impl Read,
    organization: &OrganizationId,
    id: &DocumentId,
    position: i64,
) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT bytes FROM document_pieces
               WHERE organization_id = $1 AND document_id = $2 AND position = $3";
    Ok(conn.optional::<(Vec<u8>,)>(sql, (organization, id, position)).await?.map(|(bytes,)| bytes))
}

pub async fn insert_unfinished(
    tx: &mut Tx,
    organization: &OrganizationId,
    id: &DocumentId,
    packed: &Packed,
    now: Timestamp,
) -> Result<()> {
    tx.execute(
        "INSERT INTO documents (organization_id, id, hash, size, stored, uses, created_at)
         VALUES ($1, $2, $3, $4, FALSE, 0, $5)",
        (organization, id, packed.hash(), packed.size(), now),
    )
    .await?;
    Ok(())
}

/// Inserts a document that is used once. Whether there was none with its hash.
pub async fn insert_stored(
    tx: &mut Tx,
    organization: &OrganizationId,
    id: &DocumentId,
    packed: &Packed,
    now: Timestamp,
) -> Result<bool> {
    let inserted = tx
        .execute(
            "INSERT INTO documents (organization_id, id, hash, size, stored, uses, created_at)
             VALUES ($1, $2, $3, $4, TRUE, 1, $5)
             ON CONFLICT (organization_id, hash) WHERE stored DO NOTHING",
            (organization, id, packed.hash(), packed.size(), now),
        )
        .await?;
    Ok(inserted > 0)
}

pub async fn insert_pieces(
    tx: &mut Tx,
    organization: &OrganizationId,
    id: &DocumentId,
    first: usize,
    pieces: Vec<Vec<u8>>,
) -> Result<()> {
    let sql =
        "INSERT INTO document_pieces (organization_id, document_id, position, bytes) VALUES ($1, $2, $3, $4)";
    for (index, bytes) in pieces.into_iter().enumerate() {
        tx.execute(sql, (organization, id, (first + index) as i64, bytes)).await?;
    }
    Ok(())
}

/// One use more of what is stored with this hash.
pub async fn use_again(
    tx: &mut Tx,
    organization: &OrganizationId,
    packed: &Packed,
) -> Result<Option<DocumentId>> {
    let sql = "UPDATE documents SET uses = uses + 1 WHERE organization_id = $1 AND hash = $2 AND stored RETURNING id";
    Ok(tx.optional::<(DocumentId,)>(sql, (organization, packed.hash())).await?.map(|(id,)| id))
}

/// Makes a document whose pieces are all there one that is used once. Whether it is still there.
pub async fn finish(tx: &mut Tx, organization: &OrganizationId, id: &DocumentId) -> db::Result<bool> {
    let sql = "UPDATE documents SET stored = TRUE, uses = 1
               WHERE organization_id = $1 AND id = $2 AND NOT stored AND uses = 0 AND created_at > 0";
    Ok(tx.execute(sql, (organization, id)).await? > 0)
}

pub async fn share(tx: &mut Tx, organization: &OrganizationId, id: &DocumentId) -> Result<bool> {
    let sql = "UPDATE documents SET uses = uses + 1 WHERE organization_id = $1 AND id = $2 AND stored";
    Ok(tx.execute(sql, (organization, id)).await? > 0)
}

/// A document that nobody uses any more is one that is not stored, and was made at no time.
pub async fn release(tx: &mut Tx, organization: &OrganizationId, id: &DocumentId, count: i64) -> Result<()> {
    tx.execute(
        "UPDATE documents SET uses = uses - $3, stored = uses > $3,
                              created_at = CASE WHEN uses > $3 THEN created_at ELSE 0 END
         WHERE organization_id = $1 AND id = $2",
        (organization, id, count),
    )
    .await?;
    Ok(())
}

pub async fn give_up(tx: &mut Tx, organization: &OrganizationId, id: &DocumentId) -> Result<()> {
    let sql = "UPDATE documents SET created_at = 0 WHERE organization_id = $1 AND id = $2 AND NOT stored AND uses = 0";
    tx.execute(sql, (organization, id)).await?;
    Ok(())
}

/// Gives up one document that was begun before `before`, or finds one that was given up: whose it is.
pub async fn give_up_unfinished(tx: &mut Tx, before: Timestamp) -> Result<Option<OrganizationId>> {
    let found = tx
        .optional::<(OrganizationId,)>(
            "UPDATE documents SET created_at = 0 WHERE uses = 0 AND NOT stored AND (organization_id, id) IN
                 (SELECT organization_id, id FROM documents WHERE uses = 0 AND created_at < $1
                  ORDER BY created_at LIMIT 1)
             RETURNING organization_id",
            (before,),
        )
        .await?;
    Ok(found.map(|(organization,)| organization))
}

/// Deletes up to `most` pieces of documents that were given up, and the documents that have none left.
pub async fn sweep(tx: &mut Tx, organization: &OrganizationId, most: i64) -> Result<u64> {
    let pieces = tx
        .execute(
            "DELETE FROM document_pieces WHERE organization_id = $1 AND (document_id, position) IN
                 (SELECT p.document_id, p.position FROM documents d
                  JOIN document_pieces p ON p.organization_id = d.organization_id AND p.document_id = d.id
                  WHERE d.organization_id = $1 AND d.uses = 0 AND d.created_at = 0
                  ORDER BY p.document_id, p.position LIMIT $2)",
            (organization, most),
        )
        .await?;
    let documents = tx
        .execute(
            "DELETE FROM documents WHERE organization_id = $1 AND uses = 0 AND created_at = 0 AND NOT EXISTS
                 (SELECT 1 FROM document_pieces p
                  WHERE p.organization_id = $1 AND p.document_id = documents.id)",
            (organization,),
        )
        .await?;
    Ok(pieces + documents)
}
