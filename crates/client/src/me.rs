//! The caller.

use homeroom_api::UserDetails;

use crate::query::Query;
use crate::{Call, Client};

impl Client {
    /// The user that the token stands for. What its scopes don't cover is absent.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, Result};
    /// # async fn example(client: Client) -> Result<()> {
    /// let me = client.me().await?;
    /// println!("{} ({:?})", me.username, me.organization_role);
    /// # Ok(()) }
    /// ```
    pub fn me(&self) -> Call<UserDetails> {
        self.get(&["me"], &Query::none())
    }
}
