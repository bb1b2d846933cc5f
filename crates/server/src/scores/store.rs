use homeroom_api::{OrganizationId, RevisionId, ScoreId, Timestamp, UserId};

use super::fields::Fields;
use super::score::{columns, owner};
use super::{Revision, Score, show};
use crate::crypto::TokenHash;
use crate::db::{Read, Tx, Value};
use crate::documents::{self, DocumentId};
use crate::http::Caller;
use crate::text::fold;
use crate::{App, Result};

/// When a score is to be deleted that is being deleted.
const GOING: i64 = 1;

/// A score whose owner is there.
pub async fn find(conn: &mut impl Read, caller: &Caller, score: &ScoreId) -> Result<Option<Score>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM scores s ",
        owner!(),
        " WHERE s.organization_id = $1 AND s.id = $3 AND s.delete_at <> 1"
    );
    // What was shared with the person who answers for an app is not shared with the app.
    let person = if caller.as_app { "" } else { caller.user.as_str() };
    Ok(conn.optional(sql, (&caller.organization, person, score)).await?)
}

/// Keeps a score from being deleted or changed until the transaction ends.
pub async fn hold(tx: &mut Tx, organization: &OrganizationId, score: &ScoreId) -> Result<()> {
    let sql = "SELECT 1 FROM scores WHERE organization_id = $1 AND id = $2 FOR SHARE";
    Ok(tx.lock(sql, (organization, score)).await?)
}

/// As [`hold`], for who changes it.
pub async fn lock(tx: &mut Tx, organization: &OrganizationId, score: &ScoreId) -> Result<()> {
    let sql = "SELECT 1 FROM scores WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE";
    Ok(tx.lock(sql, (organization, score)).await?)
}

/// The columns that [`Fields`] fill, from `$3` on.
fn values(app: &App, organization: &OrganizationId, id: &ScoreId, fields: &Fields) -> Vec<Value> {
    let key = fields.sharing_key.as_deref();
    vec![
        organization.into(),
        id.into(),
        (&fields.title).into(),
        fold(&fields.title).into(),
        (&fields.subtitle).into(),
        (&fields.composer).into(),
        (&fields.lyricist).into(),
        (&fields.arranger).into(),
        (&fields.description).into(),
        fields.tags.join(" ").into(),
        fields.creation_type.map_or("", |kind| kind.as_str()).into(),
        fields.license.map_or("", |license| license.as_str()).into(),
        (&fields.license_text).into(),
        fields.privacy.into(),
        key.map(|key| app.keys.seal_secret(&app.random, &show::place(id), key)).into(),
        key.map(|key| TokenHash::of(key).to_vec()).into(),
        app.clock.now().into(),
    ]
}

pub async fn insert(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    id: &ScoreId,
    fields: &Fields,
    parent: Option<&ScoreId>,
) -> Result<()> {
    let mut values = values(app, organization, id, fields);
    values.extend([user.into(), parent.into()]);
    tx.execute(
        "INSERT INTO scores (organization_id, id, title, title_key, subtitle, composer, lyricist, arranger, description,
                             tags, creation_type, license, license_text, privacy, sharing_key, sharing_key_hash,
                             created_at, modified_at, user_id, parent_score, trashed_at, delete_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, $18, $19, 0, 0)",
        values,
    )
    .await?;
    Ok(())
}

pub async fn update(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    id: &ScoreId,
    fields: &Fields,
) -> Result<()> {
    tx.execute(
        "UPDATE scores SET title = $3, title_key = $4, subtitle = $5, composer = $6, lyricist = $7, arranger = $8,
                           description = $9, tags = $10, creation_type = $11, license = $12, license_text = $13,
                           privacy = $14, sharing_key = $15, sharing_key_hash = $16, modified_at = $17
         WHERE organization_id = $1 AND id = $2",
        values(app, organization, id, fields),
    )
    .await?;
    Ok(())
}

pub async fn insert_revision(tx: &mut Tx, organization: &OrganizationId, revision: &Revision) -> Result<()> {
    let Revision { id, score, document, format, user, description, autosave, created_at } = revision;
    tx.execute(
        "INSERT INTO score_revisions (organization_id, score_id, id, document_id, format, user_id, description,
                                      autosave, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        (organization, score, id, document, format.as_str(), user.as_ref(), description, *autosave, *created_at),
    )
    .await?;
    let sql = "UPDATE scores SET modified_at = $3 WHERE organization_id = $1 AND id = $2";
    Ok(tx.execute_later(sql, (organization, score, *created_at)).await?)
}

macro_rules! revision {
    ($where:literal) => {
        concat!(
            "SELECT id, score_id, document_id, format, user_id, description, autosave, created_at FROM score_revisions
             WHERE organization_id = $1 AND score_id = $2",
            $where
        )
    };
}

pub async fn find_revision(
    conn: &mut impl Read,
    organization: &OrganizationId,
    score: &ScoreId,
    revision: &RevisionId,
) -> Result<Option<Revision>> {
    Ok(conn.optional(revision!(" AND id = $3"), (organization, score, revision)).await?)
}

/// The newest version.
pub async fn find_last(
    conn: &mut impl Read,
    organization: &OrganizationId,
    score: &ScoreId,
) -> Result<Option<Revision>> {
    Ok(conn.optional(revision!(" ORDER BY id DESC LIMIT 1"), (organization, score)).await?)
}

/// At most 1000, the newest first.
pub async fn list_revisions(
    conn: &mut impl Read,
    organization: &OrganizationId,
    score: &ScoreId,
) -> Result<Vec<Revision>> {
    Ok(conn.all(revision!(" ORDER BY id DESC LIMIT 1000"), (organization, score)).await?)
}

pub async fn set_trashed(
    tx: &mut Tx,
    organization: &OrganizationId,
    score: &ScoreId,
    at: Timestamp,
    delete_at: Timestamp,
) -> Result<()> {
    let sql = "UPDATE scores SET trashed_at = $3, delete_at = $4 WHERE organization_id = $1 AND id = $2";
    tx.execute(sql, (organization, score, at, delete_at)).await?;
    Ok(())
}

/// From now on nobody finds it, and upkeep goes on with deleting it.
pub async fn set_going(tx: &mut Tx, organization: &OrganizationId, score: &ScoreId) -> Result<()> {
    let going = Timestamp::from_millis(GOING);
    set_trashed(tx, organization, score, going, going).await
}

/// A score whose time in the trash is over: nobody finds it from now on.
pub async fn take_due(tx: &mut Tx, now: Timestamp) -> Result<Option<(OrganizationId, ScoreId)>> {
    Ok(tx
        .optional(
            "UPDATE scores SET delete_at = 1 WHERE delete_at > 0 AND delete_at <= $1 AND (organization_id, id) IN
                 (SELECT organization_id, id FROM scores WHERE delete_at > 0 AND delete_at <= $1
                  ORDER BY delete_at LIMIT 1)
             RETURNING organization_id, id",
            (now,),
        )
        .await?)
}

/// What is shared with `user` in person is not any more.
pub async fn give_back(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    score: &ScoreId,
) -> Result<()> {
    let sql = "DELETE FROM score_collaborators WHERE organization_id = $1 AND user_id = $2 AND score_id = $3";
    tx.execute(sql, (organization, user, score)).await?;
    tx.execute(
        "DELETE FROM collection_scores WHERE organization_id = $1 AND score_id = $3 AND collection_id IN
             (SELECT id FROM collections WHERE organization_id = $1 AND user_id = $2)",
        (organization, user, score),
    )
    .await?;
    Ok(())
}

/// What hangs on a score, each deleted up to `$3` rows at once.
const HANGING: [&str; 7] = [
    "DELETE FROM score_comment_mentions WHERE organization_id = $1 AND score_id = $2 AND (comment_id, user_id) IN
         (SELECT comment_id, user_id FROM score_comment_mentions
          WHERE organization_id = $1 AND score_id = $2 LIMIT $3)",
    "DELETE FROM score_comments WHERE organization_id = $1 AND score_id = $2 AND id IN
         (SELECT id FROM score_comments WHERE organization_id = $1 AND score_id = $2 LIMIT $3)",
    "DELETE FROM score_likes WHERE organization_id = $1 AND score_id = $2 AND user_id IN
         (SELECT user_id FROM score_likes WHERE organization_id = $1 AND score_id = $2 LIMIT $3)",
    "DELETE FROM score_collaborators WHERE organization_id = $1 AND score_id = $2 AND id IN
         (SELECT id FROM score_collaborators WHERE organization_id = $1 AND score_id = $2 LIMIT $3)",
    "DELETE FROM collection_scores WHERE organization_id = $1 AND score_id = $2 AND collection_id IN
         (SELECT collection_id FROM collection_scores WHERE organization_id = $1 AND score_id = $2 LIMIT $3)",
    "DELETE FROM assignment_attachments WHERE organization_id = $1 AND (assignment_id, position) IN
         (SELECT assignment_id, position FROM assignment_attachments
          WHERE organization_id = $1 AND score_id = $2 LIMIT $3)",
    "DELETE FROM submission_attachments WHERE organization_id = $1 AND (submission_id, position) IN
         (SELECT submission_id, position FROM submission_attachments
          WHERE organization_id = $1 AND score_id = $2 LIMIT $3)",
];

/// Deletes up to `limit` rows of a score that is going, itself at last; how many.
pub async fn delete_some(
    tx: &mut Tx,
    organization: &OrganizationId,
    score: &ScoreId,
    limit: i64,
) -> Result<i64> {
    let mut left = limit;
    for sql in HANGING {
        if left > 0 {
            left -= tx.execute(sql, (organization, score, left)).await?.cast_signed();
        }
    }
    if left > 0 {
        left -= delete_revisions(tx, organization, score, left).await?;
    }
    if left > 0 {
        let sql = "DELETE FROM scores WHERE organization_id = $1 AND id = $2 AND delete_at = 1";
        left -= tx.execute(sql, (organization, score)).await?.cast_signed();
    }
    Ok(limit - left)
}

async fn delete_revisions(
    tx: &mut Tx,
    organization: &OrganizationId,
    score: &ScoreId,
    limit: i64,
) -> Result<i64> {
    let released: Vec<(DocumentId,)> = tx
        .all(
            "DELETE FROM score_revisions WHERE organization_id = $1 AND score_id = $2 AND id IN
                 (SELECT id FROM score_revisions WHERE organization_id = $1 AND score_id = $2 ORDER BY id LIMIT $3)
             RETURNING document_id",
            (organization, score, limit),
        )
        .await?;
    let count = i64::try_from(released.len()).unwrap_or(limit);
    documents::release(tx, organization, released.into_iter().map(|(id,)| id).collect()).await?;
    Ok(count)
}
