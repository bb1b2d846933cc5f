//! API bearer tokens made by an administrator for a user.

use serde::{Deserialize, Serialize};

use crate::{AccessTokenId, Scope, Scopes, Timestamp};

/// What `POST /v2/organizations/users/{user}/accessToken` takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrganizationUserAccessTokenCreation {
    /// What the token may do: only what the user's role may, and `edu.admin…` only where your own token covers it.
    /// At most 100.
    pub scopes: Vec<Scope>,
}

/// A new access token. `token` is shown this once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApiAccessToken {
    pub id: AccessTokenId,
    pub name: String,
    /// The bearer token itself.
    pub token: String,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub issued_date: Timestamp,
    /// When it stops working. Absent: it works until it is revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub expiration_date: Option<Timestamp>,
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Scope>))]
    pub scopes: Scopes,
}

/// An access token as lists show it: everything but the token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AccessTokenSummary {
    pub id: AccessTokenId,
    pub name: String,
    /// The four characters after `hr_`, to tell tokens apart.
    pub prefix: String,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub issued_date: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub expiration_date: Option<Timestamp>,
    /// The last request made with it, to the minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub last_usage: Option<Timestamp>,
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Scope>))]
    pub scopes: Scopes,
    /// Whether an administrator made it for the user (rather than the user).
    pub delegated: bool,
}
