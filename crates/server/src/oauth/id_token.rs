//! Who signed in, said to an app (OpenID Connect Core §2, §5).

use aws_lc_rs::digest::{SHA256, digest};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use homeroom_api::IdentityScope;
use jsonwebtoken::{Algorithm, Header};
use serde_json::{Map, Value, json};

use super::grant::Grant;
use super::store::Authorization;
use super::{ACCESS, keys};
use crate::users::{self, User};
use crate::{App, Error, Result};

/// The id_token that goes with `access_token`, where `openid` was asked for.
pub async fn write(app: &App, of: &Authorization, access_token: &str) -> Result<Option<String>> {
    if !of.grant.has(IdentityScope::Openid) {
        return Ok(None);
    }
    let now = app.clock.now();
    let user = users::get_member(&mut app.db.read().await?, &of.organization, &of.user, now).await?;
    let key = keys::current(app).await?;
    let mut claims = claims(&user, &of.grant);
    claims.insert("iss".into(), json!(app.settings.public_url));
    claims.insert("aud".into(), json!(of.app));
    claims.insert("iat".into(), json!(now.as_millis() / 1000));
    claims.insert("exp".into(), json!((now + ACCESS).as_millis() / 1000));
    claims.insert("auth_time".into(), json!(of.signed_in_at.as_millis() / 1000));
    claims.insert("at_hash".into(), json!(at_hash(access_token)));
    claims.extend(of.nonce.as_ref().map(|nonce| ("nonce".to_owned(), json!(nonce))));
    let header = Header { kid: Some(key.id), ..Header::new(Algorithm::RS256) };
    let signed = jsonwebtoken::encode(&header, &claims, &key.key);
    signed.map(Some).map_err(|error| Error::internal(error.to_string()))
}

/// What an app may know of a person: the id, and with `profile` and `email` what is known of these.
pub fn claims(user: &User, grant: &Grant) -> Map<String, Value> {
    let mut claims = Map::from_iter([("sub".to_owned(), json!(user.id))]);
    let mut add = |name: &str, value: &str| {
        if !value.is_empty() {
            claims.insert(name.to_owned(), json!(value));
        }
    };
    if grant.has(IdentityScope::Profile) {
        add("name", &users::api::printable_name(&user.firstname, &user.lastname, &user.username));
        add("given_name", &user.firstname);
        add("family_name", &user.lastname);
        add("preferred_username", &user.username);
        add("locale", &user.locale.replace('_', "-"));
    }
    if grant.has(IdentityScope::Email) {
        add("email", user.email.as_deref().unwrap_or_default());
    }
    claims
}

/// The left half of the token's SHA-256 (§3.1.3.6).
fn at_hash(access_token: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(&digest(&SHA256, access_token.as_bytes()).as_ref()[..16])
}
