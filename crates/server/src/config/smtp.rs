//! The mail server that mails leave by, as a URL: `smtps://user:password@smtp.school.example`.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use secrecy::SecretString;
use url::{Host, Url};

/// How long one mail may take, from the connection to the last answer.
const LIMIT: Duration = Duration::from_secs(60);

/// Where mails are handed in, and how.
#[derive(Debug, Clone)]
pub struct Smtp {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// Name and password, where the server asks for them.
    pub credentials: Option<(String, SecretString)>,
    /// Certificates (PEM) that are trusted beside the system's.
    pub authority: Option<Vec<u8>>,
    /// How long one mail may take.
    pub limit: Duration,
}

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// The server must offer STARTTLS.
    StartTls,
    /// None.
    Plain,
}

impl FromStr for Smtp {
    type Err = String;

    /// Errors never repeat the URL: it may hold a password.
    fn from_str(text: &str) -> Result<Self, String> {
        const LIKE: &str = "write it like smtps://user:password@smtp.school.example or smtp://localhost:25; in a \
                            password `/` is %2F, `?` is %3F, `#` is %23 and `%` is %25";
        let url = Url::parse(text).map_err(|error| format!("it is no address ({error}): {LIKE}"))?;
        let host = host(&url).ok_or_else(|| format!("it names no server: {LIKE}"))?;
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(format!("after the server only ?tls=… can stand: {LIKE}"));
        }
        let security = security(&url, &host)?;
        let credentials = credentials(&url)?;
        if credentials.is_some() && security == Security::Plain && !is_loopback(&host) {
            return Err(
                "the password would be sent in the clear: use smtps://, or leave out tls=none".to_owned()
            );
        }
        let default_port = match security {
            Security::Tls => 465,
            Security::StartTls => 587,
            Security::Plain => 25,
        };
        Ok(Self {
            host,
            port: url.port().unwrap_or(default_port),
            security,
            credentials,
            authority: None,
            limit: LIMIT,
        })
    }
}

/// The name, or the IP address without brackets.
fn host(url: &Url) -> Option<String> {
    match Host::parse(url.host_str()?).ok()? {
        Host::Domain(name) => Some(name),
        Host::Ipv4(address) => Some(address.to_string()),
        Host::Ipv6(address) => Some(address.to_string()),
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Without TLS only on this machine, or where the URL says so.
fn security(url: &Url, host: &str) -> Result<Security, String> {
    let mut asked = None;
    for (name, value) in url.query_pairs() {
        asked = match (&*name, &*value) {
            ("tls", "required") => Some(Security::StartTls),
            ("tls", "none") => Some(Security::Plain),
            ("tls", _) => return Err("`tls` is `required` or `none`".to_owned()),
            _ => return Err("after `?` only tls=required or tls=none can stand".to_owned()),
        };
    }
    match (url.scheme(), asked) {
        ("smtps", Some(Security::Plain)) => Err("smtps:// and tls=none contradict each other".to_owned()),
        ("smtps", _) => Ok(Security::Tls),
        ("smtp", Some(asked)) => Ok(asked),
        ("smtp", None) if is_loopback(host) => Ok(Security::Plain),
        ("smtp", None) => Ok(Security::StartTls),
        _ => Err("it begins with neither smtps:// nor smtp://".to_owned()),
    }
}

fn credentials(url: &Url) -> Result<Option<(String, SecretString)>, String> {
    let wrong = || "user and password must be URL-encoded (`@` is %40, `:` is %3A, `/` is %2F)".to_owned();
    if url.username().is_empty() {
        return if url.password().is_some() { Err(wrong()) } else { Ok(None) };
    }
    let user = decode(url.username()).ok_or_else(wrong)?;
    let password = decode(url.password().unwrap_or_default()).ok_or_else(wrong)?;
    Ok(Some((user, password.into())))
}

/// Percent-decoded; not as in forms, where `+` is a space.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let byte = match byte {
            b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                u8::try_from(digit(rest.next()?)? * 16 + digit(rest.next()?)?).ok()?
            }
            byte => byte,
        };
        bytes.push(byte);
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains(['\0', '\r', '\n']))
}

impl Smtp {
    /// Whether the server is this machine.
    pub fn is_local(&self) -> bool {
        is_loopback(&self.host)
    }
}

impl fmt::Display for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let security = match self.security {
            Security::Tls => "TLS",
            Security::StartTls => "STARTTLS",
            Security::Plain => "without TLS",
        };
        write!(f, "{}:{} ({security})", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn a_url_says_where_and_how_mails_are_handed_in() {
        for (url, shown) in [
            ("smtps://smtp.school.example", "smtp.school.example:465 (TLS)"),
            ("smtp://smtp.school.example", "smtp.school.example:587 (STARTTLS)"),
            ("smtp://smtp.school.example:25", "smtp.school.example:25 (STARTTLS)"),
            ("smtp://smtp.school.example:25?tls=none", "smtp.school.example:25 (without TLS)"),
            ("smtp://localhost", "localhost:25 (without TLS)"),
            ("smtp://[::1]:2525", "::1:2525 (without TLS)"),
            ("smtp://127.0.0.1:587?tls=required", "127.0.0.1:587 (STARTTLS)"),
        ] {
            assert_eq!(url.parse::<Smtp>().unwrap().to_string(), shown, "{url}");
        }
    }

    #[test]
    fn a_password_is_decoded_and_never_printed() {
        let smtp: Smtp = "smtps://a%40b:p+%3A%2f%C3%A9@smtp.example".parse().unwrap();
        assert!(!format!("{smtp:?} {smtp}").contains("p+"), "{smtp:?}");
        let (user, password) = smtp.credentials.unwrap();
        assert_eq!((user.as_str(), password.expose_secret()), ("a@b", "p+:/é"));
    }

    #[test]
    fn what_is_wrong_is_refused_without_repeating_it() {
        for url in [
            "smtp.school.example",
            "https://u:secret@smtp.example",
            "smtps://",
            "smtp://u:secret@smtp.example?tls=none",
            "smtps://u:secret@smtp.example?tls=none",
            "smtp://u:secret@smtp.example?tls=maybe",
            "smtp://u:secret@smtp.example?tsl=none",
            "smtps://u:secret%0d%0aX@smtp.example",
            "smtps://u:secret%zz@smtp.example",
            "smtps://u:secret%+f@smtp.example",
            "smtps://u:secret/@smtp.example",
            "smtps://u:12#secret@smtp.example",
            "smtps://u:12/secret@smtp.example",
        ] {
            let error = url.parse::<Smtp>().expect_err(url);
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
