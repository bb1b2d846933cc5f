//! Groups of users.

use homeroom_api::{
    GroupCreation, GroupDetails, GroupId, GroupQuery, GroupRename, GroupUser, GroupUserQuery, UserId,
    UserPublic,
};

use crate::query::Query;
use crate::{Call, Client, Page};

const GROUPS: &str = "groups";

/// Groups of users: [`Client::groups`].
#[derive(Debug, Clone, Copy)]
pub struct Groups<'a> {
    pub(crate) client: &'a Client,
}

impl Groups<'_> {
    /// A page of the groups within the classes that the caller teaches, or of all for administrators.
    pub fn list(&self, query: &GroupQuery) -> Call<Page<GroupDetails>> {
        self.client.page(&[GROUPS], &query.into())
    }

    /// Create a group of students within a class. Errors with `CONFLICT` if the name is taken there.
    ///
    /// ```no_run
    /// # use homeroom_client::{ClassId, Client, GroupCreation, NewGroupType, Result, UserId};
    /// # async fn example(client: Client, classroom: ClassId, ada: UserId) -> Result<()> {
    /// let new = GroupCreation {
    ///     r#type: NewGroupType::ClassStudentsSubGroup,
    ///     classroom,
    ///     name: Some("Sopranos".into()),
    ///     members: vec![ada],
    /// };
    /// println!("{}", client.groups().create(&new).await?.id);
    /// # Ok(()) }
    /// ```
    pub fn create(&self, new: &GroupCreation) -> Call<GroupDetails> {
        self.client.post(&[GROUPS], new)
    }

    /// One group. Errors with `NOT_FOUND` unless the caller is in it, teaches its class, or is an administrator.
    pub fn get(&self, group: &GroupId) -> Call<GroupDetails> {
        self.client.get(&[GROUPS, group.as_str()], &Query::none())
    }

    /// Give a group another name. Errors with `CONFLICT` if it is taken in the class, `FORBIDDEN` if the group is
    /// read-only.
    pub fn rename(&self, group: &GroupId, name: &str) -> Call<GroupDetails> {
        self.client.put(&[GROUPS, group.as_str()], &GroupRename { name: name.to_owned() })
    }

    /// Delete a group. Errors with `FORBIDDEN` if it is read-only.
    pub fn delete(&self, group: &GroupId) -> Call<()> {
        self.client.delete(&[GROUPS, group.as_str()], &Query::none())
    }

    /// A page of the members of a group, in the order of their accounts.
    pub fn list_users(&self, group: &GroupId, query: &GroupUserQuery) -> Call<Page<UserPublic>> {
        self.client.page(&[GROUPS, group.as_str(), "users"], &query.into())
    }

    /// Put a student of the class into a group. Errors with `INVALID_PARAMETER` if they aren't one.
    pub fn add_user(&self, group: &GroupId, user: &UserId) -> Call<GroupUser> {
        self.client.post(&[GROUPS, group.as_str(), "users"], &GroupUser { user: user.clone() })
    }

    /// Take a user out of a group; they stay in the class. Errors with `NOT_FOUND` if they aren't in it.
    pub fn remove_user(&self, group: &GroupId, user: &UserId) -> Call<()> {
        self.client.delete(&[GROUPS, group.as_str(), "users", user.as_str()], &Query::none())
    }
}
