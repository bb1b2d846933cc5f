//! Settings: a flag, else a variable, else a line of `homeroom.toml`, else the default. One name everywhere.

mod mail;

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use clap::Args;
use homeroom_server::config;
use homeroom_server::db::DatabaseUrl;
use ipnet::IpNet;
use serde::Deserialize;
use url::Url;

pub use mail::Mail;

/// A length of time: `90s`, `15m`, `24h`, `14d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Length(pub Duration);

/// Beyond these, dates end that clients can't read.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

impl FromStr for Length {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let length = humantime::parse_duration(text)
            .map_err(|error| format!("{error}; write 90s, 15m, 24h or 14d"))?;
        match length {
            Duration::ZERO => Err("it must be longer than nothing".to_owned()),
            length if length > LONGEST => Err("it must be 10 years (3650d) at most".to_owned()),
            length => Ok(Self(length)),
        }
    }
}

impl TryFrom<String> for Length {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people
    Text,
    /// One object a line
    Json,
}

/// Which database, and its key.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[expect(clippy::struct_field_names, reason = "they are the names of the settings")]
#[serde(rename_all = "kebab-case", default)]
pub struct Database {
    /// Where the data is: sqlite://FILE or postgres://… [default: sqlite://homeroom.db]
    #[arg(long, env = "HOMEROOM_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,
    /// The key that encrypts secrets at rest, 32 bytes in base64; better given as the variable, because other
    /// users of this machine see arguments [default: the file beside the database]
    #[arg(long, env = "HOMEROOM_SECRET_KEY", value_name = "BASE64", hide_env_values = true)]
    pub secret_key: Option<String>,
    /// Connections to PostgreSQL, 2 at least [default: 16]
    #[arg(long, env = "HOMEROOM_PG_POOL_SIZE", value_name = "N")]
    pub pg_pool_size: Option<usize>,
    /// Statements that stay prepared on each of them; 0 behind pgbouncer in transaction mode [default: 256]
    #[arg(long, env = "HOMEROOM_PG_STATEMENT_CACHE", value_name = "N")]
    pub pg_statement_cache: Option<usize>,
}

/// How to serve.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Server {
    /// The address to listen on [default: 127.0.0.1:8080]
    #[arg(long, env = "HOMEROOM_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// The address under which browsers and scripts reach the server [default: http://LISTEN]
    #[arg(long, env = "HOMEROOM_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Requests an hour for each user; 0 is no limit [default: 60000]
    #[arg(long, env = "HOMEROOM_RATE_LIMIT_USER", value_name = "N")]
    pub rate_limit_user: Option<u32>,
    /// Requests an hour for each address without a valid token; 0 is no limit [default: 3000]
    #[arg(long, env = "HOMEROOM_RATE_LIMIT_ADDRESS", value_name = "N")]
    pub rate_limit_address: Option<u32>,
    /// Proxies whose X-Forwarded-For is believed: networks, with commas between them [default: none]
    #[arg(long, env = "HOMEROOM_TRUSTED_PROXIES", value_name = "NETWORKS", value_delimiter = ',')]
    pub trusted_proxies: Option<Vec<IpNet>>,
    /// Failures to sign in from one address within 15 minutes, before it has to wait (a school may be one address);
    /// 0 is no limit [default: 300]
    #[arg(long, env = "HOMEROOM_SIGNIN_FAILURES_ADDRESS", value_name = "N")]
    pub signin_failures_address: Option<u32>,
    /// How long a sign-in link works [default: 1h]
    #[arg(long, env = "HOMEROOM_SIGNIN_LINK_TTL", value_name = "LENGTH")]
    pub signin_link_ttl: Option<Length>,
    /// How long a delegated access token works [default: 24h]
    #[arg(long, env = "HOMEROOM_ACCESS_TOKEN_TTL", value_name = "LENGTH")]
    pub access_token_ttl: Option<Length>,
    /// How long an invitation works [default: 14d]
    #[arg(long, env = "HOMEROOM_INVITATION_TTL", value_name = "LENGTH")]
    pub invitation_ttl: Option<Length>,
    /// Let apps that are marked as old use the implicit grant, which OAuth 2.1 leaves out [default: false]
    #[arg(long, env = "HOMEROOM_OAUTH_IMPLICIT", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub oauth_implicit: Option<bool>,
    /// What /metrics asks for as a bearer token [default: none, and this machine alone may read it]
    #[arg(long, env = "HOMEROOM_METRICS_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub metrics_token: Option<String>,
    #[command(flatten)]
    #[serde(flatten)]
    pub mail: Mail,
    /// What is logged: error, warn, info, debug, or a filter such as homeroom=debug,info [default: info]
    #[arg(long, env = "HOMEROOM_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    /// How it is logged [default: text]
    #[arg(long, env = "HOMEROOM_LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
}

/// Where `homeroom.toml` is.
#[derive(Debug, Clone, Default, Args)]
pub struct ConfigFile {
    /// The file of settings [default: homeroom.toml, if there is one]
    #[arg(long, env = "HOMEROOM_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// `homeroom.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
struct File {
    #[serde(flatten)]
    database: Database,
    #[serde(flatten)]
    server: Server,
}

const NAMES: &[&str] = &[
    "database",
    "secret-key",
    "pg-pool-size",
    "pg-statement-cache",
    "listen",
    "public-url",
    "rate-limit-user",
    "rate-limit-address",
    "trusted-proxies",
    "signin-failures-address",
    "signin-link-ttl",
    "access-token-ttl",
    "invitation-ttl",
    "oauth-implicit",
    "metrics-token",
    "smtp-url",
    "smtp-ca",
    "mail-from",
    "log",
    "log-format",
];

impl ConfigFile {
    fn read(&self) -> Result<File> {
        let path = self.config.clone().unwrap_or_else(|| PathBuf::from("homeroom.toml"));
        if self.config.is_none() && !path.exists() {
            return Ok(File::default());
        }
        let text =
            std::fs::read_to_string(&path).with_context(|| format!("{} can't be read", path.display()))?;
        parse(&text, &path)
    }
}

fn parse(text: &str, path: &Path) -> Result<File> {
    let path = path.display();
    let table: toml::Table = text
        .parse()
        .map_err(|error: toml::de::Error| anyhow!("{path} is not TOML: {}", error.to_string().trim_end()))?;
    for (name, value) in &table {
        if !NAMES.contains(&name.as_str()) {
            bail!("{path}: there is no setting `{name}`. The settings are: {}", NAMES.join(", "));
        }
        check(name, value).map_err(|error| anyhow!("{path}: `{name}` is wrong: {}", error.message()))?;
    }
    Ok(table.try_into()?)
}

/// One at a time: only so does the error come with a name.
fn check(name: &str, value: &toml::Value) -> Result<File, toml::de::Error> {
    toml::Table::from_iter([(name.to_owned(), value.clone())]).try_into()
}

/// Everything, resolved.
pub struct Settings {
    pub database: DatabaseUrl,
    pub secret_key: Option<String>,
    pub listen: String,
    pub server: config::Settings,
    pub log: String,
    pub log_format: LogFormat,
}

impl Settings {
    /// For what sends nothing: it works whatever is wrong with the settings of mail.
    pub fn without_mail(mut self) -> Self {
        self.server.smtp = None;
        self
    }
}

/// Resolves the flags and variables against the file and the defaults.
pub fn resolve(config: &ConfigFile, database: Database, server: Server) -> Result<Settings> {
    let file = config.read()?;
    let database = database.or(file.database);
    let listen = given(server.listen.clone(), file.server.listen.clone())
        .unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    Ok(Settings {
        database: database.url()?,
        secret_key: database.secret_key,
        log: given(server.log.clone(), file.server.log.clone()).unwrap_or_else(|| "info".to_owned()),
        log_format: server.log_format.or(file.server.log_format).unwrap_or(LogFormat::Text),
        server: merge(server, file.server, &listen)?,
        listen,
    })
}

impl Database {
    fn or(self, file: Self) -> Self {
        Self {
            database: given(self.database, file.database),
            secret_key: given(self.secret_key, file.secret_key),
            pg_pool_size: self.pg_pool_size.or(file.pg_pool_size),
            pg_statement_cache: self.pg_statement_cache.or(file.pg_statement_cache),
        }
    }

    fn url(&self) -> Result<DatabaseUrl> {
        let url = self.database.as_deref().unwrap_or("sqlite://homeroom.db");
        let mut url: DatabaseUrl = url.parse().map_err(|error: String| anyhow!("--database: {error}"))?;
        if let DatabaseUrl::Postgres(postgres) = &mut url {
            postgres.pool_size = self.pg_pool_size.unwrap_or(postgres.pool_size);
            postgres.statement_cache = self.pg_statement_cache.unwrap_or(postgres.statement_cache);
            if postgres.pool_size < 2 {
                bail!("--pg-pool-size: {} connections are too few: 2 at least", postgres.pool_size);
            }
        }
        Ok(url)
    }
}

/// The flag or variable, else the line of the file. An empty one is a missing one: so do compose files and units
/// leave out a variable.
fn given(flag: Option<String>, file: Option<String>) -> Option<String> {
    flag.filter(|text| !text.is_empty()).or(file).filter(|text| !text.is_empty())
}

fn merge(flags: Server, file: Server, listen: &str) -> Result<config::Settings> {
    let default = config::Settings::default();
    let length = |flag: Option<Length>, file: Option<Length>, default| {
        flag.or(file).map_or(default, |length| length.0)
    };
    let mail = flags.mail.or(file.mail);
    Ok(config::Settings {
        public_url: public_url(given(flags.public_url, file.public_url), listen)?,
        rate_limit_user: flags.rate_limit_user.or(file.rate_limit_user).unwrap_or(default.rate_limit_user),
        rate_limit_address: flags
            .rate_limit_address
            .or(file.rate_limit_address)
            .unwrap_or(default.rate_limit_address),
        trusted_proxies: flags.trusted_proxies.or(file.trusted_proxies).unwrap_or_default(),
        signin_failures_address: flags
            .signin_failures_address
            .or(file.signin_failures_address)
            .unwrap_or(default.signin_failures_address),
        signin_link_ttl: length(flags.signin_link_ttl, file.signin_link_ttl, default.signin_link_ttl),
        access_token_ttl: length(flags.access_token_ttl, file.access_token_ttl, default.access_token_ttl),
        invitation_ttl: length(flags.invitation_ttl, file.invitation_ttl, default.invitation_ttl),
        oauth_implicit: flags.oauth_implicit.or(file.oauth_implicit).unwrap_or(default.oauth_implicit),
        metrics_token: given(flags.metrics_token, file.metrics_token).map(Into::into),
        smtp: mail.smtp()?,
        mail_from: mail.from()?,
    })
}

/// As it stands in links: in ASCII, without a slash at the end.
fn public_url(url: Option<String>, listen: &str) -> Result<String> {
    let Some(given) = url else { return Ok(format!("http://{listen}")) };
    let is_plain = |url: &Url| {
        let is_web = ["http", "https"].contains(&url.scheme()) && url.has_host();
        let is_bare = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        is_web && is_bare && !given.contains(['"', '\'', '<', '>', '\\', ' '])
    };
    match Url::parse(&given).ok().filter(is_plain) {
        Some(url) => Ok(url.as_str().trim_end_matches('/').to_owned()),
        None => bail!("--public-url: `{given}` is not an address like https://school.example"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> Result<File> {
        parse(text, Path::new("homeroom.toml"))
    }

    #[test]
    fn a_flag_beats_the_file_and_the_file_beats_the_default() {
        let file =
            file("rate-limit-user = 7\nrate-limit-address = 8\nsignin-link-ttl = \"5m\"").unwrap().server;
        let flags = Server { rate_limit_user: Some(1), ..Server::default() };
        let settings = merge(flags, file, "127.0.0.1:1").unwrap();
        assert_eq!((settings.rate_limit_user, settings.rate_limit_address), (1, 8));
        assert_eq!(settings.signin_link_ttl, Duration::from_secs(300));
        assert_eq!(settings.access_token_ttl, Duration::from_secs(24 * 3600));
        assert_eq!(settings.public_url, "http://127.0.0.1:1");
    }

    #[test]
    fn a_length_is_more_than_nothing_and_ten_years_at_most() {
        for right in ["1s", "3650d"] {
            assert!(right.parse::<Length>().is_ok(), "{right}");
        }
        for (wrong, word) in [("0s", "longer"), ("3651d", "10 years"), ("9000y", "10 years")] {
            assert!(wrong.parse::<Length>().unwrap_err().contains(word), "{wrong}");
        }
    }

    #[test]
    fn the_public_address_is_stored_as_links_show_it() {
        for (given, stored) in [
            ("https://school.example/", "https://school.example"),
            ("HTTPS://School.example:443/homeroom/", "https://school.example/homeroom"),
            ("https://école.example", "https://xn--cole-9oa.example"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(public_url(Some(given.to_owned()), "").unwrap(), stored);
        }
        for wrong in [
            "school.example",
            "school.example:8080",
            "ftp://school.example",
            "https://",
            "https://school.example?a",
            "https://school.example/#a",
            "https://school.example/\"a",
            "https://it's.example",
            "https://a:b@c.example",
            "https://school .example",
            "mailto:ada@school.example",
        ] {
            assert!(public_url(Some(wrong.to_owned()), "").is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_unknown_setting_and_a_wrong_value_are_refused_by_name() {
        let unknown = file("rate-limit = 7").unwrap_err();
        assert!(format!("{unknown:#}").contains("`rate-limit`"), "{unknown:#}");
        let wrong = format!("{:#}", file("invitation-ttl = \"soon\"").unwrap_err());
        assert!(wrong.contains("`invitation-ttl`") && wrong.contains("14d"), "{wrong}");
    }
}
