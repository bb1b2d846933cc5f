//! Licences, as far as a user shows them.

use serde::{Deserialize, Serialize};

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
