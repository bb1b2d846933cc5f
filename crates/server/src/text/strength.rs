//! How well a new password would hold against guessing, by zxcvbn, and what to tell the person who chose it.
//!
//! It takes some milliseconds: run it where passwords are hashed ([`crate::crypto::PasswordHasher::run`]).

use zxcvbn::feedback::Warning;
use zxcvbn::{Score, zxcvbn};

/// Why a password is too easy to guess: the key of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weakness(pub &'static str);

/// What makes `password` too easy to guess, if anything does: fewer than a million guesses would find it. `personal`
/// is what others know of its owner: username, names, e-mail, school.
///
/// The library itself reads no more than the first 100 characters.
pub fn weakness(password: &str, personal: &[&str]) -> Option<Weakness> {
    let words = words(personal);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let judged = zxcvbn(password, &words);
    if judged.score() >= Score::Two {
        return None;
    }
    // To somebody who knows nothing of its owner it would take ten times as many guesses, or more.
    if zxcvbn(password, &[]).guesses() / 10 >= judged.guesses() {
        return Some(Weakness("strength.personal"));
    }
    let warning = judged.feedback().and_then(zxcvbn::feedback::Feedback::warning);
    Some(Weakness(warning.map_or("strength.short", reason)))
}

/// The texts whole, without what stands between their words, and each of these.
fn words(personal: &[&str]) -> Vec<String> {
    let split = |text: &str| {
        let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|part| part.chars().count() > 2);
        let joined = text.split(|c: char| !c.is_alphanumeric()).collect::<String>();
        parts.chain([text, &joined]).map(str::to_lowercase).collect::<Vec<_>>()
    };
    personal.iter().flat_map(|text| split(text)).filter(|word| !word.is_empty()).collect()
}

const fn reason(warning: Warning) -> &'static str {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess => {
            "strength.keys"
        }
        Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => {
            "strength.repeats"
        }
        Warning::ThisIsATop10Password
        | Warning::ThisIsATop100Password
        | Warning::ThisIsACommonPassword
        | Warning::ThisIsSimilarToACommonlyUsedPassword => "strength.common",
        Warning::SequencesLikeAbcAreEasyToGuess => "strength.sequence",
        Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => "strength.date",
        Warning::AWordByItselfIsEasyToGuess => "strength.word",
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess
        | Warning::CommonNamesAndSurnamesAreEasyToGuess => "strength.name",
    }
}

#[cfg(test)]
mod tests {
    use super::{Weakness, weakness};

    #[test]
    fn a_weak_password_is_told_what_is_weak_about_it() {
        let personal = ["ada.lovelace", "Ada", "Lovelace", "ada@north-hill.example", "North Hill School"];
        for (password, key) in [
            ("password", "strength.common"),
            ("P4ssw0rd", "strength.common"),
            ("qwertyuiop[]", "strength.keys"),
            ("aaaaaaaaaaaa", "strength.repeats"),
            ("cdefgh", "strength.sequence"),
            ("elizabeth", "strength.name"),
            ("lovelace", "strength.personal"),
            ("northhillschool", "strength.personal"),
            ("x7#qk", "strength.short"),
        ] {
            assert_eq!(weakness(password, &personal), Some(Weakness(key)), "{password}");
        }
    }

    #[test]
    fn a_password_that_takes_long_to_guess_is_taken_however_long_it_is() {
        for password in
            ["correct horse battery", "Kx9!mPw2", "山田さんの青い自転車", &"long words ".repeat(90)]
        {
            assert_eq!(weakness(password, &["ada"]), None, "{password}");
        }
    }
}
