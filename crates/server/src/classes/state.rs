//! Classes come and go with the school year: an archived one is kept, and nobody joins it.

use homeroom_api::{ClassId, ClassState};
use serde_json::json;

use super::{Class, lock_to_teach, open, store};
use crate::db::Tx;
use crate::http::Caller;
use crate::{App, Result};

/// A change of state.
struct Change {
    to: ClassState,
    event: &'static str,
    /// Whether there is something to change; an error where it may not be.
    begins: fn(&Class) -> Result<bool>,
}

/// Archives a class; nothing changes where it is archived.
pub async fn archive(app: &App, caller: &Caller, class: &ClassId) -> Result<Class> {
    let begins = |class: &Class| Ok(class.state != ClassState::Archived);
    change(app, caller, class, Change { to: ClassState::Archived, event: "class.archived", begins }).await
}

/// Makes an archived class active again; nothing changes where it is not archived.
pub async fn unarchive(app: &App, caller: &Caller, class: &ClassId) -> Result<Class> {
    let begins = |class: &Class| Ok(class.state == ClassState::Archived);
    change(app, caller, class, Change { to: ClassState::Active, event: "class.unarchived", begins }).await
}

/// Makes an inactive class active; 409 where it is archived.
pub async fn activate(app: &App, caller: &Caller, class: &ClassId) -> Result<Class> {
    let begins = |class: &Class| {
        class.must_not_be_archived()?;
        Ok(class.state == ClassState::Inactive)
    };
    change(app, caller, class, Change { to: ClassState::Active, event: "class.activated", begins }).await
}

async fn change(app: &App, caller: &Caller, class: &ClassId, change: Change) -> Result<Class> {
    let (mut tx, caller) = app.begin(caller).await?;
    let changed = change_in(app, &mut tx, &caller, class, &change).await;
    tx.finish(changed).await
}

async fn change_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    class: &ClassId,
    change: &Change,
) -> Result<Class> {
    let present = lock_to_teach(tx, caller, class).await?;
    if !(change.begins)(&present)? {
        return Ok(present);
    }
    store::set_state(tx, &present, change.to, app.clock.now()).await?;
    caller.event(change.event, class.as_str(), json!({})).record(app, tx).await?;
    open(tx, caller, class).await
}
