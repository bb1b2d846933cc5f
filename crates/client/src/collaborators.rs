//! With whom a score is shared.

use homeroom_api::{CollaboratorId, ResourceCollaborator, ResourceCollaboratorCreation, ScoreId};

use crate::query::Query;
use crate::{Call, Client};

/// With whom a score is shared: [`Client::collaborators`].
#[derive(Debug, Clone, Copy)]
pub struct Collaborators<'a> {
    pub(crate) client: &'a Client,
    pub(crate) score: &'a ScoreId,
}

impl Collaborators<'_> {
    /// The owner, then the others.
    pub fn list(&self) -> Call<Vec<ResourceCollaborator>> {
        self.client.get(&["scores", self.score.as_str(), "collaborators"], &Query::none())
    }

    /// Share the score with a person or a group, or change their rights.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, GroupId, ResourceCollaboratorCreation, Result, ScoreId};
    /// # async fn example(client: Client, score: ScoreId, choir: GroupId) -> Result<()> {
    /// let choir = ResourceCollaboratorCreation { group: Some(choir), ..Default::default() };
    /// client.collaborators(&score).add(&choir).await?;
    /// # Ok(()) }
    /// ```
    pub fn add(&self, new: &ResourceCollaboratorCreation) -> Call<ResourceCollaborator> {
        self.client.post(&["scores", self.score.as_str(), "collaborators"], new)
    }

    /// One of them; the owner's id is that of the person.
    pub fn get(&self, id: &CollaboratorId) -> Call<ResourceCollaborator> {
        self.client.get(&["scores", self.score.as_str(), "collaborators", id.as_str()], &Query::none())
    }

    /// Stop sharing with a person or a group. A collaborator may leave by themselves.
    pub fn remove(&self, id: &CollaboratorId) -> Call<()> {
        self.client.delete(&["scores", self.score.as_str(), "collaborators", id.as_str()], &Query::none())
    }
}
