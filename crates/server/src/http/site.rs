//! Where browsers find the site, and what follows from it for cookies and links.

use url::{Host, Url};

/// The public address, taken apart.
pub struct Site {
    /// The path under which the site is, '' for the root.
    pub base: String,
    /// Whether browsers reach it without TLS on the machine itself, where `Secure` cookies don't work everywhere.
    is_local: bool,
    /// `https://school.example`
    pub origin: String,
}

impl Site {
    pub fn of(public_url: &str) -> Self {
        let Ok(url) = Url::parse(public_url) else {
            return Self { base: String::new(), is_local: false, origin: public_url.to_owned() };
        };
        let is_loopback = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        Self {
            base: url.path().trim_end_matches('/').to_owned(),
            is_local: is_loopback && url.scheme() == "http",
            origin: url.origin().ascii_serialization(),
        }
    }

    /// The address of one of our pages, from the root of the host.
    pub fn path(&self, page: &str) -> String {
        format!("{}{page}", self.base)
    }

    /// A path on this host that a browser goes to as it stands: without what it would read as another host, and in
    /// ASCII. Nothing where it would leave the host.
    pub fn location(&self, path: &str) -> Option<String> {
        let base = Url::parse(&self.origin).ok()?;
        let url = base.join(path).ok()?;
        let stays = path.starts_with('/') && url.origin() == base.origin() && !url.path().starts_with("//");
        stays.then(|| url[url::Position::BeforePath..].to_owned())
    }

    /// A cookie for this site alone (RFC 6265bis §4.1.3.2), which scripts can't read.
    pub fn cookie(&self, name: &str, value: String) -> cookie::CookieBuilder<'static> {
        cookie::Cookie::build((self.cookie_name(name), value))
            .path("/")
            .http_only(true)
            .secure(!self.is_local)
            .same_site(cookie::SameSite::Lax)
    }

    /// `__Host-…`: only sent to the host that set it, over TLS. On the machine itself the plain name.
    pub fn cookie_name(&self, name: &str) -> String {
        if self.is_local { name.to_owned() } else { format!("__Host-{name}") }
    }
}

#[cfg(test)]
mod tests {
    use super::Site;

    #[test]
    fn cookies_are_plain_only_on_the_machine_itself() {
        for (url, name) in [
            ("http://127.0.0.1:8080", "homeroom"),
            ("http://localhost:8080", "homeroom"),
            ("http://[::1]:8080", "homeroom"),
            ("https://localhost", "__Host-homeroom"),
            ("http://school.example", "__Host-homeroom"),
            ("https://127.0.0.1.school.example", "__Host-homeroom"),
        ] {
            let site = Site::of(url);
            assert_eq!(site.cookie_name("homeroom"), name, "{url}");
            assert_eq!(
                site.cookie("homeroom", String::new()).build().secure(),
                Some(name.starts_with("__Host"))
            );
        }
    }

    #[test]
    fn a_location_stays_on_the_host() {
        let site = Site::of("https://school.example/homeroom");
        assert_eq!(site.location("/é?a=b#c").as_deref(), Some("/%C3%A9?a=b#c"));
        for leaves in [
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "https://evil.example",
            "/..//evil.example",
            "x",
        ] {
            assert_eq!(site.location(leaves), None, "{leaves}");
        }
    }
}
