//! Sign-in names: exclusive e-mail addresses, and usernames that look like one, are one namespace, so that what is
//! typed at sign-in means one account.

use homeroom_api::{ErrorCode, OrganizationId, UserId};

use super::{Profile, store};
use crate::db::{self, Read as _, Tx, Unique};
use crate::{Error, Result};

pub fn username_taken() -> Error {
    let message =
        "This username is taken in your organization, whatever case and accents. Choose another one.";
    Error::new(ErrorCode::UsernameTaken, message).with_param("username")
}

/// What a change of a username comes to where somebody else has just taken it.
pub fn taken_meanwhile(error: db::Error) -> Error {
    match error {
        db::Error::Taken(Unique::Username) => username_taken(),
        other => other.into(),
    }
}

pub fn email_taken() -> Error {
    let message = "Another account has this e-mail address. Use another one, or that account.";
    Error::new(ErrorCode::EmailTaken, message).with_param("email")
}

/// Claims the names of `profile` for `user`; 409 with the one that is taken, or that others share as their address.
pub async fn claim(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    profile: &Profile,
) -> Result<()> {
    let (username, email) = (profile.username_key(), profile.email_key());
    if !email.is_empty()
        && (store::email_is_shared(tx, organization, user, &email).await?
            || !claim_one(tx, organization, user, &email).await?)
    {
        return Err(email_taken());
    }
    if username.contains('@')
        && (store::email_is_shared(tx, organization, user, &username).await?
            || !claim_one(tx, organization, user, &username).await?)
    {
        return Err(username_taken());
    }
    Ok(())
}

/// Gives up the names of `user`.
pub async fn release(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    let sql = "DELETE FROM signin_names WHERE organization_id = $1 AND user_id = $2";
    tx.execute(sql, (organization, user)).await?;
    Ok(())
}

/// Whether the name is now `user`'s.
async fn claim_one(tx: &mut Tx, organization: &OrganizationId, user: &UserId, name: &str) -> Result<bool> {
    let claimed = tx
        .execute(
            "INSERT INTO signin_names (organization_id, name_key, user_id) VALUES ($1, $2, $3)
             ON CONFLICT (organization_id, name_key) DO UPDATE SET user_id = excluded.user_id
             WHERE signin_names.user_id = excluded.user_id",
            (organization, name, user),
        )
        .await?;
    Ok(claimed > 0)
}

/// Whether somebody has the name.
pub async fn is_claimed(tx: &mut Tx, organization: &OrganizationId, name: &str) -> Result<bool> {
    let sql = "SELECT user_id FROM signin_names WHERE organization_id = $1 AND name_key = $2";
    Ok(tx.optional::<(UserId,)>(sql, (organization, name)).await?.is_some())
}
