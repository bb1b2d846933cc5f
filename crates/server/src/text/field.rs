//! What a field of one line accepts.

use crate::{Error, Result};

/// Trims `text` and checks that it has `least` to `most` characters (code points), all printable.
pub fn line(param: &'static str, text: &str, least: usize, most: usize) -> Result<String> {
    let text = text.trim();
    if let Some(hidden) = hidden_in(text) {
        let message =
            format!("`{param}` holds a character that can't be printed: U+{:04X}.", u32::from(hidden));
        return Err(Error::invalid(param, message));
    }
    let length = text.chars().count();
    if length < least || length > most {
        let message = format!("`{param}` has {length} characters: make it {least} to {most}.");
        return Err(Error::invalid(param, message));
    }
    Ok(text.to_owned())
}

/// The first character that has no place in a line. Joiners stand between the letters of some scripts, and in emoji;
/// a variation selector after what it changes.
fn hidden_in(text: &str) -> Option<char> {
    let mut before = None;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let next = rest.clone().next();
        let stands = match c {
            '\u{200C}' | '\u{200D}' => before.is_some_and(is_joined) && next.is_some_and(is_joined),
            c if is_variation_selector(c) => before.is_some_and(|c| !is_hidden(c) && !c.is_whitespace()),
            c => !is_hidden(c),
        };
        if !stands {
            return Some(c);
        }
        before = Some(c);
    }
    None
}

/// No script in ASCII has joiners: there they only make one name look like another.
fn is_joined(c: char) -> bool {
    !c.is_ascii() && !c.is_whitespace() && (!is_hidden(c) || is_variation_selector(c))
}

/// Choose between forms of one character: of emoji, of Mongolian letters, of ideographs in Japanese family names.
pub const fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{180B}'..='\u{180D}' | '\u{180F}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// As [`line`], where a missing or empty text is ''.
pub fn optional_line(param: &'static str, text: Option<&str>, most: usize) -> Result<String> {
    text.map_or_else(|| Ok(String::new()), |text| line(param, text, 0, most))
}

/// A NUL can't be stored.
pub fn reject_nul(param: &'static str, text: &str) -> Result<()> {
    if text.contains('\0') {
        return Err(Error::invalid(param, format!("`{param}` holds a NUL character.")));
    }
    Ok(())
}

/// Control characters, separators of lines, marks that reorder text, everything that shows as nothing (Unicode's
/// `Default_Ignorable_Code_Point`), private use and what is no character: they make one name look like another.
fn is_hidden(c: char) -> bool {
    let is_ignorable = matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}');
    let is_private = matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..);
    let is_none = matches!(c, '\u{FDD0}'..='\u{FDEF}') || u32::from(c) & 0xFFFE == 0xFFFE;
    c.is_control() || is_ignorable || is_private || is_none
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn lengths_are_counted_in_characters_after_trimming() {
        assert_eq!(line("username", "  山田  ", 1, 2).expect("two characters"), "山田");
        assert!(line("username", "   ", 1, 2).is_err());
        assert!(line("username", "abc", 1, 2).is_err());
    }

    #[test]
    fn what_can_not_be_printed_is_refused() {
        for wrong in [
            "a\0b",
            "a\nb",
            "a\u{7f}b",
            "a\u{202e}b",
            "a\u{2028}b",
            "a\u{200b}b",
            "a\u{ad}b",
            "a\u{2060}b",
            "\u{3164}",
            "\u{115f}",
            "a\u{180e}b",
            "a\u{e0061}",
            "a\u{e000}",
            "a\u{10ffff}",
            "a\u{fdd0}",
            "\u{fe0f}",
            "a \u{fe0f}b",
            "a\u{200d}b",
            "\u{200d}می",
            "می\u{200c}",
            "می\u{200c}\u{200c}می",
        ] {
            assert!(line("username", wrong, 1, 30).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn what_belongs_to_a_script_or_an_emoji_stays() {
        for right in
            ["می\u{200c}روم", "क्\u{200d}ष", "葛\u{e0100}城", "❤\u{fe0f}\u{200d}🔥", "1\u{fe0f}\u{20e3}"]
        {
            assert_eq!(line("firstname", right, 1, 30).expect(right), right);
        }
    }
}
