//! The log: to standard error, for people or as JSON.

use std::io::{IsTerminal as _, stderr};

use anyhow::{Result, anyhow};
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Registry};

use crate::settings::{LogFormat, Settings};

pub fn start(settings: &Settings) -> Result<()> {
    let filter = filter(&settings.log)?;
    let is_colourful = stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    match settings.log_format {
        LogFormat::Text => {
            let lines = tracing_subscriber::fmt::layer().with_ansi(is_colourful).with_writer(stderr);
            Registry::default().with(filter).with(filter_fn(is_discreet)).with(lines).init();
        }
        LogFormat::Json => json(filter, stderr).init(),
    }
    Ok(())
}

fn json(filter: EnvFilter, to: impl for<'w> MakeWriter<'w> + Send + Sync + 'static) -> impl Subscriber {
    let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(to);
    Registry::default().with(filter).with(filter_fn(is_discreet)).with(lines)
}

/// Libraries whose errors come to us, or that talk at each start also where there is nothing to do.
const QUIET: &str = "refinery_core=off,rustls_platform_verifier=off";

fn filter(text: &str) -> Result<EnvFilter> {
    EnvFilter::try_new(format!("{QUIET},{text}")).map_err(|_| {
        anyhow!(
            "--log: `{text}` is not a filter: write error, warn, info, debug, or such as homeroom=debug,info"
        )
    })
}

/// Below a warning the driver of PostgreSQL writes the arguments of statements: names, addresses, hashes of passwords
/// and tokens. No filter of the operator's brings these back.
fn is_discreet(about: &Metadata<'_>) -> bool {
    !about.target().starts_with("tokio_postgres") || *about.level() <= Level::WARN
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// What is logged under a filter.
    fn logged(filter_text: &str, work: impl FnOnce()) -> String {
        let written = Written::default();
        let to = written.clone();
        tracing::subscriber::with_default(json(filter(filter_text).unwrap(), move || to.clone()), work);
        String::from_utf8(written.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn a_filter_that_is_none_is_shown_with_what_one_looks_like() {
        let refusal = filter("x=y=z").unwrap_err().to_string();
        assert!(refusal.contains("`x=y=z`") && refusal.contains("homeroom=debug"), "{refusal}");
        assert!(filter("warn").is_ok() && filter("homeroom=debug,info").is_ok());
    }

    #[test]
    fn no_filter_shows_the_arguments_of_statements() {
        for filter in ["debug", "trace", "tokio_postgres=trace", "tokio_postgres::query=debug,info"] {
            let log = logged(filter, || {
                tracing::debug!(target: "tokio_postgres::query", "executing statement s1 with parameters: [\"Ada\"]");
                tracing::info!(target: "tokio_postgres::connection", "a notice about Ada");
                tracing::warn!(target: "tokio_postgres::connection", "the link is lost");
            });
            assert!(log.contains("the link is lost") && !log.contains("Ada"), "{filter}: {log}");
        }
        assert!(logged("debug", || tracing::debug!("of our own")).contains("of our own"));
    }
}
