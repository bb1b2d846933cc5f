//! Scores on the wire.

use homeroom_api::{
    ResourceCollaborator, ScoreDetails, ScoreLikesCounts, ScorePrivacy, ScoreSummary, UserPublic,
};

use super::score::Owner;
use super::{Rights, Score};
use crate::App;
use crate::users::api::product;
use crate::users::printable_name;

fn present(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// Where the sharing key of a score stands.
pub(super) fn place(score: &homeroom_api::ScoreId) -> String {
    format!("scores.sharing_key:{score}")
}

impl Owner {
    pub(super) fn shown(&self, organization: &homeroom_api::OrganizationId) -> UserPublic {
        UserPublic {
            printable_name: Some(printable_name(&self.firstname, &self.lastname, &self.username)),
            firstname: present(&self.firstname),
            lastname: present(&self.lastname),
            organization: Some(organization.clone()),
            organization_role: Some(self.role),
            ..UserPublic::basics(self.id.clone(), product(organization), self.username.clone())
        }
    }
}

impl Score {
    pub fn summary(&self, app: &App) -> ScoreSummary {
        ScoreSummary {
            id: self.id.clone(),
            sharing_key: self.shown_key(app),
            title: self.title.clone(),
            privacy: self.privacy,
            user: self.user.shown(&self.organization),
            html_url: format!("{}/score/{}", app.settings.public_url, self.id),
        }
    }

    fn shown_key(&self, app: &App) -> Option<String> {
        let is_shown = self.rights.admin && self.privacy == ScorePrivacy::PrivateLink;
        self.sharing_key
            .as_deref()
            .filter(|_| is_shown)
            .and_then(|key| app.keys.open_secret(&place(&self.id), key))
    }

    /// The score as it is shown, with counts of 0 and the owner as its only collaborator.
    pub fn details(&self, app: &App) -> ScoreDetails {
        ScoreDetails {
            summary: self.summary(app),
            edit_html_url: format!("{}/editor/{}", app.settings.public_url, self.id),
            subtitle: present(&self.subtitle),
            lyricist: present(&self.lyricist),
            arranger: present(&self.arranger),
            composer: present(&self.composer),
            description: present(&self.description),
            tags: self.tags.clone(),
            creation_type: self.creation_type,
            license: self.license,
            license_text: present(&self.license_text),
            rights: Some(self.rights.shown()),
            collaborators: vec![self.owner()],
            creation_date: self.created_at,
            modification_date: Some(self.modified_at),
            scheduled_deletion_date: Some(self.delete_at).filter(|_| self.is_trashed()),
            organization: Some(self.organization.clone()),
            parent_score: self.parent_score.clone(),
            instruments: Vec::new(),
            instruments_names: Vec::new(),
            samples: Vec::new(),
            likes: Some(ScoreLikesCounts::default()),
            comments: None,
            collections: None,
            me: None,
            duration_time: None,
            number_measures: None,
            main_tempo_qpm: None,
            main_key_signature: None,
            publication_date: None,
            highlighted_date: None,
            google_drive_file_id: None,
            views: None,
            plays: None,
        }
    }

    /// The owner, as the first of the collaborators: with the id of the person, because there is no row of them.
    pub(super) fn owner(&self) -> ResourceCollaborator {
        ResourceCollaborator {
            rights: Rights::OWNER.shown(),
            id: Some(self.user.id.as_str().into()),
            date: Some(self.created_at),
            score: Some(self.id.clone()),
            collection: None,
            user: Some(self.user.shown(&self.organization)),
            group: None,
            user_email: None,
            invited: None,
        }
    }
}
