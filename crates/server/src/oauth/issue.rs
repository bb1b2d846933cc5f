//! Handing out tokens.

use homeroom_api::{Role, Scopes};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use serde_json::json;

use super::grant::Grant;
use super::store::{self, Authorization};
use super::{ACCESS, REFRESH, authorize};
use crate::access_tokens::{self, New, OfApp};
use crate::crypto::NewToken;
use crate::db::{Read, Tx};
use crate::http::Origin;
use crate::{App, Result, apps, organizations};

/// How a refresh token begins.
pub const REFRESH_PREFIX: &str = "hrr_";

/// What an app gets (RFC 6749 §5.1).
#[derive(Debug, Serialize)]
pub struct Answer {
    pub access_token: String,
    pub token_type: &'static str,
    pub expires_in: u64,
    pub scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
}

impl Answer {
    pub fn new(access: &NewToken, grant: &Grant) -> Self {
        Self {
            access_token: access.secret.expose_secret().to_owned(),
            token_type: "Bearer",
            expires_in: ACCESS.as_secs(),
            scope: grant.to_string(),
            refresh_token: None,
            id_token: None,
        }
    }
}

/// What a token was given for, as the audit log says it.
#[derive(Debug, Clone, Copy)]
pub enum Given {
    Code,
    Refresh,
    Implicit,
}

impl Given {
    const fn word(self) -> &'static str {
        match self {
            Self::Code => "authorization_code",
            Self::Refresh => "refresh_token",
            Self::Implicit => "implicit",
        }
    }
}

/// The tokens of one answer.
pub struct Tokens {
    pub access: NewToken,
    pub refresh: SecretString,
    pub grant: Grant,
}

/// What an app may have of somebody with this role.
pub async fn most(conn: &mut impl Read, client: &apps::App, role: Role) -> Result<Scopes> {
    let organization = organizations::find(conn, client.organization.as_str()).await?;
    let lti_teachers = organization.is_some_and(|organization| organization.lti1p1_allow_teachers);
    Ok(client.scopes.intersection(access_tokens::holdable(role, lti_teachers)))
}

/// An access token and the next refresh token of an authorization.
pub async fn pair(
    app: &App,
    tx: &mut Tx,
    client: &apps::App,
    of: &Authorization,
    grant: Grant,
    origin: &Origin,
    given: Given,
) -> Result<Tokens> {
    let access = access_token(app, tx, client, of, &grant, origin, given).await?;
    let refresh = NewToken::of_kind(&app.random, REFRESH_PREFIX);
    let end = app.clock.now() + REFRESH;
    store::insert_refresh_token(tx, of, refresh.hash, end).await?;
    store::keep_until(tx, of, end).await?;
    Ok(Tokens { access, refresh: refresh.secret, grant })
}

pub async fn access_token(
    app: &App,
    tx: &mut Tx,
    client: &apps::App,
    of: &Authorization,
    grant: &Grant,
    origin: &Origin,
    given: Given,
) -> Result<NewToken> {
    let now = app.clock.now();
    let token = NewToken::access(&app.random);
    let new = New {
        id: app.random.id(now),
        user: &of.user,
        name: &client.name,
        scopes: grant.api,
        created_at: now,
        expires_at: now + ACCESS,
        maker: None,
    };
    let of_app = OfApp { app: &client.id, family: Some(&of.id) };
    access_tokens::insert_for_app(tx, &of.organization, &new, &token, &of_app).await?;
    let details = json!({ "app": client.id, "scope": grant.to_string(), "by": given.word() });
    let event = authorize::event(
        &of.organization,
        &of.user,
        origin,
        "access_token.created",
        new.id.as_str(),
        details,
    );
    event.about(&of.user).record(app, tx).await?;
    Ok(token)
}
