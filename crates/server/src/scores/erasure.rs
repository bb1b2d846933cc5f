//! What becomes of scores when somebody leaves: theirs go, with their revisions and all that hangs on them; a fork is
//! its maker's and stays. So do the revisions that they wrote of the scores of others, without their name.

use homeroom_api::{OrganizationId, UserId};

use crate::Result;
use crate::db::{Read as _, Tx};
use crate::documents;
use crate::jobs::Erased;

/// The scores that are worked on at once: what hangs on them goes first. `$1` organization, `$2` user.
macro_rules! first {
    () => {
        "(SELECT s.id FROM scores s WHERE s.organization_id = $1 AND s.user_id = $2 ORDER BY s.id LIMIT 20)"
    };
}

/// Deletes up to `$3` rows of a table, whose key has these columns, that belong to the first scores.
macro_rules! delete_of_first {
    ($table:literal, $key:literal, $score:literal) => {
        concat!(
            "DELETE FROM ",
            $table,
            " WHERE organization_id = $1 AND (",
            $key,
            ") IN (SELECT ",
            $key,
            " FROM ",
            $table,
            " WHERE organization_id = $1 AND ",
            $score,
            " IN ",
            first!(),
            " LIMIT $3)"
        )
    };
}

/// What others have of a score; all of it goes, wherever the score goes.
const OF_OTHERS: &[(&str, &str)] = &[
    ("scoreLikes", delete_of_first!("score_likes", "user_id, score_id", "score_id")),
    ("scoreCollaborators", delete_of_first!("score_collaborators", "score_id, id", "score_id")),
    (
        "assignmentAttachments",
        delete_of_first!("assignment_attachments", "assignment_id, position", "score_id"),
    ),
    (
        "submissionAttachments",
        delete_of_first!("submission_attachments", "submission_id, position", "score_id"),
    ),
    (
        "scoreCommentMentions",
        delete_of_first!("score_comment_mentions", "score_id, comment_id, user_id", "score_id"),
    ),
];

const COMMENTS: (&str, &str) =
    ("scoreComments", delete_of_first!("score_comments", "score_id, id", "score_id"));
const IN_COLLECTIONS: (&str, &str) =
    ("collectionScores", delete_of_first!("collection_scores", "collection_id, score_id", "score_id"));

/// The comments of others, and the places in collections of others: own ones go where the score goes.
const NOT_OWN: &[(&str, &str)] = &[
    (
        "scoreComments",
        concat!(
            "DELETE FROM score_comments WHERE organization_id = $1 AND (score_id, id) IN
                 (SELECT score_id, id FROM score_comments
                  WHERE organization_id = $1 AND user_id <> $2 AND score_id IN ",
            first!(),
            " LIMIT $3)"
        ),
    ),
    (
        "collectionScores",
        concat!(
            "DELETE FROM collection_scores WHERE organization_id = $1 AND (collection_id, score_id) IN
                 (SELECT p.collection_id, p.score_id FROM collection_scores p
                  JOIN collections c ON c.organization_id = p.organization_id AND c.id = p.collection_id
                  WHERE p.organization_id = $1 AND c.user_id <> $2 AND p.score_id IN ",
            first!(),
            " LIMIT $3)"
        ),
    ),
];

/// Deletes some of the scores of `user`, and what hangs on them, of whomever: at most `limit` rows.
pub async fn delete_some_of(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    limit: i64,
) -> Result<Erased> {
    let parts = OF_OTHERS.iter().chain([&COMMENTS, &IN_COLLECTIONS]);
    let mut erased = delete_parts(tx, organization, user, limit, parts).await?;
    let left = limit - rows(&erased);
    if left > 0 {
        erased.merge(delete_revisions(tx, organization, user, left).await?);
    }
    let left = limit - rows(&erased);
    if left > 0 {
        let sql = "DELETE FROM scores WHERE organization_id = $1 AND id IN
                       (SELECT s.id FROM scores s WHERE s.organization_id = $1 AND s.user_id = $2
                        ORDER BY s.id LIMIT $3)";
        erased.add("scores", tx.execute(sql, (organization, user, left.min(20))).await?);
    }
    Ok(erased)
}

/// Deletes some of what can't go with the first scores of `user` to another organization: at most `limit` rows.
pub(super) async fn strip(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    limit: i64,
) -> Result<Erased> {
    delete_parts(tx, organization, user, limit, OF_OTHERS.iter().chain(NOT_OWN)).await
}

async fn delete_parts(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    limit: i64,
    parts: impl Iterator<Item = &'static (&'static str, &'static str)> + Send,
) -> Result<Erased> {
    let mut erased = Erased::default();
    for (kind, sql) in parts {
        let left = limit - rows(&erased);
        if left <= 0 {
            break;
        }
        erased.add(kind, tx.execute(sql, (organization, user, left)).await?);
    }
    Ok(erased)
}

/// Deletes some revisions of the first scores, and takes their uses from the documents.
async fn delete_revisions(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    limit: i64,
) -> Result<Erased> {
    let sql = concat!(
        "DELETE FROM score_revisions WHERE organization_id = $1 AND (score_id, id) IN
             (SELECT score_id, id FROM score_revisions WHERE organization_id = $1 AND score_id IN ",
        first!(),
        " LIMIT $3) RETURNING document_id"
    );
    let left: Vec<(documents::DocumentId,)> = tx.all(sql, (organization, user, limit.min(100))).await?;
    let erased = Erased::of("scoreRevisions", left.len() as u64);
    documents::release(tx, organization, left.into_iter().map(|(document,)| document).collect()).await?;
    Ok(erased)
}

fn rows(erased: &Erased) -> i64 {
    i64::try_from(erased.rows()).unwrap_or(i64::MAX)
}

/// Takes `user` from some of the scores of others: access to them, and who wrote a revision. How many rows.
pub async fn forget_person(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    limit: i64,
) -> Result<u64> {
    for sql in [
        "DELETE FROM score_collaborators WHERE organization_id = $1 AND (score_id, id) IN
             (SELECT c.score_id, c.id FROM score_collaborators c
              WHERE c.organization_id = $1 AND c.user_id = $2 LIMIT $3)",
        "UPDATE score_revisions SET user_id = NULL WHERE organization_id = $1 AND (score_id, id) IN
             (SELECT r.score_id, r.id FROM score_revisions r
              WHERE r.organization_id = $1 AND r.user_id = $2 LIMIT $3)",
    ] {
        let rows = tx.execute(sql, (organization, user, limit)).await?;
        if rows > 0 {
            return Ok(rows);
        }
    }
    Ok(0)
}
