//! The audit log.

use homeroom_api::{AuditEvent, AuditQuery};

use crate::{Call, Client, Page};

/// What happened in the organization: [`Client::audit_log`].
#[derive(Debug, Clone, Copy)]
pub struct AuditLog<'a> {
    pub(crate) client: &'a Client,
}

impl AuditLog<'_> {
    /// A page of events, by default the newest first.
    ///
    /// ```no_run
    /// # use homeroom_client::{AuditQuery, Client, Result};
    /// # async fn example(client: Client) -> Result<()> {
    /// let query = AuditQuery { event: vec!["access_token.".into()], ..Default::default() };
    /// for event in client.audit_log().list(&query).await?.items {
    ///     println!("{} {} by {:?}", event.date, event.event, event.actor);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn list(&self, query: &AuditQuery) -> Call<Page<AuditEvent>> {
        self.client.page(&["organizations", "auditLog"], &query.into())
    }
}
