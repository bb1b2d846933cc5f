//! Who is in a class: students and teachers, as their role in the organization says.

use homeroom_api::{ClassId, ErrorCode, OrganizationId, Role, UserId};
use serde_json::json;

use super::{Class, hold, open, role_in_class, store, test_students};
use crate::db::Tx;
use crate::http::Caller;
use crate::sessions::Tries;
use crate::{App, Error, Result, groups, users};

/// Puts a member of the organization into a class; nothing changes where they are in it.
pub async fn add_user(app: &App, caller: &Caller, class: &ClassId, user: &UserId) -> Result<()> {
    let (mut tx, caller) = app.begin(caller).await?;
    let added = add_user_in(app, &mut tx, &caller, class, user).await;
    tx.finish(added).await
}

async fn add_user_in(app: &App, tx: &mut Tx, caller: &Caller, class: &ClassId, user: &UserId) -> Result<()> {
    // Who changes the caller's own role waits for the token, which is held: users are locked after tokens.
    let role =
        if caller.is(user) { caller.role } else { users::hold_role(tx, &caller.organization, user).await? };
    let class = hold(tx, caller, class).await?;
    class.must_teach(caller)?;
    class.must_not_be_archived()?;
    join(app, tx, caller, &class, (user, role), "teacher").await
}

/// Writes down who came `by` what, unless they were there.
async fn join(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    class: &Class,
    (user, role): (&UserId, Role),
    by: &str,
) -> Result<()> {
    let role = role_in_class(role);
    if !groups::add_user(tx, &caller.organization, class.group(role), user).await? {
        return Ok(());
    }
    let details = json!({ "user": user, "as": role, "by": by });
    caller.event("class.user_added", class.id.as_str(), details).about(user).record(app, tx).await
}

/// Takes somebody out of a class and its groups. A teacher hands it over and takes the own test student along.
pub async fn remove_user(app: &App, caller: &Caller, class: &ClassId, user: &UserId) -> Result<()> {
    // With the roles: who is handed the class must stay its teacher.
    let (mut tx, caller) = app.begin_with_roles(caller).await?;
    let removed = remove_user_in(app, &mut tx, &caller, class, user).await;
    tx.finish(removed).await
}

async fn remove_user_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    class: &ClassId,
    user: &UserId,
) -> Result<()> {
    let organization = &caller.organization;
    let not_found = || Error::not_found("user");
    users::find_and_lock(tx, organization, user).await?.ok_or_else(not_found)?;
    let class = open(tx, caller, class).await?;
    class.must_teach(caller)?;
    if !groups::leave_class(tx, organization, &class.id, user).await? {
        return Err(Error::new(ErrorCode::NotFound, "This user is not in this class.").with_param("user"));
    }
    store::hand_over(tx, organization, user, Some(&class.id)).await?;
    test_students::remove(app, tx, organization, user, Some(&class.id)).await?;
    let details = json!({ "user": user });
    caller.event("class.user_removed", class.id.as_str(), details).about(user).record(app, tx).await
}

/// Lets the caller into the class with this code, as a student or a teacher; nothing changes where they are in it.
/// Wrong codes are counted for each person.
pub async fn enroll(app: &App, caller: &Caller, code: &str) -> Result<Class> {
    let person = caller.must_be_person()?;
    let tries = Tries::of_person(app, "class code", &caller.organization, person);
    if let Some(until) = tries.note(app).await? {
        let wait = until.as_millis().saturating_sub(app.clock.now().as_millis()).unsigned_abs();
        let message =
            "These were too many wrong codes: ask your teacher for the right one, and wait a while.";
        let error = Error::new(ErrorCode::ApiRateLimitExceeded, message);
        return Err(Error { retry_after: Some(wait.div_ceil(1000)), ..error });
    }
    let (mut tx, caller) = app.begin(caller).await?;
    let enrolled = enroll_in(app, &mut tx, &caller, code, &tries).await;
    tx.finish(enrolled).await
}

async fn enroll_in(app: &App, tx: &mut Tx, caller: &Caller, code: &str, tries: &Tries) -> Result<Class> {
    let organization = &caller.organization;
    let unknown =
        || Error::new(ErrorCode::NotFound, "There is no class with this code: ask its teacher for it.");
    let class = store::find_by_code(app, tx, organization, &plain(code)).await?.ok_or_else(unknown)?;
    store::hold(tx, organization, &class).await?;
    let found = store::find(tx, organization, &class, caller.person()).await?.ok_or_else(unknown)?;
    found.must_not_be_archived()?;
    tries.take_back(tx).await?;
    join(app, tx, caller, &found, (&caller.user, caller.role), "code").await?;
    open(tx, caller, &class).await
}

/// A code as it was drawn, however it was typed.
fn plain(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect()
}

/// Makes a student of classes their teacher, or the reverse, where the role in the organization has changed so. Who
/// is a student now hands over what they led. The user must be locked, and so must the roles.
pub async fn follow_role(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    (from, to): (Role, Role),
) -> Result<()> {
    let (was, is) = (role_in_class(from), role_in_class(to));
    if was == is {
        return Ok(());
    }
    if to == Role::User {
        store::hand_over(tx, organization, user, None).await?;
        test_students::remove(app, tx, organization, user, None).await?;
    }
    groups::change_sides(tx, organization, user, is).await
}

/// Hands every class that `user` leads to another of its teachers, else to nobody. The roles must be locked.
pub async fn hand_over(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    store::hand_over(tx, organization, user, None).await
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_code_is_known_however_it_was_typed() {
        for typed in ["ABCD2345", " abcd 2345\n", "Abcd-2345"] {
            assert_eq!(plain(typed), "ABCD2345", "{typed}");
        }
    }
}
