//! Whom somebody sees who does not administer the organization.

use homeroom_api::{Role, UserId};

use crate::db::Read;
use crate::http::{Caller, parse_id};
use crate::organizations::INDIVIDUALS;
use crate::{Error, Result};

/// 404 unless the caller sees `user`: themselves, who teaches, and who is in a class with them; teachers see everybody
/// of the organization. Individuals see themselves alone.
pub async fn must_see(conn: &mut impl Read, caller: &Caller, user: &UserId) -> Result<()> {
    let nobody = || Error::not_found("user");
    let role = super::store::find_role(conn, &caller.organization, user).await?.ok_or_else(nobody)?;
    let is_seen = match role {
        _ if caller.is(user) => true,
        _ if caller.organization.as_str() == INDIVIDUALS => false,
        _ if caller.role != Role::User => true,
        Role::User => share_a_class(conn, caller, user).await?,
        Role::Teacher | Role::AccountAdmin | Role::Admin => true,
    };
    if is_seen { Ok(()) } else { Err(nobody()) }
}

async fn share_a_class(conn: &mut impl Read, caller: &Caller, user: &UserId) -> Result<bool> {
    let shared: Option<(i64,)> = conn
        .optional(
            "SELECT 1 FROM group_users a
             JOIN groups g ON g.organization_id = $1 AND g.id = a.group_id
             JOIN groups h ON h.organization_id = $1 AND h.class_id = g.class_id
             JOIN group_users b ON b.organization_id = $1 AND b.group_id = h.id AND b.user_id = $3
             WHERE a.organization_id = $1 AND a.user_id = $2 AND g.class_id IS NOT NULL
             LIMIT 1",
            (&caller.organization, &caller.user, user),
        )
        .await?;
    Ok(shared.is_some())
}

/// The user whom a path names: by the id, or as `me`.
pub fn named(caller: &Caller, user: String) -> Result<UserId> {
    if user == "me" { caller.must_be_person().cloned() } else { parse_id("user", user) }
}
