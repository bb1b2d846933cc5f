//! Lists that come in pages: the next one's address stands in `Link` (RFC 8288).

use url::Url;

/// What to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    Next,
    /// What changed since (NRPS §2.4.2).
    Differences,
}

/// An LMS's address of the next page is not on the host that was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The LMS's list goes on at another address than its own.")]
pub struct Elsewhere;

/// The address in the values of `Link` headers that an answer from `from` has; absent at the last page. Its case is kept.
pub fn link<'a>(
    headers: impl IntoIterator<Item = &'a str>,
    relation: Relation,
    from: &str,
) -> Result<Option<String>, Elsewhere> {
    let name = match relation {
        Relation::Next => "next",
        Relation::Differences => "differences",
    };
    let Some(target) = headers.into_iter().find_map(|header| find(header, name)) else { return Ok(None) };
    let from = Url::parse(from).map_err(|_| Elsewhere)?;
    let to = from.join(target).map_err(|_| Elsewhere)?;
    if to.origin() == from.origin() { Ok(Some(to.into())) } else { Err(Elsewhere) }
}

/// The target in `<target>; rel="next", <other>; …`.
fn find<'a>(mut header: &'a str, relation: &str) -> Option<&'a str> {
    while let Some((_, rest)) = header.split_once('<') {
        let (target, rest) = rest.split_once('>')?;
        let end = rest.find('<').unwrap_or(rest.len());
        if rest[..end].split([';', ',']).any(|parameter| is_relation(parameter, relation)) {
            return Some(target);
        }
        header = &rest[end..];
    }
    None
}

fn is_relation(parameter: &str, relation: &str) -> bool {
    let Some((name, value)) = parameter.trim().split_once('=') else { return false };
    let mut names = value.trim().trim_matches('"').split_whitespace();
    name.trim().eq_ignore_ascii_case("rel") && names.any(|name| name.eq_ignore_ascii_case(relation))
}
