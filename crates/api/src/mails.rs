//! Mails that the organization sends.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::words::words;

words! {
    /// How far the sending of a mail has come.
    MailState {
        /// It is sent as soon as it is due, and again after a failure.
        Waiting = "waiting",
        /// The mail server took it.
        Sent = "sent",
        /// The mail server refused it for good, or took it at none of six attempts.
        Dead = "dead",
        /// Before it was sent there was nothing to send any more.
        Dropped = "dropped",
    }
}

/// A mail: how far its sending has come, without what it says and to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OrganizationMail {
    pub id: String,
    /// `invitation`, `password_reset`, `password_setup`, `confirm_email`, `email_changed` or `password_changed`.
    pub kind: String,
    /// The id of the invitation, user or mailed link that it is about.
    pub subject_id: String,
    pub state: MailState,
    /// How often it was tried.
    pub attempts: i64,
    /// What went wrong last, in the words of the mail server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub error: Option<String>,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub creation_date: Timestamp,
    /// When it is tried next. Absent once it is not tried any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub next_attempt_date: Option<Timestamp>,
    /// When it was sent, given up or dropped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub end_date: Option<Timestamp>,
}

/// What `GET /v2/organizations/mails` takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MailQuery {
    /// Default: all.
    pub state: Vec<MailState>,
    /// 1 to 1000, default 50.
    pub limit: Option<u16>,
    pub next: Option<String>,
    pub previous: Option<String>,
}
