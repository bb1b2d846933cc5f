//! Changing what a score says about itself.

use homeroom_api::{ScoreId, ScoreModification};

use super::fields::Fields;
use super::{open, store};
use crate::db::Tx;
use crate::http::Caller;
use crate::{App, Result};

/// Changes the fields that came. Who may see it is for those who administer the score.
pub async fn edit(app: &App, caller: &Caller, score: &ScoreId, change: ScoreModification) -> Result<()> {
    let (mut tx, caller) = app.begin(caller).await?;
    let edited = edit_in(app, &mut tx, &caller, score, change).await;
    tx.finish(edited).await
}

async fn edit_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    id: &ScoreId,
    change: ScoreModification,
) -> Result<()> {
    store::lock(tx, &caller.organization, id).await?;
    let score = open(tx, caller, id, None).await?;
    score.must_write()?;
    if change.privacy.is_some() || change.sharing_key.is_some() {
        score.must_admin()?;
    }
    let mut fields = Fields::of(app, &score);
    fields.change(app, &caller.organization, change)?;
    store::update(app, tx, &caller.organization, id, &fields).await
}
