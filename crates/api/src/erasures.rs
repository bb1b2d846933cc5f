//! What becomes of somebody's things after they left.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::AuditEventId;
use crate::words::words;

words! {
    /// How far the erasure of somebody's things has come.
    ErasureState {
        /// It goes on in the background.
        Running = "running",
        /// Nothing is left, and the receipt is in the audit log.
        Done = "done",
    }
}

/// What has been erased of a user who was removed, or left the organization with the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct UserErasure {
    pub state: ErasureState,
    /// How many rows of each kind have been erased, or went with the user. The kinds: docs/erasure.md.
    #[cfg_attr(feature = "openapi", schema(value_type = Object, example = json!({ "scores": 12, "submissions": 40 })))]
    pub erased: BTreeMap<String, u64>,
    /// The receipt: the event `user.erased` of the audit log. Absent until all is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub audit_event: Option<AuditEventId>,
}
