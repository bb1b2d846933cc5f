//! LTI 1.x credentials.

use serde::{Deserialize, Serialize};

use crate::words::words;
use crate::{LtiCredentialsId, OrganizationId, Timestamp, UserId};

words! {
    /// A learning platform.
    LmsName {
        Canvas = "canvas",
        Moodle = "moodle",
        Schoology = "schoology",
        Blackboard = "blackboard",
        Desire2learn = "desire2learn",
        Sakai = "sakai",
        Schoolbox = "schoolbox",
        Other = "other",
    }
}

/// What `POST /v2/organizations/lti/credentials` takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LtiCredentialsCreation {
    /// A name for people, up to 300 characters.
    #[cfg_attr(feature = "openapi", schema(max_length = 300))]
    pub name: String,
    pub lms: LmsName,
}

/// A consumer key and secret to paste into a learning platform (LTI 1.0 and 1.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LtiCredentials {
    pub id: LtiCredentialsId,
    pub name: String,
    pub lms: LmsName,
    pub organization: OrganizationId,
    /// Who made them. Absent once that person is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub creator: Option<UserId>,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub creation_date: Timestamp,
    /// The last launch, to the minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub last_usage: Option<Timestamp>,
    pub consumer_key: String,
    /// Absent for tokens that may only read: whoever holds it can sign launches for anybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub consumer_secret: Option<String>,
    /// Whether a launch finds the account with the same e-mail address.
    pub enable_email_matching: bool,
}
