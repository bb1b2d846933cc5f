//! Settings, and the secret key.
mod key;
mod smtp;

use std::time::Duration;

use ipnet::IpNet;
use secrecy::SecretString;

pub use lettre::message::Mailbox;

pub use key::{KeyOrigin, key_file, load_key};
pub use smtp::{Security, Smtp};

/// What the operator can set. The command line fills it from flags, variables and `homeroom.toml`.
#[derive(Clone)]
pub struct Settings {
    /// The address under which browsers and LMSs reach the server, without a slash at the end.
    pub public_url: String,
    /// Requests an hour; 0 is no limit.
    pub rate_limit_user: u32,
    pub rate_limit_address: u32,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Failures to sign in within 15 minutes from one address, before it has to wait; 0 is no limit.
    pub signin_failures_address: u32,
    pub signin_link_ttl: Duration,
    pub access_token_ttl: Duration,
    pub invitation_ttl: Duration,
    /// Whether apps that are marked as old may use the implicit grant, which OAuth 2.1 leaves out.
    pub oauth_implicit: bool,
    /// What `/metrics` asks for. Without it only this machine may read it.
    pub metrics_token: Option<SecretString>,
    /// Where mails are handed in. Without it they wait.
    pub smtp: Option<Smtp>,
    /// Whom mails come from. Default: `homeroom@` and the host of the public address.
    pub mail_from: Option<Mailbox>,
}

/// An address, with or without a name before it: `North Hill School <homeroom@school.example>`.
pub fn mailbox(text: &str) -> Option<Mailbox> {
    let named = text.strip_suffix('>').and_then(|text| text.rsplit_once('<'));
    let (name, address) = named.map_or((None, text), |(name, address)| (Some(name.trim()), address));
    let name = name.map(|name| name.trim_matches('"').to_owned()).filter(|name| !name.is_empty());
    let is_one_line = !text.chars().any(char::is_control);
    Some(Mailbox::new(name, address.parse().ok()?)).filter(|_| is_one_line)
}

const HOUR: Duration = Duration::from_hours(1);

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:8080".to_owned(),
            rate_limit_user: 60_000,
            rate_limit_address: 3_000,
            trusted_proxies: Vec::new(),
            signin_failures_address: 300,
            signin_link_ttl: HOUR,
            access_token_ttl: 24 * HOUR,
            invitation_ttl: 14 * 24 * HOUR,
            oauth_implicit: false,
            metrics_token: None,
            smtp: None,
            mail_from: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::mailbox;

    #[test]
    fn a_sender_is_an_address_with_or_without_a_name() {
        for (text, shown) in [
            ("a@school.example", "a@school.example"),
            ("North Hill <a@school.example>", "North Hill <a@school.example>"),
            ("\"École, du Nord\" <a@school.example>", "\"École, du Nord\" <a@school.example>"),
            ("<a@school.example>", "a@school.example"),
        ] {
            assert_eq!(mailbox(text).unwrap().to_string(), shown);
        }
        for wrong in ["", "school", "a@b.example, c@d.example", "a@b.example x", "X <a>", "X\n <a@b.example>"]
        {
            assert_eq!(mailbox(wrong), None, "{wrong}");
        }
    }
}
