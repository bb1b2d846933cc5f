//! The parameters of a request, and how OAuth 1.0a writes them (RFC 5849 §3.4.1.3, §3.6).

use std::fmt::{self, Write as _};

/// A name and its value, both decoded.
pub type Parameter = (String, String);

/// The parameters of a request by where they stood. Empty values and repeated names are kept.
#[derive(Clone, Default)]
pub struct Parameters {
    pub header: Vec<Parameter>,
    pub query: Vec<Parameter>,
    pub body: Vec<Parameter>,
}

/// Without what it holds: it is about a person, and logs outlive them.
impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parameters").finish_non_exhaustive()
    }
}

impl Parameters {
    /// Those of a body `a=b&c=d`, of the query of `url`, and of an `Authorization: OAuth …` header.
    pub fn read(url: &str, body: &[u8], authorization: Option<&str>) -> Self {
        Self {
            header: authorization.map(of_header).unwrap_or_default(),
            query: query_of(url).map(|query| of_form(query.as_bytes())).unwrap_or_default(),
            body: of_form(body),
        }
    }

    /// Every parameter: the header's, the body's, the query's.
    pub fn all(&self) -> impl Iterator<Item = &Parameter> {
        self.header.iter().chain(&self.body).chain(&self.query)
    }
}

/// The parameters of `application/x-www-form-urlencoded` text.
pub fn of_form(form: &[u8]) -> Vec<Parameter> {
    form_urlencoded::parse(form).into_owned().collect()
}

/// The parameters of `OAuth realm="", oauth_nonce="a%20b", …` without the realm; of another scheme none (§3.5.1).
pub fn of_header(header: &str) -> Vec<Parameter> {
    let Some((scheme, rest)) = header.trim_start().split_once(char::is_whitespace) else { return Vec::new() };
    if !scheme.eq_ignore_ascii_case("oauth") {
        return Vec::new();
    }
    let pairs = rest.split(',').filter_map(|pair| pair.trim().split_once('='));
    let pairs = pairs.filter(|(name, _)| !name.eq_ignore_ascii_case("realm"));
    pairs.map(|(name, value)| (decode(name), decode(value.trim_matches('"')))).collect()
}

/// The query of `url`, without `?` and fragment.
pub fn query_of(url: &str) -> Option<&str> {
    let (before, _) = url.split_once('#').unwrap_or((url, ""));
    before.split_once('?').map(|(_, query)| query)
}

/// Percent-encodes all but `A-Za-z0-9-._~` (§3.6).
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte.into()),
            // Writing into a String does not fail.
            _ => write!(encoded, "%{byte:02X}").unwrap_or_default(),
        }
    }
    encoded
}

/// Undoes [`encode`]: here, other than in forms, `+` and `&` stand for themselves.
fn decode(text: &str) -> String {
    let form = text.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(form.as_bytes()).map(|(name, _)| name.into_owned()).collect()
}
