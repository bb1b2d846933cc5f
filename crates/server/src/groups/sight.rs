use homeroom_api::{GroupId, UserId};

use crate::db::Read;
use crate::http::Caller;
use crate::{Error, Result};

/// 404 unless the caller is in the group, teaches the class whose group it is, or administers the organization.
pub async fn must_see(conn: &mut impl Read, caller: &Caller, group: &GroupId) -> Result<()> {
    let person = caller.person().map_or("", UserId::as_str); // nobody has the id ''
    let seen: Option<(bool,)> = conn
        .optional(
            "SELECT EXISTS (SELECT 1 FROM group_users m
                            WHERE m.organization_id = $1 AND m.group_id = g.id AND m.user_id = $3)
                 OR EXISTS (SELECT 1 FROM classes c
                            JOIN group_users m ON m.organization_id = $1 AND m.group_id = c.teachers_group AND m.user_id = $3
                            WHERE c.organization_id = $1 AND c.id = g.class_id)
             FROM groups g WHERE g.organization_id = $1 AND g.id = $2",
            (&caller.organization, group, person),
        )
        .await?;
    match seen {
        Some((true,)) => Ok(()),
        Some(_) if caller.administers() => Ok(()),
        _ => Err(Error::not_found("group")),
    }
}
