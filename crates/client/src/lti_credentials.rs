//! LTI 1.x credentials.

use homeroom_api::{LtiCredentials, LtiCredentialsCreation, LtiCredentialsId};

use crate::query::Query;
use crate::{Call, Client};

const CREDENTIALS: [&str; 3] = ["organizations", "lti", "credentials"];

/// LTI 1.x credentials of the organization: [`Client::lti_credentials`].
#[derive(Debug, Clone, Copy)]
pub struct LtiCredentialsApi<'a> {
    pub(crate) client: &'a Client,
}

impl LtiCredentialsApi<'_> {
    /// All credentials that the caller may see. Secrets are absent for tokens that may only read.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, Result};
    /// # async fn example(client: Client) -> Result<()> {
    /// for credentials in client.lti_credentials().list().await? {
    ///     println!("{} {}", credentials.name, credentials.consumer_key);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn list(&self) -> Call<Vec<LtiCredentials>> {
        self.client.get(&CREDENTIALS, &Query::none())
    }

    /// Create a consumer key and secret to paste into a learning platform.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, LmsName, LtiCredentialsCreation, Result};
    /// # async fn example(client: Client) -> Result<()> {
    /// let new = LtiCredentialsCreation { name: "Moodle of the lower school".into(), lms: LmsName::Moodle };
    /// let credentials = client.lti_credentials().create(&new).await?;
    /// println!("{} {:?}", credentials.consumer_key, credentials.consumer_secret);
    /// # Ok(()) }
    /// ```
    pub fn create(&self, new: &LtiCredentialsCreation) -> Call<LtiCredentials> {
        self.client.post(&CREDENTIALS, new)
    }

    /// Revoke credentials: launches signed with them fail from now on. Errors with `NOT_FOUND` if they don't exist.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, LtiCredentialsId, Result};
    /// # async fn example(client: Client, credentials: LtiCredentialsId) -> Result<()> {
    /// client.lti_credentials().revoke(&credentials).await?;
    /// # Ok(()) }
    /// ```
    pub fn revoke(&self, credentials: &LtiCredentialsId) -> Call<()> {
        let [organizations, lti, all] = CREDENTIALS;
        self.client.delete(&[organizations, lti, all, credentials.as_str()], &Query::none())
    }
}
