//! Collections of scores.

use homeroom_api::{
    Collection, CollectionCreation, CollectionId, CollectionModification, CollectionQuery, ScoreDetails,
    ScoreId, ScoreQuery,
};
use reqwest::Method;

use crate::query::Query;
use crate::{Call, Client, Page};

const COLLECTIONS: &str = "collections";

/// Collections of scores: [`Client::collections`]. Beside those that the caller made there are `root`, `trash`,
/// `allScores`, `likes` and `collaborations`.
#[derive(Debug, Clone, Copy)]
pub struct Collections<'a> {
    pub(crate) client: &'a Client,
}

impl Collections<'_> {
    /// A page of the collections that the caller made.
    pub fn list(&self, query: &CollectionQuery) -> Call<Page<Collection>> {
        self.client.page(&[COLLECTIONS], &query.into())
    }

    /// Create a collection.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, CollectionCreation, Result};
    /// # async fn example(client: Client) -> Result<()> {
    /// let new = CollectionCreation { title: Some("Concert".into()), ..Default::default() };
    /// println!("{}", client.collections().create(&new).await?.id);
    /// # Ok(()) }
    /// ```
    pub fn create(&self, new: &CollectionCreation) -> Call<Collection> {
        self.client.post(&[COLLECTIONS], new)
    }

    /// One collection. Errors with `NOT_FOUND` if it isn't the caller's.
    pub fn get(&self, collection: &CollectionId) -> Call<Collection> {
        self.client.get(&[COLLECTIONS, collection.as_str()], &Query::none())
    }

    /// Change a collection. Errors with `FORBIDDEN` for one that everybody has.
    pub fn edit(&self, collection: &CollectionId, change: &CollectionModification) -> Call<Collection> {
        self.client.put(&[COLLECTIONS, collection.as_str()], change)
    }

    /// Put a collection into the trash, which is emptied of it after 30 days. The scores in it stay.
    pub fn delete(&self, collection: &CollectionId) -> Call<()> {
        self.client.delete(&[COLLECTIONS, collection.as_str()], &Query::none())
    }

    /// Take a collection out of the trash.
    pub fn untrash(&self, collection: &CollectionId) -> Call<()> {
        let path = [COLLECTIONS, collection.as_str(), "untrash"];
        self.client.tell(Method::POST, &path, &Query::none())
    }

    /// A page of the scores of a collection that the caller may read.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, Result, ScoreQuery};
    /// # async fn example(client: Client) -> Result<()> {
    /// let likes = "likes".into();
    /// for score in client.collections().scores(&likes, &ScoreQuery::default()).await?.items {
    ///     println!("{}", score.summary.title);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn scores(&self, collection: &CollectionId, query: &ScoreQuery) -> Call<Page<ScoreDetails>> {
        self.client.page(&[COLLECTIONS, collection.as_str(), "scores"], &query.into())
    }

    /// Add a score to a collection; to `likes`, to like it. Errors with `NOT_FOUND` if the caller may not read it.
    pub fn add_score(
        &self,
        collection: &CollectionId,
        score: &ScoreId,
        sharing_key: Option<&str>,
    ) -> Call<ScoreDetails> {
        let path = [COLLECTIONS, collection.as_str(), "scores", score.as_str()];
        self.client.put_to(&path, &Query::none().with("sharingKey", sharing_key), &serde_json::Map::new())
    }

    /// Take a score out of a collection. The score itself stays.
    pub fn remove_score(&self, collection: &CollectionId, score: &ScoreId) -> Call<()> {
        let path = [COLLECTIONS, collection.as_str(), "scores", score.as_str()];
        self.client.delete(&path, &Query::none())
    }
}
