//! Changing roles. An organization keeps an admin, and what somebody could do in their old role ends with it.

use homeroom_api::{ErrorCode, OrganizationId, Role, UserId};
use serde_json::json;

use super::{Member, store};
use crate::access_tokens::{self, holdable};
use crate::db::Tx;
use crate::http::Caller;
use crate::{App, Error, Result, classes, invitations, lti, oauth, sessions, signin_links};

/// Gives a member a role, on behalf of `caller`. The roles must be locked.
pub async fn set_role(app: &App, tx: &mut Tx, caller: &Caller, user: &UserId, role: Role) -> Result<()> {
    let member =
        store::lock(tx, &caller.organization, user).await?.ok_or_else(|| Error::not_found("user"))?;
    caller.must_rank_over(member.role)?;
    change(app, tx, caller, &member, role, "organizationRole").await
}

/// As [`set_role`], where the member is locked too and the caller ranks over the member.
pub(super) async fn change(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    member: &Member,
    role: Role,
    param: &'static str,
) -> Result<()> {
    if role == member.role {
        return Ok(());
    }
    let organization = &caller.organization;
    // Who only takes from a role gets nobody's account by it; above the caller's own it can't end.
    if role.rank() > member.role.rank() {
        caller.may_grant(role, param)?;
    }
    if member.role == Role::Admin {
        keep_an_admin(tx, organization, &member.id).await?;
    }
    store::set_role(tx, organization, &member.id, role).await?;
    let holdable = holdable(role, caller.lti_teachers);
    oauth::narrow(tx, organization, &member.id, holdable).await?; // authorizations are locked before their tokens
    access_tokens::narrow(tx, organization, &member.id, holdable).await?;
    access_tokens::end_after_role_change(tx, organization, &member.id).await?;
    signin_links::end_after_role_change(tx, organization, &member.id).await?;
    sessions::end_after_role_change(tx, organization, &member.id).await?;
    invitations::revoke_beyond(app, tx, organization, &member.id, Some(role)).await?;
    if role == Role::User {
        lti::end_all_of_teacher(tx, organization, &member.id).await?;
    }
    classes::follow_role(app, tx, organization, &member.id, (member.role, role)).await?;
    let details = json!({ "from": member.role, "to": role });
    caller.event("user.role_changed", member.id.as_str(), details).record(app, tx).await
}

/// 409 where nobody else is an admin. The roles must be locked.
pub async fn keep_an_admin(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    if store::has_another_admin(tx, organization, user).await? {
        return Ok(());
    }
    let message = "This is the last admin of the organization: make somebody else an admin first.";
    Err(Error::new(ErrorCode::LastAdmin, message))
}

/// Takes from the tokens of teachers what they may no longer hold, once they may not make LTI credentials.
pub async fn narrow_teachers(tx: &mut Tx, organization: &OrganizationId) -> Result<()> {
    for teacher in store::teachers_with_tokens(tx, organization).await? {
        oauth::narrow(tx, organization, &teacher, holdable(Role::Teacher, false)).await?;
        access_tokens::narrow(tx, organization, &teacher, holdable(Role::Teacher, false)).await?;
    }
    Ok(())
}
