//! Classes.

use serde::{Deserialize, Serialize};

use crate::update::present;
use crate::words::words;
use crate::{ClassId, ClassLinks, GroupDetails, OrganizationId, Timestamp, Update, UserId};

words! {
    /// What may be done in a class. New ones are `active`; Homeroom keeps no `deleted` ones.
    ClassState {
        Active = "active",
        Inactive = "inactive",
        Archived = "archived",
        Deleted = "deleted",
    }
}

words! {
    /// Of which age the students of a class are.
    ClassGradeLevel {
        Elementary = "elementary",
        Middle = "middle",
        High = "high",
        University = "university",
        Other = "other",
    }
}

words! {
    /// What is learnt in a class.
    EduSkill {
        Notation = "notation",
        SightReading = "sight-reading",
        PerformanceInstrumental = "performance-instrumental",
        EarTraining = "ear-training",
        MusicTheory = "music-theory",
        Composition = "composition",
        JazzEnsemble = "jazz-ensemble",
        MusicTechnology = "music-technology",
        Other = "other",
    }
}

/// A class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ClassDetails {
    pub id: ClassId,
    pub state: ClassState,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub section: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub organization: Option<OrganizationId>,
    /// The teacher who leads it. Absent: nobody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub owner: Option<UserId>,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub creation_date: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub modification_date: Option<Timestamp>,
    /// With it people join the class. For those who may teach it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub enrollment_code: Option<String>,
    /// Not sent by Homeroom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = f64, required = false))]
    pub assignments_count: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = GroupDetails, required = false))]
    pub students_group: Option<GroupDetails>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = GroupDetails, required = false))]
    pub teachers_group: Option<GroupDetails>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = ClassGradeLevel, required = false))]
    pub level: Option<ClassGradeLevel>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<EduSkill>, required = false))]
    pub skills_focused: Option<Vec<EduSkill>>,
    /// How many students are expected.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<f64>))]
    pub size: Option<f64>,
    #[serde(flatten)]
    pub links: ClassLinks,
}

/// What `POST /v2/classes` takes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ClassCreation {
    #[cfg_attr(feature = "openapi", schema(max_length = 255))]
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 255))]
    pub section: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<ClassGradeLevel>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skills_focused: Option<Vec<EduSkill>>,
    /// How many students are expected: a whole number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 0))]
    pub size: Option<f64>,
}

/// What `PUT /v2/classes/{class}` takes. Only the fields that came are changed; `null` clears all but the name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ClassUpdate {
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, max_length = 255))]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Update::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 255))]
    pub section: Update<String>,
    #[serde(skip_serializing_if = "Update::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<ClassGradeLevel>))]
    pub level: Update<ClassGradeLevel>,
    #[serde(skip_serializing_if = "Update::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<EduSkill>>))]
    pub skills_focused: Update<Vec<EduSkill>>,
    #[serde(skip_serializing_if = "Update::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<f64>, minimum = 0))]
    pub size: Update<f64>,
}

/// Which classes to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClassQuery {
    /// `active` by default.
    pub state: Option<ClassState>,
    /// Every class of the organization, for its administrators; else those that the caller is in. Not in the contract.
    pub all: bool,
    pub next: Option<String>,
    pub previous: Option<String>,
    /// 1 to 1000, default 1000.
    pub limit: Option<u16>,
}
