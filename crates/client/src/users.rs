//! Users.

use homeroom_api::{
    UserAdminUpdate, UserCreation, UserDetailsAdmin, UserErasure, UserFilter, UserId, UserPublic, UserQuery,
    UserSigninLink, UserSigninLinkCreation,
};

use crate::query::Query;
use crate::{Call, Client, Page};

const USERS: [&str; 2] = ["organizations", "users"];

/// The accounts of the organization: [`Client::users`].
#[derive(Debug, Clone, Copy)]
pub struct Users<'a> {
    pub(crate) client: &'a Client,
}

impl Users<'_> {
    /// A page of the users that match a query.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, Result, Role, UserFilter, UserQuery, UserSort};
    /// # async fn example(client: Client) -> Result<()> {
    /// let filter = UserFilter { role: vec![Role::Teacher], q: Some("zoe".into()), ..Default::default() };
    /// let query = UserQuery { filter, sort: vec![UserSort::Lastname], ..Default::default() };
    /// let page = client.users().list(&query).await?;
    /// # Ok(()) }
    /// ```
    pub fn list(&self, query: &UserQuery) -> Call<Page<UserDetailsAdmin>> {
        self.client.page(&USERS, &query.into())
    }

    /// How many users match a filter.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, Result, UserFilter};
    /// # async fn example(client: Client) -> Result<()> {
    /// let without_license = UserFilter { no_active_license: true, ..Default::default() };
    /// println!("{}", client.users().count(&without_license).await?);
    /// # Ok(()) }
    /// ```
    pub fn count(&self, filter: &UserFilter) -> Call<u64> {
        self.client.get(&[USERS[0], USERS[1], "count"], &filter.into())
    }

    /// One user. Not in the contract: other servers may answer `NOT_FOUND` or `METHOD_NOT_ALLOWED`.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, Result, UserId};
    /// # async fn example(client: Client, user: UserId) -> Result<()> {
    /// println!("{}", client.users().get(&user).await?.username);
    /// # Ok(()) }
    /// ```
    pub fn get(&self, user: &UserId) -> Call<UserDetailsAdmin> {
        self.client.get(&at(user), &Query::none())
    }

    /// A person as others see them. Errors with `NOT_FOUND` for a student who asks for one of another class.
    pub fn get_public(&self, user: &UserId) -> Call<UserPublic> {
        self.client.get(&["users", user.as_str()], &Query::none())
    }

    /// Create an account. Errors with `USERNAME_TAKEN`, `EMAIL_TAKEN`, or `FORBIDDEN` for a role above the caller's.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, Result, Role, UserCreation};
    /// # async fn example(client: Client) -> Result<()> {
    /// let new = UserCreation {
    ///     username: "ada".into(),
    ///     password: "a long secret".into(),
    ///     role: Some(Role::Teacher),
    ///     ..Default::default()
    /// };
    /// println!("{}", client.users().create(&new).await?.id);
    /// # Ok(()) }
    /// ```
    pub fn create(&self, new: &UserCreation) -> Call<UserDetailsAdmin> {
        self.client.post(&USERS, new)
    }

    /// Change the fields that are set, and no others. Errors with `USERNAME_TAKEN`, `EMAIL_TAKEN`, `LAST_ADMIN`, or
    /// `FORBIDDEN` for a user or role above the caller's.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, Result, Update, UserAdminUpdate, UserId};
    /// # async fn example(client: Client, user: UserId) -> Result<()> {
    /// let update = UserAdminUpdate {
    ///     lastname: Update::Set("Lovelace".into()),
    ///     email: Update::Clear,
    ///     ..Default::default()
    /// };
    /// client.users().update(&user, &update).await?;
    /// # Ok(()) }
    /// ```
    pub fn update(&self, user: &UserId, update: &UserAdminUpdate) -> Call<UserDetailsAdmin> {
        self.client.put(&at(user), update)
    }

    /// Remove an account and what belongs to it, for good. Errors with `LAST_ADMIN`, and `NOT_FOUND` if it is gone:
    /// also if a try whose answer was lost removed it.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, Result, UserId};
    /// # async fn example(client: Client, user: UserId) -> Result<()> {
    /// client.users().remove(&user).await?;
    /// # Ok(()) }
    /// ```
    pub fn remove(&self, user: &UserId) -> Call<()> {
        self.client.delete(&at(user), &Query::none())
    }

    /// Remove the second factor of a user who has lost phone and recovery codes. Errors with `NOT_FOUND` if there is
    /// none. Not in the contract.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, Result, UserId};
    /// # async fn example(client: Client, user: UserId) -> Result<()> {
    /// client.users().remove_second_factor(&user).await?;
    /// # Ok(()) }
    /// ```
    pub fn remove_second_factor(&self, user: &UserId) -> Call<()> {
        self.client.delete(&[USERS[0], USERS[1], user.as_str(), "secondFactor"], &Query::none())
    }

    /// Let a user leave the organization and keep the account as an individual. Errors with `LAST_ADMIN`, or
    /// `EMAIL_TAKEN` if an individual has the address.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, Result, UserId};
    /// # async fn example(client: Client, user: UserId) -> Result<()> {
    /// client.users().convert_to_individual(&user).await?;
    /// # Ok(()) }
    /// ```
    pub fn convert_to_individual(&self, user: &UserId) -> Call<()> {
        self.client.delete(&at(user), &Query::none().flag("convertToIndividual", true))
    }

    /// All that is held about a user, as a ZIP. Errors with `FORBIDDEN` for a user above the caller, or for a delegated
    /// token. Not in the contract.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, Result, UserId};
    /// # async fn example(client: Client, user: UserId) -> Result<()> {
    /// std::fs::write("export.zip", client.users().export(&user).await?).unwrap();
    /// # Ok(()) }
    /// ```
    pub fn export(&self, user: &UserId) -> Call<Vec<u8>> {
        self.client.bytes(&[USERS[0], USERS[1], user.as_str(), "export"])
    }

    /// What has been erased of a user who was removed, or left with the account. Errors with `NOT_FOUND` if nobody did.
    /// Not in the contract.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, ErasureState, Result, UserId};
    /// # async fn example(client: Client, user: UserId) -> Result<()> {
    /// client.users().remove(&user).await?;
    /// let erasure = client.users().erasure(&user).await?;
    /// println!("{:?}, {:?}", erasure.state, erasure.erased);
    /// # Ok(()) }
    /// ```
    pub fn erasure(&self, user: &UserId) -> Call<UserErasure> {
        self.client.get(&[USERS[0], USERS[1], user.as_str(), "erasure"], &Query::none())
    }

    /// Create a URL that signs the user in, once. Errors with `FORBIDDEN` for a user above the caller.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, Result, UserId, UserSigninLinkCreation};
    /// # async fn example(client: Client, user: UserId) -> Result<()> {
    /// let new = UserSigninLinkCreation { destination_path: Some("/my-library".into()) };
    /// let link = client.users().create_signin_link(&user, &new).await?;
    /// println!("{} until {}", link.url, link.expiration_date);
    /// # Ok(()) }
    /// ```
    pub fn create_signin_link(&self, user: &UserId, new: &UserSigninLinkCreation) -> Call<UserSigninLink> {
        self.client.post(&[USERS[0], USERS[1], user.as_str(), "signinLink"], new)
    }
}

fn at(user: &UserId) -> [&str; 3] {
    [USERS[0], USERS[1], user.as_str()]
}
