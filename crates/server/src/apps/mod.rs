//! Apps: programs that people of the organization let act for them, or that act for themselves (OAuth2 clients).
//!
//! An admin registers them, and answers for them: an app's own tokens rank no higher than its maker does today.
//! Of a secret only the hash is kept. With an app end its tokens, codes and consents. How apps get tokens is in
//! `oauth`.
pub mod api;
mod redirect_uri;
mod store;

use homeroom_api::{
    AppId, AppType, OrganizationAppCreation, OrganizationAppUpdate, OrganizationId, Role, Update,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use subtle::ConstantTimeEq as _;

use crate::crypto::{NewToken, TokenHash};
use crate::db::Tx;
use crate::http::Caller;
use crate::{Error, Result, access_tokens, text};

pub use redirect_uri::is_registered;
pub use store::{App, Client, find, find_client, forget_maker, hold};

/// How a secret begins, so that scanners find it.
const SECRET: &str = "hrs_";

/// The apps of the caller's organization.
pub async fn list(app: &crate::App, caller: &Caller) -> Result<Vec<App>> {
    store::list(&mut app.db.read().await?, &caller.organization).await
}

/// An app of the caller's organization.
pub async fn get(app: &crate::App, caller: &Caller, id: &AppId) -> Result<App> {
    store::find(&mut app.db.read().await?, &caller.organization, id).await?.ok_or_else(missing)
}

/// Registers an app. A confidential one gets a secret, which is shown this once.
pub async fn create(
    app: &crate::App,
    caller: &Caller,
    new: OrganizationAppCreation,
) -> Result<(App, Option<SecretString>)> {
    let name = name(&new.name)?;
    let redirect_uris = redirect_uri::check_all(new.redirect_uris)?;
    let now = app.clock.now();
    let (mut tx, caller) = app.begin(caller).await?;
    let registered = App {
        organization: caller.organization.clone(),
        id: app.random.id(now),
        name,
        ty: new.r#type,
        redirect_uris,
        scopes: new.scopes.into_iter().collect(),
        role: new.role,
        legacy: new.legacy,
        maker: Some(caller.user.clone()),
        created_at: now,
    };
    let created = create_in(app, &mut tx, &caller, registered).await;
    tx.finish(created).await
}

async fn create_in(
    app: &crate::App,
    tx: &mut Tx,
    caller: &Caller,
    new: App,
) -> Result<(App, Option<SecretString>)> {
    may_register(caller)?;
    check_role(caller, &new)?;
    let secret = (new.ty == AppType::Confidential).then(|| NewToken::of_kind(&app.random, SECRET));
    store::insert(tx, &new, secret.as_ref().map(|secret| secret.hash)).await?;
    let details = json!({ "name": new.name, "type": new.ty, "scopes": new.scopes, "role": new.role });
    caller.event("app.created", new.id.as_str(), details).record(app, tx).await?;
    Ok((new, secret.map(|secret| secret.secret)))
}

/// Changes an app. Whoever changes it answers for it from now on.
pub async fn update(
    app: &crate::App,
    caller: &Caller,
    id: &AppId,
    update: OrganizationAppUpdate,
) -> Result<App> {
    let name = update.name.as_deref().map(name).transpose()?;
    let redirect_uris = update.redirect_uris.clone().map(redirect_uri::check_all).transpose()?;
    let (mut tx, caller) = app.begin(caller).await?;
    let updated = update_in(app, &mut tx, &caller, id, update, name, redirect_uris).await;
    tx.finish(updated).await
}

async fn update_in(
    app: &crate::App,
    tx: &mut Tx,
    caller: &Caller,
    id: &AppId,
    update: OrganizationAppUpdate,
    name: Option<String>,
    redirect_uris: Option<Vec<String>>,
) -> Result<App> {
    let before = store::lock(tx, &caller.organization, id).await?.ok_or_else(missing)?;
    may_register(caller)?;
    let after = App {
        name: name.unwrap_or_else(|| before.name.clone()),
        redirect_uris: redirect_uris.unwrap_or_else(|| before.redirect_uris.clone()),
        scopes: update.scopes.map_or(before.scopes, |scopes| scopes.into_iter().collect()),
        role: match update.role {
            Update::Keep => before.role,
            Update::Clear => None,
            Update::Set(role) => Some(role),
        },
        legacy: update.legacy.unwrap_or(before.legacy),
        maker: Some(caller.user.clone()),
        ..before.clone()
    };
    check_role(caller, &after)?;
    store::save(tx, &after).await?;
    if after.role.is_none() {
        access_tokens::end_as_app(tx, &caller.organization, id).await?;
    }
    let details = json!({ "changed": changed(&before, &after) });
    caller.event("app.updated", id.as_str(), details).record(app, tx).await?;
    Ok(after)
}

/// Which fields changed.
fn changed(before: &App, after: &App) -> Vec<&'static str> {
    let fields = [
        ("name", before.name != after.name),
        ("redirectUris", before.redirect_uris != after.redirect_uris),
        ("scopes", before.scopes != after.scopes),
        ("role", before.role != after.role),
        ("legacy", before.legacy != after.legacy),
        ("maker", before.maker != after.maker),
    ];
    fields.into_iter().filter_map(|(field, changed)| changed.then_some(field)).collect()
}

/// Gives an app another secret: the one before it ends at once.
pub async fn rotate_secret(app: &crate::App, caller: &Caller, id: &AppId) -> Result<(App, SecretString)> {
    let (mut tx, caller) = app.begin(caller).await?;
    let rotated = rotate_in(app, &mut tx, &caller, id).await;
    tx.finish(rotated).await
}

async fn rotate_in(
    app: &crate::App,
    tx: &mut Tx,
    caller: &Caller,
    id: &AppId,
) -> Result<(App, SecretString)> {
    let found = store::lock(tx, &caller.organization, id).await?.ok_or_else(missing)?;
    may_register(caller)?;
    if found.ty == AppType::Public {
        return Err(Error::invalid("app", "A public app has no secret: it could not keep it."));
    }
    let secret = NewToken::of_kind(&app.random, SECRET);
    store::set_secret(tx, &caller.organization, id, secret.hash).await?;
    access_tokens::end_as_app(tx, &caller.organization, id).await?;
    caller.event("app.secret_rotated", id.as_str(), json!({})).record(app, tx).await?;
    Ok((found, secret.secret))
}

/// Removes an app, and with it its tokens, codes and consents.
pub async fn remove(app: &crate::App, caller: &Caller, id: &AppId) -> Result<()> {
    let (mut tx, caller) = app.begin(caller).await?;
    let removed = remove_in(app, &mut tx, &caller, id).await;
    tx.finish(removed).await
}

async fn remove_in(app: &crate::App, tx: &mut Tx, caller: &Caller, id: &AppId) -> Result<()> {
    let found = store::lock(tx, &caller.organization, id).await?.ok_or_else(missing)?;
    may_register(caller)?;
    access_tokens::end_of_app(tx, &caller.organization, id).await?;
    store::delete(tx, &caller.organization, id).await?;
    caller.event("app.removed", id.as_str(), json!({ "name": found.name })).record(app, tx).await
}

fn missing() -> Error {
    Error::not_found("app")
}

fn name(text: &str) -> Result<String> {
    text::line("name", text, 1, 100)
}

/// Whoever has an app has the tokens that it gets: nobody registers one with what is not their own.
fn may_register(caller: &Caller) -> Result<()> {
    if caller.delegated || caller.app.is_some() {
        let message = "Neither an app's token nor one that somebody else made for you can do this: use one of your own.";
        return Err(Error::forbidden(message));
    }
    Ok(())
}

/// Only who can keep a secret acts for itself, and above nobody who answers for it.
fn check_role(caller: &Caller, app: &App) -> Result<()> {
    let Some(role) = app.role else { return Ok(()) };
    if app.ty == AppType::Public {
        let message = "A public app has no secret, so it can't act for itself: leave out `role`.";
        return Err(Error::invalid("role", message));
    }
    caller.may_grant(role, "role")
}

impl Client {
    /// Whether this is the app's secret, in the same time for every wrong one.
    pub fn has_secret(&self, secret: &str) -> bool {
        let hash = TokenHash::of(secret).to_vec();
        self.secret_hash.as_ref().is_some_and(|known| bool::from(known.ct_eq(&hash)))
    }
}

impl App {
    /// Whether it can prove that it is itself.
    pub fn keeps_a_secret(&self) -> bool {
        self.ty == AppType::Confidential
    }
}

/// The role of an app whose maker has the role `of_maker`: never above it.
pub fn lower(role: Role, of_maker: Role) -> Role {
    if role.rank() < of_maker.rank() { role } else { of_maker }
}

fn shown_secret(secret: Option<SecretString>) -> Option<String> {
    secret.map(|secret| secret.expose_secret().to_owned())
}

/// An app that is not given away while a token is made for it.
pub async fn find_and_hold(tx: &mut Tx, organization: &OrganizationId, id: &AppId) -> Result<Option<App>> {
    hold(tx, organization, id).await?;
    find(tx, organization, id).await
}
