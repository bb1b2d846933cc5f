//! Invitations to join an organization.

use serde::{Deserialize, Serialize};

use crate::update::present;
use crate::words::words;
use crate::{InvitationId, OrganizationId, Role, Timestamp, UserId};

words! {
    /// A role that an invitation can give.
    InvitedRole {
        Admin = "admin",
        Teacher = "teacher",
        AccountAdmin = "accountAdmin",
    }
}

impl From<InvitedRole> for Role {
    fn from(role: InvitedRole) -> Self {
        match role {
            InvitedRole::Admin => Self::Admin,
            InvitedRole::AccountAdmin => Self::AccountAdmin,
            InvitedRole::Teacher => Self::Teacher,
        }
    }
}

words! {
    /// Where an invitation stands.
    InvitationStatus {
        Open = "open",
        Used = "used",
        Expired = "expired",
        Revoked = "revoked",
    }
}

/// What `POST /v2/organizations/invitations` takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct OrganizationInvitationCreation {
    /// Whom to invite by mail. Without it there is only the link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The role to give; `teacher` by default.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, default = "teacher"))]
    pub organization_role: Option<InvitedRole>,
    /// Whether many may join with it. Only as `teacher`, and without an address. Not in the contract.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub allow_multiple_use: bool,
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OrganizationInvitation {
    pub id: InvitationId,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub creation_date: Timestamp,
    pub organization: OrganizationId,
    pub organization_role: Role,
    /// The code to join with. `null` where you may not grant the role, and where the invitation is closed.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub custom_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub email: Option<String>,
    /// Who made it. Absent for invitations made on the server itself, and once that person is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub invited_by: Option<UserId>,
    /// The page to join on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub html_url: Option<String>,
    pub allow_multiple_use: bool,
    /// Who joined with it.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub used_by: Vec<UserId>,
    /// Where it stands. Not in the contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = InvitationStatus, required = false))]
    pub status: Option<InvitationStatus>,
    /// When it stops working. Not in the contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub expiration_date: Option<Timestamp>,
}

/// What `GET /v2/organizations/invitations` takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InvitationQuery {
    pub role: Option<Role>,
    /// Default: open and used ones. Not in the contract.
    pub status: Vec<InvitationStatus>,
    /// 1 to 1000, default 50.
    pub limit: Option<u16>,
    pub next: Option<String>,
    pub previous: Option<String>,
}
