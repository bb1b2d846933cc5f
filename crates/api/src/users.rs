//! Users, as administrators see and change them.

use serde::{Deserialize, Serialize};

use crate::update::present;
use crate::words::words;
use crate::{GroupId, OrganizationId, Role, Timestamp, Update, UserId, UserLicense};

words! {
    /// What kind of account it is.
    UserType {
        User = "user",
        Guest = "guest",
    }
}

words! {
    /// The product that an account belongs to: `flatEdu` in an organization, `flat` for individuals.
    #[cfg_attr(feature = "openapi", schema(as = TutteoProduct))]
    Product {
        Flat = "flat",
        FlatEdu = "flatEdu",
        Msnippet = "msnippet",
        Embed = "embed",
    }
}

words! {
    /// What a list of users can be sorted by.
    UserSort {
        Firstname = "firstname",
        Lastname = "lastname",
        LastActivityDate = "lastActivityDate",
        LicenseExpirationDate = "licenseExpirationDate",
    }
}

words! {
    /// The direction of a sort.
    Direction {
        Asc = "asc",
        Desc = "desc",
    }
}

words! {
    /// Whether to leave out the test accounts of teachers, or to list nothing else.
    TestAccounts {
        Exclude = "exclude",
        Only = "only",
    }
}

words! {
    /// What a user is in a class.
    #[cfg_attr(feature = "openapi", schema(as = ClassRoles))]
    ClassRole {
        Teacher = "teacher",
        Student = "student",
    }
}

/// A user. With `onlyIds` only `id`, `type`, `product`, `username` and `picture`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct UserDetailsAdmin {
    pub id: UserId,
    pub r#type: UserType,
    pub product: Product,
    pub username: String,
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub picture: Option<String>,
    /// "firstname lastname" where there is either, else the username.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub printable_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub firstname: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub lastname: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub organization: Option<OrganizationId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Role, required = false))]
    pub organization_role: Option<Role>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, format = Email))]
    pub email: Option<String>,
    /// The last authenticated request or sign-in, to the minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub last_activity_date: Option<Timestamp>,
    /// The licence that counts. Absent: none, now or ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = UserLicense, required = false))]
    pub license: Option<UserLicense>,
    /// The groups that the user is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, required = false))]
    pub groups: Option<Vec<GroupId>>,
    /// Whether this is a teacher's test student.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub is_edu_testing_student: Option<bool>,
    /// Other servers' name to show. Not sent by Homeroom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub name: Option<String>,
    /// Not sent by Homeroom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub badges: Option<Vec<String>>,
    /// The role in a class, where the user is shown as its member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = ClassRole, required = false))]
    pub class_role: Option<ClassRole>,
    /// The page of the user. Not sent by Homeroom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub html_url: Option<String>,
}

impl UserDetailsAdmin {
    /// The smallest object that every SDK reads: what `onlyIds` answers.
    pub fn basics(id: UserId, product: Product, username: String) -> Self {
        Self {
            id,
            r#type: UserType::User,
            product,
            username,
            picture: None,
            printable_name: None,
            firstname: None,
            lastname: None,
            organization: None,
            organization_role: None,
            email: None,
            last_activity_date: None,
            license: None,
            groups: None,
            is_edu_testing_student: None,
            name: None,
            badges: None,
            class_role: None,
            html_url: None,
        }
    }
}

/// What `POST /v2/organizations/users` takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct UserCreation {
    /// 1 to 30 printable characters, unique in the organization whatever case and accents.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 30))]
    pub username: String,
    /// 6 to 1000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 6, max_length = 1000, format = Password))]
    pub password: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 60))]
    pub firstname: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 60))]
    pub lastname: Option<String>,
    /// Pupils need none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(format = Email))]
    pub email: Option<String>,
    /// A language code; `en` where it is unknown or absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(default = "en"))]
    pub locale: Option<String>,
    /// `user` (a student) by default.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, default = "user"))]
    pub role: Option<Role>,
}

/// What `PUT /v2/organizations/users/{user}` takes. Only the fields that came are changed; `null` clears
/// `email`, `firstname` and `lastname`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct UserAdminUpdate {
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, min_length = 6, max_length = 1000, format = Password))]
    pub password: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub organization_role: Option<Role>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, min_length = 1, max_length = 30))]
    pub username: Option<String>,
    #[serde(skip_serializing_if = "Update::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 60))]
    pub firstname: Update<String>,
    #[serde(skip_serializing_if = "Update::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, max_length = 60))]
    pub lastname: Update<String>,
    #[serde(skip_serializing_if = "Update::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Email))]
    pub email: Update<String>,
}

/// Which users to list or count. Different filters are combined with *and*, values of one with *or*.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserFilter {
    pub role: Vec<Role>,
    /// Members of any of these groups.
    pub group: Vec<GroupId>,
    /// Every word must be found in username, firstname, lastname or e-mail, whatever case and accents.
    pub q: Option<String>,
    /// `true`: no licence that is active. `false`: no filter.
    pub no_active_license: bool,
    pub test_accounts: Option<TestAccounts>,
    /// `active`, `notActive`, or days (`YYYY-MM-DD`) on which the licence that counts ends.
    pub license_expiration_date: Vec<String>,
}

/// What `GET /v2/organizations/users` takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserQuery {
    pub filter: UserFilter,
    /// First one first; then the id. Default: the id, which is the order of creation.
    pub sort: Vec<UserSort>,
    pub direction: Option<Direction>,
    pub next: Option<String>,
    pub previous: Option<String>,
    pub only_ids: bool,
    /// 1 to 1000, default 25.
    pub limit: Option<u16>,
}
