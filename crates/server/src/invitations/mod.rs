//! Invitations: how a person without an account joins an organization.
//!
//! At most one invitation per address is open. The mail leaves through the outbox, so it goes out if and only if
//! the invitation exists. An invitation has the rank of its role: who could not make it does not see its code.
pub mod api;
mod joining;
mod offer;
pub mod pages;
mod shown;
mod store;

use homeroom_api::{InvitationId, OrganizationId, OrganizationInvitationCreation, Role};
use serde_json::json;

use crate::db::{Read, Tx};
use crate::http::{Caller, Page, PageQuery};
use crate::mail::Mail;
use crate::users::{self, Member};
use crate::{App, Error, Result, text};

pub use joining::{Taken, note_use, take};
use offer::Offer;
use store::Open;
pub use store::{Filter, Invitation, expire, forget_addresses, forget_person, revoke_beyond};

/// 49 bits.
const CODE_LENGTH: usize = 10;

/// Invites an address, or makes a link without one; if the address is a member's, sets that member's role instead.
pub async fn create(app: &App, caller: &Caller, new: OrganizationInvitationCreation) -> Result<Invitation> {
    let email = new.email.as_deref().map(|email| text::email("email", email)).transpose()?;
    let role = new.organization_role.map(Role::from);
    if new.allow_multiple_use {
        may_be_for_many(email.as_deref(), role)?;
    }
    // The address may be a member's, who gets the role.
    let (mut tx, caller) = match email {
        Some(_) => app.begin_with_roles(caller).await?,
        None => app.begin(caller).await?,
    };
    let created = create_in(app, &mut tx, &caller, email, role, new.allow_multiple_use).await;
    tx.finish(created).await
}

/// Whoever comes by a link for many gets its role: no more than a teacher's.
fn may_be_for_many(email: Option<&str>, role: Option<Role>) -> Result<()> {
    let message = match (email, role.unwrap_or(Role::Teacher)) {
        (Some(_), _) => "An invitation for an address is used once: leave out `email` or `allowMultipleUse`.",
        (None, Role::Teacher) => return Ok(()),
        (None, _) => "Only an invitation as `teacher` can be used more than once.",
    };
    Err(Error::invalid("allowMultipleUse", message))
}

async fn create_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    email: Option<String>,
    role: Option<Role>,
    multiple_use: bool,
) -> Result<Invitation> {
    caller.may_grant(role.unwrap_or(Role::Teacher), "organizationRole")?;
    if let Some(email) = &email
        && let Some(member) = users::find_member_by_email(tx, &caller.organization, email).await?
    {
        return set_role(app, tx, caller, &member, email, role).await;
    }
    let role = role.unwrap_or(Role::Teacher);
    put_open(app, tx, caller, &Open { email: email.as_deref(), role, multiple_use }).await
}

async fn put_open(app: &App, tx: &mut Tx, caller: &Caller, open: &Open<'_>) -> Result<Invitation> {
    let id = store::put_open(app, tx, caller, open, &draw_code(app)).await?;
    // The address stands in the invitation alone, which forgets it in time.
    let details = json!({ "role": open.role, "multipleUse": open.multiple_use });
    caller.event("invitation.created", id.as_str(), details).record(app, tx).await?;
    if open.email.is_some() {
        Mail::Invitation.enqueue(app, tx, &caller.organization, id.as_str()).await?;
    }
    get(app, tx, caller, &id).await
}

fn draw_code(app: &App) -> String {
    app.random.code(CODE_LENGTH)
}

/// The role that the request names, or a teacher's at least.
async fn set_role(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    member: &Member,
    email: &str,
    role: Option<Role>,
) -> Result<Invitation> {
    // Two addresses that fold alike are two mailboxes: the other one's owner gets no role by mistake.
    let same = member.profile.email.as_deref().is_some_and(|own| own.to_lowercase() == email.to_lowercase());
    if member.email_shared || !same {
        let message = "An account has this address, or one that looks like it, and can't be invited by it.";
        return Err(Error::new(homeroom_api::ErrorCode::EmailTaken, message).with_param("email"));
    }
    let raised = if member.role.rank() > Role::Teacher.rank() { member.role } else { Role::Teacher };
    let role = role.unwrap_or(raised);
    users::set_role(app, tx, caller, &member.id, role).await?;
    let id = store::insert_used(app, tx, caller, email, role, &member.id).await?;
    let details = json!({ "role": role, "member": member.id });
    caller.event("invitation.created", id.as_str(), details).about(&member.id).record(app, tx).await?;
    get(app, tx, caller, &id).await
}

async fn get(app: &App, tx: &mut Tx, caller: &Caller, id: &InvitationId) -> Result<Invitation> {
    let found = store::find(tx, &caller.organization, id, app.clock.now()).await?;
    found.ok_or_else(|| Error::not_found("invitation"))
}

/// An invitation and its link, which it has while it is open: for the mail about it.
pub async fn find(
    app: &App,
    conn: &mut impl Read,
    organization: &OrganizationId,
    id: &InvitationId,
) -> Result<Option<(Invitation, Option<String>)>> {
    let found = store::find(conn, organization, id, app.clock.now()).await?;
    Ok(found.map(|invitation| {
        let url = store::open_code(app, &invitation).map(|code| url(app, &code));
        (invitation, url)
    }))
}

/// The page to join on.
fn url(app: &App, code: &str) -> String {
    format!("{}/organization/enroll?enrollcode={code}", app.settings.public_url)
}

/// Invitations in the order of their creation.
pub async fn list(app: &App, caller: &Caller, filter: &Filter, page: &PageQuery) -> Result<Page<Invitation>> {
    store::list(app, &mut app.db.read().await?, &caller.organization, filter, page).await
}

/// Revokes an open invitation.
pub async fn remove(app: &App, caller: &Caller, id: &InvitationId) -> Result<()> {
    let (mut tx, caller) = app.begin(caller).await?;
    let removed = remove_in(app, &mut tx, &caller, id).await;
    tx.finish(removed).await
}

async fn remove_in(app: &App, tx: &mut Tx, caller: &Caller, id: &InvitationId) -> Result<()> {
    let invitation = get(app, tx, caller, id).await?;
    if !store::revoke(tx, &caller.organization, id, app.clock.now()).await? {
        return Err(Error::not_found("open invitation"));
    }
    may_replace(caller, invitation.role)?;
    caller.event("invitation.revoked", id.as_str(), json!({})).record(app, tx).await
}

/// Gives an open invitation a new code and a new end, and sends its mail again. It is the caller's from then on, as if
/// they had replaced it.
pub async fn resend(app: &App, caller: &Caller, id: &InvitationId) -> Result<Invitation> {
    let (mut tx, caller) = app.begin(caller).await?;
    let resent = resend_in(app, &mut tx, &caller, id).await;
    tx.finish(resent).await
}

async fn resend_in(app: &App, tx: &mut Tx, caller: &Caller, id: &InvitationId) -> Result<Invitation> {
    if !store::renew(app, tx, caller, id, &draw_code(app)).await? {
        return Err(Error::not_found("open invitation"));
    }
    let invitation = get(app, tx, caller, id).await?;
    may_replace(caller, invitation.role)?;
    caller.event("invitation.resent", id.as_str(), json!({})).record(app, tx).await?;
    if invitation.email.is_some() {
        Mail::Invitation.enqueue(app, tx, &caller.organization, id.as_str()).await?;
    }
    Ok(invitation)
}

/// Who could not make an invitation can neither replace, resend nor revoke it.
fn may_replace(caller: &Caller, role: Role) -> Result<()> {
    if caller.role.rank() >= role.rank() {
        return caller.may_grant(role, "organizationRole");
    }
    let message =
        format!("This is an invitation as `{role}`, which is above your own role, `{}`.", caller.role);
    Err(Error::forbidden(message))
}
