//! The short name of an organization in addresses.

use crate::random::Random;
use crate::{Error, Result, text};

const LONGEST: usize = 60;
const DIGITS: &[u8] = b"0123456789";

/// Lower-case letters, digits and single hyphens between them.
pub fn check(slug: &str) -> Result<String> {
    if slug == from_name(slug) && !slug.is_empty() {
        return Ok(slug.to_owned());
    }
    Err(Error::invalid(
        "slug",
        "A slug is made of lower-case letters a to z, digits, and hyphens between them.",
    ))
}

pub fn taken() -> Error {
    Error::invalid("slug", "This slug is taken: choose another one.")
}

/// Slugs for `name`, in the order in which to try them.
pub fn candidates(name: &str, random: &Random) -> Vec<String> {
    let base = Some(from_name(name)).filter(|slug| !slug.is_empty()).unwrap_or_else(|| "school".to_owned());
    let numbered = (2..10).map(|number| number.to_string());
    let drawn = (0..3).map(|_| random.text(DIGITS, 6));
    let numbered = numbered.chain(drawn).map(|number| format!("{base}-{number}"));
    std::iter::once(base.clone()).chain(numbered).collect()
}

fn from_name(name: &str) -> String {
    let folded = text::fold(name);
    let words: Vec<_> =
        folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut slug = words.join("-");
    slug.truncate(LONGEST);
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_comes_from_the_name() {
        assert_eq!(from_name("Lycée Saint-Exupéry (Lyon)"), "lycee-saint-exupery-lyon");
        assert_eq!(candidates("東京高校", &Random::seeded(1))[..2], ["school", "school-2"]);
    }

    #[test]
    fn a_slug_that_is_none_is_refused() {
        for wrong in ["", "-a", "a-", "a--b", "A", "a b", "é"] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
        assert!(check("north-hill-2").is_ok());
    }
}
