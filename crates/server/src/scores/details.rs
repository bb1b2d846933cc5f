//! Scores with what others have to do with them: collaborators, likes, comments, the caller's collections. A few
//! statements, however many scores.

use std::collections::HashMap;

use homeroom_api::{
    Group, GroupType, OrganizationId, ResourceCollaborator, ScoreCommentsCounts, ScoreDetails, ScoreId,
    ScoreLikesCounts, ScoreMe,
};

use super::collaborators::{self, Collaborator, Who};
use super::{Rights, Score, comments, reader};
use crate::collections::{self, Marks};
use crate::db::Read;
use crate::http::{Caller, Page};
use crate::{App, Result};

/// A score that was opened, as the caller sees it.
pub async fn show(app: &App, conn: &mut impl Read, caller: &Caller, score: Score) -> Result<ScoreDetails> {
    let around = Around::find(conn, caller, std::slice::from_ref(&score.id)).await?;
    Ok(around.show(app, caller, &score))
}

/// Scores of a list of those that the caller may read.
pub async fn show_page(
    app: &App,
    conn: &mut impl Read,
    caller: &Caller,
    page: Page<Score>,
) -> Result<Page<ScoreDetails>> {
    let ids: Vec<ScoreId> = page.items.iter().map(|score| score.id.clone()).collect();
    let around = Around::find(conn, caller, &ids).await?;
    Ok(page.map(|score| {
        let mut score = score.seen_by(caller, None);
        score.rights.read = true; // else it would not be in the list
        around.show(app, caller, &score)
    }))
}

/// What is around some scores.
#[derive(Default)]
struct Around {
    collaborators: HashMap<ScoreId, Vec<Collaborator>>,
    comments: HashMap<ScoreId, i64>,
    marks: HashMap<ScoreId, Marks>,
}

impl Around {
    async fn find(conn: &mut impl Read, caller: &Caller, scores: &[ScoreId]) -> Result<Self> {
        if scores.is_empty() {
            return Ok(Self::default());
        }
        let organization = &caller.organization;
        let mut collaborators: HashMap<ScoreId, Vec<Collaborator>> = HashMap::new();
        for collaborator in collaborators::list_of(conn, organization, scores).await? {
            collaborators.entry(collaborator.score.clone()).or_default().push(collaborator);
        }
        let comments = comments::counts(conn, organization, scores).await?;
        let marks = collections::marks(conn, organization, reader(caller), scores).await?;
        Ok(Self { collaborators, comments, marks })
    }

    fn show(&self, app: &App, caller: &Caller, score: &Score) -> ScoreDetails {
        let marks = self.marks.get(&score.id).cloned().unwrap_or_default();
        let total = self.comments.get(&score.id).copied().unwrap_or_default();
        let is_in_library = score.rights.by.is_some() || !marks.collections.is_empty();
        let mut details = score.details(app);
        if score.shows_collaborators() {
            let others = self.collaborators.get(&score.id).into_iter().flatten();
            details.collaborators.extend(others.map(|other| other.shown(&score.organization)));
        }
        ScoreDetails {
            likes: Some(ScoreLikesCounts { total: marks.likes, ..ScoreLikesCounts::default() }),
            comments: Some(ScoreCommentsCounts { total, ..ScoreCommentsCounts::default() }),
            me: caller.person().map(|_| ScoreMe { is_liked: marks.is_liked, is_in_library }),
            collections: caller.person().map(|_| marks.collections),
            ..details
        }
    }
}

impl Collaborator {
    pub(super) fn shown(&self, organization: &OrganizationId) -> ResourceCollaborator {
        let (user, group) = match &self.who {
            Who::Person(person) => (Some(person.shown(organization)), None),
            Who::Group { id, name, r#type, created_at, users } => {
                let group = Group {
                    id: id.clone(),
                    name: name.clone(),
                    r#type: *r#type,
                    users_count: *users,
                    read_only: matches!(r#type, GroupType::ClassStudents | GroupType::ClassTeachers),
                    organization: organization.clone(),
                    creation_date: *created_at,
                };
                (None, Some(group))
            }
        };
        ResourceCollaborator {
            rights: Rights::of(self).shown(),
            id: Some(self.id.clone()),
            date: Some(self.created_at),
            score: Some(self.score.clone()),
            collection: None,
            user,
            group,
            user_email: None,
            invited: None,
        }
    }
}
