//! What somebody may do with a score, and who else may.

use serde::{Deserialize, Serialize};

use crate::words::words;
use crate::{CollaboratorId, ScoreId, Timestamp, UserPublic};

words! {
    /// By what somebody has rights.
    CollaboratorType {
        Owner = "owner",
        User = "user",
        Group = "group",
    }
}

/// What somebody may do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ResourceRights {
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = true, default = false))]
    pub acl_read: bool,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = true, default = false))]
    pub acl_write: bool,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = true, default = false))]
    pub acl_admin: bool,
    /// Whether it is theirs or shared with them, rather than open to them.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = false, default = false))]
    pub is_collaborator: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = CollaboratorType, required = false))]
    pub collaborator_type: Option<CollaboratorType>,
}

/// Who may read or change a score or collection: its owner, a person or a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ResourceCollaborator {
    #[serde(flatten)]
    pub rights: ResourceRights,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub id: Option<CollaboratorId>,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub date: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub score: Option<ScoreId>,
    /// Not sent by Homeroom: collections are not shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub collection: Option<String>,
    /// The person, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = UserPublic, required = false))]
    pub user: Option<UserPublic>,
    /// Not sent by Homeroom, which shares with accounts alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub user_email: Option<String>,
    /// Not sent by Homeroom, which shares with accounts alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub invited: Option<bool>,
}
