//! One folding for usernames, sort keys and search: `Ångström` and `angstrom` are the same.

use caseless::Caseless as _;
use unicode_normalization::UnicodeNormalization as _;

/// Folds case, accents and white space. Marks of scripts other than Latin, Greek and Cyrillic are letters and stay.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return spaced(&text.to_ascii_lowercase());
    }
    let plain: String = text.nfkd().default_case_fold().nfkd().filter(|c| !is_mark(*c)).collect();
    let mut letters = String::with_capacity(plain.len());
    for c in plain.chars() {
        match base_letters(c) {
            Some(base) => letters.push_str(base),
            None => letters.push(c),
        }
    }
    spaced(&letters.nfc().collect::<String>())
}

const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

/// Letters with a stroke and ligatures, which no normalization takes apart.
const fn base_letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ł' => "l",
        'đ' | 'ð' => "d",
        'ø' => "o",
        'ħ' => "h",
        'ŧ' => "t",
        'ı' => "i",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        _ => return None,
    })
}

/// Runs of white space become one space; none at the ends.
fn spaced(text: &str) -> String {
    let mut words = text.split_whitespace();
    let mut spaced = String::with_capacity(text.len());
    spaced.extend(words.next());
    for word in words {
        spaced.push(' ');
        spaced.push_str(word);
    }
    spaced
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::fold;

    #[test]
    fn case_accents_strokes_and_ligatures_do_not_matter() {
        for (written, folded) in [
            ("Ångström", "angstrom"),
            ("Łukasz", "lukasz"),
            ("Straße", "strasse"),
            ("STRASSE", "strasse"),
            ("İstanbul ısı", "istanbul isi"),
            ("Ærøskøbing", "aeroskobing"),
            ("Þórður", "thordur"),
            ("Σίσυφος", "σισυφοσ"),
            ("Nguyễn", "nguyen"),
            ("ﬁn", "fin"),
            ("  José \u{a0}\t María ", "jose maria"),
            ("Ё", "е"),
        ] {
            assert_eq!(fold(written), folded, "{written}");
        }
    }

    #[test]
    fn marks_of_other_scripts_are_letters() {
        assert_ne!(fold("हिन्दी"), fold("हनद"));
        assert_ne!(fold("が"), fold("か"));
        assert_eq!(fold("山田"), "山田");
        assert_eq!(fold("한국"), "한국");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn ascii_takes_a_shorter_way_to_the_same_place(text in "[ -~\t]{0,40}") {
            let marked = fold(&format!("{text}\u{301}"));
            prop_assert_eq!(fold(&text), marked);
        }
    }
}
