//! What a class is elsewhere: fields of the contract about other providers. Homeroom sends none of them.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::words::words;

/// A struct whose fields may all be absent, and are never `null`.
macro_rules! links {
    ($($(#[$meta:meta])* $name:ident { $($field:ident: $ty:ty as ($($schema:tt)+),)+ })+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "camelCase", default)]
        pub struct $name {
            $(
                #[serde(skip_serializing_if = "Option::is_none")]
                #[cfg_attr(feature = "openapi", schema(value_type = $($schema)+, required = false))]
                pub $field: Option<$ty>,
            )+
        }
    )+};
}

links! {
    /// Beside what Homeroom knows of a class.
    ClassLinks {
        description: String as (String),
        theme: String as (String),
        issues: ClassIssues as (ClassIssues),
        google_classroom: ClassLink as (ClassLink),
        google_drive: ClassGoogleDrive as (ClassGoogleDrive),
        microsoft_graph: ClassMicrosoftGraph as (ClassMicrosoftGraph),
        lti: ClassLti as (ClassLti),
        canvas: ClassCanvas as (ClassCanvas),
        mfc: ClassLink as (ClassLink),
        clever: ClassClever as (ClassClever),
    }
    /// What kept a class from being synchronized.
    ClassIssues {
        sync: Vec<ClassSyncIssue> as (Vec<ClassSyncIssue>),
    }
    /// Who could not be synchronized, and why.
    ClassSyncIssue {
        id: String as (String),
        email: String as (String),
        reason: ClassSyncReason as (ClassSyncReason),
    }
    /// The class at another provider.
    ClassLink {
        id: String as (String),
        alternate_link: String as (String),
    }
    /// The class's folder at Google.
    ClassGoogleDrive {
        teacher_folder_id: String as (String),
        teacher_folder_alternate_link: String as (String),
    }
    /// The class at Microsoft.
    ClassMicrosoftGraph {
        id: String as (String),
    }
    /// The class in an LMS.
    ClassLti {
        context_id: String as (String),
        context_title: String as (String),
        context_label: String as (String),
        has_nrps_service: bool as (bool),
    }
    /// The class at Canvas.
    ClassCanvas {
        id: String as (String),
        domain: String as (String),
    }
    /// The class at Clever.
    ClassClever {
        id: String as (String),
        creation_date: Timestamp as (String, format = DateTime),
        modification_date: Timestamp as (String, format = DateTime),
        subject: CleverSubject as (CleverSubject),
        term_name: String as (String),
        term_start_date: Timestamp as (String, format = DateTime),
        term_end_date: Timestamp as (String, format = DateTime),
    }
}

words! {
    /// Why somebody could not be synchronized. The first word is spelt as in the contract.
    ClassSyncReason {
        OtherOrganization = "otherOrgnanization",
        ProductMigration = "productMigration",
        DisabledAccount = "disabledAccount",
    }
}

words! {
    /// What a class at Clever is about.
    CleverSubject {
        English = "english/language arts",
        Math = "math",
        Science = "science",
        SocialStudies = "social studies",
        Language = "language",
        Homeroom = "homeroom/advisory",
        Interventions = "interventions/online learning",
        Technology = "technology and engineering",
        Health = "PE and health",
        Arts = "arts and music",
        Other = "other",
    }
}
