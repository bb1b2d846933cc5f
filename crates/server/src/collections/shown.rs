//! Collections on the wire.

use homeroom_api::{CollectionCapabilities, CollectionContents, CollectionPrivacy, CollectionType};

use super::Collection;
use crate::App;
use crate::scores::Rights;

impl Collection {
    pub fn shown(self, app: &App) -> homeroom_api::Collection {
        let html_url = format!("{}/collection/{}", app.settings.public_url, self.id);
        homeroom_api::Collection {
            html_url,
            r#type: self.kind,
            privacy: CollectionPrivacy::Private,
            creation_date: self.created_at,
            modification_date: Some(self.modified_at),
            user: None,
            organization: Some(self.organization),
            rights: Some(Rights::OWNER.shown()),
            contents: CollectionContents { scores_count: self.scores },
            capabilities: capabilities(self.kind),
            id: self.id,
            title: self.title,
            label_key: None,
            sharing_key: None,
            app: None,
            collaborators: None,
            is_pinned: None,
            collections: None,
        }
    }
}

fn capabilities(kind: CollectionType) -> CollectionCapabilities {
    let is_made = kind == CollectionType::Regular;
    let is_filled = is_made || kind == CollectionType::Likes;
    CollectionCapabilities {
        can_edit: is_made,
        can_share: false,
        can_delete: is_made,
        can_add_scores: is_filled,
        can_delete_scores: is_filled,
    }
}
