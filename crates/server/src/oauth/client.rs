//! Which app is asking (RFC 6749 §2.3).

use secrecy::ExposeSecret as _;

use super::denial::Denial;
use super::form::Form;
use crate::{App, apps};

/// The app that sent this form: a confidential one by its secret, a public one by its name.
pub async fn authenticate(app: &App, form: &Form) -> Result<apps::App, Denial> {
    let (id, secret) = credentials(form)?;
    let client =
        apps::find_client(&mut app.db.read().await?, id).await?.ok_or_else(Denial::invalid_client)?;
    let is_right = match secret {
        Some(secret) => client.has_secret(secret),
        None => !client.app.keeps_a_secret(),
    };
    if is_right { Ok(client.app) } else { Err(Denial::invalid_client()) }
}

/// In the header or in the body, not in both.
fn credentials(form: &Form) -> Result<(&str, Option<&str>), Denial> {
    let (id, secret) = (form.text("client_id"), form.text("client_secret"));
    match (&form.basic, id, secret) {
        (Some(_), _, Some(_)) => Err(Denial::invalid_request(
            "Send the secret in the `Authorization` header or in the body, not in both.",
        )),
        (Some((basic, _)), Some(id), None) if basic != id => {
            Err(Denial::invalid_request("`client_id` is not the one in the `Authorization` header."))
        }
        (Some((basic, secret)), _, None) => {
            Ok((basic, Some(secret.expose_secret()).filter(|secret| !secret.is_empty())))
        }
        (None, Some(id), secret) => Ok((id, secret)),
        (None, None, _) => Err(Denial::invalid_client()),
    }
}
