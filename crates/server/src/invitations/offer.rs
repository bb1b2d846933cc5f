//! What somebody who holds a code is offered. Looking uses nothing up.

use homeroom_api::{InvitationStatus, OrganizationId, Role, Timestamp, UserId};

use crate::db::{self, FromRow, Read, Row};
use crate::{App, Result};

/// An invitation as its holder sees it, open or not.
#[derive(Debug, Clone)]
pub struct Offer {
    pub organization: OrganizationId,
    pub role: Role,
    /// Where the mail went, if there was one.
    pub email: Option<String>,
    pub invited_by: Option<UserId>,
    status: InvitationStatus,
    pub school: String,
    pub slug: String,
    pub locale: String,
    /// First and last name of who invited; '' where they have none, or are gone.
    pub inviter: String,
    inviter_role: Option<Role>,
}

impl Offer {
    /// Open, by somebody who may still give the role.
    pub fn status(&self) -> InvitationStatus {
        match self.status {
            InvitationStatus::Open if !self.may_be_given() => InvitationStatus::Revoked,
            status => status,
        }
    }

    pub fn is_open(&self) -> bool {
        self.status() == InvitationStatus::Open
    }

    fn may_be_given(&self) -> bool {
        self.invited_by.is_none() || self.inviter_role.is_some_and(|role| role.rank() >= self.role.rank())
    }
}

impl FromRow for Offer {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            organization: row.take()?,
            role: row.take()?,
            email: row.take()?,
            invited_by: row.take()?,
            status: row.take::<String>()?.parse().map_err(db::Error::Failed)?,
            school: row.take()?,
            slug: row.take()?,
            locale: row.take()?,
            inviter: name(row.take()?, row.take()?),
            inviter_role: row.take()?,
        })
    }
}

fn name(first: Option<String>, last: Option<String>) -> String {
    format!("{} {}", first.unwrap_or_default(), last.unwrap_or_default()).trim().to_owned()
}

/// A code as it was drawn: people type small letters, spaces and hyphens.
pub fn read_code(typed: &str) -> String {
    let is_between = |c: char| c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    typed.chars().filter(|c| !is_between(*c)).take(100).collect::<String>().to_ascii_uppercase()
}

/// The invitation that `code` leads to.
pub async fn find_by_code(
    app: &App,
    conn: &mut impl Read,
    code: &str,
    now: Timestamp,
) -> Result<Option<Offer>> {
    Ok(conn
        .optional(
            "SELECT i.organization_id, i.role, i.email, i.invited_by,
                    CASE WHEN i.status = 'open' AND i.expires_at <= $2 THEN 'expired' ELSE i.status END,
                    o.name, o.slug, o.locale, u.firstname, u.lastname, u.role
             FROM invitation_keys k
             JOIN invitations i ON i.organization_id = k.organization_id AND i.id = k.invitation_id
             JOIN organizations o ON o.id = i.organization_id
             LEFT JOIN users u ON u.organization_id = i.organization_id AND u.id = i.invited_by
              AND u.removed_at IS NULL
             WHERE k.code_hash = $1",
            (app.keys.hash_code(code), now),
        )
        .await?)
}

#[cfg(test)]
mod tests {
    use super::read_code;

    #[test]
    fn a_code_is_read_as_people_write_it() {
        for typed in ["ABCDE23456", "abcde23456", " ABCDE-23456 ", "ab cd e2 34 56", "ABCDE–23456\n"] {
            assert_eq!(read_code(typed), "ABCDE23456", "{typed:?}");
        }
        assert_eq!(read_code(" - "), "");
    }
}
