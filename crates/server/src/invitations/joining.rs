//! Using an invitation, by its code.

use homeroom_api::{InvitationId, OrganizationId, Role, Timestamp, UserId};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::offer::find_by_code;
use crate::audit::Event;
use crate::db::{self, FromRow, Read as _, Row, Tx};
use crate::http::Visitor;
use crate::mailed_links::{self, Kind};
use crate::organizations::INDIVIDUALS;
use crate::sessions::{self, Beginning, New, Session};
use crate::users::{self, NewUser};
use crate::{App, Error, Result};

/// An invitation that was open, and lets one person in.
#[derive(Debug, PartialEq, Eq)]
pub struct Taken {
    pub organization: OrganizationId,
    pub id: InvitationId,
    pub role: Role,
}

impl FromRow for Taken {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self { organization: row.take()?, id: row.take()?, role: row.take()? })
    }
}

/// Takes the open invitation with this code and closes it, unless it is for several people. Of many who come at once
/// with the code of one person, one gets it.
pub async fn take(app: &App, tx: &mut Tx, code: &str) -> Result<Option<Taken>> {
    hold(app, tx, code).await?;
    Ok(tx
        .optional(
            "UPDATE invitations
             SET status = CASE WHEN allow_multiple_use THEN 'open' ELSE 'used' END,
                 closed_at = CASE WHEN allow_multiple_use THEN NULL ELSE CAST($2 AS BIGINT) END,
                 code = CASE WHEN allow_multiple_use THEN code END
             WHERE status = 'open' AND expires_at > $2
               AND (organization_id, id) = (SELECT organization_id, invitation_id FROM invitation_keys WHERE code_hash = $1)
             RETURNING organization_id, id, role",
            (app.keys.hash_code(code), app.clock.now()),
        )
        .await?)
}

/// Waits for whoever is giving the invitation another code: the statement that takes it looks the code up afterwards.
async fn hold(app: &App, tx: &mut Tx, code: &str) -> Result<()> {
    let sql = "UPDATE invitations SET status = status WHERE (organization_id, id) =
                   (SELECT organization_id, invitation_id FROM invitation_keys WHERE code_hash = $1)";
    tx.execute(sql, (app.keys.hash_code(code),)).await?;
    Ok(())
}

/// As [`take`], where who invited may still give the role. They are held first: locks are taken in one order, the
/// person before their invitations.
async fn take_granted(app: &App, tx: &mut Tx, code: &str) -> Result<Option<Taken>> {
    let now = app.clock.now();
    let Some(offer) = find_by_code(app, tx, code, now).await? else { return Ok(None) };
    if let Some(inviter) = &offer.invited_by {
        users::hold(tx, &offer.organization, inviter).await?;
    }
    let open = find_by_code(app, tx, code, now).await?;
    match open.filter(super::Offer::is_open) {
        Some(_) => take(app, tx, code).await,
        None => Ok(None),
    }
}

/// Notes who came by an invitation.
pub async fn note_use(
    tx: &mut Tx,
    organization: &OrganizationId,
    id: &InvitationId,
    user: &UserId,
    now: Timestamp,
) -> Result<()> {
    tx.execute(
        "INSERT INTO invitation_uses (organization_id, invitation_id, user_id, used_at) VALUES ($1, $2, $3, $4)",
        (organization, id, user, now),
    )
    .await?;
    Ok(())
}

/// Who comes with a new account.
pub struct Newcomer {
    /// The role is the invitation's; the address too, which they have shown to read.
    pub user: NewUser,
    /// Another address, which is theirs once they have confirmed it.
    pub email: Option<String>,
}

/// Makes an account with the role of the invitation, and a session. Nothing where the invitation is no longer open;
/// it stays open where the username is taken.
pub async fn join(
    app: &App,
    visitor: &Visitor,
    code: &str,
    newcomer: Newcomer,
) -> Result<Option<SecretString>> {
    let mut tx = app.db.write().await?;
    let joined = join_in(app, &mut tx, visitor, code, newcomer).await;
    tx.finish(joined).await
}

async fn join_in(
    app: &App,
    tx: &mut Tx,
    visitor: &Visitor,
    code: &str,
    Newcomer { mut user, email }: Newcomer,
) -> Result<Option<SecretString>> {
    let Some(taken) = take_granted(app, tx, code).await? else { return Ok(None) };
    user.role = taken.role;
    let id = users::insert_own(app, tx, &taken.organization, &user).await?;
    if let Some(email) = &email {
        mailed_links::send(app, tx, &taken.organization, &id, Kind::ConfirmEmail, email).await?;
    }
    let details = json!({ "username": user.profile.username, "role": taken.role });
    enter(app, tx, visitor, &taken, &id, details).await.map(Some)
}

/// Moves the individual account that is signed in into the organization, with the role of the invitation. Nothing
/// where the invitation is no longer open.
pub async fn move_in(
    app: &App,
    visitor: &Visitor,
    session: &Session,
    code: &str,
) -> Result<Option<SecretString>> {
    let mut tx = app.db.write().await?;
    let moved = move_in_tx(app, &mut tx, visitor, session, code).await;
    tx.finish(moved).await
}

async fn move_in_tx(
    app: &App,
    tx: &mut Tx,
    visitor: &Visitor,
    session: &Session,
    code: &str,
) -> Result<Option<SecretString>> {
    let individuals = OrganizationId::from(INDIVIDUALS);
    let member = users::find_and_lock(tx, &individuals, &session.user).await?;
    let member = member.ok_or_else(Error::unauthorized)?;
    sessions::check_again(app, tx, session).await?.must_be_confirmed()?;
    let Some(taken) = take_granted(app, tx, code).await? else { return Ok(None) };
    let profile = users::move_in(app, tx, &member, &taken.organization, taken.role).await?;
    let left = json!({ "organization": taken.organization });
    session.event(&visitor.origin, "user.moved", session.user.as_str(), left).record(app, tx).await?;
    let details = json!({ "username": profile.username, "role": taken.role, "from": "individual" });
    enter(app, tx, visitor, &taken, &session.user, details).await.map(Some)
}

/// Writes down who came by what, and begins their session.
async fn enter(
    app: &App,
    tx: &mut Tx,
    visitor: &Visitor,
    taken: &Taken,
    user: &UserId,
    details: Value,
) -> Result<SecretString> {
    let organization = &taken.organization;
    note_use(tx, organization, &taken.id, user, app.clock.now()).await?;
    event(visitor, taken, user, "user.created", user.as_str(), details).record(app, tx).await?;
    event(visitor, taken, user, "invitation.used", taken.id.as_str(), json!({})).record(app, tx).await?;
    let new = New { organization, user, with: Beginning::Invitation, maker: None };
    sessions::begin_instead(app, tx, visitor, &new).await
}

fn event<'a>(
    visitor: &Visitor,
    taken: &'a Taken,
    user: &'a UserId,
    name: &'static str,
    target: &'a str,
    mut details: Value,
) -> Event<'a> {
    details["address"] = json!(visitor.origin.address);
    details["device"] = json!(visitor.origin.device);
    Event {
        organization: &taken.organization,
        actor: Some(user),
        actor_token: None,
        maker: None,
        name,
        target: Some(target),
        about: Some(user),
        details,
    }
}
