//! One-time links that leave by mail: to set a password, or to confirm an address. Who opens one shows that they read
//! the address it went to.
//!
//! A link is looked up by the hash of its token. The token itself is kept encrypted until it is used, because the mail
//! is written when it is sent. A link does what it was made for and nothing else: one that confirms an address sets no
//! password.
mod store;

use std::time::Duration;

use homeroom_api::{OrganizationId, UserId};
use secrecy::ExposeSecret as _;

use crate::crypto::{NewToken, TokenHash};
use crate::db::{Read, Tx};
use crate::mail::Mail;
use crate::{App, Result};

pub use store::{Link, Open, Taken, count_since, end_all_of, end_open, newest_open, prune, supersede};

const HOUR: Duration = Duration::from_hours(1);

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Somebody forgot their password.
    Reset,
    /// An account without a password gets one.
    Setup,
    /// An address is that of whoever reads it.
    ConfirmEmail,
    /// No link: the address that a notice goes to, which is no longer the account's.
    FormerAddress,
}

impl Kind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Setup => "setup",
            Self::ConfirmEmail => "confirm_email",
            Self::FormerAddress => "former_address",
        }
    }

    const fn lifetime(self) -> Duration {
        match self {
            Self::Reset => HOUR,
            Self::ConfirmEmail => Duration::from_hours(24),
            Self::Setup | Self::FormerAddress => Duration::from_hours(7 * 24),
        }
    }

    /// The mail that tells of it.
    const fn mail(self) -> Mail {
        match self {
            Self::Reset => Mail::PasswordReset,
            Self::Setup => Mail::PasswordSetup,
            Self::ConfirmEmail => Mail::ConfirmEmail,
            Self::FormerAddress => Mail::EmailChanged,
        }
    }
}

/// What somebody who opens a link wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Set a password: by a link of kind reset or setup.
    SetPassword,
    /// Confirm an address.
    ConfirmEmail,
}

impl Purpose {
    /// The first word of the path to the page, and the kinds of links that lead there.
    const fn kinds(self) -> (Kind, Kind) {
        match self {
            Self::SetPassword => (Kind::Reset, Kind::Setup),
            Self::ConfirmEmail => (Kind::ConfirmEmail, Kind::ConfirmEmail),
        }
    }
}

/// Makes a link of `user` that goes to `email`; its id, which the mail is enqueued with. [`send`] does both.
pub async fn create(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    kind: Kind,
    email: &str,
) -> Result<String> {
    let now = app.clock.now();
    let token = NewToken::link(&app.random);
    let id: String = app.random.id(now);
    let has_token = kind != Kind::FormerAddress;
    let sealed =
        has_token.then(|| app.keys.seal_secret(&app.random, &place(&id), token.secret.expose_secret()));
    let new =
        store::New { id: &id, user, kind, email, sealed, created_at: now, expires_at: now + kind.lifetime() };
    store::insert(tx, organization, &new).await?;
    if has_token {
        store::insert_key(tx, organization, &id, token.hash).await?;
    }
    Ok(id)
}

/// Makes a link of `user` and has it mailed to `email`, once the transaction is committed.
///
/// Accounts that share an address are reset by one mail: [`create`] a link for each, and enqueue
/// [`Mail::PasswordReset`] with the id of the first.
pub async fn send(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    kind: Kind,
    email: &str,
) -> Result<()> {
    let id = create(app, tx, organization, user, kind, email).await?;
    kind.mail().enqueue(app, tx, organization, &id).await
}

fn place(id: &str) -> String {
    format!("mailed_link/{id}")
}

/// The link with this token as it stands, open or not: for a page that only looks.
pub async fn peek(app: &App, conn: &mut impl Read, purpose: Purpose, token: &str) -> Result<Option<Link>> {
    store::find(conn, purpose.kinds(), TokenHash::of(token), app.clock.now()).await
}

/// Uses the link with this token, if it is open and for this purpose. A second use finds nothing.
pub async fn take(app: &App, tx: &mut Tx, purpose: Purpose, token: &str) -> Result<Option<Taken>> {
    store::take(tx, purpose.kinds(), TokenHash::of(token), app.clock.now()).await
}

/// What the mail about the link `id` is made from: the link itself, and for a reset the newest open one of each
/// account with the same address. Empty where none is open any more.
pub async fn open_with(
    app: &App,
    conn: &mut impl Read,
    organization: &OrganizationId,
    id: &str,
) -> Result<Vec<Open>> {
    let mut links = store::open_with(conn, organization, id, app.clock.now()).await?;
    links.dedup_by(|older, newer| older.user == newer.user); // the newest of each comes first
    for link in &mut links {
        link.token = link.sealed.take().and_then(|sealed| app.keys.open_secret(&place(&link.id), &sealed));
    }
    Ok(links)
}
