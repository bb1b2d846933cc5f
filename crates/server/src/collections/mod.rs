//! Collections: how people keep scores together, their own and those of others.
//!
//! A collection is its owner's alone: to others it is not there. Beside those that people make, everybody has five
//! without a row: `root`, `trash`, `allScores`, `likes` and `collaborations`. A score is in a collection for as long
//! as the owner of the collection may read it.
pub mod api;
mod moving;
mod scores;
mod shown;
mod store;

use std::time::Duration;

use homeroom_api::{CollectionCreation, CollectionId, CollectionModification, CollectionType};
use serde_json::json;

use crate::db::Tx;
use crate::http::{Caller, Page, PageQuery, parse_id};
use crate::{App, Error, Result, text};

pub use moving::copy_some_of;
pub use scores::{Likes, add_in, add_score, list_liked, list_scores, remove_score};
pub use store::{Collection, Marks, Place, Sorting, delete_some_of, empty_trash, marks, unlike_some_of};

/// How long a collection stays in the trash.
const IN_TRASH: Duration = Duration::from_secs(30 * 24 * 3600);
const LONGEST_TITLE: usize = 300;

/// A collection as it is called: by its id, or as one of those that everybody has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    Made(CollectionId),
    Everybodys(CollectionType),
}

impl Name {
    /// 404 where it is neither.
    pub fn parse(name: String) -> Result<Self> {
        use CollectionType::{AllScores, Collaborations, Likes, Root, Trash};
        let everybodys = [Root, Trash, AllScores, Likes, Collaborations];
        match everybodys.into_iter().find(|kind| kind.as_str() == name) {
            Some(kind) => Ok(Self::Everybodys(kind)),
            None => parse_id("collection", name).map(Self::Made),
        }
    }
}

/// The caller's own collections, in the trash or not.
pub async fn list(
    app: &App,
    caller: &Caller,
    place: Place,
    sorting: Sorting,
    page: &PageQuery,
) -> Result<Page<Collection>> {
    let (mut conn, user) = (app.db.read().await?, caller.must_be_person()?);
    store::list(&mut conn, &caller.organization, user, app.clock.now(), place, sorting, page).await
}

pub async fn get(app: &App, caller: &Caller, name: &Name) -> Result<Collection> {
    let (organization, user) = (&caller.organization, caller.must_be_person()?);
    let mut conn = app.db.read().await?;
    match name {
        Name::Made(id) => store::get(&mut conn, organization, user, id, app.clock.now()).await,
        Name::Everybodys(kind) => scores::everybodys(app, &mut conn, organization, user, *kind).await,
    }
}

pub async fn create(app: &App, caller: &Caller, new: CollectionCreation) -> Result<Collection> {
    let message = "Give the collection a `title`.";
    let title = new.title.as_deref().ok_or_else(|| Error::invalid("title", message))?;
    let title = text::line("title", title, 1, LONGEST_TITLE)?;
    let (mut tx, caller) = app.begin(caller).await?;
    let created = create_in(app, &mut tx, &caller, &title).await;
    tx.finish(created).await
}

async fn create_in(app: &App, tx: &mut Tx, caller: &Caller, title: &str) -> Result<Collection> {
    let (organization, user) = (&caller.organization, caller.must_be_person()?);
    let now = app.clock.now();
    let id: CollectionId = app.random.id(now);
    if !store::insert(tx, organization, user, &id, title, now).await? {
        let message = format!("You have {} collections, the most that there can be.", store::MOST);
        return Err(Error::forbidden(message));
    }
    store::get(tx, organization, user, &id, now).await
}

/// Changes what came of a collection that is not in the trash.
pub async fn edit(
    app: &App,
    caller: &Caller,
    name: &Name,
    change: CollectionModification,
) -> Result<Collection> {
    let id = made(name)?;
    let (mut tx, caller) = app.begin(caller).await?;
    let edited = edit_in(app, &mut tx, &caller, id, change.title.as_deref()).await;
    tx.finish(edited).await
}

async fn edit_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    id: &CollectionId,
    title: Option<&str>,
) -> Result<Collection> {
    let (organization, user) = (&caller.organization, caller.must_be_person()?);
    store::touch(tx, organization, user, id, app.clock.now()).await?;
    if let Some(title) = title {
        let title = text::line("title", title, 1, LONGEST_TITLE)?;
        store::rename(tx, organization, id, &title).await?;
    }
    store::get(tx, organization, user, id, app.clock.now()).await
}

/// Puts a collection into the trash; its scores stay where they are.
pub async fn delete(app: &App, caller: &Caller, name: &Name) -> Result<()> {
    let id = made(name)?;
    let (mut tx, caller) = app.begin(caller).await?;
    let deleted = delete_in(app, &mut tx, &caller, id).await;
    tx.finish(deleted).await
}

async fn delete_in(app: &App, tx: &mut Tx, caller: &Caller, id: &CollectionId) -> Result<()> {
    let now = app.clock.now();
    store::trash(tx, &caller.organization, caller.must_be_person()?, id, now, now + IN_TRASH).await?;
    caller.event("collection.deleted", id.as_str(), json!({})).record(app, tx).await
}

/// Takes a collection out of the trash; nothing changes where it is not in there.
pub async fn untrash(app: &App, caller: &Caller, name: &Name) -> Result<()> {
    let id = made(name)?;
    let (mut tx, caller) = app.begin(caller).await?;
    let restored = untrash_in(app, &mut tx, &caller, id).await;
    tx.finish(restored).await
}

async fn untrash_in(app: &App, tx: &mut Tx, caller: &Caller, id: &CollectionId) -> Result<()> {
    if !store::untrash(tx, &caller.organization, caller.must_be_person()?, id).await? {
        return Ok(());
    }
    caller.event("collection.restored", id.as_str(), json!({})).record(app, tx).await
}

/// The id of a collection that somebody made: those that everybody has stay as they are.
fn made(name: &Name) -> Result<&CollectionId> {
    match name {
        Name::Made(id) => Ok(id),
        Name::Everybodys(kind) => {
            Err(Error::forbidden(format!("`{kind}` is a collection that everybody has: it stays as it is.")))
        }
    }
}
