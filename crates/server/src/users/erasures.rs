//! How far the erasure of somebody has come, and its receipt.

use homeroom_api::{ErasureState, UserErasure, UserId};
use serde_json::Value;

use crate::http::Caller;
use crate::jobs::{self, Erased};
use crate::{App, Error, Result, audit};

/// The erasure of a user who was in the caller's organization; 404 where there never was one.
pub async fn find_erasure(app: &App, caller: &Caller, user: &UserId) -> Result<UserErasure> {
    let mut conn = app.db.read().await?;
    let organization = &caller.organization;
    // The job first: it may end between two looks, and the receipt is there then.
    if let Some(erased) = jobs::find_erasure(&mut conn, organization, user).await? {
        let erased = erased.into_counts();
        return Ok(UserErasure { state: ErasureState::Running, erased, audit_event: None });
    }
    let receipt = audit::find_receipt(&mut conn, organization, user).await?;
    let (event, details) = receipt.ok_or_else(|| Error::not_found("erasure"))?;
    let details: Value = serde_json::from_str(&details).unwrap_or_default();
    let erased: Erased = serde_json::from_value(details["erased"].clone()).unwrap_or_default();
    let erased = erased.into_counts();
    Ok(UserErasure { state: ErasureState::Done, erased, audit_event: Some(event) })
}
