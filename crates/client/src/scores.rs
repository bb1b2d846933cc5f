//! Scores, their versions and files.

use homeroom_api::{
    RevisionId, ScoreCreation, ScoreDetails, ScoreFork, ScoreId, ScoreModification, ScoreRevision,
    ScoreRevisionCreation,
};
use reqwest::Method;

use crate::query::Query;
use crate::{Call, Client};

const SCORES: &str = "scores";

/// Scores: [`Client::scores`].
#[derive(Debug, Clone, Copy)]
pub struct Scores<'a> {
    pub(crate) client: &'a Client,
    pub(crate) sharing_key: Option<&'a str>,
}

impl<'a> Scores<'a> {
    /// The same, for reading and forking what has this sharing key.
    #[must_use]
    pub fn with_sharing_key(self, key: &'a str) -> Self {
        Self { sharing_key: Some(key), ..self }
    }

    fn query(&self) -> Query {
        Query::none().with("sharingKey", self.sharing_key)
    }

    /// Create a score from a file: MusicXML, compressed MusicXML or MIDI. Errors with `INVALID_PARAMETER` for another.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, Result, ScoreCreation};
    /// # async fn example(client: Client, musicxml: String) -> Result<()> {
    /// let new = ScoreCreation { data: Some(musicxml), ..Default::default() };
    /// println!("{}", client.scores().create(&new).await?.summary.title);
    /// # Ok(()) }
    /// ```
    pub fn create(&self, new: &ScoreCreation) -> Call<ScoreDetails> {
        self.client.post(&[SCORES], new)
    }

    /// One score. Errors with `NOT_FOUND` unless the caller may read it.
    pub fn get(&self, score: &ScoreId) -> Call<ScoreDetails> {
        self.client.get(&[SCORES, score.as_str()], &self.query())
    }

    /// Change what a score says about itself: the fields that are there.
    pub fn edit(&self, score: &ScoreId, change: &ScoreModification) -> Call<ScoreDetails> {
        self.client.put(&[SCORES, score.as_str()], change)
    }

    /// Put a score into the trash, where it stays for 30 days. What is only shared with the caller is given back.
    pub fn remove(&self, score: &ScoreId) -> Call<()> {
        self.client.delete(&[SCORES, score.as_str()], &Query::none())
    }

    /// Delete a score for good.
    pub fn remove_now(&self, score: &ScoreId) -> Call<()> {
        self.client.delete(&[SCORES, score.as_str()], &Query::none().flag("now", true))
    }

    /// Take a score out of the trash.
    pub fn restore(&self, score: &ScoreId) -> Call<()> {
        self.client.tell(Method::POST, &[SCORES, score.as_str(), "untrash"], &Query::none())
    }

    /// Make a score of the caller's of the newest version of another.
    pub fn fork(&self, score: &ScoreId, new: &ScoreFork) -> Call<ScoreDetails> {
        self.client.post_to(&[SCORES, score.as_str(), "fork"], &self.query(), new)
    }

    /// The versions of a score, the newest first, at most 1000.
    pub fn revisions(&self, score: &ScoreId) -> Call<Vec<ScoreRevision>> {
        self.client.get(&[SCORES, score.as_str(), "revisions"], &self.query())
    }

    /// Write a new version of a score from a file of a few MiB.
    pub fn revise(&self, score: &ScoreId, new: &ScoreRevisionCreation) -> Call<ScoreRevision> {
        self.client.post(&[SCORES, score.as_str(), "revisions"], new)
    }

    /// Write a new version of a score from a file of up to 50 MiB. Not in the contract: other servers have no such
    /// address.
    pub fn upload(&self, score: &ScoreId, file: Vec<u8>) -> Call<ScoreRevision> {
        self.client.upload(&[SCORES, score.as_str(), "revisions", "upload"], file)
    }

    /// One version.
    pub fn revision(&self, score: &ScoreId, revision: &RevisionId) -> Call<ScoreRevision> {
        self.client.get(&[SCORES, score.as_str(), "revisions", revision.as_str()], &self.query())
    }

    /// The newest version.
    pub fn last_revision(&self, score: &ScoreId) -> Call<ScoreRevision> {
        self.client.get(&[SCORES, score.as_str(), "revisions", "last"], &self.query())
    }

    /// The file of a version, as `xml`, `mxl` or `midi`; of the newest for the id `last`. Errors with
    /// `NOT_IMPLEMENTED` for what would have to be rendered.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, Result, ScoreId};
    /// # async fn example(client: Client, score: ScoreId) -> Result<()> {
    /// let musicxml = client.scores().file(&score, &"last".into(), "xml").await?;
    /// println!("{} bytes", musicxml.len());
    /// # Ok(()) }
    /// ```
    pub fn file(&self, score: &ScoreId, revision: &RevisionId, format: &str) -> Call<Vec<u8>> {
        let path = [SCORES, score.as_str(), "revisions", revision.as_str(), format];
        self.client.download(&path, &self.query())
    }
}
