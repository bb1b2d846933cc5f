//! Lists of scores.

use homeroom_api::{GroupId, ScoreDetails, ScoreQuery, UserId};

use crate::query::Query;
use crate::{Call, Client, Page};

/// Lists of scores: [`Client::score_lists`].
#[derive(Debug, Clone, Copy)]
pub struct ScoreLists<'a> {
    pub(crate) client: &'a Client,
}

impl ScoreLists<'_> {
    /// A page of the scores of a user: one's own (`me`), or those of somebody else that one may read.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, LibrarySort, Result, ScoreQuery};
    /// # async fn example(client: Client) -> Result<()> {
    /// let query = ScoreQuery { sort: Some(LibrarySort::Title), ..Default::default() };
    /// println!("{} scores", client.score_lists().of_user(&"me".into(), &query).await?.items.len());
    /// # Ok(()) }
    /// ```
    pub fn of_user(&self, user: &UserId, query: &ScoreQuery) -> Call<Page<ScoreDetails>> {
        let query = Query::from(query).flag("paginate", true);
        self.client.page(&["users", user.as_str(), "scores"], &query)
    }

    /// A page of the scores that a user likes and the caller may read. `sort` and `direction` are not sent.
    pub fn liked_by(&self, user: &UserId, query: &ScoreQuery) -> Call<Page<ScoreDetails>> {
        let query = ScoreQuery { sort: None, direction: None, ..query.clone() };
        self.client.page(&["users", user.as_str(), "likes"], &Query::from(&query))
    }

    /// The scores that are shared with a group which the caller is in, or whose class they teach.
    pub fn of_group(&self, group: &GroupId) -> Call<Page<ScoreDetails>> {
        self.client.page(&["groups", group.as_str(), "scores"], &Query::none())
    }
}
