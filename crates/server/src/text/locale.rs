//! Languages.

/// The supported languages, and what each calls itself.
pub const LOCALES: &[(&str, &str)] = &[
    ("en", "English"),
    ("ar", "العربية"),
    ("cs", "Čeština"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("es", "Español"),
    ("fr", "Français"),
    ("hi", "हिन्दी"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("pt-BR", "Português (Brasil)"),
    ("ro", "Română"),
    ("ru", "Русский"),
    ("sv", "Svenska"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("vi", "Tiếng Việt"),
    ("zh-Hans", "简体中文"),
    ("zh-Hant", "繁體中文"),
];

use super::line;
use crate::Result;

/// The longest code (RFC 5646 §4.4.1).
const LONGEST: usize = 35;

/// The supported language that a field means; `en` where it is empty or not supported.
pub fn locale(param: &'static str, code: &str) -> Result<&'static str> {
    Ok(supported_locale(&line(param, code, 0, LONGEST)?))
}

/// The supported language that `code` (BCP 47, `_` for `-` allowed) means; `en` where there is none.
fn supported_locale(code: &str) -> &'static str {
    let code = code.replace('_', "-");
    let exact =
        |wanted: &str| LOCALES.iter().map(|(code, _)| *code).find(|known| known.eq_ignore_ascii_case(wanted));
    let language = code.split('-').next().unwrap_or_default();
    exact(&code).or_else(|| chinese(&code)).or_else(|| exact(language)).unwrap_or("en")
}

fn chinese(code: &str) -> Option<&'static str> {
    let lower = code.to_ascii_lowercase();
    let rest = lower.strip_prefix("zh")?;
    let traditional = ["hant", "tw", "hk", "mo"].iter().any(|part| rest.split('-').any(|r| r == *part));
    Some(if traditional { "zh-Hant" } else { "zh-Hans" })
}

#[cfg(test)]
mod tests {
    use super::supported_locale;

    #[test]
    fn a_code_becomes_the_nearest_supported_one() {
        for (code, supported) in [
            ("fr", "fr"),
            ("fr-CA", "fr"),
            ("PT_br", "pt-BR"),
            ("zh-TW", "zh-Hant"),
            ("zh", "zh-Hans"),
            ("tlh", "en"),
            ("", "en"),
        ] {
            assert_eq!(supported_locale(code), supported, "{code}");
        }
    }
}
