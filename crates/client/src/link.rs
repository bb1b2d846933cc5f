//! The `Link` header (RFC 8288), as far as pages need it.

use reqwest::header::{HeaderMap, LINK};

/// The target of the first link with this relation.
pub fn find<'a>(headers: &'a HeaderMap, rel: &str) -> Option<&'a str> {
    headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok()).find_map(|links| find_in(links, rel))
}

fn find_in<'a>(mut links: &'a str, rel: &str) -> Option<&'a str> {
    loop {
        // A target may hold commas, so links are told apart by their angle brackets.
        let (target, rest) = links.split_once('<')?.1.split_once('>')?;
        let end = rest.find('<').unwrap_or(rest.len());
        if has_relation(&rest[..end], rel) {
            return Some(target);
        }
        links = &rest[end..];
    }
}

/// Whether `; a="b"; rel="next last",` names `rel`.
fn has_relation(params: &str, rel: &str) -> bool {
    params.split([';', ',']).filter_map(|param| param.split_once('=')).any(|(name, value)| {
        let words = value.trim().trim_matches('"');
        name.trim().eq_ignore_ascii_case("rel") && words.split(' ').any(|word| word.eq_ignore_ascii_case(rel))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_found_by_its_relation_wherever_it_stands() {
        let links = r#"<https://h/a?x=1,2>; rel="previous", <https://h/b?y>;title=n; rel=next"#;
        assert_eq!(find_in(links, "previous"), Some("https://h/a?x=1,2"));
        assert_eq!(find_in(links, "next"), Some("https://h/b?y"));
        assert_eq!(find_in(r#"</c>; REL="last next""#, "next"), Some("/c"));
    }

    #[test]
    fn nothing_is_found_in_what_is_not_a_link() {
        for links in ["", "<", "next", "<a", "<a>; rel", r#"<a>; title="next""#, r#"<a>; rel="nextish""#] {
            assert_eq!(find_in(links, "next"), None, "{links}");
        }
    }
}
