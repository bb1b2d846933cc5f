//! Access tokens of users.

use homeroom_api::{
    AccessTokenId, AccessTokenSummary, ApiAccessToken, OrganizationUserAccessTokenCreation, UserId,
};

use crate::query::Query;
use crate::{Call, Page, Users};

/// Which access tokens of a user to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessTokenQuery {
    /// 1 to 1000, default 50.
    pub limit: Option<u16>,
    pub next: Option<String>,
    pub previous: Option<String>,
}

impl Users<'_> {
    /// Create an access token that acts as the user. It is shown this once. Errors with `FORBIDDEN` for a user above
    /// the caller or a scope that the user's role may not hold.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, OrganizationUserAccessTokenCreation, Result, Scope, UserId};
    /// # async fn example(client: Client, user: UserId) -> Result<()> {
    /// let new = OrganizationUserAccessTokenCreation { scopes: vec![Scope::AccountPublicProfile] };
    /// let token = client.users().create_access_token(&user, &new).await?;
    /// let as_the_user = Client::new("http://127.0.0.1:8080", token.token)?;
    /// # Ok(()) }
    /// ```
    pub fn create_access_token(
        &self,
        user: &UserId,
        new: &OrganizationUserAccessTokenCreation,
    ) -> Call<ApiAccessToken> {
        self.client.post(&["organizations", "users", user.as_str(), "accessToken"], new)
    }

    /// A page of the user's access tokens, never the tokens themselves. Not in the contract.
    ///
    /// ```no_run
    /// # use homeroom_client::{AccessTokenQuery, Client, Result, UserId};
    /// # async fn example(client: Client, user: UserId) -> Result<()> {
    /// for token in client.users().list_access_tokens(&user, &AccessTokenQuery::default()).await?.items {
    ///     println!("hr_{}… {:?}", token.prefix, token.last_usage);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn list_access_tokens(
        &self,
        user: &UserId,
        query: &AccessTokenQuery,
    ) -> Call<Page<AccessTokenSummary>> {
        self.client.page(&["organizations", "users", user.as_str(), "accessTokens"], &query.into())
    }

    /// Revoke an access token of the user. Errors with `NOT_FOUND` if it has ended. Not in the contract.
    ///
    /// ```no_run
    /// # use homeroom_client::{AccessTokenId, Client, Result, UserId};
    /// # async fn example(client: Client, user: UserId, token: AccessTokenId) -> Result<()> {
    /// client.users().revoke_access_token(&user, &token).await?;
    /// # Ok(()) }
    /// ```
    pub fn revoke_access_token(&self, user: &UserId, token: &AccessTokenId) -> Call<()> {
        let path = ["organizations", "users", user.as_str(), "accessTokens", token.as_str()];
        self.client.delete(&path, &Query::none())
    }
}
