//! Invitations.

use homeroom_api::{InvitationId, InvitationQuery, OrganizationInvitation, OrganizationInvitationCreation};

use crate::query::Query;
use crate::{Call, Client, Page};

const INVITATIONS: [&str; 2] = ["organizations", "invitations"];

/// Invitations to join the organization: [`Client::invitations`].
#[derive(Debug, Clone, Copy)]
pub struct Invitations<'a> {
    pub(crate) client: &'a Client,
}

impl Invitations<'_> {
    /// A page of invitations in the order of their creation, by default the open and used ones.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, InvitationQuery, InvitationStatus, Result};
    /// # async fn example(client: Client) -> Result<()> {
    /// let query = InvitationQuery { status: vec![InvitationStatus::Open], ..Default::default() };
    /// for invitation in client.invitations().list(&query).await?.items {
    ///     println!("{:?} until {:?}", invitation.email, invitation.expiration_date);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn list(&self, query: &InvitationQuery) -> Call<Page<OrganizationInvitation>> {
        self.client.page(&INVITATIONS, &query.into())
    }

    /// Create an invitation to join the organization, by mail if it has an address, or set the role of the member
    /// with that address. Errors with `FORBIDDEN` for a role above the caller's.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, InvitedRole, OrganizationInvitationCreation, Result};
    /// # async fn example(client: Client) -> Result<()> {
    /// let new = OrganizationInvitationCreation {
    ///     email: Some("ada@school.example".into()),
    ///     organization_role: Some(InvitedRole::Teacher),
    ///     ..OrganizationInvitationCreation::default()
    /// };
    /// let invitation = client.invitations().create(&new).await?;
    /// println!("{:?}", invitation.html_url);
    /// # Ok(()) }
    /// ```
    pub fn create(&self, new: &OrganizationInvitationCreation) -> Call<OrganizationInvitation> {
        self.client.post(&INVITATIONS, new)
    }

    /// Revoke an open invitation. Errors with `NOT_FOUND` if it isn't open.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, InvitationId, Result};
    /// # async fn example(client: Client, invitation: InvitationId) -> Result<()> {
    /// client.invitations().remove(&invitation).await?;
    /// # Ok(()) }
    /// ```
    pub fn remove(&self, invitation: &InvitationId) -> Call<()> {
        self.client.delete(&[INVITATIONS[0], INVITATIONS[1], invitation.as_str()], &Query::none())
    }

    /// Give an open invitation a new code and a new end, and send its mail again if it has an address. The code
    /// before it no longer works. Errors with `NOT_FOUND` if it isn't open.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, InvitationId, Result};
    /// # async fn example(client: Client, invitation: InvitationId) -> Result<()> {
    /// println!("{:?}", client.invitations().resend(&invitation).await?.html_url);
    /// # Ok(()) }
    /// ```
    pub fn resend(&self, invitation: &InvitationId) -> Call<OrganizationInvitation> {
        let [organizations, invitations] = INVITATIONS;
        let path = [organizations, invitations, invitation.as_str(), "resend"];
        self.client.post(&path, &serde_json::Map::new())
    }
}
