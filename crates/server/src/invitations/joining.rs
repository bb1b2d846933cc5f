//! Using an invitation, by its code.

use homeroom_api::{InvitationId, OrganizationId, Role, Timestamp, UserId};

use crate::db::{self, FromRow, Read as _, Row, Tx};
use crate::{App, Result};

/// An invitation that was open, and lets one person in.
#[derive(Debug, PartialEq, Eq)]
pub struct Taken {
    pub organization: OrganizationId,
    pub id: InvitationId,
    pub role: Role,
}

impl FromRow for Taken {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self { organization: row.take()?, id: row.take()?, role: row.take()? })
    }
}

/// Takes the open invitation with this code and closes it, unless it is for several people. Of many who come at once
/// with the code of one person, one gets it.
pub async fn take(app: &App, tx: &mut Tx, code: &str) -> Result<Option<Taken>> {
    Ok(tx
        .optional(
            "UPDATE invitations
             SET status = CASE WHEN allow_multiple_use THEN 'open' ELSE 'used' END,
                 closed_at = CASE WHEN allow_multiple_use THEN NULL ELSE CAST($2 AS BIGINT) END,
                 code = CASE WHEN allow_multiple_use THEN code END
             WHERE status = 'open' AND expires_at > $2
               AND (organization_id, id) = (SELECT organization_id, invitation_id FROM invitation_keys WHERE code_hash = $1)
             RETURNING organization_id, id, role",
            (app.keys.hash_code(code), app.clock.now()),
        )
        .await?)
}

/// Notes who came by an invitation.
pub async fn note_use(
    tx: &mut Tx,
    organization: &OrganizationId,
    id: &InvitationId,
    user: &UserId,
    now: Timestamp,
) -> Result<()> {
    tx.execute(
        "INSERT INTO invitation_uses (organization_id, invitation_id, user_id, used_at) VALUES ($1, $2, $3, $4)",
        (organization, id, user, now),
    )
    .await?;
    Ok(())
}
