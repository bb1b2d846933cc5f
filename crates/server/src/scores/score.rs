//! A score as rows have it.

use homeroom_api::{
    OrganizationId, Role, ScoreCreationType, ScoreId, ScoreLicense, ScorePrivacy, Timestamp, UserId,
};

use super::Rights;
use crate::db::{self, FromRow, Row};
use crate::http::Caller;

/// A score with what the caller may do with it. A missing text is ''.
#[derive(Debug, Clone)]
pub struct Score {
    pub id: ScoreId,
    pub organization: OrganizationId,
    pub user: Owner,
    pub title: String,
    pub subtitle: String,
    pub composer: String,
    pub lyricist: String,
    pub arranger: String,
    pub description: String,
    pub tags: Vec<String>,
    pub creation_type: Option<ScoreCreationType>,
    pub license: Option<ScoreLicense>,
    pub license_text: String,
    pub privacy: ScorePrivacy,
    /// Encrypted.
    pub(super) sharing_key: Option<Vec<u8>>,
    pub(super) sharing_key_hash: Option<Vec<u8>>,
    pub parent_score: Option<ScoreId>,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
    pub trashed_at: Timestamp,
    pub delete_at: Timestamp,
    /// 1 reads, 2 writes, 3 administers: as a collaborator, and as one of a group that is.
    pub(super) level_of_person: Option<i64>,
    pub(super) level_of_groups: Option<i64>,
    pub rights: Rights,
}

/// Whose a score is.
#[derive(Debug, Clone)]
pub struct Owner {
    pub id: UserId,
    pub username: String,
    pub firstname: String,
    pub lastname: String,
    pub role: Role,
}

/// What [`Score`] is read from: `$1` is the organization, `$2` the caller; scores are `s`, their owners `u`.
macro_rules! columns {
    () => {
        "s.id, s.organization_id, u.id, u.username, u.firstname, u.lastname, u.role, s.title, s.subtitle, s.composer,
    s.lyricist, s.arranger, s.description, s.tags, s.creation_type, s.license, s.license_text, s.privacy,
    s.sharing_key, s.sharing_key_hash, s.parent_score, s.created_at, s.modified_at, s.trashed_at, s.delete_at,
    (SELECT max(CASE WHEN c.acl_admin THEN 3 WHEN c.acl_write THEN 2 ELSE 1 END) FROM score_collaborators c
     WHERE c.organization_id = $1 AND c.score_id = s.id AND c.user_id = $2),
    (SELECT max(CASE WHEN c.acl_admin THEN 3 WHEN c.acl_write THEN 2 ELSE 1 END) FROM score_collaborators c
     JOIN group_users m ON m.organization_id = $1 AND m.group_id = c.group_id AND m.user_id = $2
     WHERE c.organization_id = $1 AND c.score_id = s.id AND c.group_id IS NOT NULL)"
    };
}

/// A score's owner is there.
macro_rules! owner {
    () => {
        "JOIN users u ON u.organization_id = s.organization_id AND u.id = s.user_id AND u.removed_at IS NULL"
    };
}

pub(super) use {columns, owner};

// For lists, whose first two arguments are organization and caller.
pub const COLUMNS: &str = columns!();
/// A page of scores, with their owners.
pub const PAGE: &str = concat!("s ", owner!());

impl Score {
    /// The same, with what the caller may do: lists of scores that are not looked up by [`open`](super::open).
    #[must_use]
    pub fn seen_by(mut self, caller: &Caller, sharing_key: Option<&str>) -> Self {
        self.rights = self.rights_of(caller, sharing_key);
        self
    }

    pub fn is_trashed(&self) -> bool {
        self.trashed_at != Timestamp::default()
    }
}

impl FromRow for Score {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.take()?,
            organization: row.take()?,
            user: Owner::take(row)?,
            title: row.take()?,
            subtitle: row.take()?,
            composer: row.take()?,
            lyricist: row.take()?,
            arranger: row.take()?,
            description: row.take()?,
            tags: row.take::<String>()?.split_ascii_whitespace().map(str::to_owned).collect(),
            creation_type: row.take::<String>()?.parse().ok(), // '' for none
            license: row.take::<String>()?.parse().ok(),
            license_text: row.take()?,
            privacy: row.take()?,
            sharing_key: row.take()?,
            sharing_key_hash: row.take()?,
            parent_score: row.take()?,
            created_at: row.take()?,
            modified_at: row.take()?,
            trashed_at: row.take()?,
            delete_at: row.take()?,
            level_of_person: row.take()?,
            level_of_groups: row.take()?,
            rights: Rights::default(),
        })
    }
}

impl Owner {
    fn take(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.take()?,
            username: row.take()?,
            firstname: row.take()?,
            lastname: row.take()?,
            role: row.take()?,
        })
    }
}
