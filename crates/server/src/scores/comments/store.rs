use std::collections::HashMap;

use homeroom_api::{
    CommentId, CommentQuery, CommentType, Direction, OrganizationId, RevisionId, ScoreId, Timestamp, UserId,
};

use super::fields::{Change, Fields};
use crate::db::{self, FromRow, Query, Read, Row, Tx};
use crate::scores::readable;
use crate::{Error, Result};

/// The most comments of a score: they are read all at once.
const MOST: i64 = 1000;

/// A comment whose author is there.
#[derive(Debug, Clone)]
pub struct Comment {
    pub id: CommentId,
    pub user: UserId,
    pub score: ScoreId,
    pub revision: Option<RevisionId>,
    pub reply_to: Option<CommentId>,
    pub comment: String,
    pub raw_comment: String,
    /// JSON; there where it is about a place.
    pub context: Option<String>,
    pub resolved: bool,
    pub resolved_by: Option<UserId>,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
    pub mentions: Vec<UserId>,
}

const SELECT: &str =
    "SELECT c.id, c.user_id, c.score_id, c.revision_id, c.reply_to, c.comment, c.raw_comment, c.context,
    c.resolved,
    (SELECT r.id FROM users r
     WHERE r.organization_id = c.organization_id AND r.id = c.resolved_by AND r.removed_at IS NULL),
    c.created_at, c.modified_at,
    (SELECT string_agg(m.user_id, ',' ORDER BY m.user_id) FROM score_comment_mentions m
     JOIN users p ON p.organization_id = m.organization_id AND p.id = m.user_id AND p.removed_at IS NULL
     WHERE m.organization_id = c.organization_id AND m.score_id = c.score_id AND m.comment_id = c.id)
 FROM score_comments c
 JOIN users u ON u.organization_id = c.organization_id AND u.id = c.user_id AND u.removed_at IS NULL
 WHERE c.organization_id = $1 AND c.score_id = $2";

impl FromRow for Comment {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.take()?,
            user: row.take()?,
            score: row.take()?,
            revision: row.take()?,
            reply_to: row.take()?,
            comment: row.take()?,
            raw_comment: row.take()?,
            context: row.take()?,
            resolved: row.take()?,
            resolved_by: row.take()?,
            created_at: row.take()?,
            modified_at: row.take()?,
            mentions: row.take::<Option<String>>()?.map(ids).unwrap_or_default(),
        })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in a map")]
fn ids(ids: String) -> Vec<UserId> {
    ids.split(',').map(UserId::from).collect()
}

impl Comment {
    #[must_use]
    pub fn changed(self, change: Change) -> Self {
        Self {
            revision: change.revision.or(self.revision),
            comment: change.comment.unwrap_or(self.comment),
            raw_comment: change.raw_comment.unwrap_or(self.raw_comment),
            context: change.context.or(self.context),
            ..self
        }
    }
}

pub async fn list(
    conn: &mut impl Read,
    organization: &OrganizationId,
    score: &ScoreId,
    query: &CommentQuery,
) -> Result<Vec<Comment>> {
    let mut sql = Query::new(vec![organization.into(), score.into()]);
    sql.push(SELECT).push(match query.r#type {
        None => "",
        Some(CommentType::Document) => " AND c.context IS NULL",
        Some(CommentType::Inline) => " AND c.context IS NOT NULL",
    });
    sql.push(match query.direction {
        None | Some(Direction::Asc) => " ORDER BY c.id",
        Some(Direction::Desc) => " ORDER BY c.id DESC",
    });
    let (sql, args) = sql.done();
    Ok(conn.fetch(sql, args).await?)
}

pub async fn find(
    conn: &mut impl Read,
    organization: &OrganizationId,
    score: &ScoreId,
    id: &CommentId,
) -> Result<Option<Comment>> {
    let mut sql = Query::new(vec![organization.into(), score.into()]);
    sql.push(SELECT).push(" AND c.id = ").bind(id);
    let (sql, args) = sql.done();
    Ok(conn.fetch(sql, args).await?.into_iter().next())
}

/// Nobody else changes the comment until the transaction ends.
pub async fn lock(tx: &mut Tx, organization: &OrganizationId, score: &ScoreId, id: &CommentId) -> Result<()> {
    let sql =
        "SELECT 1 FROM score_comments WHERE organization_id = $1 AND score_id = $2 AND id = $3 FOR UPDATE";
    Ok(tx.lock(sql, (organization, score, id)).await?)
}

pub async fn check_room(tx: &mut Tx, organization: &OrganizationId, score: &ScoreId) -> Result<()> {
    let sql = "SELECT count(*) FROM score_comments WHERE organization_id = $1 AND score_id = $2";
    let (count,): (i64,) = tx.one(sql, (organization, score)).await?;
    if count < MOST {
        return Ok(());
    }
    Err(Error::forbidden(format!(
        "The score has {MOST} comments, the most that there can be: delete some first."
    )))
}

/// Those of `users` who are there and can read the score.
pub async fn readers(
    tx: &mut Tx,
    organization: &OrganizationId,
    score: &ScoreId,
    users: &[UserId],
    now: Timestamp,
) -> Result<Vec<UserId>> {
    let mut sql = Query::new(vec![organization.into(), score.into(), now.into()]);
    sql.push(concat!(
        "SELECT u.id FROM scores s JOIN users u ON u.organization_id = s.organization_id
         WHERE s.organization_id = $1 AND s.id = $2 AND u.removed_at IS NULL AND ",
        readable!("u.id", "$3"),
        " AND u.id IN ("
    ));
    sql.bind_all(users).push(")");
    let (sql, args) = sql.done();
    let rows: Vec<(UserId,)> = tx.fetch(sql, args).await?;
    Ok(rows.into_iter().map(|(user,)| user).collect())
}

/// The revision of the score that has this id, or its last one; 400 where there is none.
pub async fn revision(
    tx: &mut Tx,
    organization: &OrganizationId,
    score: &ScoreId,
    id: Option<&RevisionId>,
) -> Result<Option<RevisionId>> {
    let Some(id) = id else {
        let sql = "SELECT max(id) FROM score_revisions WHERE organization_id = $1 AND score_id = $2";
        let (last,) = tx.one(sql, (organization, score)).await?;
        return Ok(last);
    };
    let sql = "SELECT id FROM score_revisions WHERE organization_id = $1 AND score_id = $2 AND id = $3";
    let found: Option<(RevisionId,)> = tx.optional(sql, (organization, score, id)).await?;
    let (found,) = found.ok_or_else(|| Error::invalid("revision", "The score has no such revision."))?;
    Ok(Some(found))
}

#[allow(clippy::too_many_arguments)] // the columns of a row
pub async fn insert(
    tx: &mut Tx,
    organization: &OrganizationId,
    score: &ScoreId,
    id: &CommentId,
    user: &UserId,
    revision: Option<&RevisionId>,
    fields: &Fields,
    now: Timestamp,
) -> Result<()> {
    tx.execute(
        "INSERT INTO score_comments (organization_id, score_id, id, user_id, revision_id, reply_to, comment,
                                     raw_comment, context, resolved, resolved_by, created_at, modified_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, FALSE, NULL, $10, $10)",
        (
            organization,
            score,
            id,
            user,
            revision,
            fields.reply_to.as_ref(),
            &fields.comment,
            &fields.raw_comment,
            fields.context.as_deref(),
            now,
        ),
    )
    .await?;
    for mentioned in &fields.mentions {
        tx.execute_later(
            "INSERT INTO score_comment_mentions (organization_id, score_id, comment_id, user_id)
             VALUES ($1, $2, $3, $4)",
            (organization, score, id, mentioned),
        )
        .await?;
    }
    Ok(())
}

pub async fn update(
    tx: &mut Tx,
    organization: &OrganizationId,
    comment: &Comment,
    now: Timestamp,
) -> Result<()> {
    let Comment { score, id, revision, comment, raw_comment, context, .. } = comment;
    tx.execute(
        "UPDATE score_comments SET revision_id = $4, comment = $5, raw_comment = $6, context = $7, modified_at = $8
         WHERE organization_id = $1 AND score_id = $2 AND id = $3",
        (organization, score, id, revision.as_ref(), comment, raw_comment, context.as_deref(), now),
    )
    .await?;
    Ok(())
}

pub async fn delete(
    tx: &mut Tx,
    organization: &OrganizationId,
    score: &ScoreId,
    id: &CommentId,
) -> Result<()> {
    let sql = "DELETE FROM score_comments WHERE organization_id = $1 AND score_id = $2 AND id = $3";
    tx.execute(sql, (organization, score, id)).await?;
    Ok(())
}

/// Marks a comment as resolved by somebody, or as open.
pub async fn mark(
    tx: &mut Tx,
    organization: &OrganizationId,
    score: &ScoreId,
    id: &CommentId,
    resolver: Option<&UserId>,
) -> Result<()> {
    tx.execute(
        "UPDATE score_comments SET resolved = $4, resolved_by = $5
         WHERE organization_id = $1 AND score_id = $2 AND id = $3",
        (organization, score, id, resolver.is_some(), resolver),
    )
    .await?;
    Ok(())
}

/// Deletes up to `most` comments of `user`; how many.
pub async fn delete_some_of(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    most: i64,
) -> Result<u64> {
    Ok(tx
        .execute(
            "DELETE FROM score_comments WHERE organization_id = $1 AND (score_id, id) IN
                 (SELECT score_id, id FROM score_comments WHERE organization_id = $1 AND user_id = $2 LIMIT $3)",
            (organization, user, most),
        )
        .await?)
}

/// Clears up to `most` mentions of `user`, then up to `most` notes of what they resolved; how many.
pub async fn forget_some_of(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    most: i64,
) -> Result<u64> {
    let mentions = tx
        .execute(
            "DELETE FROM score_comment_mentions WHERE organization_id = $1 AND user_id = $2 AND (score_id, comment_id) IN
                 (SELECT score_id, comment_id FROM score_comment_mentions
                  WHERE organization_id = $1 AND user_id = $2 LIMIT $3)",
            (organization, user, most),
        )
        .await?;
    if mentions > 0 {
        return Ok(mentions);
    }
    Ok(tx
        .execute(
            "UPDATE score_comments SET resolved_by = NULL WHERE organization_id = $1 AND (score_id, id) IN
                 (SELECT score_id, id FROM score_comments WHERE organization_id = $1 AND resolved_by = $2 LIMIT $3)",
            (organization, user, most),
        )
        .await?)
}

/// How many comments each of `scores` has; those that have none are left out.
pub async fn counts(
    conn: &mut impl Read,
    organization: &OrganizationId,
    scores: &[ScoreId],
) -> Result<HashMap<ScoreId, i64>> {
    let mut sql = Query::new(vec![organization.into()]);
    sql.push(
        "SELECT c.score_id, count(*) FROM score_comments c
         JOIN users u ON u.organization_id = c.organization_id AND u.id = c.user_id AND u.removed_at IS NULL
         WHERE c.organization_id = $1 AND c.score_id IN (",
    );
    sql.bind_all(scores).push(") GROUP BY c.score_id");
    let (sql, args) = sql.done();
    let rows: Vec<(ScoreId, i64)> = conn.fetch(sql, args).await?;
    Ok(rows.into_iter().collect())
}
