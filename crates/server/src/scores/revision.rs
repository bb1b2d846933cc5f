//! Versions of a score.

use homeroom_api::{RevisionId, ScoreId, ScoreRevision, Timestamp, UserId};

use super::{Format, open, store};
use crate::db::{self, FromRow, Row};
use crate::documents::DocumentId;
use crate::http::{Caller, parse_id};
use crate::{App, Error, Result};

/// A version of a score.
#[derive(Debug, Clone)]
pub struct Revision {
    pub id: RevisionId,
    pub score: ScoreId,
    pub document: DocumentId,
    pub format: Format,
    /// Who wrote it, while they are there.
    pub user: Option<UserId>,
    pub description: String,
    pub autosave: bool,
    pub created_at: Timestamp,
}

impl FromRow for Revision {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.take()?,
            score: row.take()?,
            document: row.take()?,
            format: Format::of_word(&row.take::<String>()?)
                .ok_or_else(|| db::Error::bug("an unknown format"))?,
            user: row.take()?,
            description: row.take()?,
            autosave: row.take()?,
            created_at: row.take()?,
        })
    }
}

impl Revision {
    pub fn shown(self) -> ScoreRevision {
        ScoreRevision {
            id: self.id,
            collaborators: self.user.iter().cloned().collect(),
            user: self.user,
            score: self.score,
            date: self.created_at,
            event: None,
            description: Some(self.description).filter(|text| !text.is_empty()),
            autosave: self.autosave,
            statistics: None,
        }
    }
}

/// The newest versions of a score, the newest first.
pub async fn list(app: &App, caller: &Caller, score: &ScoreId, key: Option<&str>) -> Result<Vec<Revision>> {
    let mut conn = app.db.read().await?;
    open(&mut conn, caller, score, key).await?;
    store::list_revisions(&mut conn, &caller.organization, score).await
}

/// A version of a score by its id, or the newest by the word `last`; and the title of the score.
pub async fn find(
    app: &App,
    caller: &Caller,
    score: &ScoreId,
    revision: String,
    key: Option<&str>,
) -> Result<(Revision, String)> {
    let mut conn = app.db.read().await?;
    let title = open(&mut conn, caller, score, key).await?.title;
    let found = match revision.as_str() {
        "last" => store::find_last(&mut conn, &caller.organization, score).await?,
        _ => {
            let id = parse_id("revision", revision)?;
            store::find_revision(&mut conn, &caller.organization, score, &id).await?
        }
    };
    Ok((found.ok_or_else(|| Error::not_found("revision"))?, title))
}
