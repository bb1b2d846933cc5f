//! Organizations: the tenants. The operator makes them, on the machine itself.
mod slug;
mod store;

use homeroom_api::{AccessTokenId, OrganizationId, Scope, Scopes, Timestamp, UserId};
use secrecy::SecretString;
use serde_json::json;

use crate::access_tokens;
use crate::audit::Event;
use crate::crypto::NewToken;
use crate::db::Tx;
use crate::users::{self, NewUser};
use crate::{App, Error, Result, lti, signin_links, text};

pub use store::{Organization, domains, find, list, list_with_individuals, lock_roles};

/// Individual accounts live here: no admins, no groups, no lists.
pub const INDIVIDUALS: &str = "000000000000000000000000";

/// The organization with a slug, as its pages name it.
pub async fn find_by_slug(app: &App, slug: &str) -> Result<Option<Organization>> {
    store::find_by_slug(&mut app.db.read().await?, slug).await
}

/// The organization whose people sign in with addresses of `domain`.
pub async fn find_by_domain(app: &App, domain: &str) -> Result<Option<OrganizationId>> {
    if domain.is_empty() {
        return Ok(None);
    }
    store::find_by_domain(&mut app.db.read().await?, &domain.to_lowercase()).await
}

/// What the first admin's token may do.
const FIRST_TOKEN: Scopes = Scopes::of(&[
    Scope::EduAdmin,
    Scope::AccountPublicProfile,
    Scope::AccountEducationProfile,
    Scope::AccountEmail,
]);

/// An organization to make, with its first admin.
pub struct NewOrganization {
    pub name: String,
    /// Default: from the name, with a number where it is taken.
    pub slug: Option<String>,
    pub locale: String,
    pub admin_username: String,
    pub admin_email: String,
}

/// A new organization, its admin, and a token of that admin's, shown this once.
pub struct Created {
    pub organization: Organization,
    pub admin: UserId,
    pub token: SecretString,
    /// A sign-in link for the admin, who sets a password with it.
    pub link: SecretString,
}

/// Makes an organization. Its admin has no password: they set one through the link, or use the token.
pub async fn create(app: &App, new: NewOrganization) -> Result<Created> {
    let name = text::line("name", &new.name, 1, 200)?;
    let wanted = new.slug.as_deref().map(slug::check).transpose()?;
    let locale = text::locale("locale", &new.locale)?;
    let admin = NewUser::admin(&new.admin_username, &new.admin_email, locale)?;
    let mut tx = app.db.write().await?;
    let created = create_in(app, &mut tx, name, wanted, locale, admin).await;
    tx.finish(created).await
}

async fn create_in(
    app: &App,
    tx: &mut Tx,
    name: String,
    wanted: Option<String>,
    locale: &str,
    admin: NewUser,
) -> Result<Created> {
    let now = app.clock.now();
    let id: OrganizationId = app.random.id(now);
    let slug = claim_slug(app, tx, &id, &name, wanted, locale).await?;
    let admin = users::insert(app, tx, &id, &admin).await?;
    let token = first_token(app, tx, &id, &admin).await?;
    let link = signin_links::create_by_operator(app, tx, &id, &admin, "/").await?.into();
    let details = json!({ "name": name, "slug": slug });
    operator_event(&id, "organization.created", details).record(app, tx).await?;
    let organization = Organization {
        id,
        name,
        slug,
        locale: locale.to_owned(),
        lti1p1_allow_teachers: false,
        created_at: now,
    };
    Ok(Created { organization, admin, token, link })
}

/// Inserts the organization under the slug that was asked for, or under the first free one.
async fn claim_slug(
    app: &App,
    tx: &mut Tx,
    id: &OrganizationId,
    name: &str,
    wanted: Option<String>,
    locale: &str,
) -> Result<String> {
    let candidates = match &wanted {
        Some(slug) => vec![slug.clone()],
        None => slug::candidates(name, &app.random),
    };
    for slug in candidates {
        if store::insert(tx, id, name, &slug, locale, app.clock.now()).await? {
            return Ok(slug);
        }
    }
    Err(slug::taken())
}

async fn first_token(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    admin: &UserId,
) -> Result<SecretString> {
    let now = app.clock.now();
    let token = NewToken::access(&app.random);
    let id: AccessTokenId = app.random.id(now);
    let expires_at = Timestamp::default();
    let name = "First token";
    let new = access_tokens::New {
        id,
        user: admin,
        name,
        scopes: FIRST_TOKEN,
        created_at: now,
        expires_at,
        maker: None,
    };
    access_tokens::insert(tx, organization, &new, &token).await?;
    Ok(token.secret)
}

fn operator_event<'a>(
    organization: &'a OrganizationId,
    name: &'static str,
    details: serde_json::Value,
) -> Event<'a> {
    let target = Some(organization.as_str());
    Event { organization, actor: None, actor_token: None, maker: None, name, target, about: None, details }
}

/// Makes a sign-in link for a member, on the machine itself: the way in for an admin who is locked out.
pub async fn create_signin_link(app: &App, which: &str, username: &str) -> Result<String> {
    let mut tx = app.db.write().await?;
    let made = create_signin_link_in(app, &mut tx, which, username).await;
    tx.finish(made).await
}

async fn create_signin_link_in(app: &App, tx: &mut Tx, which: &str, username: &str) -> Result<String> {
    let organization = store::find(tx, which).await?.ok_or_else(|| missing(which))?;
    let Some(user) = users::find_by_username(tx, &organization.id, username).await? else {
        let message = format!("`{}` has no member with the username `{username}`.", organization.slug);
        return Err(Error::invalid("username", message));
    };
    signin_links::create_by_operator(app, tx, &organization.id, &user, "/").await
}

fn missing(which: &str) -> Error {
    Error::invalid("organization", format!("There is no organization with the id or slug `{which}`."))
}

/// What to change of an organization; what is absent stays.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct OrganizationUpdate {
    pub name: Option<String>,
    pub slug: Option<String>,
    pub locale: Option<String>,
    /// Whether teachers may make LTI credentials. Turning it off ends theirs.
    pub lti1p1_allow_teachers: Option<bool>,
    /// The domains whose e-mail addresses sign in here, instead of those before.
    pub email_domains: Option<Vec<String>>,
}

/// Changes the organization with the id or slug `which`.
pub async fn update(app: &App, which: &str, update: OrganizationUpdate) -> Result<Organization> {
    let name = update.name.as_deref().map(|name| text::line("name", name, 1, 200)).transpose()?;
    let slug = update.slug.as_deref().map(slug::check).transpose()?;
    let mut tx = app.db.write().await?;
    let updated = update_in(app, &mut tx, which, name, slug, update).await;
    tx.finish(updated).await
}

async fn update_in(
    app: &App,
    tx: &mut Tx,
    which: &str,
    name: Option<String>,
    slug: Option<String>,
    update: OrganizationUpdate,
) -> Result<Organization> {
    let mut organization = store::find(tx, which).await?.ok_or_else(|| missing(which))?;
    organization.slug = slug.unwrap_or(organization.slug);
    organization.name = name.unwrap_or(organization.name);
    if let Some(locale) = &update.locale {
        text::locale("locale", locale)?.clone_into(&mut organization.locale);
    }
    if let Some(allow) = update.lti1p1_allow_teachers {
        organization.lti1p1_allow_teachers = allow;
    }
    store::save(tx, &organization).await?;
    if !organization.lti1p1_allow_teachers {
        users::narrow_teachers(tx, &organization.id).await?;
        lti::end_all_of_teachers(tx, &organization.id).await?;
    }
    if let Some(domains) = &update.email_domains {
        set_domains(tx, &organization.id, domains).await?;
    }
    let details = json!({ "ltiTeachers": organization.lti1p1_allow_teachers });
    operator_event(&organization.id, "organization.updated", details).record(app, tx).await?;
    Ok(organization)
}

/// Gives the organization these domains and no others.
async fn set_domains(tx: &mut Tx, organization: &OrganizationId, domains: &[String]) -> Result<()> {
    store::clear_domains(tx, organization).await?;
    for domain in
        domains.iter().map(|domain| domain.trim().to_lowercase()).filter(|domain| !domain.is_empty())
    {
        text::email("email-domains", &format!("somebody@{domain}")).map_err(|_| {
            Error::invalid("email-domains", format!("`{domain}` is not a domain like school.example."))
        })?;
        if !store::add_domain(tx, organization, &domain).await? {
            let message = format!("`{domain}` is there twice, or another organization has it.");
            return Err(Error::invalid("email-domains", message));
        }
    }
    Ok(())
}
