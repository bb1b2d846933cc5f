//! What people read, in their language: one catalogue for each, `messages/en.toml` and so on.
//!
//! A key is `section.name`; `{word}` in a text is filled in. All catalogues have the same keys and words, and every
//! key that the code names: tests see to it.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A language that pages and mails are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    English,
    French,
    Spanish,
    German,
}

type Catalogue = HashMap<String, HashMap<String, String>>;

static CATALOGUES: LazyLock<[Catalogue; 4]> = LazyLock::new(|| {
    Language::ALL.map(|language| toml::from_str(language.file()).expect("the tests have read it"))
});

impl Language {
    pub const ALL: [Self; 4] = [Self::English, Self::French, Self::Spanish, Self::German];

    const fn file(self) -> &'static str {
        match self {
            Self::English => include_str!("../../messages/en.toml"),
            Self::French => include_str!("../../messages/fr.toml"),
            Self::Spanish => include_str!("../../messages/es.toml"),
            Self::German => include_str!("../../messages/de.toml"),
        }
    }

    /// For `lang` in HTML and `Content-Language` (BCP 47).
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::German => "de",
        }
    }

    /// The language for somebody with this locale; English where theirs is not written yet.
    pub fn of(locale: &str) -> Self {
        Self::exactly(locale).unwrap_or(Self::English)
    }

    /// The language that a browser likes best of ours (RFC 9110 §12.5.4).
    pub fn accepted(header: &str) -> Option<Self> {
        let mut wanted: Vec<(f32, Self)> = header.split(',').filter_map(weighted).collect();
        wanted.sort_by(|(a, _), (b, _)| b.total_cmp(a)); // stable: of two alike the first
        wanted.first().map(|(_, language)| *language)
    }

    fn exactly(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(primary))
    }

    /// The text of a key, `section.name`. A key that no catalogue has is its own text.
    pub fn text(self, key: &'static str) -> &'static str {
        let found = key.split_once('.').and_then(|(section, name)| self.catalogue().get(section)?.get(name));
        debug_assert!(found.is_some(), "there is no message `{key}`");
        found.map_or(key, String::as_str)
    }

    /// The text of a key, with its words filled in.
    pub fn fill(self, key: &'static str, words: &[(&str, &str)]) -> String {
        let mut rest = self.text(key);
        let mut filled = String::with_capacity(rest.len());
        while let Some((before, after)) = rest.split_once('{') {
            let Some((word, after)) = after.split_once('}') else { break };
            filled.push_str(before);
            filled.push_str(words.iter().find(|(name, _)| *name == word).map_or("", |(_, value)| value));
            rest = after;
        }
        filled + rest
    }

    fn catalogue(self) -> &'static Catalogue {
        &CATALOGUES[self as usize]
    }
}

/// `fr-CH;q=0.9`
fn weighted(range: &str) -> Option<(f32, Language)> {
    let (tag, weight) = range.split_once(";q=").unwrap_or((range, "1"));
    let weight: f32 = weight.trim().parse().ok()?;
    Some((weight, Language::exactly(tag)?)).filter(|(weight, _)| *weight > 0.0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// Every key of a language, with the words that its text has.
    fn keys(language: Language) -> BTreeSet<(String, BTreeSet<String>)> {
        let sections = language.catalogue().iter();
        sections
            .flat_map(|(section, texts)| {
                texts.iter().map(move |(name, text)| (format!("{section}.{name}"), words(text)))
            })
            .collect()
    }

    fn words(text: &str) -> BTreeSet<String> {
        text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned())).collect()
    }

    /// The text of every source file and template.
    fn sources(folder: &Path) -> String {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries
            .map(|path| {
                if path.is_dir() { sources(&path) } else { std::fs::read_to_string(path).unwrap_or_default() }
            })
            .collect()
    }

    #[test]
    fn every_language_says_the_same_things() {
        let english = keys(Language::English);
        for language in Language::ALL {
            let difference: Vec<_> = english.symmetric_difference(&keys(language)).cloned().collect();
            assert!(difference.is_empty(), "{language:?}: {difference:?}");
        }
    }

    #[test]
    fn every_message_is_named_somewhere_in_the_code() {
        let sources = sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")));
        for (key, _) in keys(Language::English) {
            assert!(sources.contains(&format!("\"{key}\"")), "nobody says `{key}`");
        }
    }

    #[test]
    fn words_are_filled_in_once() {
        let filled = Language::English.fill("link.hello", &[("name", "{school} <b>")]);
        assert!(filled.contains("{school} <b>"), "{filled}");
    }

    #[test]
    fn a_browser_gets_the_language_that_it_likes_best() {
        for (header, language) in [
            ("fr-CH, fr;q=0.9, en;q=0.8, *;q=0.5", Some(Language::French)),
            ("ja, de;q=0.3, es;q=0.7", Some(Language::Spanish)),
            ("ja", None),
            ("de;q=0", None),
            ("", None),
        ] {
            assert_eq!(Language::accepted(header), language, "{header}");
        }
        assert_eq!(Language::of("pt-BR"), Language::English);
        assert_eq!(Language::of("de"), Language::German);
    }
}
