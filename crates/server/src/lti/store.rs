use homeroom_api::{LmsName, LtiCredentialsId, OrganizationId, Role, Timestamp, UserId};

use crate::db::{self, FromRow, Read as _, Row, Tx};
use crate::http::Caller;
use crate::{App, Result};

/// Credentials with their secret.
pub struct Credentials {
    pub id: LtiCredentialsId,
    pub organization: OrganizationId,
    pub name: String,
    pub lms: LmsName,
    pub creator: Option<UserId>,
    pub by_teacher: bool,
    pub consumer_key: String,
    /// Absent where the secret can't be read.
    pub consumer_secret: Option<String>,
    pub enable_email_matching: bool,
    pub created_at: Timestamp,
    pub last_used_at: Timestamp,
}

/// As stored: the secret encrypted.
struct Sealed(Credentials, Vec<u8>);

impl FromRow for Sealed {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        let credentials = Credentials {
            id: row.take()?,
            organization: row.take()?,
            name: row.take()?,
            lms: row.take()?,
            creator: row.take()?,
            by_teacher: row.take()?,
            consumer_key: row.take()?,
            consumer_secret: None,
            enable_email_matching: row.take()?,
            created_at: row.take()?,
            last_used_at: row.take()?,
        };
        Ok(Self(credentials, row.take()?))
    }
}

fn place(id: &LtiCredentialsId) -> String {
    format!("lti_credentials/{id}")
}

/// Those that the caller may see: an admin all, a teacher the own ones.
pub async fn list(app: &App, conn: &mut db::Conn, caller: &Caller) -> Result<Vec<Credentials>> {
    let sealed: Vec<Sealed> = conn
        .all(
            "SELECT id, organization_id, name, lms, creator, by_teacher, consumer_key, enable_email_matching,
                    created_at, last_used_at, consumer_secret
             FROM lti_credentials WHERE organization_id = $1 AND ($2 OR (by_teacher AND creator = $3)) ORDER BY id",
            (&caller.organization, caller.role == Role::Admin, &caller.user),
        )
        .await?;
    let open = |Sealed(credentials, secret): Sealed| Credentials {
        consumer_secret: app.keys.open_secret(&place(&credentials.id), &secret),
        ..credentials
    };
    Ok(sealed.into_iter().map(open).collect())
}

pub async fn insert(app: &App, tx: &mut Tx, credentials: &Credentials) -> Result<()> {
    let Credentials { id, organization, name, lms, creator, by_teacher, consumer_key, .. } = credentials;
    let secret = credentials.consumer_secret.as_deref().unwrap_or_default();
    tx.execute(
        "INSERT INTO lti_credentials (organization_id, id, name, lms, creator, by_teacher, consumer_key,
                                      consumer_secret, enable_email_matching, created_at, last_used_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)",
        (
            organization,
            id,
            name,
            *lms,
            creator.as_ref(),
            *by_teacher,
            consumer_key,
            app.keys.seal_secret(&app.random, &place(id), secret),
            credentials.enable_email_matching,
            credentials.created_at,
        ),
    )
    .await?;
    tx.execute(
        "INSERT INTO lti_consumer_keys (consumer_key, organization_id, credentials_id) VALUES ($1, $2, $3)",
        (consumer_key, organization, id),
    )
    .await?;
    Ok(())
}

/// Whether there were such credentials that the caller may revoke.
pub async fn delete(tx: &mut Tx, caller: &Caller, id: &LtiCredentialsId) -> Result<bool> {
    let deleted = tx
        .execute(
            "DELETE FROM lti_credentials
             WHERE organization_id = $1 AND id = $2 AND ($3 OR (by_teacher AND creator = $4))",
            (&caller.organization, id, caller.role == Role::Admin, &caller.user),
        )
        .await?;
    Ok(deleted > 0)
}

pub async fn end_all_of_teachers(tx: &mut Tx, organization: &OrganizationId) -> Result<()> {
    tx.execute("DELETE FROM lti_credentials WHERE organization_id = $1 AND by_teacher", (organization,))
        .await?;
    Ok(())
}

pub async fn end_all_of_teacher(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    let sql = "DELETE FROM lti_credentials WHERE organization_id = $1 AND creator = $2 AND by_teacher";
    tx.execute(sql, (organization, user)).await?;
    Ok(())
}

/// When a person leaves: a teacher's credentials end, an admin's stay without their maker.
pub async fn forget_creator(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    end_all_of_teacher(tx, organization, user).await?;
    let sql = "UPDATE lti_credentials SET creator = NULL WHERE organization_id = $1 AND creator = $2";
    tx.execute(sql, (organization, user)).await?;
    Ok(())
}
