//! Documents: what revisions are made of. Each is stored once in an organization, by the hash of its content, for as
//! long as somebody uses it: compressed, in pieces.
//!
//! A large one is written in several transactions, and nobody sees it until the one that uses it. `uses` changes by an
//! `UPDATE` alone, which locks the row, so that nobody takes what somebody else is just giving up.
mod body;
mod copying;
mod pack;
mod store;

use std::collections::BTreeMap;

use homeroom_api::OrganizationId;

use crate::db::{self, Tx, Unique};
use crate::http::Caller;
use crate::{App, Result};

pub use body::stream;
pub use copying::{copy_some, drop_copies, use_copies};
pub use pack::{Packed, Packer};
pub use store::{DocumentId, find};

/// So many pieces are written in one transaction; and so many deleted.
const AT_ONCE: usize = 4;
const SWEPT: i64 = 16;
/// What was not finished within an hour is not going to be.
const UNFINISHED: std::time::Duration = std::time::Duration::from_hours(1);

/// A document whose pieces were written ahead, if they are many and nobody has stored it.
pub struct Draft(Option<DocumentId>);

/// Writes the pieces of a large document that is not stored yet. Until [`claim`] nobody sees it.
pub async fn draft(app: &App, caller: &Caller, packed: &Packed) -> Result<Draft> {
    let is_small = packed.pieces() <= AT_ONCE;
    if is_small || store::is_stored(&mut app.db.read().await?, &caller.organization, packed).await? {
        return Ok(Draft(None));
    }
    let id = app.random.id(app.clock.now());
    for first in (0..packed.pieces()).step_by(AT_ONCE) {
        let pieces = packed.read(first..packed.pieces().min(first + AT_ONCE)).await?;
        let (mut tx, caller) = app.begin(caller).await?;
        let written = write(app, &mut tx, &caller, packed, &id, first, pieces).await;
        tx.finish(written).await?;
    }
    Ok(Draft(Some(id)))
}

async fn write(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    packed: &Packed,
    id: &DocumentId,
    first: usize,
    pieces: Vec<Vec<u8>>,
) -> Result<()> {
    if first == 0 {
        store::insert_unfinished(tx, &caller.organization, id, packed, app.clock.now()).await?;
    }
    let first = i64::try_from(first).unwrap_or(i64::MAX);
    store::insert_pieces(tx, &caller.organization, id, first, pieces).await
}

/// Stores a document for one use more. Nothing where the transaction must be rolled back and all begun again: somebody
/// else stored or deleted it meanwhile.
pub async fn claim(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    packed: &Packed,
    draft: &Draft,
) -> Result<Option<DocumentId>> {
    if let Some(id) = store::use_again(tx, organization, packed).await? {
        return Ok(Some(id));
    }
    match &draft.0 {
        Some(id) => match store::finish(tx, organization, id).await {
            Ok(is_there) => Ok(is_there.then(|| id.clone())),
            Err(db::Error::Taken(Unique::Document)) => Ok(None),
            Err(error) => Err(error.into()),
        },
        None if packed.pieces() > AT_ONCE => Ok(None),
        None => insert_small(app, tx, organization, packed).await,
    }
}

async fn insert_small(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    packed: &Packed,
) -> Result<Option<DocumentId>> {
    let now = app.clock.now();
    let id = app.random.id(now);
    if !store::insert_stored(tx, organization, &id, packed, now).await? {
        return Ok(None);
    }
    let pieces = packed.read(0..packed.pieces()).await?;
    store::insert_pieces(tx, organization, &id, 0, pieces).await?;
    Ok(Some(id))
}

/// Deletes what was written ahead and is not used after all.
pub async fn discard(app: &App, organization: &OrganizationId, draft: Draft) -> Result<()> {
    let Some(id) = draft.0 else { return Ok(()) };
    let mut tx = app.db.write().await?;
    let given_up = store::give_up(&mut tx, organization, &id).await;
    tx.finish(given_up).await?;
    sweep(app, organization).await
}

/// One use more of a document that somebody uses already. Whether it is still there.
pub async fn share(tx: &mut Tx, organization: &OrganizationId, id: &DocumentId) -> Result<bool> {
    store::share(tx, organization, id).await
}

/// Gives up uses of documents, one for each id. What nobody uses any more is left to [`sweep`].
pub async fn release(tx: &mut Tx, organization: &OrganizationId, ids: Vec<DocumentId>) -> Result<()> {
    let mut uses: BTreeMap<DocumentId, i64> = BTreeMap::new(); // in one order: two transactions do not wait for each other
    for id in ids {
        *uses.entry(id).or_default() += 1;
    }
    for (id, count) in uses {
        store::release(tx, organization, &id, count).await?;
    }
    Ok(())
}

/// Deletes some of what nobody uses any more in the organization: how many rows.
pub async fn sweep_some(tx: &mut Tx, organization: &OrganizationId) -> Result<u64> {
    store::sweep(tx, organization, SWEPT).await
}

/// Deletes all that nobody uses any more in the organization, in short transactions.
pub async fn sweep(app: &App, organization: &OrganizationId) -> Result<()> {
    loop {
        let mut tx = app.db.write().await?;
        let swept = sweep_some(&mut tx, organization).await;
        if tx.finish(swept).await? == 0 {
            return Ok(());
        }
    }
}

/// Deletes what was begun and not finished, and what was left by a server that was stopped.
pub async fn keep_up(app: &App) -> Result<()> {
    loop {
        let mut tx = app.db.write().await?;
        let given_up = store::give_up_unfinished(&mut tx, app.clock.now() - UNFINISHED).await;
        let Some(organization) = tx.finish(given_up).await? else { return Ok(()) };
        sweep(app, &organization).await?;
    }
}
