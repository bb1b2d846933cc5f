//! Tokens that people make for themselves on their account page, and all with which somebody can act as them.

use std::time::Duration;

use homeroom_api::{AccessTokenId, OrganizationId, Role, Scopes, Timestamp, UserId};
use secrecy::SecretString;
use serde_json::json;

use super::{New, holdable, store};
use crate::crypto::NewToken;
use crate::db::{self, FromRow, Read, Row, Tx};
use crate::http::{Origin, parse_id};
use crate::sessions::Session;
use crate::users::{self, own};
use crate::{App, Error, Result, organizations, text};

const LONGEST_NAME: usize = 60;

/// A token to make for oneself.
pub struct Wanted<'a> {
    pub name: &'a str,
    pub scopes: Scopes,
    /// For ever, where there is none.
    pub lasts: Option<Duration>,
}

/// The scopes that one's own tokens may carry, in this role.
pub async fn holdable_in(conn: &mut impl Read, organization: &OrganizationId, role: Role) -> Result<Scopes> {
    let organization = organizations::find(conn, organization.as_str()).await?;
    let lti_teachers = organization.is_some_and(|organization| organization.lti1p1_allow_teachers);
    Ok(holdable(role, lti_teachers))
}

/// Makes a token for oneself; it is shown this once.
pub async fn create_own(
    app: &App,
    session: &Session,
    origin: &Origin,
    wanted: Wanted<'_>,
) -> Result<SecretString> {
    let name = text::line("name", wanted.name, 1, LONGEST_NAME)?;
    if wanted.scopes.is_empty() {
        return Err(Error::invalid("scopes", "A token that may do nothing is of no use: choose a scope."));
    }
    let mut tx = app.db.write().await?;
    let created = create_own_in(app, &mut tx, session, origin, &Wanted { name: &name, ..wanted }).await;
    tx.finish(created).await
}

async fn create_own_in(
    app: &App,
    tx: &mut Tx,
    session: &Session,
    origin: &Origin,
    wanted: &Wanted<'_>,
) -> Result<SecretString> {
    let member = own::lock_confirmed(app, tx, session).await?;
    let holdable = holdable_in(tx, &session.organization, member.role).await?;
    if !wanted.scopes.without(holdable).is_empty() {
        return Err(Error::forbidden("Your role may not hold one of these scopes.").with_param("scopes"));
    }
    let now = app.clock.now();
    let token = NewToken::access(&app.random);
    let new = New {
        id: app.random.id(now),
        user: &session.user,
        name: wanted.name,
        scopes: wanted.scopes,
        created_at: now,
        expires_at: wanted.lasts.map_or_else(Timestamp::default, |lasts| now + lasts),
        maker: None,
    };
    store::insert(tx, &session.organization, &new, &token).await?;
    let details = json!({ "user": session.user, "scopes": wanted.scopes });
    let event = session.event(origin, "access_token.created", new.id.as_str(), details);
    event.about(&session.user).record(app, tx).await?;
    Ok(token.secret)
}

/// A token as its bearer's list shows it.
pub struct Own {
    pub id: AccessTokenId,
    pub name: String,
    pub prefix: String,
    pub scopes: Scopes,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
    /// Who made it for them, where it was somebody else; '' where they are gone.
    pub maker: Option<String>,
}

impl FromRow for Own {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        let some = |at: Timestamp| Some(at).filter(|at| *at != Timestamp::default());
        Ok(Self {
            id: row.take()?,
            name: row.take()?,
            prefix: row.take()?,
            scopes: row.take()?,
            created_at: row.take()?,
            expires_at: some(row.take()?),
            last_used_at: some(row.take()?),
            maker: maker(row)?,
        })
    }
}

fn maker(row: &Row<'_>) -> db::Result<Option<String>> {
    let delegated: bool = row.take()?;
    let text = || row.take::<Option<String>>().map(Option::unwrap_or_default);
    let (username, firstname, lastname) = (text()?, text()?, text()?);
    Ok(delegated.then(|| users::printable_name(&firstname, &lastname, &username)))
}

/// The tokens of a person that last, without those of apps: newest first, two hundred at most.
pub async fn list_own(
    conn: &mut impl Read,
    organization: &OrganizationId,
    user: &UserId,
    now: Timestamp,
) -> Result<Vec<Own>> {
    let sql =
        "SELECT t.id, t.name, t.prefix, t.scopes, t.created_at, t.expires_at, t.last_used_at, t.delegated,
                      m.username, m.firstname, m.lastname
               FROM access_tokens t LEFT JOIN users m
                 ON m.organization_id = t.organization_id AND m.id = t.maker_user_id AND m.removed_at IS NULL
               WHERE t.organization_id = $1 AND t.user_id = $2 AND t.app_id IS NULL
                 AND (t.expires_at = 0 OR t.expires_at > $3)
               ORDER BY t.id DESC LIMIT 200";
    Ok(conn.all(sql, (organization, user, now)).await?)
}

/// Ends a token of one's own, whoever made it, and those that it made.
pub async fn revoke_own(app: &App, session: &Session, origin: &Origin, token: &str) -> Result<()> {
    let token: AccessTokenId = parse_id("access token", token.to_owned())?;
    let mut tx = app.db.write().await?;
    let revoked = revoke_own_in(app, &mut tx, session, origin, &token).await;
    tx.finish(revoked).await
}

async fn revoke_own_in(
    app: &App,
    tx: &mut Tx,
    session: &Session,
    origin: &Origin,
    token: &AccessTokenId,
) -> Result<()> {
    own::lock(app, tx, session).await?;
    if !store::delete(tx, &session.organization, &session.user, token).await? {
        return Err(Error::not_found("access token"));
    }
    let details = json!({ "user": session.user });
    let event = session.event(origin, "access_token.revoked", token.as_str(), details);
    event.about(&session.user).record(app, tx).await
}
