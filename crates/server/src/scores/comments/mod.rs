//! Comments of scores: what readers say of a score, or of a place in it.
//!
//! Who can read a score can comment on it. A comment is its author's, and goes with them: from the moment at which
//! an account is removed its comments are not there, and what others answered stays.
pub mod api;
mod fields;
mod store;

use homeroom_api::{CommentId, CommentQuery, ScoreCommentCreation, ScoreCommentUpdate, ScoreId, UserId};
use serde_json::json;

use super::{Score, hold, open};
use crate::db::Tx;
use crate::http::Caller;
use crate::{App, Error, Result};

use fields::{Change, Fields};
pub use store::{Comment, counts, delete_some_of, forget_some_of};

/// The comments of a score in the order of their creation, or its reverse.
pub async fn list(app: &App, caller: &Caller, score: &ScoreId, query: &CommentQuery) -> Result<Vec<Comment>> {
    let mut conn = app.db.read().await?;
    open(&mut conn, caller, score, query.sharing_key.as_deref()).await?;
    store::list(&mut conn, &caller.organization, score, query).await
}

/// Comments on a score that the caller can read.
pub async fn create(
    app: &App,
    caller: &Caller,
    score: &ScoreId,
    sharing_key: Option<&str>,
    new: ScoreCommentCreation,
) -> Result<Comment> {
    let (mut tx, caller) = app.begin(caller).await?;
    let created = create_in(app, &mut tx, &caller, score, sharing_key, new).await;
    tx.finish(created).await
}

async fn create_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    score: &ScoreId,
    sharing_key: Option<&str>,
    new: ScoreCommentCreation,
) -> Result<Comment> {
    let organization = &caller.organization;
    hold(tx, organization, score).await?;
    open(tx, caller, score, sharing_key).await?;
    let fields = Fields::parse(new)?;
    store::check_room(tx, organization, score).await?;
    if let Some(reply_to) = &fields.reply_to {
        must_be_answerable(store::find(tx, organization, score, reply_to).await?)?;
    }
    check_mentions(tx, caller, score, &fields.mentions).await?;
    let revision = store::revision(tx, organization, score, fields.revision.as_ref()).await?;
    let id: CommentId = app.random.id(app.clock.now());
    let (author, now) = (caller.must_be_person()?, app.clock.now());
    store::insert(tx, organization, score, &id, author, revision.as_ref(), &fields, now).await?;
    get(tx, caller, score, &id).await
}

/// Answers to answers would be a tree that no reader of the contract shows.
fn must_be_answerable(comment: Option<Comment>) -> Result<()> {
    let message = match comment {
        None => "The score has no such comment.",
        Some(comment) if comment.reply_to.is_some() => {
            "This comment answers another one: answer that one, whose id is its `replyTo`."
        }
        Some(_) => return Ok(()),
    };
    Err(Error::invalid("replyTo", message))
}

/// Only who can read the score is mentioned.
async fn check_mentions(tx: &mut Tx, caller: &Caller, score: &ScoreId, mentions: &[UserId]) -> Result<()> {
    if mentions.is_empty() {
        return Ok(());
    }
    let readers = store::readers(tx, &caller.organization, score, mentions).await?;
    match mentions.iter().find(|user| !readers.contains(user)) {
        Some(user) => {
            let message =
                format!("`{user}` can't read the score: share it with them first, or leave them out.");
            Err(Error::invalid("mentions", message))
        }
        None => Ok(()),
    }
}

async fn get(tx: &mut Tx, caller: &Caller, score: &ScoreId, id: &CommentId) -> Result<Comment> {
    let found = store::find(tx, &caller.organization, score, id).await?;
    found.ok_or_else(|| Error::not_found("comment"))
}

/// A comment of a score that the caller can read, neither of which changes until the transaction ends.
async fn hold_one(tx: &mut Tx, caller: &Caller, place: &Place<'_>) -> Result<(Score, Comment)> {
    hold(tx, &caller.organization, place.score).await?;
    let score = open(tx, caller, place.score, place.sharing_key).await?;
    store::lock(tx, &caller.organization, place.score, place.comment).await?;
    Ok((score, get(tx, caller, place.score, place.comment).await?))
}

/// Where a comment is, and the key of its score, if the caller has one.
pub struct Place<'a> {
    pub score: &'a ScoreId,
    pub comment: &'a CommentId,
    pub sharing_key: Option<&'a str>,
}

/// Changes what came. Its author alone does.
pub async fn update(
    app: &App,
    caller: &Caller,
    place: Place<'_>,
    change: ScoreCommentUpdate,
) -> Result<Comment> {
    let (mut tx, caller) = app.begin(caller).await?;
    let updated = update_in(app, &mut tx, &caller, &place, change).await;
    tx.finish(updated).await
}

async fn update_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    place: &Place<'_>,
    change: ScoreCommentUpdate,
) -> Result<Comment> {
    let (_, comment) = hold_one(tx, caller, place).await?;
    if !caller.is(&comment.user) {
        return Err(Error::forbidden("A comment is changed by its author alone."));
    }
    let change = Change::parse(change)?;
    if change.revision.is_some() {
        store::revision(tx, &caller.organization, place.score, change.revision.as_ref()).await?;
    }
    store::update(tx, &caller.organization, &comment.changed(change), app.clock.now()).await?;
    get(tx, caller, place.score, place.comment).await
}

/// Deletes a comment: its author does, or who administers the score. What answers it stays.
pub async fn delete(app: &App, caller: &Caller, place: Place<'_>) -> Result<()> {
    let (mut tx, caller) = app.begin(caller).await?;
    let deleted = delete_in(app, &mut tx, &caller, &place).await;
    tx.finish(deleted).await
}

async fn delete_in(app: &App, tx: &mut Tx, caller: &Caller, place: &Place<'_>) -> Result<()> {
    let (score, comment) = hold_one(tx, caller, place).await?;
    if !caller.is(&comment.user) && !score.rights.admin {
        let message = "A comment is deleted by its author, or by who administers the score.";
        return Err(Error::forbidden(message));
    }
    store::delete(tx, &caller.organization, place.score, place.comment).await?;
    let event =
        caller.event("score_comment.deleted", place.comment.as_str(), json!({ "score": place.score }));
    event.about(&comment.user).record(app, tx).await
}

/// Whether what a comment asks for is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Resolved,
    Unresolved,
}

/// Marks a comment: its author does, or who may change the score.
pub async fn mark(app: &App, caller: &Caller, place: Place<'_>, state: State) -> Result<()> {
    let (mut tx, caller) = app.begin(caller).await?;
    let marked = mark_in(&mut tx, &caller, &place, state).await;
    tx.finish(marked).await
}

async fn mark_in(tx: &mut Tx, caller: &Caller, place: &Place<'_>, state: State) -> Result<()> {
    let (score, comment) = hold_one(tx, caller, place).await?;
    if !caller.is(&comment.user) && !score.rights.write {
        let message = "A comment is marked by its author, or by who may change the score.";
        return Err(Error::forbidden(message));
    }
    let resolver = (state == State::Resolved).then_some(caller.must_be_person()?);
    store::mark(tx, &caller.organization, place.score, place.comment, resolver).await
}
