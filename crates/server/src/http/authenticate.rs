//! Bearer tokens and rate limits, on every request to `/v2`.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{Extensions, HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use homeroom_api::Scopes;

use super::limits::Allowance;
use super::{Access, Allowed, Caller, Identity, Origin, Peer};
use crate::access_tokens;
use crate::crypto::TokenHash;
use crate::{App, Result};

/// Finds the caller, if there is one, and counts the request. What the route asks for is checked there.
pub async fn authenticate(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let address = client_address(&app, request.extensions(), request.headers());
    let identity = match identify(&app, request.method(), request.headers()).await {
        Ok(identity) => identity,
        Err(error) => return error.into_response(),
    };
    let allowance = match &identity {
        Some(identity) => app.limits.user(identity.user.as_str()),
        None => app.limits.address(address),
    };
    let exceeded = allowance.as_ref().and_then(Allowance::exceeded);
    if let (Some(identity), None) = (identity, &exceeded) {
        app.activity.note(&identity, app.clock.now());
        let caller = caller(&app, identity, address, request.headers());
        request.extensions_mut().insert(caller);
    }
    let mut response = match exceeded {
        Some(error) => error.into_response(),
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Some(allowance) = allowance {
        allowance.write(headers, app.clock.now());
    }
    response
}

pub(super) fn client_address(app: &App, extensions: &Extensions, headers: &HeaderMap) -> IpAddr {
    let peer = extensions.get::<Peer>().copied();
    peer.map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.client(headers, &app.settings.trusted_proxies))
}

/// The program that asks, cut to what the audit log keeps.
pub(super) fn device(headers: &HeaderMap) -> Option<String> {
    let device = headers.get(header::USER_AGENT).and_then(|device| device.to_str().ok());
    device.map(|device| device.chars().take(200).collect())
}

async fn identify(app: &App, method: &Method, headers: &HeaderMap) -> Result<Option<Arc<Identity>>> {
    match bearer(headers).and_then(TokenHash::of_access_token) {
        Some(hash) if method.is_safe() => access_tokens::identify(app, hash).await,
        Some(hash) => access_tokens::identify_afresh(app, hash).await,
        None => Ok(None),
    }
}

/// The token of `Authorization: Bearer …`; the scheme in any case (RFC 9110 §11.1).
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn caller(app: &App, identity: Arc<Identity>, address: IpAddr, headers: &HeaderMap) -> Caller {
    // The route sets the access that it asks for; until then there is none.
    let access = Access { scopes: Scopes::NONE, roles: Allowed::Everybody };
    let origin = Arc::new(Origin { address, device: device(headers) });
    Caller { identity, origin, access, asked_at: app.clock.now() }
}
