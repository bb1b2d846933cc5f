//! Scores, as they are shown and changed.

use serde::{Deserialize, Serialize};

use crate::update::present;
use crate::words::words;
use crate::{
    CollectionId, OrganizationId, ResourceCollaborator, ResourceRights, ScoreId, Timestamp, Update,
    UserPublic,
};

words! {
    /// Who may read a score, beside its owner and those whom it is shared with: everybody of the organization
    /// (`public`, `organizationPublic`), nobody, or who has the sharing key.
    #[derive(Default)]
    ScorePrivacy {
        Public = "public",
        #[default]
        Private = "private",
        OrganizationPublic = "organizationPublic",
        PrivateLink = "privateLink",
    }
}

words! {
    /// Whether a score is its author's own music.
    ScoreCreationType {
        Original = "original",
        Arrangement = "arrangement",
        Other = "other",
    }
}

words! {
    /// Under which terms a score may be used.
    ScoreLicense {
        Copyright = "copyright",
        Cc0 = "cc0",
        CcBy = "cc-by",
        CcBySa = "cc-by-sa",
        CcByNd = "cc-by-nd",
        CcByNc = "cc-by-nc",
        CcByNcSa = "cc-by-nc-sa",
        CcByNcNd = "cc-by-nc-nd",
    }
}

words! {
    /// How `data` is written where it is not the text itself.
    DataEncoding {
        Base64 = "base64",
    }
}

/// What is shown of a score where others are shown too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ScoreSummary {
    pub id: ScoreId,
    /// For those who may change the privacy, where it is `privateLink`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub sharing_key: Option<String>,
    pub title: String,
    pub privacy: ScorePrivacy,
    /// Whose it is.
    pub user: UserPublic,
    #[cfg_attr(feature = "openapi", schema(format = "url"))]
    pub html_url: String,
}

/// A score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ScoreDetails {
    #[serde(flatten)]
    pub summary: ScoreSummary,
    #[cfg_attr(feature = "openapi", schema(format = "url"))]
    pub edit_html_url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub subtitle: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub lyricist: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub arranger: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub composer: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub description: Option<String>,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = false))]
    pub tags: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creation_type: Option<ScoreCreationType>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<ScoreLicense>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub license_text: Option<String>,
    /// What the caller may do with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = ResourceRights, required = false))]
    pub rights: Option<ResourceRights>,
    /// The owner first.
    pub collaborators: Vec<ResourceCollaborator>,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub creation_date: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub modification_date: Option<Timestamp>,
    /// When the trash is emptied of it. Absent: it is not in the trash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub scheduled_deletion_date: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub organization: Option<OrganizationId>,
    /// The score that it was forked from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub parent_score: Option<ScoreId>,
    /// Homeroom does not look into the music: always empty.
    pub instruments: Vec<String>,
    pub instruments_names: Vec<String>,
    pub samples: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = ScoreLikesCounts, required = false))]
    pub likes: Option<ScoreLikesCounts>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = ScoreCommentsCounts, required = false))]
    pub comments: Option<ScoreCommentsCounts>,
    /// The caller's collections that it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, required = false))]
    pub collections: Option<Vec<CollectionId>>,
    /// What it is to the caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = ScoreMe, required = false))]
    pub me: Option<ScoreMe>,

    // What follows are fields of the contract that Homeroom sends none of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub duration_time: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = i64, required = false))]
    pub number_measures: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub main_tempo_qpm: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub main_key_signature: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub publication_date: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub highlighted_date: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub google_drive_file_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = ScoreCounts, required = false))]
    pub views: Option<ScoreCounts>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = ScoreCounts, required = false))]
    pub plays: Option<ScoreCounts>,
}

/// How many people like a score.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ScoreLikesCounts {
    #[cfg_attr(feature = "openapi", schema(value_type = f64))]
    pub total: i64,
    #[serde(flatten)]
    pub lately: CountsLately,
}

/// How many comments a score has.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ScoreCommentsCounts {
    #[cfg_attr(feature = "openapi", schema(value_type = f64))]
    pub total: i64,
    /// By how many people. Not sent by Homeroom.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, value_type = f64))]
    pub unique: Option<i64>,
    #[serde(flatten)]
    pub lately: CountsLately,
}

/// How often. Not sent by Homeroom.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ScoreCounts {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub total: Option<f64>,
    #[serde(flatten)]
    pub lately: CountsLately,
}

/// How many of them are of the last week, month or year. Not sent by Homeroom.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CountsLately {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub weekly: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub monthly: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub yearly: Option<f64>,
}

/// What a score is to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ScoreMe {
    pub is_liked: bool,
    /// It is the caller's own, is shared with them, or is in one of their collections.
    pub is_in_library: bool,
}

/// What `POST /v2/scores` takes: a file in `data`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ScoreCreation {
    /// Default: the title in the file, else the name of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 300))]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, default = "private"))]
    pub privacy: Option<ScorePrivacy>,
    /// One of the caller's collections, that it is put into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collection: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
    /// MusicXML, compressed MusicXML or MIDI. A binary file as base64, with `dataEncoding`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_encoding: Option<DataEncoding>,
    /// Ignored: a score is there when the answer comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supports_tasks: Option<bool>,
    /// Not implemented.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub builder_data: Option<serde_json::Value>,
    /// Not implemented.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub source: Option<serde_json::Value>,
    /// Ignored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub google_drive_folder: Option<String>,
}

/// What `PUT /v2/scores/{score}` takes. Only the fields that came are changed; `null` clears a text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ScoreModification {
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, max_length = 300))]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Update::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 300))]
    pub subtitle: Update<String>,
    #[serde(skip_serializing_if = "Update::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 300))]
    pub composer: Update<String>,
    #[serde(skip_serializing_if = "Update::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 300))]
    pub lyricist: Update<String>,
    #[serde(skip_serializing_if = "Update::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 300))]
    pub arranger: Update<String>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub privacy: Option<ScorePrivacy>,
    /// The key of `privateLink`; one is drawn where there is none. 128 hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, pattern = "^[a-f0-9]{128}$"))]
    pub sharing_key: Option<String>,
    #[serde(skip_serializing_if = "Update::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 2000))]
    pub description: Update<String>,
    /// Each of 1 to 30 letters and digits.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub tags: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Update::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<ScoreCreationType>))]
    pub creation_type: Update<ScoreCreationType>,
    #[serde(skip_serializing_if = "Update::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<ScoreLicense>))]
    pub license: Update<ScoreLicense>,
    #[serde(skip_serializing_if = "Update::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 2000))]
    pub license_text: Update<String>,
}

/// What `POST /v2/scores/{score}/fork` takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ScoreFork {
    /// One of the caller's collections, that the fork is put into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collection: Option<String>,
    /// Ignored: no copy goes to Google Drive.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, default = false))]
    pub google_drive_disabled: Option<bool>,
    /// Without it the title says that it is a copy.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub keep_original_title: Option<bool>,
}
