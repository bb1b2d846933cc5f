//! What to do when a command fails.

use anyhow::anyhow;
use clap::error::ErrorKind;
use homeroom_client::{Error, ErrorCode};

/// A mistake in the command itself: exit code 2.
pub fn usage(message: &str) -> anyhow::Error {
    clap::Error::raw(ErrorKind::MissingRequiredArgument, format!("{message}\n")).into()
}

/// Adds what to do to an error of the SDK; leaves others as they are.
pub fn explain(error: anyhow::Error, url: &str) -> anyhow::Error {
    let Some(cause) = error.downcast_ref::<Error>() else { return error };
    match advice(cause, url) {
        Some(advice) => anyhow!("{cause}\n{advice}"),
        None => error,
    }
}

/// The messages of the API say themselves what to do; those of the network don't.
fn advice(error: &Error, url: &str) -> Option<String> {
    let advice = match error {
        Error::Transport(_) | Error::Timeout(_) if error.is_connect() => {
            let tls = if url.starts_with("https:") { ", with TLS" } else { "" };
            format!("Is the server running at {url}{tls}? Set --url or HOMEROOM_URL to its address.")
        }
        Error::Transport(_) | Error::Timeout(_) => {
            format!("{url} may have done what it was asked to: look before you try again.")
        }
        Error::Decode { .. } => format!("Is {url} the address of the server? Set --url or HOMEROOM_URL."),
        Error::Api(api) if api.code.starts_with("HTTP_") => {
            format!("Is {url} the address of the server? Set --url or HOMEROOM_URL.")
        }
        Error::Api(_) if error.code() == Some(ErrorCode::Unauthorized) => {
            format!("Set HOMEROOM_TOKEN to an API token of {url} that has not ended.")
        }
        _ => return None,
    };
    Some(advice)
}
