//! OAuth2 and OpenID Connect: how apps get tokens (RFC 6749, 7009, 7636, 7662, 8252, 8414, 9207, 9700; OpenID Connect
//! Core).
//!
//! A person lets an app do something: an authorization. Its code works once, for a minute, for the app, the address
//! and the proof (PKCE) that it was made for. All tokens that come from it are its family: a code or refresh token that
//! comes a second time is somebody's copy, and ends the family. An app that keeps a secret also gets tokens that stand
//! for itself. Locks are taken in one order: the user, the app, the authorization, its tokens.
mod address;
pub mod api;
mod app_token;
mod authorize;
mod client;
mod code;
mod consents;
mod denial;
mod discovery;
mod form;
mod grant;
mod id_token;
mod introspection;
mod issue;
mod keys;
mod refresh;
mod request;
mod revocation;
mod store;
mod userinfo;

use std::time::Duration;

use homeroom_api::{OrganizationId, Scopes, UserId};

use crate::Result;
use crate::db::Tx;

pub use authorize::{Person, Said, approve};
pub use consents::{Consent, list as consents, revoke as revoke_consent};
pub use grant::Grant;
pub use request::{Problem, Request};
pub use store::prune;

/// How long a code works.
const CODE: Duration = Duration::from_secs(60);
/// How long a token of an app works.
const ACCESS: Duration = Duration::from_secs(3600);
/// How long a refresh token works that is not used.
const REFRESH: Duration = Duration::from_secs(90 * 24 * 3600);

/// Ends the codes and refresh tokens of a person, who must be locked. Their access tokens are ended with their others.
pub async fn end_all_of(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    store::end_authorizations_of(tx, organization, user).await
}

/// As [`end_all_of`], when the person leaves: what they consented to is forgotten too.
pub async fn forget_person(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    store::end_authorizations_of(tx, organization, user).await?;
    store::forget_consents_of(tx, organization, user).await
}

/// Takes from what a person let apps do the scopes that the person may no longer hold: a later promotion does not bring
/// them back. The person must be locked.
pub async fn narrow(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    holdable: Scopes,
) -> Result<()> {
    store::narrow_authorizations(tx, organization, user, holdable).await?;
    store::narrow_consents(tx, organization, user, holdable).await
}
