//! Comments of scores.

use serde::{Deserialize, Serialize};

use crate::update::present;
use crate::words::words;
use crate::{CommentId, Direction, RevisionId, ScoreId, Timestamp, UserId};

words! {
    /// What a comment is about: the whole score, or a place in it.
    CommentType {
        Document = "document",
        Inline = "inline",
    }
}

words! {
    /// What comments can be sorted by.
    CommentSort {
        Date = "date",
    }
}

words! {
    /// Why a comment is hidden on other servers.
    ModerationReason {
        Spam = "spam",
        Inappropriate = "inappropriate",
    }
}

/// A place in a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ScoreCommentContext {
    /// The part, by its unique id.
    pub part_uuid: String,
    /// The place of the staff within the part. `staffUuid` replaces it.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub staff_idx: Option<f64>,
    /// The staff, by its unique id.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub staff_uuid: Option<String>,
    /// The measures, by their unique ids.
    pub measure_uuids: Vec<String>,
    /// Where it begins and ends, in time.
    pub start_time_pos: f64,
    pub stop_time_pos: f64,
    /// Where it begins and ends, in divisions of a quarter note.
    pub start_dpq: f64,
    pub stop_dpq: f64,
}

/// What `POST /v2/scores/{score}/comments` takes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ScoreCommentCreation {
    /// The revision that it is about; the last one where absent.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub revision: Option<RevisionId>,
    /// 1 to 10,000 characters.
    pub comment: String,
    /// The text as it was typed; `comment` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub raw_comment: Option<String>,
    /// People whom it is for: they can read the score.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, required = false))]
    pub mentions: Vec<UserId>,
    /// The comment of the same score that it answers: one that answers none itself.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub reply_to: Option<CommentId>,
    /// The place that it is about; absent: the whole score.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = ScoreCommentContext, required = false))]
    pub context: Option<ScoreCommentContext>,
}

/// What `PUT /v2/scores/{score}/comments/{comment}` takes. Only the fields that came are changed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ScoreCommentUpdate {
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub revision: Option<RevisionId>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, min_length = 1, max_length = 10_000))]
    pub comment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, min_length = 1, max_length = 10_000))]
    pub raw_comment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = ScoreCommentContext, required = false))]
    pub context: Option<ScoreCommentContext>,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ScoreComment {
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: CommentId,
    pub r#type: CommentType,
    /// Who wrote it.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub user: UserId,
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub score: ScoreId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub revision: Option<RevisionId>,
    /// The comment that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub reply_to: Option<CommentId>,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub date: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub modification_date: Option<Timestamp>,
    pub comment: String,
    pub raw_comment: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = ScoreCommentContext, required = false))]
    pub context: Option<ScoreCommentContext>,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub mentions: Vec<UserId>,
    #[serde(default)]
    pub resolved: bool,
    /// Who marked it as resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub resolved_by: Option<UserId>,
    /// Not sent by Homeroom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = CommentModeration, required = false))]
    pub moderation: Option<CommentModeration>,
    /// Not sent by Homeroom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub spam: Option<bool>,
}

/// What a moderator of another server decided.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CommentModeration {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub hidden: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = ModerationReason, required = false))]
    pub reason: Option<ModerationReason>,
}

/// What `GET /v2/scores/{score}/comments` takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommentQuery {
    pub r#type: Option<CommentType>,
    pub direction: Option<Direction>,
    /// The key of a score with a private link.
    pub sharing_key: Option<String>,
}
