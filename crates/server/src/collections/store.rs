use std::collections::HashMap;

use homeroom_api::{CollectionId, CollectionType, LibrarySort, OrganizationId, ScoreId, Timestamp, UserId};
use serde::Serialize;

use crate::db::{self, Conn, FromRow, Query, Read, Row, Tx};
use crate::http::{Order, Page, PageQuery, Select, Way};
use crate::scores::kept;
use crate::text::fold;
use crate::{Error, Result};

/// The most collections of a person, those in the trash too.
pub const MOST: i64 = 1000;

/// A collection that somebody made, or one that everybody has.
#[derive(Debug, Clone)]
pub struct Collection {
    pub id: CollectionId,
    pub organization: OrganizationId,
    pub kind: CollectionType,
    pub title: String,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
    /// How many of its scores the owner may read.
    pub scores: u64,
}

/// `$2` is the owner.
macro_rules! columns {
    () => {
        concat!(
            "c.id, c.organization_id, c.title, c.created_at, c.modified_at,
             (SELECT count(*) FROM collection_scores m
              JOIN scores s ON s.organization_id = m.organization_id AND s.id = m.score_id
              WHERE m.organization_id = $1 AND m.collection_id = c.id AND ",
            kept!("$2"),
            ")"
        )
    };
}

impl FromRow for Collection {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.take()?,
            organization: row.take()?,
            kind: CollectionType::Regular,
            title: row.take()?,
            created_at: row.take()?,
            modified_at: row.take()?,
            scores: row.take::<i64>()?.unsigned_abs(),
        })
    }
}

/// Where to look for collections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Place {
    Library,
    Trash,
}

/// In which order: what it is sorted by, then the id.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Sorting {
    pub key: Option<LibrarySort>,
    pub descending: bool,
}

pub async fn list(
    conn: &mut Conn,
    organization: &OrganizationId,
    user: &UserId,
    place: Place,
    sorting: Sorting,
    page: &PageQuery,
) -> Result<Page<Collection>> {
    let key = match sorting.key {
        None | Some(LibrarySort::CreationDate) => None,
        Some(LibrarySort::ModificationDate) => Some("c.modified_at"),
        Some(LibrarySort::Title) => Some("c.title_key"),
    };
    let select = Select {
        args: vec![organization.into(), user.into()],
        found: "c.*",
        columns: columns!(),
        page: "c",
        from: " FROM collections c WHERE c.organization_id = $1 AND c.user_id = $2",
        way: Way::Walk,
        filter: |query: &mut Query| {
            query.push(match place {
                Place::Library => " AND c.trashed_at = 0",
                Place::Trash => " AND c.trashed_at > 0",
            });
        },
        order: Order { keys: key.into_iter().collect(), id: "c.id", descending: sorting.descending },
    };
    select.page(conn, page).await
}

/// A collection of `user`, in the trash or not; 404 where it is none of theirs.
pub async fn get(
    conn: &mut impl Read,
    organization: &OrganizationId,
    user: &UserId,
    id: &CollectionId,
) -> Result<Collection> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM collections c WHERE c.organization_id = $1 AND c.user_id = $2 AND c.id = $3"
    );
    let found = conn.optional(sql, (organization, user, id)).await?;
    found.ok_or_else(|| Error::not_found("collection"))
}

/// Whether there was room for it.
pub async fn insert(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    id: &CollectionId,
    title: &str,
    now: Timestamp,
) -> Result<bool> {
    let sql = "SELECT count(*) FROM collections WHERE organization_id = $1 AND user_id = $2";
    let (count,): (i64,) = tx.one(sql, (organization, user)).await?;
    if count >= MOST {
        return Ok(false);
    }
    tx.execute(
        "INSERT INTO collections (organization_id, id, user_id, title, title_key, created_at, modified_at, trashed_at,
                                  delete_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6, 0, 0)",
        (organization, id, user, title, fold(title), now),
    )
    .await?;
    Ok(true)
}

/// Notes a change of a collection that is not in the trash, which is locked until the transaction ends; 404 where
/// there is none of `user`.
pub async fn touch(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    id: &CollectionId,
    now: Timestamp,
) -> Result<()> {
    let touched = tx
        .execute(
            "UPDATE collections SET modified_at = $4
             WHERE organization_id = $1 AND user_id = $2 AND id = $3 AND trashed_at = 0",
            (organization, user, id, now),
        )
        .await?;
    if touched == 0 { Err(Error::not_found("collection")) } else { Ok(()) }
}

pub async fn rename(
    tx: &mut Tx,
    organization: &OrganizationId,
    id: &CollectionId,
    title: &str,
) -> Result<()> {
    tx.execute(
        "UPDATE collections SET title = $3, title_key = $4 WHERE organization_id = $1 AND id = $2",
        (organization, id, title, fold(title)),
    )
    .await?;
    Ok(())
}

/// Puts a collection into the trash until `delete_at`; 404 where it is there already, or none of `user`.
pub async fn trash(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    id: &CollectionId,
    now: Timestamp,
    delete_at: Timestamp,
) -> Result<()> {
    let trashed = tx
        .execute(
            "UPDATE collections SET trashed_at = $4, delete_at = $5
             WHERE organization_id = $1 AND user_id = $2 AND id = $3 AND trashed_at = 0",
            (organization, user, id, now, delete_at),
        )
        .await?;
    if trashed == 0 { Err(Error::not_found("collection")) } else { Ok(()) }
}

/// Whether it was in the trash; 404 where it is none of `user`.
pub async fn untrash(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    id: &CollectionId,
) -> Result<bool> {
    let restored = tx
        .execute(
            "UPDATE collections SET trashed_at = 0, delete_at = 0
             WHERE organization_id = $1 AND user_id = $2 AND id = $3 AND trashed_at > 0",
            (organization, user, id),
        )
        .await?;
    if restored == 0 {
        get(tx, organization, user, id).await?;
    }
    Ok(restored > 0)
}

/// Deletes up to `most` rows of collections whose time in the trash is over, what is in them first.
pub async fn empty_trash(tx: &mut Tx, now: Timestamp, most: i64) -> Result<u64> {
    let emptied = tx
        .execute(
            "DELETE FROM collection_scores WHERE (organization_id, collection_id, score_id) IN
                 (SELECT m.organization_id, m.collection_id, m.score_id FROM collections c
                  JOIN collection_scores m ON m.organization_id = c.organization_id AND m.collection_id = c.id
                  WHERE c.delete_at > 0 AND c.delete_at <= $1 LIMIT $2)",
            (now, most),
        )
        .await?;
    if emptied > 0 {
        return Ok(emptied);
    }
    Ok(tx
        .execute(
            "DELETE FROM collections WHERE delete_at > 0 AND delete_at <= $1 AND (organization_id, id) IN
                 (SELECT organization_id, id FROM collections WHERE delete_at > 0 AND delete_at <= $1 LIMIT $2)",
            (now, most),
        )
        .await?)
}

/// Deletes up to `most` rows of the collections of `user`, what is in them first; how many.
pub async fn delete_some_of(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    most: i64,
) -> Result<u64> {
    let emptied = tx
        .execute(
            "DELETE FROM collection_scores WHERE organization_id = $1 AND (collection_id, score_id) IN
                 (SELECT m.collection_id, m.score_id FROM collections c
                  JOIN collection_scores m ON m.organization_id = c.organization_id AND m.collection_id = c.id
                  WHERE c.organization_id = $1 AND c.user_id = $2 LIMIT $3)",
            (organization, user, most),
        )
        .await?;
    if emptied > 0 {
        return Ok(emptied);
    }
    Ok(tx
        .execute(
            "DELETE FROM collections WHERE organization_id = $1 AND id IN
                 (SELECT id FROM collections WHERE organization_id = $1 AND user_id = $2 LIMIT $3)",
            (organization, user, most),
        )
        .await?)
}

/// Deletes up to `most` likes of `user`; how many.
pub async fn unlike_some_of(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    most: i64,
) -> Result<u64> {
    Ok(tx
        .execute(
            "DELETE FROM score_likes WHERE organization_id = $1 AND user_id = $2 AND score_id IN
                 (SELECT score_id FROM score_likes WHERE organization_id = $1 AND user_id = $2 LIMIT $3)",
            (organization, user, most),
        )
        .await?)
}

/// Puts a score into a collection, with the hash of the sharing key that it was found by, if it was.
pub async fn put(
    tx: &mut Tx,
    organization: &OrganizationId,
    collection: &CollectionId,
    score: &ScoreId,
    key_hash: Option<&[u8]>,
    now: Timestamp,
) -> Result<()> {
    tx.execute(
        "INSERT INTO collection_scores (organization_id, collection_id, score_id, sharing_key_hash, created_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (organization_id, collection_id, score_id)
         DO UPDATE SET sharing_key_hash = excluded.sharing_key_hash",
        (organization, collection, score, key_hash, now),
    )
    .await?;
    Ok(())
}

/// Whether it was in there.
pub async fn take_out(
    tx: &mut Tx,
    organization: &OrganizationId,
    collection: &CollectionId,
    score: &ScoreId,
) -> Result<bool> {
    let sql =
        "DELETE FROM collection_scores WHERE organization_id = $1 AND collection_id = $2 AND score_id = $3";
    Ok(tx.execute(sql, (organization, collection, score)).await? > 0)
}

/// As [`put`], among what `user` likes.
pub async fn like(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    score: &ScoreId,
    key_hash: Option<&[u8]>,
    now: Timestamp,
) -> Result<()> {
    tx.execute(
        "INSERT INTO score_likes (organization_id, user_id, score_id, sharing_key_hash, created_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (organization_id, user_id, score_id)
         DO UPDATE SET sharing_key_hash = excluded.sharing_key_hash",
        (organization, user, score, key_hash, now),
    )
    .await?;
    Ok(())
}

/// Whether it was liked.
pub async fn unlike(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    score: &ScoreId,
) -> Result<bool> {
    let sql = "DELETE FROM score_likes WHERE organization_id = $1 AND user_id = $2 AND score_id = $3";
    Ok(tx.execute(sql, (organization, user, score)).await? > 0)
}

/// What a score is to a reader.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    /// How many people like it.
    pub likes: i64,
    pub is_liked: bool,
    /// The reader's collections that it is in.
    pub collections: Vec<CollectionId>,
}

/// What each of `scores` is to `reader`.
pub async fn marks(
    conn: &mut impl Read,
    organization: &OrganizationId,
    reader: &str,
    scores: &[ScoreId],
) -> Result<HashMap<ScoreId, Marks>> {
    let mut sql = Query::new(vec![organization.into(), reader.into()]);
    sql.push(
        "SELECT s.id,
             (SELECT count(*) FROM score_likes l
              JOIN users u ON u.organization_id = l.organization_id AND u.id = l.user_id AND u.removed_at IS NULL
              WHERE l.organization_id = $1 AND l.score_id = s.id),
             EXISTS (SELECT 1 FROM score_likes l
                     WHERE l.organization_id = $1 AND l.user_id = $2 AND l.score_id = s.id),
             (SELECT string_agg(c.id, ',' ORDER BY c.id) FROM collection_scores m
              JOIN collections c ON c.organization_id = m.organization_id AND c.id = m.collection_id
              WHERE m.organization_id = $1 AND m.score_id = s.id AND c.user_id = $2 AND c.trashed_at = 0)
         FROM scores s WHERE s.organization_id = $1 AND s.id IN (",
    );
    sql.bind_all(scores).push(")");
    let (sql, args) = sql.done();
    let rows: Vec<(ScoreId, i64, bool, Option<String>)> = conn.fetch(sql, args).await?;
    Ok(rows
        .into_iter()
        .map(|(score, likes, is_liked, ids)| {
            let collections = ids.iter().flat_map(|ids| ids.split(',')).map(CollectionId::from).collect();
            (score, Marks { likes, is_liked, collections })
        })
        .collect())
}
