//! One-time URLs that sign a user in.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// What `POST /v2/organizations/users/{user}/signinLink` takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct UserSigninLinkCreation {
    /// Where the user goes once signed in: a path on this site, beginning with one `/`. Default: `/`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(default = "/"))]
    pub destination_path: Option<String>,
}

/// A link that signs one user in, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct UserSigninLink {
    /// Where to send the user's browser.
    pub url: String,
    /// The secret part of the URL.
    pub token: String,
    /// When the link stops working.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expiration_date: Timestamp,
}
