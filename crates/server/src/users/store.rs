use homeroom_api::{GroupId, LicenseMode, OrganizationId, Role, Timestamp, UserId, UserLicense};

use super::{NewUser, Profile, names};
use crate::crypto::PasswordHash;
use crate::db::{self, Engine, FromRow, Query, Read, Row, Tx};
use crate::text::fold;
use crate::{Error, Result};

/// A user with what lists show.
#[derive(Debug, Clone)]
pub struct User {
    pub id: UserId,
    pub organization: OrganizationId,
    pub username: String,
    pub firstname: String,
    pub lastname: String,
    pub email: Option<String>,
    pub role: Role,
    pub locale: String,
    pub is_test: bool,
    pub last_activity_at: Timestamp,
    pub created_at: Timestamp,
    pub groups: Vec<GroupId>,
    pub license: Option<UserLicense>,
}

/// What [`User`] is read from. `$2` is now; users are `u`, their organization `o`, the licence that counts `l`.
macro_rules! columns {
    () => {
        "u.id, u.organization_id, u.username, u.firstname, u.lastname, u.email, u.role, u.locale,
    u.is_test, u.last_activity_at, u.created_at,
    (SELECT string_agg(m.group_id, ',' ORDER BY m.group_id) FROM group_users m
     WHERE m.organization_id = u.organization_id AND m.user_id = u.id),
    l.id, l.expires_at, l.source, l.mode, l.starts_at <= $2 AND $2 < l.expires_at"
    };
}

macro_rules! from {
    () => {
        " FROM organizations o JOIN users u ON u.organization_id = o.id AND u.removed_at IS NULL"
    };
}

/// Whether the seat's licence counts, rather than the site's: the active one, of two the one that ends last.
/// `$2` is now.
macro_rules! seat_counts {
    () => {
        "CASE WHEN (u.seat_starts_at <= $2 AND $2 < u.seat_expires_at)
                 = (o.site_starts_at <= $2 AND $2 < o.site_expires_at)
              THEN u.seat_expires_at >= o.site_expires_at
              ELSE u.seat_starts_at <= $2 AND $2 < u.seat_expires_at END"
    };
}

macro_rules! license {
    () => {
        concat!(
            " LEFT JOIN licenses l ON l.organization_id = u.organization_id AND l.id = CASE WHEN ",
            seat_counts!(),
            " THEN u.seat_license_id ELSE o.site_license_id END"
        )
    };
}

// `concat!` takes literals alone: the parts are macros, and these are for lists.
pub const COLUMNS: &str = columns!();
/// A page of users, with their organization and the licence that counts.
pub const PAGE: &str = concat!("u JOIN organizations o ON o.id = u.organization_id", license!());

impl FromRow for User {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.take()?,
            organization: row.take()?,
            username: row.take()?,
            firstname: row.take()?,
            lastname: row.take()?,
            email: row.take()?,
            role: row.take()?,
            locale: row.take()?,
            is_test: row.take()?,
            last_activity_at: row.take()?,
            created_at: row.take()?,
            groups: groups(row.take()?),
            license: license(row)?,
        })
    }
}

fn groups(ids: Option<String>) -> Vec<GroupId> {
    ids.map(|ids| ids.split(',').map(GroupId::from).collect()).unwrap_or_default()
}

fn license(row: &Row<'_>) -> db::Result<Option<UserLicense>> {
    let (id, expires, source, mode, active) = (
        row.take()?,
        row.take::<Option<_>>()?,
        row.take::<Option<_>>()?,
        row.take::<Option<LicenseMode>>()?,
        row.take::<Option<_>>()?,
    );
    let (Some(id), Some(expiration_date), Some(source), Some(mode), Some(active)) =
        (id, expires, source, mode, active)
    else {
        return Ok(None);
    };
    Ok(Some(UserLicense { id, expiration_date, source, mode, active }))
}

pub async fn get(
    conn: &mut impl Read,
    organization: &OrganizationId,
    user: &UserId,
    now: Timestamp,
) -> Result<User> {
    let sql = concat!("SELECT ", columns!(), from!(), license!(), " WHERE o.id = $1 AND u.id = $3");
    let found = conn.optional(sql, (organization, now, user)).await?;
    found.ok_or_else(|| Error::not_found("user"))
}

pub async fn find_role(
    conn: &mut impl Read,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Option<Role>> {
    let sql = "SELECT role FROM users WHERE organization_id = $1 AND id = $2 AND removed_at IS NULL";
    Ok(conn.optional::<(Role,)>(sql, (organization, user)).await?.map(|(role,)| role))
}

/// A user as rules see them, in a transaction that may change them.
#[derive(Debug, Clone)]
pub struct Member {
    pub id: UserId,
    pub profile: Profile,
    pub email_shared: bool,
    pub role: Role,
    pub password_by_admin: bool,
}

impl Member {
    /// Under which the member may have tried to sign in.
    pub fn names(&self) -> Vec<&str> {
        [Some(self.profile.username.as_str()), self.profile.email.as_deref()].into_iter().flatten().collect()
    }

    /// What the member claims: without the e-mail, where it is shared.
    pub fn signin_names(&self) -> Profile {
        let email = self.profile.email.clone().filter(|_| !self.email_shared);
        Profile { email, ..self.profile.clone() }
    }
}

impl FromRow for Member {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.take()?,
            profile: Profile {
                username: row.take()?,
                firstname: row.take()?,
                lastname: row.take()?,
                email: row.take()?,
            },
            email_shared: row.take()?,
            role: row.take()?,
            password_by_admin: row.take()?,
        })
    }
}

/// How somebody is written to.
#[derive(Debug, Clone)]
pub struct Contact {
    pub username: String,
    firstname: String,
    lastname: String,
    pub email: Option<String>,
    pub locale: String,
}

impl Contact {
    /// First and last name; nothing where neither is known.
    pub fn name(&self) -> Option<String> {
        let name = format!("{} {}", self.firstname, self.lastname);
        Some(name.trim().to_owned()).filter(|name| !name.is_empty())
    }
}

impl FromRow for Contact {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            username: row.take()?,
            firstname: row.take()?,
            lastname: row.take()?,
            email: row.take()?,
            locale: row.take()?,
        })
    }
}

pub async fn contact(
    conn: &mut impl Read,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Option<Contact>> {
    let sql = "SELECT username, firstname, lastname, email, locale FROM users
               WHERE organization_id = $1 AND id = $2 AND removed_at IS NULL";
    Ok(conn.optional(sql, (organization, user)).await?)
}

/// Keeps a user as they are until the transaction ends.
pub async fn hold(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    let sql = "SELECT 1 FROM users WHERE organization_id = $1 AND id = $2 FOR SHARE";
    Ok(tx.lock(sql, (organization, user)).await?)
}

/// As [`hold`], several, in one order.
pub async fn hold_all(tx: &mut Tx, organization: &OrganizationId, users: &[UserId]) -> Result<()> {
    if tx.engine() == Engine::Sqlite || users.is_empty() {
        return Ok(());
    }
    let mut query = Query::new(vec![organization.into()]);
    query.push("SELECT id FROM users WHERE organization_id = $1 AND id IN (").bind_all(users);
    query.push(") ORDER BY id FOR SHARE");
    let (sql, args) = query.done();
    tx.fetch::<(UserId,)>(sql, args).await?;
    Ok(())
}

/// Locks a user's row until the transaction ends, and reads it.
pub async fn lock(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<Option<Member>> {
    Ok(tx
        .optional(
            "UPDATE users SET version = version + 1
             WHERE organization_id = $1 AND id = $2 AND removed_at IS NULL
             RETURNING id, username, firstname, lastname, email, email_shared, role, password_by_admin",
            (organization, user),
        )
        .await?)
}

/// The member with an address that folds as this one.
pub async fn find_member_by_email(
    tx: &mut Tx,
    organization: &OrganizationId,
    email: &str,
) -> Result<Option<Member>> {
    Ok(tx
        .optional(
            "SELECT id, username, firstname, lastname, email, email_shared, role, password_by_admin FROM users
             WHERE organization_id = $1 AND email_key = $2 AND email_key <> '' AND removed_at IS NULL
             ORDER BY id LIMIT 1",
            (organization, fold(email)),
        )
        .await?)
}

/// The user whose username folds as this one.
pub async fn find_by_username(
    conn: &mut impl Read,
    organization: &OrganizationId,
    username: &str,
) -> Result<Option<UserId>> {
    let sql = "SELECT id FROM users WHERE organization_id = $1 AND username_key = $2 AND removed_at IS NULL";
    Ok(conn.optional::<(UserId,)>(sql, (organization, fold(username))).await?.map(|(id,)| id))
}

/// Whether the username was free.
pub async fn insert(
    tx: &mut Tx,
    organization: &OrganizationId,
    id: &UserId,
    new: &NewUser,
    now: Timestamp,
) -> Result<bool> {
    let profile = &new.profile;
    let inserted = tx
        .execute(
            "INSERT INTO users (organization_id, id, username, username_key, email, email_key, email_shared,
                                firstname, firstname_key, lastname, lastname_key, search_key, password_hash,
                                password_by_admin, role, locale, is_test, last_activity_at, seat_license_id,
                                seat_starts_at, seat_expires_at, version, created_at, removed_at)
             VALUES ($1, $2, $3, $4, $5, $6, FALSE, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, NULL, 0, 0, 0,
                     $17, NULL)
             ON CONFLICT (organization_id, username_key) WHERE removed_at IS NULL DO NOTHING",
            (
                organization,
                id,
                &profile.username,
                profile.username_key(),
                profile.email.as_ref(),
                profile.email_key(),
                &profile.firstname,
                fold(&profile.firstname),
                &profile.lastname,
                fold(&profile.lastname),
                profile.search_key(),
                new.password.as_ref().map(|hash| &hash.0),
                new.password.is_some(),
                new.role,
                &new.locale,
                new.is_test,
                now,
            ),
        )
        .await?;
    Ok(inserted > 0)
}

pub async fn username_is_taken(
    tx: &mut Tx,
    organization: &OrganizationId,
    by_other_than: &UserId,
    username_key: &str,
) -> Result<bool> {
    let sql = "SELECT id FROM users
               WHERE organization_id = $1 AND username_key = $2 AND id <> $3 AND removed_at IS NULL";
    Ok(tx.optional::<(UserId,)>(sql, (organization, username_key, by_other_than)).await?.is_some())
}

/// Saves names and e-mail, and whether that is shared; 409 where the username is taken.
pub async fn save_profile(tx: &mut Tx, organization: &OrganizationId, member: &Member) -> Result<()> {
    let profile = &member.profile;
    tx.execute(
        "UPDATE users SET username = $3, username_key = $4, email = $5, email_key = $6, email_shared = $7,
                          firstname = $8, firstname_key = $9, lastname = $10, lastname_key = $11, search_key = $12
         WHERE organization_id = $1 AND id = $2",
        (
            organization,
            &member.id,
            &profile.username,
            profile.username_key(),
            profile.email.as_ref(),
            profile.email_key(),
            member.email_shared,
            &profile.firstname,
            fold(&profile.firstname),
            &profile.lastname,
            fold(&profile.lastname),
            profile.search_key(),
        ),
    )
    .await
    .map_err(names::taken_meanwhile)?;
    Ok(())
}

/// Whether an account other than `than` has this address as a shared one.
pub async fn email_is_shared(
    tx: &mut Tx,
    organization: &OrganizationId,
    than: &UserId,
    email_key: &str,
) -> Result<bool> {
    let sql = "SELECT id FROM users
               WHERE organization_id = $1 AND email_key = $2 AND email_key <> '' AND email_shared AND id <> $3
                 AND removed_at IS NULL LIMIT 1";
    Ok(tx.optional::<(UserId,)>(sql, (organization, email_key, than)).await?.is_some())
}

pub async fn set_password(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    hash: &PasswordHash,
    by_admin: bool,
) -> Result<()> {
    tx.execute(
        "UPDATE users SET password_hash = $3, password_by_admin = $4 WHERE organization_id = $1 AND id = $2",
        (organization, user, &hash.0, by_admin),
    )
    .await?;
    Ok(())
}

/// The hash of a password; nothing where the user has none.
pub async fn password_hash(
    conn: &mut impl Read,
    organization: &OrganizationId,
    user: &UserId,
) -> Result<Option<PasswordHash>> {
    let sql = "SELECT password_hash FROM users WHERE organization_id = $1 AND id = $2 AND removed_at IS NULL";
    let found: Option<(Option<String>,)> = conn.optional(sql, (organization, user)).await?;
    Ok(found.and_then(|(hash,)| hash).map(PasswordHash))
}

pub async fn set_locale(
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    locale: &str,
) -> Result<()> {
    let sql = "UPDATE users SET locale = $3 WHERE organization_id = $1 AND id = $2";
    tx.execute(sql, (organization, user, locale)).await?;
    Ok(())
}

pub async fn clear_password(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    tx.execute(
        "UPDATE users SET password_hash = NULL, password_by_admin = FALSE WHERE organization_id = $1 AND id = $2",
        (organization, user),
    )
    .await?;
    Ok(())
}

pub async fn set_role(tx: &mut Tx, organization: &OrganizationId, user: &UserId, role: Role) -> Result<()> {
    tx.execute(
        "UPDATE users SET role = $3 WHERE organization_id = $1 AND id = $2",
        (organization, user, role),
    )
    .await?;
    Ok(())
}

pub async fn has_another_admin(tx: &mut Tx, organization: &OrganizationId, than: &UserId) -> Result<bool> {
    let sql = "SELECT id FROM users
               WHERE organization_id = $1 AND role = 'admin' AND id <> $2 AND removed_at IS NULL LIMIT 1";
    Ok(tx.optional::<(UserId,)>(sql, (organization, than)).await?.is_some())
}

pub async fn teachers_with_tokens(tx: &mut Tx, organization: &OrganizationId) -> Result<Vec<UserId>> {
    let sql = "SELECT u.id FROM users u
               WHERE u.organization_id = $1 AND u.role = 'teacher' AND u.removed_at IS NULL
                 AND (EXISTS (SELECT 1 FROM access_tokens t
                              WHERE t.organization_id = u.organization_id AND t.user_id = u.id)
                      OR EXISTS (SELECT 1 FROM consents c
                                 WHERE c.organization_id = u.organization_id AND c.user_id = u.id))";
    Ok(tx.all::<(UserId,)>(sql, (organization,)).await?.into_iter().map(|(id,)| id).collect())
}

pub async fn leave_groups_and_seats(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    for sql in [
        "DELETE FROM group_users WHERE organization_id = $1 AND user_id = $2",
        "UPDATE licenses SET seats_used = seats_used - 1 WHERE organization_id = $1 AND id IN
             (SELECT license_id FROM license_users WHERE organization_id = $1 AND user_id = $2)",
        "DELETE FROM license_users WHERE organization_id = $1 AND user_id = $2",
        "UPDATE groups SET creator = NULL WHERE organization_id = $1 AND creator = $2",
    ] {
        tx.execute(sql, (organization, user)).await?;
    }
    Ok(())
}

/// Leaves of a user nothing but the id.
pub async fn entomb(tx: &mut Tx, organization: &OrganizationId, user: &UserId, now: Timestamp) -> Result<()> {
    tx.execute(
        "UPDATE users SET username = '', username_key = '', email = NULL, email_key = '', email_shared = FALSE,
                          firstname = '', firstname_key = '', lastname = '', lastname_key = '', search_key = '',
                          password_hash = NULL, password_by_admin = FALSE, role = 'user', locale = '', is_test = FALSE,
                          last_activity_at = 0, seat_license_id = NULL, seat_starts_at = 0, seat_expires_at = 0,
                          seat_given_at = 0, version = 0, created_at = 0, removed_at = $3
         WHERE organization_id = $1 AND id = $2",
        (organization, user, now),
    )
    .await?;
    Ok(())
}

pub async fn delete_tombstone(tx: &mut Tx, organization: &OrganizationId, user: &UserId) -> Result<()> {
    let sql = "DELETE FROM users WHERE organization_id = $1 AND id = $2 AND removed_at IS NOT NULL";
    tx.execute(sql, (organization, user)).await?;
    Ok(())
}

/// Inserts a user anew in another organization, as a `user` under `profile`'s username. Whether that was free.
pub async fn move_to(
    tx: &mut Tx,
    from: &OrganizationId,
    to: &OrganizationId,
    user: &UserId,
    profile: &Profile,
) -> Result<bool> {
    let moved = tx
        .execute(
            "INSERT INTO users (organization_id, id, username, username_key, email, email_key, email_shared,
                                firstname, firstname_key, lastname, lastname_key, search_key, password_hash,
                                password_by_admin, role, locale, is_test, last_activity_at, seat_license_id,
                                seat_starts_at, seat_expires_at, version, created_at, removed_at)
             SELECT $2, id, $4, $5, email, email_key, FALSE, firstname, firstname_key, lastname, lastname_key, $6,
                    password_hash, password_by_admin, 'user', locale, FALSE, last_activity_at, NULL, 0, 0, 0,
                    created_at, NULL
             FROM users WHERE organization_id = $1 AND id = $3
             ON CONFLICT (organization_id, username_key) WHERE removed_at IS NULL DO NOTHING",
            (from, to, user, &profile.username, profile.username_key(), profile.search_key()),
        )
        .await?;
    Ok(moved > 0)
}
