//! Look-ups of tokens, remembered for a second.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{lasts, store};
use crate::crypto::TokenHash;
use crate::http::Identity;
use crate::{App, Result};

/// How old a look-up may be. Writes look up again.
const FRESH: Duration = Duration::from_secs(1);
const MOST: u64 = 10_000;

/// The last look-up of each token, with the time at which it began.
pub struct TokenCache(moka::future::Cache<TokenHash, (Instant, Arc<Identity>)>);

impl TokenCache {
    pub fn new() -> Self {
        Self(moka::future::Cache::builder().max_capacity(MOST).time_to_live(FRESH).build())
    }
}

impl Default for TokenCache {
    fn default() -> Self {
        Self::new()
    }
}

/// The bearer of the token with this hash, as of a second ago or later; nobody, where it is unknown or has ended.
pub async fn identify(app: &App, hash: TokenHash) -> Result<Option<Arc<Identity>>> {
    if let Some((since, identity)) = app.tokens.0.get(&hash).await
        && since.elapsed() < FRESH
    {
        let now = app.clock.now();
        return Ok(Some(identity).filter(|identity| lasts(identity.expires_at.unwrap_or_default(), now)));
    }
    identify_afresh(app, hash).await
}

/// As [`identify`], as of now: who has just been promoted may write at once.
pub async fn identify_afresh(app: &App, hash: TokenHash) -> Result<Option<Arc<Identity>>> {
    let now = app.clock.now();
    let since = Instant::now();
    let Some(identity) = store::find(&mut app.db.read().await?, hash, now).await? else { return Ok(None) };
    let identity = Arc::new(identity);
    app.tokens.0.insert(hash, (since, identity.clone())).await;
    Ok(Some(identity))
}
