//! Groups of users.

use serde::{Deserialize, Serialize};

use crate::update::present;
use crate::words::words;
use crate::{AssignmentId, ClassId, GroupId, OrganizationId, Timestamp, UserId};

words! {
    /// What a group is of: a class makes the two first, and has the two last within its students.
    GroupType {
        Generic = "generic",
        ClassTeachers = "classTeachers",
        ClassStudents = "classStudents",
        ClassStudentsSubGroup = "classStudentsSubGroup",
        AssignmentStudentsSubGroup = "assignmentStudentsSubGroup",
    }
}

words! {
    /// The groups that can be listed.
    SubGroupType {
        ClassStudentsSubGroup = "classStudentsSubGroup",
        AssignmentStudentsSubGroup = "assignmentStudentsSubGroup",
    }
}

words! {
    /// The groups that can be made.
    NewGroupType {
        ClassStudentsSubGroup = "classStudentsSubGroup",
    }
}

words! {
    /// Where the members of a group are synchronized from. Homeroom synchronizes none.
    GroupSource {
        GoogleClassroom = "googleClassroom",
        MicrosoftGraph = "microsoftGraph",
        Clever = "clever",
    }
}

/// A group of users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct GroupDetails {
    pub id: GroupId,
    pub name: String,
    pub r#type: GroupType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub organization: Option<OrganizationId>,
    /// The class that it is a group of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub classroom: Option<ClassId>,
    /// The assignment that it was made for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub assignment: Option<AssignmentId>,
    /// The group that its members are among.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub parent: Option<GroupId>,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub creation_date: Timestamp,
    /// As many as the list of its users is long.
    #[cfg_attr(feature = "openapi", schema(value_type = f64))]
    pub users_count: u64,
    /// Whether its members follow from something else, such as who is in a class.
    pub read_only: bool,
    /// Homeroom has none.
    pub tags: Vec<String>,
}

/// What `POST /v2/groups` takes: a group within the students of a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct GroupCreation {
    pub r#type: NewGroupType,
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub classroom: ClassId,
    /// Unique in the class, whatever case and accents. Absent: a free one is chosen.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub name: Option<String>,
    /// Students of the class.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, required = false))]
    pub members: Vec<UserId>,
}

/// What `PUT /v2/groups/{group}` takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupRename {
    pub name: String,
}

/// What `POST /v2/groups/{group}/users` takes and answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GroupUser {
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub user: UserId,
}

/// Which groups to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupQuery {
    pub r#type: SubGroupType,
    pub classroom: Option<ClassId>,
    pub assignment: Option<AssignmentId>,
    pub next: Option<String>,
    pub previous: Option<String>,
    /// 1 to 1000, default 1000. Not in the contract.
    pub limit: Option<u16>,
}

/// Which members of a group to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupUserQuery {
    pub source: Option<GroupSource>,
    pub next: Option<String>,
    pub previous: Option<String>,
    /// 1 to 1000, default 1000. Not in the contract.
    pub limit: Option<u16>,
}
