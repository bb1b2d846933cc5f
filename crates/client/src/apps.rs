//! Apps of the organization (OAuth2).

use homeroom_api::{AppId, OrganizationApp, OrganizationAppCreation, OrganizationAppUpdate};

use crate::query::Query;
use crate::{Call, Client};

const APPS: [&str; 2] = ["organizations", "apps"];

/// Apps of the organization: [`Client::apps`]. None of it is in the contract.
#[derive(Debug, Clone, Copy)]
pub struct Apps<'a> {
    pub(crate) client: &'a Client,
}

impl Apps<'_> {
    /// All apps, oldest first, without their secrets.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, Result};
    /// # async fn example(client: Client) -> Result<()> {
    /// for app in client.apps().list().await? {
    ///     println!("{} {}", app.id, app.name);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn list(&self) -> Call<Vec<OrganizationApp>> {
        self.client.get(&APPS, &Query::none())
    }

    /// Register an app. The secret of a confidential one is in the answer, this once.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, OrganizationAppCreation, Result, Scope};
    /// # async fn example(client: Client) -> Result<()> {
    /// let new = OrganizationAppCreation {
    ///     name: "Practice diary".into(),
    ///     redirect_uris: vec!["https://diary.example/callback".into()],
    ///     scopes: vec![Scope::AccountEducationProfile],
    ///     ..Default::default()
    /// };
    /// let app = client.apps().create(&new).await?;
    /// println!("client_id {}, client_secret {:?}", app.id, app.secret);
    /// # Ok(()) }
    /// ```
    pub fn create(&self, new: &OrganizationAppCreation) -> Call<OrganizationApp> {
        self.client.post(&APPS, new)
    }

    /// One app, without its secret. Errors with `NOT_FOUND` if it doesn't exist.
    ///
    /// ```no_run
    /// # use homeroom_client::{AppId, Client, Result};
    /// # async fn example(client: Client, app: AppId) -> Result<()> {
    /// println!("{:?}", client.apps().get(&app).await?.redirect_uris);
    /// # Ok(()) }
    /// ```
    pub fn get(&self, app: &AppId) -> Call<OrganizationApp> {
        let [organizations, apps] = APPS;
        self.client.get(&[organizations, apps, app.as_str()], &Query::none())
    }

    /// Change an app: only the fields that are set. Whoever changes it answers for it from then on.
    ///
    /// ```no_run
    /// # use homeroom_client::{AppId, Client, OrganizationAppUpdate, Result};
    /// # async fn example(client: Client, app: AppId) -> Result<()> {
    /// let update = OrganizationAppUpdate { name: Some("Diary".into()), ..Default::default() };
    /// client.apps().update(&app, &update).await?;
    /// # Ok(()) }
    /// ```
    pub fn update(&self, app: &AppId, update: &OrganizationAppUpdate) -> Call<OrganizationApp> {
        let [organizations, apps] = APPS;
        self.client.put(&[organizations, apps, app.as_str()], update)
    }

    /// Remove an app; its tokens, codes and consents end with it.
    ///
    /// ```no_run
    /// # use homeroom_client::{AppId, Client, Result};
    /// # async fn example(client: Client, app: AppId) -> Result<()> {
    /// client.apps().remove(&app).await?;
    /// # Ok(()) }
    /// ```
    pub fn remove(&self, app: &AppId) -> Call<()> {
        let [organizations, apps] = APPS;
        self.client.delete(&[organizations, apps, app.as_str()], &Query::none())
    }

    /// Give an app another secret, which is in the answer, this once. The one before it ends.
    ///
    /// ```no_run
    /// # use homeroom_client::{AppId, Client, Result};
    /// # async fn example(client: Client, app: AppId) -> Result<()> {
    /// println!("{:?}", client.apps().rotate_secret(&app).await?.secret);
    /// # Ok(()) }
    /// ```
    pub fn rotate_secret(&self, app: &AppId) -> Call<OrganizationApp> {
        let [organizations, apps] = APPS;
        self.client.post(&[organizations, apps, app.as_str(), "secret"], &serde_json::Map::new())
    }
}
