//! Puts events into the chain of their organization, about once a second and in the order in which they are found:
//! one that was committed late comes later in the chain.
//!
//! Any number of replicas may be at it: whoever adds to a chain holds the row of its end, and reads it and the events
//! that are left anew once it is theirs.

use homeroom_api::OrganizationId;

use super::chain::End;
use super::store;
use crate::db::Tx;
use crate::{App, Result};

/// Events in one transaction.
const BATCH: i64 = 500;

/// Seals what is not sealed yet.
pub async fn seal_due(app: &App) -> Result<()> {
    let mut after = OrganizationId::from("");
    while let Some(organization) = next_unsealed(app, &after).await? {
        // One chain that can't go on holds up no other.
        if let Err(error) = seal_all_of(app, &organization).await {
            tracing::warn!(%organization, %error, "events could not be sealed and will be tried again");
        }
        after = organization;
    }
    Ok(())
}

async fn next_unsealed(app: &App, after: &OrganizationId) -> Result<Option<OrganizationId>> {
    store::next_unsealed(&mut app.db.read().await?, after).await
}

async fn seal_all_of(app: &App, organization: &OrganizationId) -> Result<()> {
    while seal_some(app, organization).await? == BATCH {}
    Ok(())
}

/// Seals one batch; how many that were.
async fn seal_some(app: &App, organization: &OrganizationId) -> Result<i64> {
    let mut tx = app.db.write().await?;
    let sealed = seal_in(app, &mut tx, organization).await;
    tx.finish(sealed).await
}

async fn seal_in(app: &App, tx: &mut Tx, organization: &OrganizationId) -> Result<i64> {
    let mut end = lock_end(app, tx, organization).await?;
    let rows = store::unsealed(tx, organization, BATCH).await?;
    if rows.is_empty() {
        return Ok(0); // another replica was quicker
    }
    for row in &rows {
        let next = end.followed_by(&app.keys, organization, row);
        store::seal(tx, organization, row, &end.seal, &next).await?;
        end = next;
    }
    let mark = app.keys.seal_audit(&end.text(organization));
    store::move_end(tx, organization, &end, &mark).await?;
    Ok(i64::try_from(rows.len()).unwrap_or(i64::MAX))
}

/// Locks the end of the chain, which is where the next event is added.
async fn lock_end(app: &App, tx: &mut Tx, organization: &OrganizationId) -> Result<End> {
    let start = End::default();
    let mark = app.keys.seal_audit(&start.text(organization));
    store::put_end(tx, organization, &start, &mark).await?;
    let (end, mark) = store::lock_end(tx, organization).await?;
    let last = store::last_sealed(tx, organization).await?;
    if app.keys.is_audit_seal(&end.text(organization), &mark) && last <= end.sequence {
        return Ok(end);
    }
    tracing::error!(%organization, last, "the end of the audit log was changed: see `homeroom audit verify`");
    Ok(after_a_gap(&end, last))
}

/// Where a chain goes on whose end was tampered with. One number is left out: to go on as if nothing were wrong would
/// seal what was done, while the gap stays for good, and `verify` finds it.
fn after_a_gap(end: &End, last: i64) -> End {
    End { sequence: last.saturating_add(1), seal: end.seal.clone() }
}
