use homeroom_api::{OrganizationId, ScoreId};

use super::Score;
use super::score::{columns, owner};
use crate::Result;
use crate::db::{Read, Tx};
use crate::http::Caller;

/// A score whose owner is there.
pub async fn find(conn: &mut impl Read, caller: &Caller, score: &ScoreId) -> Result<Option<Score>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM scores s ",
        owner!(),
        " WHERE s.organization_id = $1 AND s.id = $3"
    );
    // What was shared with the person who answers for an app is not shared with the app.
    let person = if caller.as_app { "" } else { caller.user.as_str() };
    Ok(conn.optional(sql, (&caller.organization, person, score)).await?)
}

/// Keeps a score from being deleted until the transaction ends.
pub async fn hold(tx: &mut Tx, organization: &OrganizationId, score: &ScoreId) -> Result<()> {
    let sql = "SELECT 1 FROM scores WHERE organization_id = $1 AND id = $2 FOR SHARE";
    Ok(tx.lock(sql, (organization, score)).await?)
}
