//! What hangs on an assignment, or is handed in.

use serde::{Deserialize, Serialize};

use crate::update::present;
use crate::words::words;
use crate::{RevisionId, ScoreId};

words! {
    /// What an attachment is.
    AttachmentType {
        Rich = "rich",
        Photo = "photo",
        Video = "video",
        Link = "link",
        Flat = "flat",
        GoogleDrive = "googleDrive",
        Worksheet = "worksheet",
    }
}

words! {
    /// What a student may do with the score of an assignment: read it, write in it, get a copy, or play it.
    SharingMode {
        Read = "read",
        Write = "write",
        Copy = "copy",
        Performance = "performance",
    }
}

/// An attachment to put on an assignment, or to hand in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ClassAttachmentCreation {
    /// Where it is absent: `flat` with a score, else `link`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub r#type: Option<AttachmentType>,
    /// With `flat`: a score that you may read; in a submission one that you may write.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub score: Option<ScoreId>,
    /// There are no worksheets here: 501.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub worksheet: Option<String>,
    /// A version of the score. Kept and shown.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub revision: Option<RevisionId>,
    /// A part of the score. Kept and shown.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub part_uuid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, default = "read"))]
    pub sharing_mode: Option<SharingMode>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub lock_score_template: Option<bool>,
    /// The address of a link (`http` or `https`). Nothing is fetched from there.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub url: Option<String>,
    /// There is no connection to Google Drive here: 501.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub google_drive_file_id: Option<String>,
    /// Whether students don't see it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "openapi", schema(default = false))]
    pub teacher_only: bool,
}

/// An attachment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct MediaAttachment {
    pub r#type: AttachmentType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub score: Option<ScoreId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub revision: Option<RevisionId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub part_uuid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, default = "read"))]
    pub sharing_mode: Option<SharingMode>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub lock_score_template: Option<bool>,
    /// The title of the score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "openapi", schema(default = false))]
    pub teacher_only: bool,
}
