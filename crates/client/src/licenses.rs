//! Licences of the organization.

use homeroom_api::{
    LicenseId, LicenseReport, LicenseSettings, OrganizationLicense, OrganizationLicenseCreation,
    OrganizationLicenseUpdate, UserId,
};

use crate::query::Query;
use crate::{Call, Client};

const LICENSES: [&str; 2] = ["organizations", "licenses"];

/// Licences of the organization: [`Client::licenses`]. None of it is in the contract.
#[derive(Debug, Clone, Copy)]
pub struct Licenses<'a> {
    pub(crate) client: &'a Client,
}

impl Licenses<'_> {
    /// All licences, oldest first, with the seats that were bought, those in use and those that are free.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, Result};
    /// # async fn example(client: Client) -> Result<()> {
    /// for license in client.licenses().list().await? {
    ///     println!("{} {:?} of {:?} free", license.id, license.seats_free, license.seats);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn list(&self) -> Call<Vec<OrganizationLicense>> {
        self.client.get(&LICENSES, &Query::none())
    }

    /// Add a licence.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, LicenseMode, LicenseSource, OrganizationLicenseCreation, Result, Timestamp};
    /// # async fn example(client: Client) -> Result<()> {
    /// let new = OrganizationLicenseCreation {
    ///     mode: LicenseMode::Credit,
    ///     source: LicenseSource::Order,
    ///     seats: Some(300),
    ///     start_date: Timestamp::parse("2026-08-01").unwrap(),
    ///     expiration_date: Timestamp::parse("2027-08-01").unwrap(),
    /// };
    /// println!("{}", client.licenses().create(&new).await?.id);
    /// # Ok(()) }
    /// ```
    pub fn create(&self, new: &OrganizationLicenseCreation) -> Call<OrganizationLicense> {
        self.client.post(&LICENSES, new)
    }

    /// Change a licence: only the fields that are set. Errors with `SEATS_IN_USE` where more seats are in use than it
    /// would have.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, LicenseId, OrganizationLicenseUpdate, Result};
    /// # async fn example(client: Client, license: LicenseId) -> Result<()> {
    /// let update = OrganizationLicenseUpdate { seats: Some(400), ..Default::default() };
    /// client.licenses().update(&license, &update).await?;
    /// # Ok(()) }
    /// ```
    pub fn update(
        &self,
        license: &LicenseId,
        update: &OrganizationLicenseUpdate,
    ) -> Call<OrganizationLicense> {
        let [organizations, licenses] = LICENSES;
        self.client.put(&[organizations, licenses, license.as_str()], update)
    }

    /// Delete a licence; its seats end with it.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, LicenseId, Result};
    /// # async fn example(client: Client, license: LicenseId) -> Result<()> {
    /// client.licenses().delete(&license).await?;
    /// # Ok(()) }
    /// ```
    pub fn delete(&self, license: &LicenseId) -> Call<()> {
        let [organizations, licenses] = LICENSES;
        self.client.delete(&[organizations, licenses, license.as_str()], &Query::none())
    }

    /// Give a user a seat; who has one of this licence keeps it. Errors with `NO_FREE_SEAT`.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, LicenseId, Result, UserId};
    /// # async fn example(client: Client, license: LicenseId, user: UserId) -> Result<()> {
    /// client.licenses().assign(&license, &user).await?;
    /// # Ok(()) }
    /// ```
    pub fn assign(&self, license: &LicenseId, user: &UserId) -> Call<()> {
        let [organizations, licenses] = LICENSES;
        let seat = [organizations, licenses, license.as_str(), "users", user.as_str()];
        self.client.put(&seat, &serde_json::Map::new())
    }

    /// Take a seat away from a user, if they have one of this licence.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, LicenseId, Result, UserId};
    /// # async fn example(client: Client, license: LicenseId, user: UserId) -> Result<()> {
    /// client.licenses().unassign(&license, &user).await?;
    /// # Ok(()) }
    /// ```
    pub fn unassign(&self, license: &LicenseId, user: &UserId) -> Call<()> {
        let [organizations, licenses] = LICENSES;
        let seat = [organizations, licenses, license.as_str(), "users", user.as_str()];
        self.client.delete(&seat, &Query::none())
    }

    /// How the licences stand: seats, and how many people have no licence.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, Result};
    /// # async fn example(client: Client) -> Result<()> {
    /// let report = client.licenses().report().await?;
    /// println!("{} of {} seats are free", report.seats_free, report.seats);
    /// # Ok(()) }
    /// ```
    pub fn report(&self) -> Call<LicenseReport> {
        let [organizations, licenses] = LICENSES;
        self.client.get(&[organizations, licenses, "report"], &Query::none())
    }

    /// How seats are given.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, Result};
    /// # async fn example(client: Client) -> Result<()> {
    /// println!("by themselves: {}", client.licenses().settings().await?.assigns_seats);
    /// # Ok(()) }
    /// ```
    pub fn settings(&self) -> Call<LicenseSettings> {
        let [organizations, licenses] = LICENSES;
        self.client.get(&[organizations, licenses, "settings"], &Query::none())
    }

    /// Change how seats are given.
    ///
    /// ```no_run
    /// # use homeroom_client::{Client, LicenseSettings, Result};
    /// # async fn example(client: Client) -> Result<()> {
    /// client.licenses().set_settings(LicenseSettings { assigns_seats: false }).await?;
    /// # Ok(()) }
    /// ```
    pub fn set_settings(&self, settings: LicenseSettings) -> Call<LicenseSettings> {
        let [organizations, licenses] = LICENSES;
        self.client.put(&[organizations, licenses, "settings"], &settings)
    }
}
