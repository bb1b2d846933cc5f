//! Comments of a score.

use homeroom_api::{
    CommentId, CommentQuery, ScoreComment, ScoreCommentCreation, ScoreCommentUpdate, ScoreId,
};
use reqwest::Method;

use crate::query::Query;
use crate::{Call, Client};

/// What is said of a score: [`Client::comments`].
#[derive(Debug, Clone, Copy)]
pub struct Comments<'a> {
    pub(crate) client: &'a Client,
    pub(crate) score: &'a ScoreId,
    pub(crate) sharing_key: Option<&'a str>,
}

impl<'a> Comments<'a> {
    /// The same, of a score that is open to who has its sharing key.
    #[must_use]
    pub fn with_key(self, sharing_key: &'a str) -> Self {
        Self { sharing_key: Some(sharing_key), ..self }
    }

    fn key(&self) -> Query {
        Query::none().with("sharingKey", self.sharing_key)
    }

    /// The comments in the order of their creation, or its reverse.
    pub fn list(&self, query: &CommentQuery) -> Call<Vec<ScoreComment>> {
        let key = self.sharing_key.map(str::to_owned).or_else(|| query.sharing_key.clone());
        let query = CommentQuery { sharing_key: key, ..query.clone() };
        self.client.get(&["scores", self.score.as_str(), "comments"], &(&query).into())
    }

    /// Comment on the score, on a place in it (`context`), or on a comment (`reply_to`).
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, Result, ScoreCommentCreation, ScoreId};
    /// # async fn example(client: Client, score: ScoreId) -> Result<()> {
    /// let new = ScoreCommentCreation { comment: "More slowly".into(), ..Default::default() };
    /// client.comments(&score).create(&new).await?;
    /// # Ok(()) }
    /// ```
    pub fn create(&self, new: &ScoreCommentCreation) -> Call<ScoreComment> {
        self.client.post_to(&["scores", self.score.as_str(), "comments"], &self.key(), new)
    }

    /// Change a comment. Errors with `FORBIDDEN` if it is somebody else's.
    pub fn update(&self, id: &CommentId, change: &ScoreCommentUpdate) -> Call<ScoreComment> {
        self.client.put_to(&["scores", self.score.as_str(), "comments", id.as_str()], &self.key(), change)
    }

    /// Delete a comment: one's own, or any of a score that one administers.
    pub fn delete(&self, id: &CommentId) -> Call<()> {
        self.client.delete(&["scores", self.score.as_str(), "comments", id.as_str()], &self.key())
    }

    /// Mark a comment as resolved.
    pub fn resolve(&self, id: &CommentId) -> Call<()> {
        let path = ["scores", self.score.as_str(), "comments", id.as_str(), "resolved"];
        self.client.tell(Method::PUT, &path, &self.key())
    }

    /// Mark a comment as not resolved.
    pub fn unresolve(&self, id: &CommentId) -> Call<()> {
        let path = ["scores", self.score.as_str(), "comments", id.as_str(), "resolved"];
        self.client.tell(Method::DELETE, &path, &self.key())
    }
}
