//! The scores of a collection, and of those that everybody has.

use homeroom_api::{CollectionId, CollectionType, OrganizationId, ScoreDetails, ScoreId, UserId};

use super::store::{Sorting, touch};
use super::{Collection, Name, store};
use crate::db::{Conn, Query, Read, Tx, Value};
use crate::http::{Caller, Page, PageQuery};
use crate::scores::{self, Score, kept, readable, there};
use crate::{App, Error, Result, users};

/// The most scores of a collection.
const MOST: i64 = 5000;

/// Where the scores are: `$1` is the organization, `$2` the caller, `$3` the collection or whose likes they are.
const MADE: &str = concat!(
    " FROM collection_scores m JOIN scores s ON s.organization_id = m.organization_id AND s.id = m.score_id
      WHERE m.organization_id = $1 AND m.collection_id = $3 AND ",
    kept!("$2")
);
const LIKED: &str = concat!(
    " FROM score_likes m JOIN scores s ON s.organization_id = m.organization_id AND s.id = m.score_id
      WHERE m.organization_id = $1 AND m.user_id = $2 AND ",
    kept!("$2")
);
const LIKED_BY: &str = concat!(
    " FROM score_likes m JOIN scores s ON s.organization_id = m.organization_id AND s.id = m.score_id
      WHERE m.organization_id = $1 AND m.user_id = $3 AND ",
    readable!("$2")
);
const ALL: &str = " FROM scores s WHERE s.organization_id = $1 AND s.user_id = $2 AND s.trashed_at = 0";
const TRASH: &str = " FROM scores s WHERE s.organization_id = $1 AND s.user_id = $2 AND s.trashed_at > 0";
const ROOT: &str = " FROM scores s WHERE s.organization_id = $1 AND s.user_id = $2 AND s.trashed_at = 0
    AND NOT EXISTS (SELECT 1 FROM collection_scores m
        JOIN collections c ON c.organization_id = m.organization_id AND c.id = m.collection_id
        WHERE m.organization_id = s.organization_id AND m.score_id = s.id AND c.user_id = $2 AND c.trashed_at = 0)";
const SHARED: &str = concat!(
    " FROM scores s WHERE s.organization_id = $1 AND s.user_id <> $2 AND s.id IN (
        SELECT k.score_id FROM score_collaborators k WHERE k.organization_id = $1 AND k.user_id = $2
        UNION SELECT k.score_id FROM group_users g
        JOIN score_collaborators k ON k.organization_id = g.organization_id AND k.group_id = g.group_id
        WHERE g.organization_id = $1 AND g.user_id = $2) AND ",
    there!()
);

/// Where those of a collection are that everybody has.
const fn everybodys_from(kind: CollectionType) -> &'static str {
    match kind {
        CollectionType::Trash => TRASH,
        CollectionType::AllScores => ALL,
        CollectionType::Likes => LIKED,
        CollectionType::Collaborations => SHARED,
        CollectionType::Root | CollectionType::Regular | CollectionType::App => ROOT,
    }
}

/// A page of the scores of a collection that the caller may read.
pub async fn list_scores(
    app: &App,
    caller: &Caller,
    name: &Name,
    sorting: Sorting,
    page: &PageQuery,
) -> Result<Page<ScoreDetails>> {
    let (organization, user) = (&caller.organization, caller.must_be_person()?);
    let mut conn = app.db.read().await?;
    let mut args: Vec<Value> = vec![organization.into(), user.into()];
    let from = match name {
        Name::Everybodys(kind) => everybodys_from(*kind),
        Name::Made(id) => {
            store::get(&mut conn, organization, user, id).await?;
            args.push(id.into());
            MADE
        }
    };
    let found = scores::select(args, from, sorting).page(&mut conn, page).await?;
    scores::show_page(app, &mut conn, caller, found).await
}

/// How much of the scores that somebody likes to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likes {
    Whole,
    /// The least that every SDK reads.
    Ids,
}

/// A page of the scores that `user` likes and the caller may read.
pub async fn list_liked(
    app: &App,
    caller: &Caller,
    user: &UserId,
    likes: Likes,
    page: &PageQuery,
) -> Result<Page<ScoreDetails>> {
    let mut conn = app.db.read().await?;
    users::must_see(&mut conn, caller, user).await?;
    let organization: Value = (&caller.organization).into();
    let (args, from) = if caller.is(user) {
        (vec![organization, user.into()], LIKED)
    } else {
        (vec![organization, scores::reader(caller).into(), user.into()], LIKED_BY)
    };
    let found: Page<Score> = scores::select(args, from, Sorting::default()).page(&mut conn, page).await?;
    match likes {
        Likes::Whole => scores::show_page(app, &mut conn, caller, found).await,
        Likes::Ids => Ok(found.map(|score| score.seen_by(caller, None).details(app))),
    }
}

/// One of the collections that everybody has, as old as their account.
pub async fn everybodys(
    app: &App,
    conn: &mut Conn,
    organization: &OrganizationId,
    user: &UserId,
    kind: CollectionType,
) -> Result<Collection> {
    let member = users::get_member(conn, organization, user, app.clock.now()).await?;
    let mut query = Query::new(vec![organization.into(), user.into()]);
    query.push("SELECT count(*)").push(everybodys_from(kind));
    let (sql, args) = query.done();
    let counted: Vec<(i64,)> = conn.fetch(sql, args).await?;
    Ok(Collection {
        id: kind.as_str().into(),
        organization: organization.clone(),
        kind,
        title: title(kind).to_owned(),
        created_at: member.created_at,
        modified_at: member.created_at,
        scores: counted.first().map_or(0, |(count,)| count.unsigned_abs()),
    })
}

const fn title(kind: CollectionType) -> &'static str {
    match kind {
        CollectionType::Trash => "Trash",
        CollectionType::AllScores => "All scores",
        CollectionType::Likes => "Likes",
        CollectionType::Collaborations => "Shared with me",
        CollectionType::Root | CollectionType::Regular | CollectionType::App => "My scores",
    }
}

/// Puts a score that the caller may read into one of their collections. In `likes`, it is liked. Nothing changes where
/// it is there already.
pub async fn add_score(
    app: &App,
    caller: &Caller,
    name: &Name,
    score: &ScoreId,
    sharing_key: Option<&str>,
) -> Result<ScoreDetails> {
    let (mut tx, caller) = app.begin(caller).await?;
    let added = add_in(app, &mut tx, &caller, name, score, sharing_key).await;
    tx.finish(added).await?;
    let mut conn = app.db.read().await?;
    let score = scores::open(&mut conn, &caller, score, sharing_key).await?;
    scores::show(app, &mut conn, &caller, score).await
}

/// As [`add_score`], in a transaction.
pub async fn add_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    name: &Name,
    score: &ScoreId,
    sharing_key: Option<&str>,
) -> Result<()> {
    let (organization, user) = (&caller.organization, caller.must_be_person()?);
    if let Name::Made(id) = name {
        touch(tx, organization, user, id, app.clock.now()).await?;
    }
    scores::hold(tx, organization, score).await?;
    let score = scores::open(tx, caller, score, sharing_key).await?;
    if score.is_trashed() {
        return Err(Error::forbidden("The score is in the trash: take it out first."));
    }
    let key = score.key_hash_where(sharing_key);
    let now = app.clock.now();
    match name {
        Name::Made(id) => {
            check_room(tx, organization, id).await?;
            store::put(tx, organization, id, &score.id, key, now).await
        }
        Name::Everybodys(CollectionType::Likes) => {
            store::like(tx, organization, user, &score.id, key, now).await
        }
        Name::Everybodys(kind) => Err(not_filled_by_hand(*kind)),
    }
}

/// The collection is locked: no other transaction adds to it meanwhile.
async fn check_room(tx: &mut Tx, organization: &OrganizationId, id: &CollectionId) -> Result<()> {
    let sql = "SELECT count(*) FROM collection_scores WHERE organization_id = $1 AND collection_id = $2";
    let (count,): (i64,) = tx.one(sql, (organization, id)).await?;
    if count < MOST {
        return Ok(());
    }
    Err(Error::forbidden(format!(
        "The collection has {MOST} scores, the most that there can be: make another one."
    )))
}

fn not_filled_by_hand(kind: CollectionType) -> Error {
    let message = match kind {
        CollectionType::Trash => "A score comes into the `trash` by being deleted, and out of it by untrash.",
        CollectionType::Collaborations => "A score is in `collaborations` while it is shared with you.",
        _ => {
            "Your own scores are in `root` and `allScores` by themselves: name a collection that you made, or `likes`."
        }
    };
    Error::forbidden(message)
}

/// Takes a score out of a collection; 404 where it is not in there. Out of `likes`, it is no longer liked. The score
/// itself stays.
pub async fn remove_score(app: &App, caller: &Caller, name: &Name, score: &ScoreId) -> Result<()> {
    let (mut tx, caller) = app.begin(caller).await?;
    let removed = remove_in(app, &mut tx, &caller, name, score).await;
    tx.finish(removed).await
}

async fn remove_in(app: &App, tx: &mut Tx, caller: &Caller, name: &Name, score: &ScoreId) -> Result<()> {
    let (organization, user) = (&caller.organization, caller.must_be_person()?);
    let removed = match name {
        Name::Made(id) => {
            touch(tx, organization, user, id, app.clock.now()).await?;
            store::take_out(tx, organization, id, score).await?
        }
        Name::Everybodys(CollectionType::Likes) => store::unlike(tx, organization, user, score).await?,
        Name::Everybodys(kind) => {
            // Who may not know of the score is told so first.
            scores::open(tx, caller, score, None).await?;
            return Err(not_filled_by_hand(*kind));
        }
    };
    if removed { Ok(()) } else { Err(Error::not_found("score in the collection")) }
}
