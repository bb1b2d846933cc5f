//! What somebody may do with a score, and who else may.

use serde::{Deserialize, Serialize};

use crate::update::present;
use crate::words::words;
use crate::{CollaboratorId, GroupId, GroupType, OrganizationId, ScoreId, Timestamp, UserId, UserPublic};

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
    /// The group, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Group, required = false))]
    pub group: Option<Group>,
    /// Not sent by Homeroom, which shares with accounts alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub user_email: Option<String>,
    /// Not sent by Homeroom, which shares with accounts alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub invited: Option<bool>,
}

/// A group that something is shared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Group {
    pub id: GroupId,
    pub name: String,
    pub r#type: GroupType,
    #[cfg_attr(feature = "openapi", schema(value_type = f64))]
    pub users_count: u64,
    /// Whether its members follow from something else, such as who is in a class.
    pub read_only: bool,
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub organization: OrganizationId,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub creation_date: Timestamp,
}

/// What `POST /v2/scores/{score}/collaborators` takes: exactly one of `user`, `group` and `userEmail`. Who administers
/// may write, who may write may read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceCollaboratorCreation {
    /// A person whom the caller sees: of a class of theirs, or a teacher.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub user: Option<UserId>,
    /// A group that the caller is in, or of a class that they teach.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub group: Option<GroupId>,
    /// The address of a member of the organization. Not for students.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub user_email: Option<String>,
    /// Not implemented.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub user_token: Option<String>,
    #[cfg_attr(feature = "openapi", schema(default = true))]
    pub acl_read: bool,
    #[cfg_attr(feature = "openapi", schema(default = false))]
    pub acl_write: bool,
    #[cfg_attr(feature = "openapi", schema(default = false))]
    pub acl_admin: bool,
}

impl Default for ResourceCollaboratorCreation {
    fn default() -> Self {
        Self {
            user: None,
            group: None,
            user_email: None,
            user_token: None,
            acl_read: true,
            acl_write: false,
            acl_admin: false,
        }
    }
}
