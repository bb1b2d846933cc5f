//! Who may read, change and administer a score.

use homeroom_api::{CollaboratorType, ResourceRights, ScorePrivacy};
use subtle::ConstantTimeEq as _;

use super::Score;
use super::collaborators::{Collaborator, Who};
use crate::crypto::TokenHash;
use crate::db::Read;
use crate::http::Caller;
use crate::organizations::INDIVIDUALS;
use crate::{Error, Result, assignments, submissions};

/// What somebody may do with a score. Who may write may read, who may administer may write.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rights {
    pub read: bool,
    pub write: bool,
    pub admin: bool,
    /// By what, where the score is theirs or shared with them.
    pub by: Option<CollaboratorType>,
}

impl Rights {
    pub const OWNER: Self = Self { read: true, write: true, admin: true, by: Some(CollaboratorType::Owner) };

    /// Of a collaborator, as [`store::COLUMNS`](super::store::COLUMNS) has it: 1 reads, 2 writes, 3 administers.
    const fn shared(level: i64, by: CollaboratorType) -> Self {
        Self { read: level > 0, write: level > 1, admin: level > 2, by: Some(by) }
    }

    /// What a collaborator may do.
    pub const fn of(collaborator: &Collaborator) -> Self {
        let by = match &collaborator.who {
            Who::Person(_) => CollaboratorType::User,
            Who::Group { .. } => CollaboratorType::Group,
        };
        Self { read: true, write: collaborator.write, admin: collaborator.admin, by: Some(by) }
    }

    pub const fn shown(self) -> ResourceRights {
        ResourceRights {
            acl_read: self.read,
            acl_write: self.write,
            acl_admin: self.admin,
            is_collaborator: self.by.is_some(),
            collaborator_type: self.by,
        }
    }
}

impl Score {
    /// What the caller may do by owning the score, or by its being shared with them or open to them.
    pub(super) fn rights_of(&self, caller: &Caller, sharing_key: Option<&str>) -> Rights {
        if caller.is(&self.user.id) {
            return Rights::OWNER;
        }
        let shared = match (self.level_of_person, self.level_of_groups) {
            (Some(person), Some(groups)) if groups > person => {
                Rights::shared(groups, CollaboratorType::Group)
            }
            (Some(person), _) => Rights::shared(person, CollaboratorType::User),
            (None, Some(groups)) => Rights::shared(groups, CollaboratorType::Group),
            (None, None) => Rights::default(),
        };
        let is_open = self.is_open_to(caller, sharing_key);
        Rights { read: shared.read || is_open, ..shared }.within_trash(self)
    }

    /// Whether the caller may write it whatever classes give: theirs to hand on.
    pub fn may_give_to_write(&self, caller: &Caller) -> bool {
        self.rights_of(caller, None).write
    }

    fn is_open_to(&self, caller: &Caller, sharing_key: Option<&str>) -> bool {
        match self.privacy {
            ScorePrivacy::Public => true,
            ScorePrivacy::OrganizationPublic => caller.organization.as_str() != INDIVIDUALS,
            ScorePrivacy::PrivateLink => sharing_key.is_some_and(|key| self.has_sharing_key(key)),
            ScorePrivacy::Private => false,
        }
    }

    /// The hash of `key`, where it is this score's sharing key and anybody who has it may read the score.
    pub fn key_hash_where(&self, key: Option<&str>) -> Option<&[u8]> {
        let opens =
            self.privacy == ScorePrivacy::PrivateLink && key.is_some_and(|key| self.has_sharing_key(key));
        self.sharing_key_hash.as_deref().filter(|_| opens)
    }

    fn has_sharing_key(&self, key: &str) -> bool {
        let hash = self.sharing_key_hash.as_deref().unwrap_or_default();
        bool::from(hash.ct_eq(&TokenHash::of(key).to_vec()))
    }

    /// 403 for who may read the score and not write it.
    pub fn must_write(&self) -> Result<()> {
        if self.rights.write {
            Ok(())
        } else {
            Err(Error::forbidden("You may read this score, not change it."))
        }
    }

    /// 403 for who may not administer the score.
    pub fn must_admin(&self) -> Result<()> {
        if self.rights.admin {
            return Ok(());
        }
        Err(Error::forbidden("Only the owner of this score, and who administers it with them, may do this."))
    }
}

impl Rights {
    /// What is in the trash is there for those alone who may take it out again.
    fn within_trash(self, score: &Score) -> Self {
        if score.is_trashed() && !self.admin { Self { read: false, write: false, ..self } } else { self }
    }
}

/// What the caller may do with the score, with what classes add: their assignments give it to be read or written, and
/// teachers read what is handed in to them.
pub async fn with_classes(conn: &mut impl Read, caller: &Caller, score: &Score) -> Result<Rights> {
    if score.is_trashed() {
        return Ok(score.rights);
    }
    let (reads, writes) = assignments::rights_of(conn, caller, &score.id).await?;
    let reads = reads
        || score.rights.read
        || submissions::is_handed_in_to(conn, caller, &score.id).await?
        || is_shared_with_a_class(conn, caller, score).await?;
    Ok(Rights { read: reads, write: score.rights.write || writes, ..score.rights })
}

/// Whether the score is shared with a group of a class that the caller teaches.
async fn is_shared_with_a_class(conn: &mut impl Read, caller: &Caller, score: &Score) -> Result<bool> {
    let Some(user) = caller.person() else { return Ok(false) };
    let sql = "SELECT 1 FROM score_collaborators k
               JOIN groups p ON p.organization_id = $1 AND p.id = k.group_id
               JOIN classes c ON c.organization_id = $1 AND c.id = p.class_id
               JOIN group_users g ON g.organization_id = $1 AND g.group_id = c.teachers_group AND g.user_id = $3
               WHERE k.organization_id = $1 AND k.score_id = $2 LIMIT 1";
    let found: Option<(i64,)> = conn.optional(sql, (&caller.organization, &score.id, user)).await?;
    Ok(found.is_some())
}
