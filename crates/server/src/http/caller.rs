//! Who is calling.

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use homeroom_api::{AccessTokenId, AppId, OrganizationId, Role, Scopes, Timestamp, UserId};
use serde_json::{Value, json};

use super::Access;
use super::authenticate::{client_address, device};
use crate::audit::Event;
use crate::crypto::TokenHash;
use crate::{App, Error};

/// What a token says about its bearer.
#[derive(Debug)]
pub struct Identity {
    pub organization: OrganizationId,
    pub user: UserId,
    pub role: Role,
    pub scopes: Scopes,
    pub token: AccessTokenId,
    pub token_hash: TokenHash,
    pub expires_at: Option<Timestamp>,
    /// Made by an administrator for the user.
    pub delegated: bool,
    /// By whom, while they are there.
    pub maker: Option<UserId>,
    /// The app that the token was given to.
    pub app: Option<AppId>,
    /// The token stands for the app: `user` answers for it, and is not the one who acts.
    pub as_app: bool,
    /// Who acts, as the audit log names them: the user, or `app:ID`.
    pub actor: UserId,
    /// Whether the organization lets its teachers make LTI credentials.
    pub lti_teachers: bool,
    /// The last minute of use that has been noted, in Unix milliseconds.
    pub noted_minute: AtomicI64,
}

/// Where a request came from, for the audit log.
#[derive(Debug)]
pub struct Origin {
    pub address: IpAddr,
    pub device: Option<String>,
}

/// The bearer of a valid token, in one request, with the access that the route asks for.
#[derive(Debug, Clone)]
pub struct Caller {
    pub identity: Arc<Identity>,
    pub origin: Arc<Origin>,
    pub access: Access,
    /// When the request came.
    pub asked_at: Timestamp,
}

impl Deref for Caller {
    type Target = Identity;

    fn deref(&self) -> &Identity {
        &self.identity
    }
}

impl Caller {
    /// The earlier of `at` and the end of the caller's token.
    pub fn no_later_than_token(&self, at: Timestamp) -> Timestamp {
        self.expires_at.map_or(at, |end| end.min(at))
    }

    /// Whether the one who acts is `user` in person.
    pub fn is(&self, user: &UserId) -> bool {
        !self.as_app && self.user == *user
    }

    /// An audit event with this caller as its actor; address and device are added to `details` (an object).
    pub fn event<'a>(&'a self, name: &'static str, target: &'a str, mut details: Value) -> Event<'a> {
        details["address"] = json!(self.origin.address);
        details["device"] = json!(self.origin.device);
        if let Some(app) = &self.app {
            details["app"] = json!(app);
        }
        Event {
            organization: &self.organization,
            actor: Some(&self.actor),
            actor_token: Some(&self.token),
            maker: self.maker.as_ref(),
            name,
            target: Some(target),
            about: None,
            details,
        }
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Error> {
        parts.extensions.get().cloned().ok_or_else(Error::unauthorized)
    }
}

impl FromRequestParts<App> for Origin {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let address = client_address(app, &parts.extensions, &parts.headers);
        Ok(Self { address, device: device(&parts.headers) })
    }
}
