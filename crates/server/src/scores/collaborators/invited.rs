//! Whom somebody may share a score with.

use homeroom_api::{ErrorCode, GroupId, ResourceCollaboratorCreation, Role, UserId};

use super::store::With;
use crate::audit::Event;
use crate::db::Tx;
use crate::http::{Caller, parse_id};
use crate::organizations::INDIVIDUALS;
use crate::scores::Score;
use crate::{Error, Result, groups, text, users};

pub enum Invited {
    Person(UserId),
    Group(GroupId),
}

impl Invited {
    /// Whom the request names by exactly one of `user`, `group` and `userEmail`: people whom the caller sees, groups
    /// that they are in or administer.
    pub async fn find(
        tx: &mut Tx,
        caller: &Caller,
        score: &Score,
        new: &ResourceCollaboratorCreation,
    ) -> Result<Self> {
        if caller.organization.as_str() == INDIVIDUALS {
            let message =
                "Accounts without an organization share their scores by a private link: set `privacy`.";
            return Err(Error::invalid("user", message));
        }
        if new.user_token.is_some() {
            let message = "Nobody is invited by `userToken` here: name a `user`, a `group` or a `userEmail`.";
            return Err(Error::new(ErrorCode::NotImplemented, message).with_param("userToken"));
        }
        if !(new.acl_read || new.acl_write || new.acl_admin) {
            let message = "Who shares a score lets it be read at least: leave out `aclRead`, or remove the collaborator.";
            return Err(Error::invalid("aclRead", message));
        }
        let invited = match (&new.user, &new.group, &new.user_email) {
            (Some(user), None, None) => Self::Person(person(tx, caller, user.as_str()).await?),
            (None, Some(group), None) => Self::Group(group_of(tx, caller, group.as_str()).await?),
            (None, None, Some(email)) => Self::Person(by_email(tx, caller, email).await?),
            _ => {
                let message = "Say whom to share with: one of `user`, `group` and `userEmail`.";
                return Err(Error::invalid("user", message));
            }
        };
        if matches!(&invited, Self::Person(person) if *person == score.user.id) {
            return Err(Error::invalid("user", "The score is this person's own: name somebody else."));
        }
        Ok(invited)
    }

    pub const fn with(&self) -> With<'_> {
        match self {
            Self::Person(user) => With::Person(user),
            Self::Group(group) => With::Group(group),
        }
    }

    pub fn id(&self) -> &str {
        match self {
            Self::Person(user) => user.as_str(),
            Self::Group(group) => group.as_str(),
        }
    }

    /// The event tells of the person, if it is one.
    pub fn about<'a>(&'a self, event: Event<'a>) -> Event<'a> {
        match self {
            Self::Person(user) => event.about(user),
            Self::Group(_) => event,
        }
    }
}

async fn person(tx: &mut Tx, caller: &Caller, user: &str) -> Result<UserId> {
    let nobody = |_| {
        Error::invalid("user", "You see nobody with this id: name somebody of your classes, or a teacher.")
    };
    let user: UserId = parse_id("user", user.to_owned()).map_err(nobody)?;
    users::hold(tx, &caller.organization, &user).await?;
    match users::must_see(tx, caller, &user).await {
        Err(error) if error.code == ErrorCode::NotFound => Err(nobody(error)),
        seen => seen.map(|()| user),
    }
}

/// Who may ask for addresses could find out whose they are.
async fn by_email(tx: &mut Tx, caller: &Caller, email: &str) -> Result<UserId> {
    if caller.role == Role::User {
        let message = "Students name whom they share with by `user`, not by an address.";
        return Err(Error::forbidden(message).with_param("userEmail"));
    }
    let email = text::email("userEmail", email)?;
    let member = users::find_member_by_email(tx, &caller.organization, &email).await?;
    let member = member.filter(|member| !member.email_shared).ok_or_else(|| {
        let message =
            "Nobody in your organization has this address: invite them first, or share by a private link.";
        Error::invalid("userEmail", message)
    })?;
    users::hold_role(tx, &caller.organization, &member.id).await?;
    Ok(member.id)
}

async fn group_of(tx: &mut Tx, caller: &Caller, group: &str) -> Result<GroupId> {
    let none = |_| {
        Error::invalid("group", "You are in no group with this id: name one of yours, or of your classes.")
    };
    let group: GroupId = parse_id("group", group.to_owned()).map_err(none)?;
    match groups::must_see(tx, caller, &group).await {
        Err(error) if error.code == ErrorCode::NotFound => Err(none(error)),
        seen => seen.map(|()| group),
    }
}
