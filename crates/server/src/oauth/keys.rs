//! The keys that sign id_tokens: made when they are first needed, a new one every 90 days, published until nothing that
//! they signed is valid.

use std::time::Duration;

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use homeroom_api::Timestamp;
use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, EncodingKey};
use zeroize::Zeroizing;

use crate::db::{self, FromRow, Read, Row};
use crate::{App, Error, Result};

const DAY: Duration = Duration::from_secs(24 * 3600);
/// How long a key signs.
const SIGNS: Duration = Duration::from_secs(90 * 24 * 3600);

/// A key as it stands in the database.
struct Sealed {
    id: String,
    private_key: Vec<u8>,
    created_at: Timestamp,
}

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self { id: row.take()?, private_key: row.take()?, created_at: row.take()? })
    }
}

/// A key that signs.
pub struct SigningKey {
    pub id: String,
    pub key: EncodingKey,
}

/// The key that signs now. Where it is too old, or there is none, whoever comes first makes the next one.
pub async fn current(app: &App) -> Result<SigningKey> {
    for _ in 0..3 {
        let latest = latest(&mut app.db.read().await?).await?;
        match latest {
            Some(sealed) if app.clock.now() < sealed.created_at + SIGNS => return open(app, &sealed),
            Some(sealed) => make(app, &sealed.id).await?,
            None => make(app, "").await?,
        }
    }
    Err(Error::internal("a key was made, and is not there"))
}

/// The keys by which id_tokens that are still valid can be checked (RFC 7517).
pub async fn published(app: &App) -> Result<Vec<Jwk>> {
    current(app).await?;
    let since = app.clock.now() - SIGNS - DAY;
    let sql =
        "SELECT id, private_key, created_at FROM signing_keys WHERE created_at > $1 ORDER BY created_at, id";
    let all: Vec<Sealed> = app.db.read().await?.all(sql, (since,)).await?;
    all.iter().map(|sealed| public(open(app, sealed)?)).collect()
}

async fn latest(conn: &mut impl Read) -> Result<Option<Sealed>> {
    let sql =
        "SELECT id, private_key, created_at FROM signing_keys ORDER BY created_at DESC, id DESC LIMIT 1";
    Ok(conn.optional(sql, ()).await?)
}

/// Makes the key after `before`. Of those who do at once one key stays.
async fn make(app: &App, before: &str) -> Result<()> {
    let now = app.clock.now();
    let id: String = app.random.id(now);
    let pem =
        tokio::task::spawn_blocking(generate).await.map_err(|error| Error::internal(error.to_string()))??;
    let sealed = app.keys.seal_secret(&app.random, &place(&id), &pem);
    let mut tx = app.db.write().await?;
    let sql = "INSERT INTO signing_keys (id, follows, private_key, created_at) VALUES ($1, $2, $3, $4)
               ON CONFLICT (follows) DO NOTHING";
    let inserted = tx.execute(sql, (&id, before, sealed, now)).await;
    Ok(tx.finish(inserted).await.map(drop)?)
}

/// A new RSA key in PEM.
fn generate() -> Result<Zeroizing<String>> {
    let failed = |_| Error::internal("no RSA key could be made");
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(failed)?;
    let der: Pkcs8V1Der<'_> = pair.as_der().map_err(failed)?;
    let text = Zeroizing::new(BASE64_STANDARD.encode(der.as_ref()));
    let lines = text.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok());
    let body = Zeroizing::new(lines.collect::<Vec<_>>().join("\n"));
    Ok(Zeroizing::new(format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", *body)))
}

fn place(id: &str) -> String {
    format!("signing_keys/{id}")
}

fn open(app: &App, sealed: &Sealed) -> Result<SigningKey> {
    let unreadable = || Error::internal("a signing key can't be read");
    let pem = app.keys.open_secret(&place(&sealed.id), &sealed.private_key).map(Zeroizing::new);
    let pem = pem.ok_or_else(unreadable)?;
    let key = EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(|_| unreadable())?;
    Ok(SigningKey { id: sealed.id.clone(), key })
}

fn public(key: SigningKey) -> Result<Jwk> {
    let jwk = Jwk::from_encoding_key(&key.key, Algorithm::RS256);
    let mut jwk = jwk.map_err(|error| Error::internal(error.to_string()))?;
    jwk.common.key_id = Some(key.id);
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    Ok(jwk)
}
