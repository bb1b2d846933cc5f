//! Where people are sent back to after they were asked: exactly where the app said (RFC 9700 §2.1).

use url::{Host, Url};

use crate::{Error, Result};

const PARAM: &str = "redirectUris";
const LONGEST: usize = 1000;
const MOST: usize = 20;
/// What a browser runs or opens itself, and so no scheme of an app's own.
const NOT_AN_APPS: &[&str] = &[
    "javascript",
    "data",
    "vbscript",
    "file",
    "blob",
    "about",
    "filesystem",
    "ftp",
    "ws",
    "wss",
    "mailto",
    "tel",
];

/// The addresses of an app, checked.
pub fn check_all(uris: Vec<String>) -> Result<Vec<String>> {
    if uris.len() > MOST {
        return Err(Error::invalid(PARAM, format!("`{PARAM}` has more than {MOST} values.")));
    }
    for uri in &uris {
        if let Err(problem) = check(uri) {
            return Err(Error::invalid(PARAM, format!("`{PARAM}`: `{uri}` {problem}.")));
        }
    }
    Ok(uris)
}

/// What may be registered: `https`, `http` on this machine, or a scheme of a native app's own (RFC 8252 §7).
fn check(uri: &str) -> Result<(), &'static str> {
    if uri.len() > LONGEST {
        return Err("is longer than 1000 bytes");
    }
    // A browser drops or changes these: what is compared must be where it goes.
    if uri
        .chars()
        .any(|c| !c.is_ascii_graphic() || matches!(c, '\\' | '"' | '<' | '>' | '^' | '`' | '{' | '|' | '}'))
    {
        return Err("holds a character that is not one of an address: write it with percent signs");
    }
    if uri.contains(['#', '*']) {
        return Err("holds `#` or `*`: it is compared as it stands, without fragment or wildcard");
    }
    let url = Url::parse(uri).map_err(|_| "is not an address like https://app.example/callback")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a user or password: leave them out");
    }
    match url.scheme() {
        "https" if is_written_plainly(uri, &url) => Ok(()),
        "http" if is_loopback(&url) && is_written_plainly(uri, &url) => Ok(()),
        "http" if !is_loopback(&url) => Err("is `http`, which others can read: make it `https`"),
        "https" | "http" => {
            Err("is not written as browsers write it: a host in small letters, a path from `/` without `..`")
        }
        scheme if NOT_AN_APPS.contains(&scheme) => Err("has a scheme that is no app's own"),
        // RFC 8252 §7.1: a domain of the app's maker in reverse; any other scheme may be another app's.
        scheme if !scheme.contains('.') => {
            Err("has a scheme without a dot: make it your domain in reverse, like com.example.app")
        }
        _ => Ok(()),
    }
}

/// What the parser makes of it is what came: no other spelling of it means the same place.
fn is_written_plainly(uri: &str, url: &Url) -> bool {
    url.as_str() == uri
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether a request may ask to go to `asked`: one of those registered, character by character; on a loopback address
/// with any port (RFC 8252 §7.3), because a native app takes the one that is free.
pub fn is_registered(registered: &[String], asked: &str) -> bool {
    registered.iter().any(|known| known == asked || is_other_port_of(known, asked))
}

/// Not for `localhost`: that is a name, which may lead elsewhere (RFC 8252 §8.3).
fn is_other_port_of(known: &str, asked: &str) -> bool {
    ["http://127.0.0.1", "http://[::1]"].iter().any(|host| {
        let (Some(known), Some(asked)) = (known.strip_prefix(host), asked.strip_prefix(host)) else {
            return false;
        };
        without_port(known).is_some_and(|path| Some(path) == without_port(asked))
    })
}

/// What follows the port of `:8080/callback`, or of `/callback`.
fn without_port(rest: &str) -> Option<&str> {
    let Some(rest) = rest.strip_prefix(':') else { return rest.starts_with('/').then_some(rest) };
    let (port, path) = rest.split_at(rest.find('/')?);
    let is_port = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok();
    is_port.then_some(path)
}

#[cfg(test)]
mod tests {
    use super::{check, is_registered};

    #[test]
    fn an_address_of_an_app_is_taken() {
        for uri in [
            "https://app.example/callback",
            "https://app.example:8443/a?b=c",
            "https://xn--cole-9oa.example/",
            "http://127.0.0.1/callback",
            "http://127.0.0.1:3000/callback",
            "http://[::1]:3000/",
            "http://localhost:3000/callback",
            "com.example.app:/callback",
            "com.example.app://callback",
        ] {
            assert_eq!(check(uri), Ok(()), "{uri}");
        }
    }

    #[test]
    fn what_others_could_read_or_run_is_refused() {
        for uri in [
            "",
            "callback",
            "//app.example",
            "http://app.example/callback",
            "http://127.0.0.1.evil.example/",
            "http://localhost.evil.example/",
            "https://app.example/callback#",
            "https://app.example/#a",
            "https://*.app.example/",
            "https://user@app.example/",
            "https://app.example\\@evil.example/",
            "https://app.example/../",
            "https://APP.example/",
            "https://app.example",
            "https://app.example:443/",
            "https:app.example/",
            "https://app.example/a b",
            "https://app.example/\n",
            "https://école.example/",
            "javascript:alert(1)",
            "data:text/html,x",
            "myapp:/callback",
        ] {
            assert!(check(uri).is_err(), "{uri}");
        }
    }

    #[test]
    fn only_what_is_registered_is_gone_to() {
        let registered =
            ["https://app.example/callback", "http://127.0.0.1:3000/callback", "http://localhost:1/"];
        let registered = registered.map(str::to_owned);
        for asked in [
            "https://app.example/callback",
            "http://127.0.0.1:3000/callback",
            "http://127.0.0.1:51234/callback",
            "http://127.0.0.1/callback",
            "http://localhost:1/",
        ] {
            assert!(is_registered(&registered, asked), "{asked}");
        }
        for asked in [
            "https://app.example/callback/",
            "https://app.example/callback?x=1",
            "https://app.example/callback#x",
            "https://app.example/Callback",
            "https://app.example/callback/../evil",
            "https://app.example:443/callback",
            "https://APP.example/callback",
            "https://app.example.evil.example/callback",
            "https://app.example@evil.example/callback",
            "https://evil.example/?https://app.example/callback",
            "https://evil.example\\@app.example/callback",
            "https://app.example/callback%2f..%2fevil",
            "http://app.example/callback",
            "//app.example/callback",
            "javascript:alert(1)//https://app.example/callback",
            "https://app.example/callback\r\nLocation: https://evil.example",
            "https://app.example\t/callback",
            " https://app.example/callback",
            "http://127.0.0.1:3000@evil.example/callback",
            "http://127.0.0.1:3000/callback/x",
            "http://127.0.0.1.evil.example/callback",
            "http://127.0.0.1:99999/callback",
            "http://127.0.0.1:/callback",
            "http://127.0.0.1:80x/callback",
            "http://127.0.0.2/callback",
            "http://localhost:2/",
            "",
        ] {
            assert!(!is_registered(&registered, asked), "{asked}");
        }
    }
}
