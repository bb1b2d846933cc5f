//! Licences. The one that counts for a user is the active one that ends last, else the one that ends last.
//!
//! Of the seats that a user holds, the licence that counts stands on the user's row; of the organization's site
//! licences, on the organization's. Which one counts can change when one begins or ends: `licenses_change_at` says
//! when that is next, and [`settle_due`] chooses again. So far only the store makes licences.
mod store;

use crate::{App, Result};

pub use store::{NewLicense, assign, has_site, insert, settle};

/// Chooses again in every organization where a licence has begun or ended.
pub async fn settle_due(app: &App) -> Result<()> {
    let now = app.clock.now();
    for organization in store::due(&mut app.db.read().await?, now).await? {
        let mut tx = app.db.write().await?;
        store::settle(&mut tx, &organization, now).await?;
        tx.commit().await?;
    }
    Ok(())
}
