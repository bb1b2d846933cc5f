//! The audit log.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{AccessTokenId, AuditEventId, Direction, Timestamp, UserId};

/// Something that happened in an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AuditEvent {
    pub id: AuditEventId,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub date: Timestamp,
    /// What happened: `user.created`. docs/audit.md has them all.
    pub event: String,
    /// Who did it: a user's id, or `app:` and an app's. Absent: the operator, or the server by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub actor: Option<String>,
    /// The token that it was done with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub actor_token: Option<AccessTokenId>,
    /// Who made the token or the sign-in link that the actor came with, where that was somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub maker: Option<UserId>,
    /// The id of the user, token, invitation… that it happened to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub target: Option<String>,
    /// Names, addresses, devices: what depends on the event. Absent once the person whom it tells of is erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Object, required = false))]
    pub details: Option<Map<String, Value>>,
    /// The place in the sealed log. Absent until the event is sealed, a second or two after it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub sequence: Option<i64>,
}

/// What `GET /v2/organizations/auditLog` takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// Any of these: names like `user.created`, or beginnings like `user.`.
    pub event: Vec<String>,
    pub actor: Option<String>,
    pub target: Option<String>,
    /// From this instant on.
    pub since: Option<Timestamp>,
    /// Before this instant.
    pub until: Option<Timestamp>,
    /// Default: descending, the newest first.
    pub direction: Option<Direction>,
    /// 1 to 1000, default 50.
    pub limit: Option<u16>,
    pub next: Option<String>,
    pub previous: Option<String>,
}
