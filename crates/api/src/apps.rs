//! Apps: programs that people of the organization let act for them, or that act for themselves (OAuth2).

use serde::{Deserialize, Serialize};

use crate::update::present;
use crate::words::words;
use crate::{AppId, Role, Scope, Scopes, Timestamp, Update, UserId};

words! {
    /// Whether an app can keep a secret: one on a server can, one in a browser or on a phone can't.
    #[derive(Default)]
    AppType {
        #[default]
        Confidential = "confidential",
        Public = "public",
    }
}

words! {
    /// What OpenID Connect asks for beside the scopes of the API.
    IdentityScope {
        Openid = "openid",
        Profile = "profile",
        Email = "email",
        OfflineAccess = "offline_access",
    }
}

/// What `POST /v2/organizations/apps` takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OrganizationAppCreation {
    /// What people read when they are asked, 1 to 100 characters.
    pub name: String,
    #[serde(default)]
    pub r#type: AppType,
    /// Where people are sent back to, compared character by character. `https`; `http` on 127.0.0.1 and `[::1]`, with
    /// whatever port the app listens on, and on localhost; or a scheme of a native app's own, like
    /// `com.example.app:/callback`. At most 20.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub redirect_uris: Vec<String>,
    /// What it may do at most. Signing in (`openid`, `profile`, `email`) needs none.
    #[serde(default)]
    pub scopes: Vec<Scope>,
    /// The role under which it acts for itself, at most your own. Absent: it only acts for people.
    #[serde(default)]
    pub role: Option<Role>,
    /// An old app: it need not prove that whoever redeems a code asked for it (PKCE), and may use the implicit grant
    /// where the server allows that.
    #[serde(default)]
    pub legacy: bool,
}

/// What `PUT /v2/organizations/apps/{app}` takes. Only the fields that come are changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct OrganizationAppUpdate {
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub name: Option<String>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub redirect_uris: Option<Vec<String>>,
    /// Tokens lose what is no longer among them at once.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub scopes: Option<Vec<Scope>>,
    /// `null`: it no longer acts for itself.
    #[serde(skip_serializing_if = "Update::is_keep")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Role>))]
    pub role: Update<Role>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub legacy: Option<bool>,
}

/// An app of the organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OrganizationApp {
    /// The `client_id`.
    pub id: AppId,
    /// The `client_secret`. Shown this once, when it is made; never for a public app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub secret: Option<String>,
    pub name: String,
    pub r#type: AppType,
    pub redirect_uris: Vec<String>,
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Scope>))]
    pub scopes: Scopes,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Role, required = false))]
    pub role: Option<Role>,
    pub legacy: bool,
    /// The administrator who registered or last changed it: it never ranks above them. Absent once that person is
    /// gone; until another one changes it, it can't act for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub maker: Option<UserId>,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub creation_date: Timestamp,
}
