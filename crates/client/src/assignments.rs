//! What classes are asked to do.

use homeroom_api::{AssignmentCopy, AssignmentId, ClassAssignment, ClassAssignmentUpdate, ClassId};

use crate::query::Query;
use crate::{Call, Client};

/// Assignments of classes: [`Client::assignments`].
#[derive(Debug, Clone, Copy)]
pub struct Assignments<'a> {
    pub(crate) client: &'a Client,
}

impl Assignments<'_> {
    /// All that the caller may see in a class: teachers with all submissions, students with their own.
    pub fn list(&self, class: &ClassId) -> Call<Vec<ClassAssignment>> {
        self.client.get(&["classes", class.as_str(), "assignments"], &Query::none())
    }

    /// Give an assignment to a class. Errors with `FORBIDDEN` unless the caller teaches it.
    ///
    /// ```no_run
    /// # use homeroom_client::{ClassAssignmentUpdate, ClassId, Client, Result};
    /// # async fn example(client: Client, class: ClassId) -> Result<()> {
    /// let new = ClassAssignmentUpdate {
    ///     title: Some("Étude 3".into()),
    ///     max_points: Some(20.into()),
    ///     ..ClassAssignmentUpdate::default()
    /// };
    /// println!("{}", client.assignments().create(&class, &new).await?.id);
    /// # Ok(()) }
    /// ```
    pub fn create(&self, class: &ClassId, new: &ClassAssignmentUpdate) -> Call<ClassAssignment> {
        self.client.post(&["classes", class.as_str(), "assignments"], new)
    }

    /// Copy an assignment to a class that the caller teaches too.
    pub fn copy(&self, class: &ClassId, id: &AssignmentId, copy: &AssignmentCopy) -> Call<ClassAssignment> {
        self.client.post(&["classes", class.as_str(), "assignments", id.as_str(), "copy"], copy)
    }

    /// Archive an assignment: nothing in it can be changed.
    pub fn archive(&self, class: &ClassId, id: &AssignmentId) -> Call<ClassAssignment> {
        let path = ["classes", class.as_str(), "assignments", id.as_str(), "archive"];
        self.client.post(&path, &serde_json::Map::new())
    }

    /// Take an assignment out of the archive.
    pub fn unarchive(&self, class: &ClassId, id: &AssignmentId) -> Call<ClassAssignment> {
        self.client.delete_for(&["classes", class.as_str(), "assignments", id.as_str(), "archive"])
    }
}

impl Client {
    /// What classes are asked to do.
    pub fn assignments(&self) -> Assignments<'_> {
        Assignments { client: self }
    }
}
