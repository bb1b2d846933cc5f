//! Whom mails come from.

use lettre::Address;
use lettre::message::Mailbox;
use url::{Host, Url};

use super::message::address;
use crate::config::{Settings, Smtp};
use crate::{Error, Result};

/// Whom mails come from. A server elsewhere takes none from an address that exists nowhere.
pub fn sender(settings: &Settings, smtp: &Smtp) -> Result<Mailbox> {
    if let Some(from) = settings.mail_from.clone() {
        let wrong = |_| Error::invalid("mail-from", "No mail can come from the address in --mail-from.");
        return Ok(Mailbox { email: address(from.email.as_ref()).map_err(wrong)?, ..from });
    }
    let host = match host_of(&settings.public_url) {
        host if is_name(&host) => host,
        _ if smtp.is_local() => "localhost".to_owned(),
        host => {
            let message =
                format!("Say whom mails come from, with --mail-from: homeroom@{host} would be refused.");
            return Err(Error::invalid("mail-from", message));
        }
    };
    let wrong = |_| Error::invalid("mail-from", "Say whom mails come from, with --mail-from.");
    let address = Address::new("homeroom", host).map_err(wrong)?;
    Ok(Mailbox::new(Some("Homeroom".to_owned()), address))
}

/// Not an address in brackets, and not this machine.
fn is_name(host: &str) -> bool {
    !host.starts_with('[') && host != "localhost"
}

/// The host of the public address, as it stands after an `@`.
pub fn host_of(public_url: &str) -> String {
    match Url::parse(public_url).ok().and_then(|url| url.host().map(|host| host.to_owned())) {
        Some(Host::Domain(name)) => name,
        Some(Host::Ipv4(address)) => format!("[{address}]"),
        Some(Host::Ipv6(address)) => format!("[IPv6:{address}]"),
        None => "localhost".to_owned(),
    }
}
