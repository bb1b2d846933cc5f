//! Changing accounts. Only the fields that came change.

use homeroom_api::{Update, UserAdminUpdate, UserId};
use secrecy::SecretString;
use serde_json::json;

use super::account::{self, Profile};
use super::{Member, User, names, role, store};
use crate::access_tokens;
use crate::crypto::PasswordHash;
use crate::db::Tx;
use crate::http::Caller;
use crate::http::quirks::Sdk;
use crate::{App, Error, Result, mailed_links, oauth, sessions, signin_links, text};

/// Changes `user`.
pub async fn update(
    app: &App,
    caller: &Caller,
    user: &UserId,
    mut update: UserAdminUpdate,
    sdk: Sdk,
) -> Result<User> {
    let password = update.password.take().map(account::password).transpose()?;
    let fields = Fields::parse(&update)?;
    let hash = hash_if_allowed(app, caller, user, password).await?;
    let (mut tx, caller) = match update.organization_role {
        Some(_) => app.begin_with_roles(caller).await?,
        None => app.begin(caller).await?,
    };
    let updated = update_in(app, &mut tx, &caller, user, update, fields, hash, sdk).await;
    tx.finish(updated).await
}

/// Hashing is slow: it comes before the transaction, but not for those who will be refused.
async fn hash_if_allowed(
    app: &App,
    caller: &Caller,
    user: &UserId,
    password: Option<SecretString>,
) -> Result<Option<PasswordHash>> {
    let Some(password) = password else { return Ok(None) };
    let role = super::get_role(&mut app.db.read().await?, &caller.organization, user).await?;
    caller.must_rank_over(role)?;
    caller.may_have_account(role)?;
    app.passwords.hash(password).await.map(Some)
}

/// The text fields of an update, checked and trimmed. An empty name is a missing one.
struct Fields {
    username: Option<String>,
    firstname: Option<String>,
    lastname: Option<String>,
    email: Update<String>,
}

impl Fields {
    fn parse(update: &UserAdminUpdate) -> Result<Self> {
        Ok(Self {
            username: update.username.as_deref().map(account::username).transpose()?,
            firstname: name("firstname", &update.firstname)?,
            lastname: name("lastname", &update.lastname)?,
            email: match &update.email {
                Update::Set(email) => Update::Set(text::email("email", email)?),
                other => other.clone(),
            },
        })
    }

    fn apply(self, profile: Profile) -> Profile {
        Profile {
            username: self.username.unwrap_or(profile.username),
            firstname: self.firstname.unwrap_or(profile.firstname),
            lastname: self.lastname.unwrap_or(profile.lastname),
            email: match self.email {
                Update::Keep => profile.email,
                Update::Clear => None,
                Update::Set(email) => Some(email),
            },
        }
    }
}

fn name(param: &'static str, update: &Update<String>) -> Result<Option<String>> {
    match update {
        Update::Keep => Ok(None),
        Update::Clear => Ok(Some(String::new())),
        Update::Set(text) => account::name(param, Some(text)).map(Some),
    }
}

#[allow(clippy::too_many_arguments)] // the parts of one request
async fn update_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    user: &UserId,
    mut update: UserAdminUpdate,
    fields: Fields,
    password: Option<PasswordHash>,
    sdk: Sdk,
) -> Result<User> {
    let member =
        store::lock(tx, &caller.organization, user).await?.ok_or_else(|| Error::not_found("user"))?;
    sdk.writes_back(&mut update, member.role);
    caller.must_rank_over(member.role)?;
    if password.is_some() || !fields.email.is_keep() {
        caller.may_have_account(member.role)?;
    }
    keeps_its_signin_name(&member, &fields)?;
    let new_role = update.organization_role.unwrap_or(member.role);
    let email_shared = member.email_shared && fields.email.is_keep();
    let after = Member { profile: fields.apply(member.profile.clone()), email_shared, ..member.clone() };
    save_profile(tx, caller, &member, &after).await?;
    if let Some(hash) = &password {
        set_password(tx, caller, &member, hash).await?;
    }
    if password.is_some() || after.profile.email != member.profile.email {
        signin_links::end_open(tx, &caller.organization, user).await?;
        sessions::end_of(tx, &caller.organization, user).await?;
        mailed_links::end_open(tx, &caller.organization, user).await?;
    }
    role::change(app, tx, caller, &member, new_role, "organizationRole").await?;
    record(app, tx, caller, &member, &after.profile, password.is_some()).await?;
    store::get(tx, &caller.organization, user, app.clock.now()).await
}

/// An account whose username is its e-mail would lose its sign-in name to whoever gets the address next.
fn keeps_its_signin_name(member: &Member, fields: &Fields) -> Result<()> {
    let is_its_email =
        member.profile.email.is_some() && member.profile.username_key() == member.profile.email_key();
    let changes = match &fields.email {
        Update::Keep => false,
        Update::Clear => true,
        Update::Set(email) => Some(email) != member.profile.email.as_ref(),
    };
    let username_changes = fields
        .username
        .as_deref()
        .is_some_and(|username| text::fold(username) != member.profile.username_key());
    if is_its_email && changes && !username_changes {
        let message =
            "The username of this account is its e-mail address: send a new `username` with the change.";
        return Err(Error::invalid("username", message));
    }
    Ok(())
}

/// A shared e-mail is nobody's sign-in name; one that came with the update is exclusive from then on.
async fn save_profile(tx: &mut Tx, caller: &Caller, before: &Member, after: &Member) -> Result<()> {
    if after.profile == before.profile && after.email_shared == before.email_shared {
        return Ok(());
    }
    let (organization, username) = (&caller.organization, after.profile.username_key());
    if username != before.profile.username_key()
        && store::username_is_taken(tx, organization, &after.id, &username).await?
    {
        return Err(names::username_taken());
    }
    names::release(tx, organization, &after.id).await?;
    names::claim(tx, organization, &after.id, &after.signin_names()).await?;
    store::save_profile(tx, organization, after).await
}

/// A password that somebody else set ends the tokens that its owner made.
async fn set_password(tx: &mut Tx, caller: &Caller, member: &Member, hash: &PasswordHash) -> Result<()> {
    let by_admin = !caller.is(&member.id);
    store::set_password(tx, &caller.organization, &member.id, hash, by_admin).await?;
    if by_admin {
        oauth::end_all_of(tx, &caller.organization, &member.id).await?;
        access_tokens::end_personal(tx, &caller.organization, &member.id).await?;
    }
    Ok(())
}

/// Which fields changed, not what they hold.
async fn record(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    member: &Member,
    profile: &Profile,
    password: bool,
) -> Result<()> {
    let before = &member.profile;
    let changed: Vec<&str> = [
        ("username", before.username != profile.username),
        ("firstname", before.firstname != profile.firstname),
        ("lastname", before.lastname != profile.lastname),
        ("email", before.email != profile.email),
        ("password", password),
    ]
    .into_iter()
    .filter_map(|(field, changed)| changed.then_some(field))
    .collect();
    if changed.is_empty() {
        return Ok(());
    }
    caller.event("user.updated", member.id.as_str(), json!({ "changed": changed })).record(app, tx).await
}
