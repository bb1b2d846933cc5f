//! Collections of scores.

use serde::{Deserialize, Serialize};

use crate::update::present;
use crate::words::words;
use crate::{
    CollectionId, Direction, OrganizationId, ResourceCollaborator, ResourceRights, Timestamp,
    UserPublicSummary,
};

words! {
    /// What a collection is: one that somebody made, or one that everybody has.
    CollectionType {
        Root = "root",
        Regular = "regular",
        App = "app",
        Trash = "trash",
        AllScores = "allScores",
        Collaborations = "collaborations",
        Likes = "likes",
    }
}

words! {
    /// Who sees a collection: its owner.
    CollectionPrivacy {
        Private = "private",
    }
}

words! {
    /// What scores and collections can be sorted by.
    LibrarySort {
        CreationDate = "creationDate",
        ModificationDate = "modificationDate",
        Title = "title",
    }
}

/// A collection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Collection {
    /// An id, or `root`, `trash`, `allScores`, `likes` or `collaborations`.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: CollectionId,
    pub title: String,
    #[cfg_attr(feature = "openapi", schema(format = "url"))]
    pub html_url: String,
    pub r#type: CollectionType,
    pub privacy: CollectionPrivacy,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub creation_date: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub modification_date: Option<Timestamp>,
    /// Not sent by Homeroom: the caller's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = UserPublicSummary, required = false))]
    pub user: Option<UserPublicSummary>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub organization: Option<OrganizationId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = ResourceRights, required = false))]
    pub rights: Option<ResourceRights>,
    pub contents: CollectionContents,
    pub capabilities: CollectionCapabilities,
    /// Not sent by Homeroom, like all that follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub label_key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub sharing_key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = CollectionApp, required = false))]
    pub app: Option<CollectionApp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub collaborators: Option<Vec<ResourceCollaborator>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub is_pinned: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, required = false))]
    pub collections: Option<Vec<CollectionId>>,
}

/// What is in a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CollectionContents {
    /// As many as the list of its scores is long.
    #[cfg_attr(feature = "openapi", schema(value_type = i64))]
    pub scores_count: u64,
}

/// What the caller may do with a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "as the contract has it")]
pub struct CollectionCapabilities {
    pub can_edit: bool,
    pub can_share: bool,
    pub can_delete: bool,
    pub can_add_scores: bool,
    pub can_delete_scores: bool,
}

/// The app that a collection belongs to on other servers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct CollectionApp {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub logo: Option<String>,
}

/// What `POST /v2/collections` takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct CollectionCreation {
    /// 1 to 300 characters.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, min_length = 1, max_length = 300))]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, default = "private"))]
    pub privacy: Option<CollectionPrivacy>,
}

/// What `PUT /v2/collections/{collection}` takes. Only the fields that came are changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct CollectionModification {
    /// 1 to 300 characters.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, min_length = 1, max_length = 300))]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, default = "private"))]
    pub privacy: Option<CollectionPrivacy>,
}

/// What `GET /v2/collections` takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CollectionQuery {
    /// `user` or `root` (the same here), or `trash`.
    pub parent: Option<String>,
    /// Default: the order of creation.
    pub sort: Option<LibrarySort>,
    pub direction: Option<Direction>,
    /// 1 to 100, default 25.
    pub limit: Option<u16>,
    pub next: Option<String>,
    pub previous: Option<String>,
}

/// What lists of scores take: those of a collection and those of a user.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScoreQuery {
    /// Default: the order of creation.
    pub sort: Option<LibrarySort>,
    pub direction: Option<Direction>,
    /// 1 to 100, default 25.
    pub limit: Option<u16>,
    pub next: Option<String>,
    pub previous: Option<String>,
}
