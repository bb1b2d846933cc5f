use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use homeroom_api::{
    ErrorBody, InvitationStatus, OrganizationInvitation, OrganizationInvitationCreation, Role, Scope, Scopes,
};

use super::store::open_code;
use super::{Filter, Invitation, url};
use crate::http::cursor::List;
use crate::http::quirks::Sdk;
use crate::http::{Caller, Json, PageQuery, Params, Path, Routes, parse_id};
use crate::users::api::{USERS_READ, USERS_WRITE};
use crate::{App, Result, invitations};

const INVITATIONS: &str = "/v2/organizations/invitations";

pub fn routes() -> Routes {
    Routes::new()
        .get(INVITATIONS, USERS_READ, list)
        .post(INVITATIONS, USERS_WRITE, create)
        .delete("/v2/organizations/invitations/{invitation}", USERS_WRITE, remove)
        .post("/v2/organizations/invitations/{invitation}/resend", USERS_WRITE, resend)
}

/// List the invitations of the organization
///
/// The open and the used ones in the order of their creation, unless `status` chooses others.
#[utoipa::path(
    get, path = "/v2/organizations/invitations", operation_id = "listOrganizationInvitations", tag = "Organization",
    params(
        ("role" = Option<Role>, Query, description = "Only those that give this role"),
        ("status" = Option<Vec<InvitationStatus>>, Query, description = "Default: `open` and `used`. Not in the contract"),
        ("limit" = Option<u16>, Query, description = "How many at most", minimum = 1, maximum = 1000, example = 50),
        ("next" = Option<String>, Query, description = "The cursor of the next page, from the `Link` header"),
        ("previous" = Option<String>, Query, description = "The cursor of the previous page, from the `Link` header"),
    ),
    responses((status = 200, description = "One page of invitations", body = [OrganizationInvitation]), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn list(app: App, caller: Caller, sdk: Sdk, params: Params) -> Result<Response> {
    let mut status: Vec<InvitationStatus> = params.words("status")?;
    if status.is_empty() {
        status = vec![InvitationStatus::Open, InvitationStatus::Used];
    }
    status.sort_by_key(|status| status.as_str());
    let filter = Filter { role: params.word("role")?, status };
    let list = List::of(&("invitations", &caller.organization, &filter));
    let page = PageQuery::read(&app, &params, &list, 50)?;
    let page = invitations::list(&app, &caller, &filter, &page).await?;
    let shown = page.map(|invitation| show(&app, &caller, sdk, invitation));
    Ok(sdk.vary(shown.respond(&app, &list, INVITATIONS, &params)))
}

/// Invite somebody to the organization
///
/// With an e-mail address a mail goes out; without there is only the link. If the address is a member's, the member
/// gets the role instead. A second invitation for the same address replaces the open one. With `allowMultipleUse`
/// many teachers may join by one link.
#[utoipa::path(
    post, path = "/v2/organizations/invitations", operation_id = "createOrganizationInvitation", tag = "Organization",
    request_body = OrganizationInvitationCreation,
    responses((status = 200, description = "The invitation", body = OrganizationInvitation), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn create(
    app: App,
    caller: Caller,
    sdk: Sdk,
    Json(mut new): Json<OrganizationInvitationCreation>,
) -> Result<Response> {
    new.organization_role = sdk.named_role(new.organization_role);
    let invitation = invitations::create(&app, &caller, new).await?;
    Ok(sdk.vary(Json(show(&app, &caller, sdk, invitation)).into_response()))
}

/// Revoke an open invitation
#[utoipa::path(
    delete, path = "/v2/organizations/invitations/{invitation}", operation_id = "removeOrganizationInvitation",
    tag = "Organization", params(("invitation" = String, Path, description = "The id of the invitation")),
    responses((status = 204, description = "Revoked"), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn remove(app: App, caller: Caller, Path([invitation]): Path<1>) -> Result<StatusCode> {
    invitations::remove(&app, &caller, &parse_id("invitation", invitation)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Send an open invitation again
///
/// It gets a new code and lasts as long as a new one: the code that went out before no longer works. With an e-mail
/// address the mail goes out again; without, there is only the new link. Not in the contract.
#[utoipa::path(
    post, path = "/v2/organizations/invitations/{invitation}/resend", operation_id = "resendOrganizationInvitation",
    tag = "Organization", params(("invitation" = String, Path, description = "The id of the invitation")),
    responses((status = 200, description = "The invitation with its new code", body = OrganizationInvitation), (status = "default", description = "Refused", body = ErrorBody)),
)]
pub async fn resend(app: App, caller: Caller, sdk: Sdk, Path([invitation]): Path<1>) -> Result<Response> {
    let invitation = invitations::resend(&app, &caller, &parse_id("invitation", invitation)?).await?;
    Ok(sdk.vary(Json(show(&app, &caller, sdk, invitation)).into_response()))
}

/// Who has the code may join with the role: it is for those who could make the invitation, with a token that may
/// write.
fn may_see_code(caller: &Caller, role: Role) -> bool {
    let may_write = caller.scopes.intersects(Scopes::of(&[Scope::EduAdmin, Scope::EduAdminUsers]));
    may_write && caller.may_grant(role, "role").is_ok()
}

fn show(app: &App, caller: &Caller, sdk: Sdk, invitation: Invitation) -> OrganizationInvitation {
    let may_see = may_see_code(caller, invitation.role);
    let is_open = invitation.status == InvitationStatus::Open;
    let code = open_code(app, &invitation).filter(|_| may_see && is_open);
    OrganizationInvitation {
        id: invitation.id,
        creation_date: invitation.created_at,
        organization: invitation.organization,
        organization_role: sdk.sees(invitation.role),
        html_url: code.as_deref().map(|code| url(app, code)),
        custom_code: code,
        email: invitation.email,
        invited_by: invitation.invited_by,
        allow_multiple_use: invitation.allow_multiple_use,
        used_by: invitation.used_by,
        status: Some(invitation.status),
        expiration_date: Some(invitation.expires_at),
    }
}
