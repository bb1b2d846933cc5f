//! Classes.

use homeroom_api::{ClassCreation, ClassDetails, ClassId};

use crate::query::Query;
use crate::{Call, Client};

const CLASSES: &str = "classes";

/// Classes: [`Client::classes`].
#[derive(Debug, Clone, Copy)]
pub struct Classes<'a> {
    pub(crate) client: &'a Client,
}

impl Classes<'_> {
    /// Create a class, whose first teacher the caller is. Errors with `FORBIDDEN` for a student.
    ///
    /// ```no_run
    /// # use homeroom_client::{ClassCreation, Client, Result};
    /// # async fn example(client: Client) -> Result<()> {
    /// let new = ClassCreation { name: "Choir 7b".into(), ..Default::default() };
    /// println!("{:?}", client.classes().create(&new).await?.enrollment_code);
    /// # Ok(()) }
    /// ```
    pub fn create(&self, new: &ClassCreation) -> Call<ClassDetails> {
        self.client.post(&[CLASSES], new)
    }

    /// One class. Errors with `NOT_FOUND` unless the caller is in it or administers the organization.
    pub fn get(&self, class: &ClassId) -> Call<ClassDetails> {
        self.client.get(&[CLASSES, class.as_str()], &Query::none())
    }
}
