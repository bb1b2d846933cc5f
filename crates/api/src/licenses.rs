//! Licences: what a school has bought, and what a user shows of it.

use serde::{Deserialize, Serialize};

use crate::update::present;
use crate::words::words;
use crate::{LicenseId, Timestamp};

words! {
    /// Whether a licence covers counted seats (`credit`) or everybody (`site`).
    LicenseMode {
        Credit = "credit",
        Site = "site",
    }
}

words! {
    /// Where a licence comes from.
    #[cfg_attr(feature = "openapi", schema(as = LicenseSources))]
    LicenseSource {
        Order = "order",
        Trial = "trial",
        Voucher = "voucher",
        Distributor = "distributor",
        Subscription = "subscription",
        AppStore = "appStore",
        PlayStore = "playStore",
        Musicfirst = "musicfirst",
    }
}

/// The licence that counts for a user: the active one that ends last, else the one that ends last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct UserLicense {
    pub id: LicenseId,
    /// When it ends.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expiration_date: Timestamp,
    pub source: LicenseSource,
    pub mode: LicenseMode,
    /// Whether it has begun and not ended.
    pub active: bool,
}

/// What `POST /v2/organizations/licenses` takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OrganizationLicenseCreation {
    pub mode: LicenseMode,
    pub source: LicenseSource,
    /// How many seats were bought. A `site` licence has none: leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1_000_000))]
    pub seats: Option<i64>,
    /// When it begins.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub start_date: Timestamp,
    /// When it ends.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expiration_date: Timestamp,
}

/// What `PUT /v2/organizations/licenses/{license}` takes. Only the fields that come are changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct OrganizationLicenseUpdate {
    /// It stays what it is: another one is refused.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub mode: Option<LicenseMode>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub source: Option<LicenseSource>,
    /// No fewer than are in use.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, minimum = 1, maximum = 1_000_000))]
    pub seats: Option<i64>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub start_date: Option<Timestamp>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime, required = false))]
    pub expiration_date: Option<Timestamp>,
}

/// A licence that the organization has bought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OrganizationLicense {
    pub id: LicenseId,
    pub mode: LicenseMode,
    pub source: LicenseSource,
    /// How many were bought. Absent for a `site` licence, as are the other two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub seats: Option<i64>,
    /// How many people have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub seats_used: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub seats_free: Option<i64>,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub start_date: Timestamp,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expiration_date: Timestamp,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub creation_date: Timestamp,
    /// Whether it has begun and not ended.
    pub active: bool,
}

/// How the licences stand. Seats are those of the active `credit` licences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LicenseReport {
    /// How many were bought.
    pub seats: i64,
    pub seats_used: i64,
    pub seats_free: i64,
    /// Whether a `site` licence is active, which covers everybody.
    pub site: bool,
    /// How many people have no active licence. Test students, who need none, are not counted.
    pub users_without_license: u64,
    /// Who they are: the address of their list.
    pub users_without_license_url: String,
}

/// How seats are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LicenseSettings {
    /// Whether people get a seat by themselves when they first sign in while one is free.
    pub assigns_seats: bool,
}
