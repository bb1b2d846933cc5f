//! The user that a token stands for.

use serde::{Deserialize, Serialize};

use crate::{ClassRole, GroupId, OrganizationId, Product, Role, Timestamp, UserId, UserType};

/// What `GET /v2/me` answers. What is not in the token's scopes is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct UserDetails {
    pub id: UserId,
    pub r#type: UserType,
    pub product: Product,
    pub username: String,
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub picture: Option<String>,
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
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub registration_date: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, default = "en"))]
    pub locale: Option<String>,
    /// With `account.education_profile`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub organization: Option<OrganizationId>,
    /// With `account.education_profile`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Role, required = false))]
    pub organization_role: Option<Role>,
    /// With `account.education_profile`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, required = false))]
    pub groups: Option<Vec<GroupId>>,
    /// With `account.email`. Not in the contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub email: Option<String>,

    // What follows are fields of the contract about profiles and scores. Homeroom sends none of them.
    /// Other servers' name to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub badges: Option<Vec<String>>,
    /// Where the user is shown as a member of a class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = ClassRole, required = false))]
    pub class_role: Option<ClassRole>,
    /// The page of the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub html_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub bio: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = i64, required = false))]
    pub liked_scores_count: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = i64, required = false))]
    pub followers_count: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = i64, required = false))]
    pub following_count: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = i64, required = false))]
    pub owned_public_scores_count: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = i64, required = false))]
    pub all_public_scores_count: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = i64, required = false))]
    pub likes_count: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = i64, required = false))]
    pub plays_count: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover_picture: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub profile_theme: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = ProfileLinks, required = false))]
    pub links: Option<ProfileLinks>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub is_email_verified: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = AzureDetails, required = false))]
    pub azure_details: Option<AzureDetails>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub private_profile: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture_file: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover_picture_file: Option<String>,
}

/// Links on a profile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ProfileLinks {
    pub spotify_url: Option<String>,
    pub youtube_url: Option<String>,
    pub soundcloud_url: Option<String>,
    pub tiktok_url: Option<String>,
    pub instagram_url: Option<String>,
    pub website_url: Option<String>,
}

/// The user's account at Microsoft.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct AzureDetails {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub oid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub hd: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub preferred_username: Option<String>,
}

impl UserDetails {
    /// The smallest object that every SDK reads: what `onlyId` answers.
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
            registration_date: None,
            locale: None,
            organization: None,
            organization_role: None,
            groups: None,
            email: None,
            name: None,
            badges: None,
            class_role: None,
            html_url: None,
            bio: None,
            liked_scores_count: None,
            followers_count: None,
            following_count: None,
            owned_public_scores_count: None,
            all_public_scores_count: None,
            likes_count: None,
            plays_count: None,
            cover_picture: None,
            profile_theme: None,
            links: None,
            is_email_verified: None,
            azure_details: None,
            private_profile: None,
            picture_file: None,
            cover_picture_file: None,
        }
    }
}
