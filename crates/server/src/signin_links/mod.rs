//! Sign-in links: a one-time URL that signs one user in.
//!
//! Only the hash of a link's token is kept. A link ends no later than the access token that made it, and with it.
pub mod api;
pub mod pages;
mod store;

use homeroom_api::{OrganizationId, UserId, UserSigninLink, UserSigninLinkCreation};
use secrecy::ExposeSecret as _;
use serde_json::json;

use crate::audit::Event;
use crate::crypto::NewToken;
use crate::db::Tx;
use crate::http::Caller;
use crate::{App, Error, Result, users};

pub use store::{Link, State, end_after_role_change, end_all_of, end_open, find, prune, take};

/// Makes a link that signs `user` in, once.
pub async fn create(
    app: &App,
    caller: &Caller,
    user: &UserId,
    new: UserSigninLinkCreation,
) -> Result<UserSigninLink> {
    let destination = destination(new.destination_path.as_deref().unwrap_or("/"))?;
    let (mut tx, caller) = app.begin(caller).await?;
    let created = create_in(app, &mut tx, &caller, user, destination).await;
    tx.finish(created).await
}

async fn create_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    user: &UserId,
    destination: &str,
) -> Result<UserSigninLink> {
    let role = users::hold_role(tx, &caller.organization, user).await?;
    caller.must_rank_over(role)?;
    caller.may_have_account(role)?;

    let now = app.clock.now();
    let token = NewToken::link(&app.random);
    let link = store::New {
        id: app.random.id(now),
        organization: &caller.organization,
        user,
        destination,
        created_at: now,
        expires_at: caller.no_later_than_token(now + app.settings.signin_link_ttl),
        maker: Some(caller),
    };
    store::insert(tx, &link, token.hash).await?;
    let details = json!({ "user": user });
    caller.event("signin_link.created", &link.id, details).about(user).record(app, tx).await?;
    let secret = token.secret.expose_secret();
    let next: String = form_urlencoded::byte_serialize(destination.as_bytes()).collect();
    Ok(UserSigninLink {
        url: format!("{}/auth/signin-link/{secret}?next={next}", app.settings.public_url),
        token: secret.to_owned(),
        expiration_date: link.expires_at,
    })
}

/// Makes a link on the machine itself: its session counts as one with a password.
pub async fn create_by_operator(
    app: &App,
    tx: &mut Tx,
    organization: &OrganizationId,
    user: &UserId,
    destination: &str,
) -> Result<String> {
    let now = app.clock.now();
    let token = NewToken::link(&app.random);
    let (id, expires_at): (String, _) = (app.random.id(now), now + app.settings.signin_link_ttl);
    let link = store::New { id, organization, user, destination, created_at: now, expires_at, maker: None };
    store::insert(tx, &link, token.hash).await?;
    let event = Event {
        organization,
        actor: None,
        actor_token: None,
        maker: None,
        name: "signin_link.created",
        target: Some(&link.id),
        about: Some(user),
        details: json!({ "user": user }),
    };
    event.record(app, tx).await?;
    Ok(format!("{}/auth/signin-link/{}", app.settings.public_url, token.secret.expose_secret()))
}

/// The longest path, in bytes.
const LONGEST: usize = 2000;

/// A path on this site: browsers read `//host`, `/\host` and control characters as ways to another one.
pub fn destination(path: &str) -> Result<&str> {
    let wrong = if !path.starts_with('/') {
        "it must begin with `/`"
    } else if path.starts_with("//") {
        "it must not begin with `//`"
    } else if path.contains('\\') {
        "it must not hold a backslash"
    } else if path.chars().any(char::is_control) {
        "it must not hold control characters"
    } else if path.len() > LONGEST {
        "it is longer than 2000 bytes"
    } else {
        return Ok(path);
    };
    Err(Error::invalid("destinationPath", format!("`destinationPath` is a path on this site: {wrong}.")))
}

#[cfg(test)]
mod tests {
    use super::destination;

    #[test]
    fn a_destination_is_a_path_on_this_site() {
        for path in ["/", "/classes/1?tab=a&b=//x", "/é", "/a//b"] {
            assert!(destination(path).is_ok(), "{path}");
        }
    }

    #[test]
    fn a_destination_on_another_site_is_refused() {
        for path in [
            "",
            "classes",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/a\n//evil",
            "/\t/evil",
            "javascript:alert(1)",
            "/\0",
            "\\\\evil",
            " /",
        ] {
            let error = destination(path).expect_err(path);
            assert_eq!(error.param.as_deref(), Some("destinationPath"));
        }
    }
}
