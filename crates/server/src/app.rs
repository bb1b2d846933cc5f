//! What every request shares.

use std::convert::Infallible;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use bytes::Bytes;
use subtle::ConstantTimeEq as _;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::access_tokens::{self, TokenCache};
use crate::clock::Clock;
use crate::config::Settings;
use crate::crypto::{Keys, PasswordHasher, SecretKey};
use crate::db::{Db, Read as _, Tx};
use crate::http::{Caller, Metrics, Places, RateLimits, Site};
use crate::jobs;
use crate::mail::Postman;
use crate::organizations;
use crate::random::Random;
use crate::users::Activity;
use crate::{Error, Result};

/// A handle to the running server; clones share it.
#[derive(Clone)]
pub struct App(Arc<Shared>);

pub struct Shared {
    pub db: Db,
    pub settings: Settings,
    /// Where browsers find the site.
    pub site: Site,
    pub clock: Clock,
    pub random: Random,
    pub keys: Keys,
    pub passwords: PasswordHasher,
    pub tokens: TokenCache,
    pub activity: Activity,
    pub limits: RateLimits,
    pub large_bodies: Places,
    pub metrics: Metrics,
    /// Absent where no mail server is set.
    pub postman: Option<Postman>,
    /// The description of the API, written when it is first asked for.
    pub document: OnceLock<Bytes>,
    /// Writes in flight and background work: shutdown waits for them.
    pub tasks: TaskTracker,
    pub stopping: CancellationToken,
}

impl App {
    /// Takes `db` into service: its key must be `key`.
    pub async fn new(
        db: Db,
        key: &SecretKey,
        settings: Settings,
        clock: Clock,
        random: Random,
    ) -> Result<Self> {
        let keys = Keys::derive(key);
        check_key(&db, &keys).await?;
        Ok(Self(Arc::new(Shared {
            large_bodies: Places::default(),
            limits: RateLimits::new(settings.rate_limit_user, settings.rate_limit_address),
            site: Site::of(&settings.public_url),
            passwords: PasswordHasher::start(random.clone())?,
            tokens: TokenCache::new(),
            activity: Activity::default(),
            metrics: Metrics::default(),
            postman: Postman::of(&settings)?,
            document: OnceLock::new(),
            tasks: TaskTracker::new(),
            stopping: CancellationToken::new(),
            db,
            settings,
            clock,
            random,
            keys,
        })))
    }

    /// Starts the background work.
    pub fn start(&self) {
        jobs::start(self);
    }

    /// Ends the background work, once what is in flight has ended.
    pub async fn stop(&self) {
        self.stopping.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        if let Err(error) = self.activity.write(self).await {
            tracing::warn!(%error, "the last activity could not be written");
        }
    }

    /// Opens a transaction for `caller`, whose token, role and access are read again in it and stay until it ends.
    pub async fn begin(&self, caller: &Caller) -> Result<(Tx, Caller)> {
        let tx = self.db.write().await?;
        self.check_again(tx, caller).await
    }

    /// As [`App::begin`], for what may change roles. Locks are taken in one order, so that no two transactions wait
    /// for each other: the organization's roles, the caller's token, the user, the user's tokens.
    pub async fn begin_with_roles(&self, caller: &Caller) -> Result<(Tx, Caller)> {
        let mut tx = self.db.write().await?;
        organizations::lock_roles(&mut tx, &caller.organization).await?;
        self.check_again(tx, caller).await
    }

    async fn check_again(&self, mut tx: Tx, caller: &Caller) -> Result<(Tx, Caller)> {
        match access_tokens::check_again(self, &mut tx, caller).await {
            Ok(caller) => Ok((tx, caller)),
            Err(error) => tx.finish(Err(error)).await,
        }
    }
}

/// The database holds a check value of its key: with another key its secrets could not be read.
async fn check_key(db: &Db, keys: &Keys) -> Result<()> {
    let mut tx = db.write().await?;
    tx.execute(
        "INSERT INTO settings (name, value) VALUES ('key_check', $1) ON CONFLICT (name) DO NOTHING",
        (keys.check_value(),),
    )
    .await?;
    let (known,): (String,) = tx.one("SELECT value FROM settings WHERE name = 'key_check'", ()).await?;
    tx.commit().await?;
    if bool::from(known.as_bytes().ct_eq(keys.check_value().as_bytes())) {
        return Ok(());
    }
    let message = "This database was made with another secret key. Give that key (HOMEROOM_SECRET_KEY, or the file \
                   that ends in .key beside the database): without it nothing encrypted in there can be read.";
    Err(Error::invalid("secret-key", message))
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl FromRequestParts<Self> for App {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, app: &Self) -> Result<Self, Infallible> {
        Ok(app.clone())
    }
}
