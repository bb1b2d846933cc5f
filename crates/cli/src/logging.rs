//! The log: to standard error, for people or as JSON.

use std::io::{IsTerminal as _, stderr};

use anyhow::{Result, anyhow};
use tracing_subscriber::EnvFilter;

use crate::settings::{LogFormat, Settings};

pub fn start(settings: &Settings) -> Result<()> {
    let log = tracing_subscriber::fmt().with_env_filter(filter(&settings.log)?).with_writer(stderr);
    let is_colourful = stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    match settings.log_format {
        LogFormat::Text => log.with_ansi(is_colourful).init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    Ok(())
}

/// Libraries whose errors come to us, or that talk at each start also where there is nothing to do.
const QUIET: &str = "refinery_core=off,rustls_platform_verifier=off,tokio_postgres=warn";

fn filter(text: &str) -> Result<EnvFilter> {
    EnvFilter::try_new(format!("{QUIET},{text}")).map_err(|_| {
        anyhow!(
            "--log: `{text}` is not a filter: write error, warn, info, debug, or such as homeroom=debug,info"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::filter;

    #[test]
    fn a_filter_that_is_none_is_shown_with_what_one_looks_like() {
        let refusal = filter("x=y=z").unwrap_err().to_string();
        assert!(refusal.contains("`x=y=z`") && refusal.contains("homeroom=debug"), "{refusal}");
        assert!(filter("warn").is_ok() && filter("homeroom=debug,info").is_ok());
    }
}
