//! Collaborators: with whom the owner of a score shares it, people and groups.
//!
//! Who is not one of them sees of them the owner alone, even where the score is open to everybody.
pub mod api;
mod invited;
mod store;

use homeroom_api::{CollaboratorId, ResourceCollaborator, ResourceCollaboratorCreation, ScoreId};
use serde_json::json;

use super::{Score, open};
use crate::db::{Read, Tx};
use crate::http::Caller;
use crate::{App, Error, Result};

use invited::Invited;
pub use store::{Collaborator, Who, list as list_of};

/// The owner, then the others in the order in which they were added.
pub async fn list(
    app: &App,
    caller: &Caller,
    score: &ScoreId,
    sharing_key: Option<&str>,
) -> Result<Vec<ResourceCollaborator>> {
    let mut conn = app.db.read().await?;
    let score = open(&mut conn, caller, score, sharing_key).await?;
    let mut all = vec![score.owner()];
    if score.shows_collaborators() {
        let others = store::list(&mut conn, &caller.organization, &[score.id]).await?;
        all.extend(others.iter().map(|other| other.shown(&caller.organization)));
    }
    Ok(all)
}

/// One of them; the owner's id is that of the person.
pub async fn get(
    app: &App,
    caller: &Caller,
    score: &ScoreId,
    id: &CollaboratorId,
    sharing_key: Option<&str>,
) -> Result<ResourceCollaborator> {
    let mut conn = app.db.read().await?;
    let score = open(&mut conn, caller, score, sharing_key).await?;
    if id.as_str() == score.user.id.as_str() {
        return Ok(score.owner());
    }
    if !score.shows_collaborators() {
        return Err(Error::not_found("collaborator"));
    }
    Ok(find(&mut conn, caller, &score.id, id).await?.shown(&caller.organization))
}

async fn find(
    conn: &mut impl Read,
    caller: &Caller,
    score: &ScoreId,
    id: &CollaboratorId,
) -> Result<Collaborator> {
    let found = store::find(conn, &caller.organization, score, id).await?;
    found.ok_or_else(|| Error::not_found("collaborator"))
}

/// Shares a score, or changes the rights of whom it is shared with already.
pub async fn add(
    app: &App,
    caller: &Caller,
    score: &ScoreId,
    new: ResourceCollaboratorCreation,
) -> Result<ResourceCollaborator> {
    let (mut tx, caller) = app.begin(caller).await?;
    let added = add_in(app, &mut tx, &caller, score, new).await;
    tx.finish(added).await
}

async fn add_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    score: &ScoreId,
    new: ResourceCollaboratorCreation,
) -> Result<ResourceCollaborator> {
    let organization = &caller.organization;
    store::lock(tx, organization, score).await?;
    let score = open(tx, caller, score, None).await?;
    score.must_admin()?;
    let invited = Invited::find(tx, caller, &score, &new).await?;
    let (write, admin) = (new.acl_write || new.acl_admin, new.acl_admin);
    let share = store::Share { with: invited.with(), write, admin };
    let id: CollaboratorId = app.random.id(app.clock.now());
    let id = store::put(tx, organization, &score.id, id, &share, app.clock.now()).await?;
    store::check_room(tx, organization, &score.id).await?;
    let details = json!({ "score": score.id, "with": invited.id(), "write": write, "admin": admin });
    let event = caller.event("collaborator.added", id.as_str(), details);
    invited.about(event).record(app, tx).await?;
    Ok(find(tx, caller, &score.id, &id).await?.shown(organization))
}

/// Ends the sharing with one of them: who administers the score does, and each for themselves.
pub async fn remove(app: &App, caller: &Caller, score: &ScoreId, id: &CollaboratorId) -> Result<()> {
    let (mut tx, caller) = app.begin(caller).await?;
    let removed = remove_in(app, &mut tx, &caller, score, id).await;
    tx.finish(removed).await
}

async fn remove_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    score: &ScoreId,
    id: &CollaboratorId,
) -> Result<()> {
    store::lock(tx, &caller.organization, score).await?;
    let score = open(tx, caller, score, None).await?;
    if id.as_str() == score.user.id.as_str() {
        return Err(Error::forbidden("A score stays with its owner."));
    }
    if !score.shows_collaborators() {
        return Err(Error::not_found("collaborator"));
    }
    let collaborator = find(tx, caller, &score.id, id).await?;
    if !collaborator.is(caller) {
        score.must_admin()?;
    }
    store::delete(tx, &caller.organization, &score.id, id).await?;
    let details = json!({ "score": score.id, "with": collaborator.with() });
    let event = caller.event("collaborator.removed", id.as_str(), details);
    match &collaborator.who {
        Who::Person(person) => event.about(&person.id).record(app, tx).await,
        Who::Group { .. } => event.record(app, tx).await,
    }
}

impl Score {
    /// Who the others are is for those to know whom it is shared with.
    pub(super) const fn shows_collaborators(&self) -> bool {
        self.rights.by.is_some()
    }
}

impl Collaborator {
    fn is(&self, caller: &Caller) -> bool {
        matches!(&self.who, Who::Person(person) if caller.is(&person.id))
    }

    fn with(&self) -> &str {
        match &self.who {
            Who::Person(person) => person.id.as_str(),
            Who::Group { id, .. } => id.as_str(),
        }
    }
}
