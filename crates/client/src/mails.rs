//! Mails.

use homeroom_api::{MailQuery, OrganizationMail};

use crate::{Call, Client, Page};

/// What the organization sends by mail: [`Client::mails`].
#[derive(Debug, Clone, Copy)]
pub struct Mails<'a> {
    pub(crate) client: &'a Client,
}

impl Mails<'_> {
    /// A page of mails in the order in which they were written: how far the sending of each has come.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, MailQuery, MailState, Result};
    /// # async fn example(client: Client) -> Result<()> {
    /// let query = MailQuery { state: vec![MailState::Dead], ..Default::default() };
    /// for mail in client.mails().list(&query).await?.items {
    ///     println!("{} {:?}", mail.kind, mail.error);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn list(&self, query: &MailQuery) -> Call<Page<OrganizationMail>> {
        self.client.page(&["organizations", "mails"], &query.into())
    }
}
