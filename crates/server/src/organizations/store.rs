use homeroom_api::{OrganizationId, Timestamp};

use super::{INDIVIDUALS, slug};
use crate::Result;
use crate::db::{self, FromRow, Read, Row, Tx, Unique};

/// An organization, as the operator sees it.
#[derive(Debug, Clone)]
pub struct Organization {
    pub id: OrganizationId,
    pub name: String,
    pub slug: String,
    pub locale: String,
    pub lti1p1_allow_teachers: bool,
    pub created_at: Timestamp,
}

impl FromRow for Organization {
    fn from_row(row: &Row<'_>) -> db::Result<Self> {
        Ok(Self {
            id: row.take()?,
            name: row.take()?,
            slug: row.take()?,
            locale: row.take()?,
            lti1p1_allow_teachers: row.take()?,
            created_at: row.take()?,
        })
    }
}

/// Whether the slug was free.
pub async fn insert(
    tx: &mut Tx,
    id: &OrganizationId,
    name: &str,
    slug: &str,
    locale: &str,
    now: Timestamp,
) -> Result<bool> {
    let inserted = tx
        .execute(
            "INSERT INTO organizations (id, name, slug, locale, lti1p1_allow_teachers, roles_version, site_license_id,
                                        site_starts_at, site_expires_at, licenses_change_at, created_at)
             VALUES ($1, $2, $3, $4, FALSE, 0, NULL, 0, 0, 0, $5) ON CONFLICT (slug) DO NOTHING",
            (id, name, slug, locale, now),
        )
        .await?;
    Ok(inserted > 0)
}

/// Every organization, oldest first.
pub async fn list(conn: &mut impl Read) -> Result<Vec<Organization>> {
    let sql = "SELECT id, name, slug, locale, lti1p1_allow_teachers, created_at FROM organizations
               WHERE id <> $1 ORDER BY id";
    Ok(conn.all(sql, (INDIVIDUALS,)).await?)
}

/// Every organization, the reserved one of the individuals first.
pub async fn list_with_individuals(conn: &mut impl Read) -> Result<Vec<Organization>> {
    let sql =
        "SELECT id, name, slug, locale, lti1p1_allow_teachers, created_at FROM organizations ORDER BY id";
    Ok(conn.all(sql, ()).await?)
}

pub async fn find(conn: &mut impl Read, id_or_slug: &str) -> Result<Option<Organization>> {
    let sql = "SELECT id, name, slug, locale, lti1p1_allow_teachers, created_at FROM organizations
               WHERE (id = $1 OR slug = $1) AND id <> $2";
    Ok(conn.optional(sql, (id_or_slug, INDIVIDUALS)).await?)
}

/// By the slug alone; the individuals' is none of a school.
pub async fn find_by_slug(conn: &mut impl Read, slug: &str) -> Result<Option<Organization>> {
    let sql = "SELECT id, name, slug, locale, lti1p1_allow_teachers, created_at FROM organizations
               WHERE slug = $1 AND id <> $2";
    Ok(conn.optional(sql, (slug, INDIVIDUALS)).await?)
}

pub async fn find_by_domain(conn: &mut impl Read, domain: &str) -> Result<Option<OrganizationId>> {
    let sql = "SELECT organization_id FROM organization_domains WHERE domain = $1";
    Ok(conn.optional::<(OrganizationId,)>(sql, (domain,)).await?.map(|(id,)| id))
}

/// The domains whose addresses sign in to the organization, in order.
pub async fn domains(conn: &mut impl Read, organization: &OrganizationId) -> Result<Vec<String>> {
    let sql = "SELECT domain FROM organization_domains WHERE organization_id = $1 ORDER BY domain";
    Ok(conn.all::<(String,)>(sql, (organization,)).await?.into_iter().map(|(domain,)| domain).collect())
}

/// Gives the domain to the organization; whether it was free.
pub async fn add_domain(tx: &mut Tx, organization: &OrganizationId, domain: &str) -> Result<bool> {
    let sql = "INSERT INTO organization_domains (domain, organization_id) VALUES ($1, $2)
               ON CONFLICT (domain) DO NOTHING";
    Ok(tx.execute(sql, (domain, organization)).await? > 0)
}

/// Takes all its domains from the organization.
pub async fn clear_domains(tx: &mut Tx, organization: &OrganizationId) -> Result<()> {
    tx.execute("DELETE FROM organization_domains WHERE organization_id = $1", (organization,)).await?;
    Ok(())
}

/// Saves what can change; refused where the slug is taken.
pub async fn save(tx: &mut Tx, organization: &Organization) -> Result<()> {
    let Organization { id, name, slug, locale, lti1p1_allow_teachers, .. } = organization;
    tx.execute(
        "UPDATE organizations SET name = $2, slug = $3, locale = $4, lti1p1_allow_teachers = $5 WHERE id = $1",
        (id, name, slug, locale, *lti1p1_allow_teachers),
    )
    .await
    .map_err(|error| match error {
        db::Error::Taken(Unique::Slug) => slug::taken(),
        other => other.into(),
    })?;
    Ok(())
}

/// Locks the organization's roles until the transaction ends: rules over several users hold when requests race.
/// Taken before any user's row.
pub async fn lock_roles(tx: &mut Tx, organization: &OrganizationId) -> Result<()> {
    tx.execute("UPDATE organizations SET roles_version = roles_version + 1 WHERE id = $1", (organization,))
        .await?;
    Ok(())
}
