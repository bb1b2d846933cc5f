//! Classes.

use homeroom_api::{ClassCreation, ClassDetails, ClassId, ClassQuery, ClassUpdate, UserDetails, UserId};
use reqwest::Method;
use serde_json::Map;

use crate::query::Query;
use crate::{Call, Client, Page};

const CLASSES: &str = "classes";

/// Classes: [`Client::classes`].
#[derive(Debug, Clone, Copy)]
pub struct Classes<'a> {
    pub(crate) client: &'a Client,
}

impl Classes<'_> {
    /// A page of the caller's classes in the order of their creation, by default the active ones.
    ///
    /// ```no_run
    /// # use homeroom_client::{ClassQuery, Client, Result};
    /// # async fn example(client: Client) -> Result<()> {
    /// let everybodys = ClassQuery { all: true, ..Default::default() };
    /// for class in client.classes().list(&everybodys).await?.items {
    ///     println!("{} led by {:?}", class.name, class.owner);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn list(&self, query: &ClassQuery) -> Call<Page<ClassDetails>> {
        self.client.page(&[CLASSES], &query.into())
    }

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

    /// Change the fields that are set, and no others.
    pub fn update(&self, class: &ClassId, update: &ClassUpdate) -> Call<ClassDetails> {
        self.client.put(&[CLASSES, class.as_str()], update)
    }

    /// Archive a class: it is kept, and nobody joins it.
    pub fn archive(&self, class: &ClassId) -> Call<ClassDetails> {
        self.client.post(&[CLASSES, class.as_str(), "archive"], &Map::new())
    }

    /// Take a class out of the archive.
    pub fn unarchive(&self, class: &ClassId) -> Call<ClassDetails> {
        self.client.delete_for(&[CLASSES, class.as_str(), "archive"])
    }

    /// Make an inactive class active. Errors with `CONFLICT` if it is archived.
    pub fn activate(&self, class: &ClassId) -> Call<ClassDetails> {
        self.client.post(&[CLASSES, class.as_str(), "activate"], &Map::new())
    }

    /// Put a user into a class: as a student, or a teacher where the role is more than `user`. Errors with `CONFLICT`
    /// if the class is archived.
    pub fn add_user(&self, class: &ClassId, user: &UserId) -> Call<()> {
        self.client.tell(Method::PUT, &[CLASSES, class.as_str(), "users", user.as_str()], &Query::none())
    }

    /// Take a user out of a class. Errors with `NOT_FOUND` if they aren't in it.
    pub fn remove_user(&self, class: &ClassId, user: &UserId) -> Call<()> {
        self.client.delete(&[CLASSES, class.as_str(), "users", user.as_str()], &Query::none())
    }

    /// Join a class by its code. Errors with `NOT_FOUND` for a wrong one, `CONFLICT` if the class is archived, and
    /// `API_RATE_LIMIT_EXCEEDED` after too many wrong ones.
    pub fn enroll(&self, code: &str) -> Call<ClassDetails> {
        self.client.post(&[CLASSES, "enroll", code], &Map::new())
    }

    /// The caller's test student in a class, who is made if there is none.
    pub fn create_test_student(&self, class: &ClassId) -> Call<UserDetails> {
        self.client.post(&[CLASSES, class.as_str(), "testStudent"], &Map::new())
    }

    /// Remove the caller's test student in a class with all that it did, and make a new one.
    pub fn reset_test_student(&self, class: &ClassId) -> Call<UserDetails> {
        let query = Query::none().flag("reset", true);
        self.client.post_to(&[CLASSES, class.as_str(), "testStudent"], &query, &Map::new())
    }
}
