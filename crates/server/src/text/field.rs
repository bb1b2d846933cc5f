//! What a field of one line accepts.

use crate::{Error, Result};

/// Trims `text` and checks that it has `least` to `most` characters (code points), all printable.
pub fn line(param: &'static str, text: &str, least: usize, most: usize) -> Result<String> {
    let text = text.trim();
    if let Some(control) = text.chars().find(|c| c.is_control() || is_invisible(*c)) {
        let message =
            format!("`{param}` holds a character that can't be printed: U+{:04X}.", u32::from(control));
        return Err(Error::invalid(param, message));
    }
    let length = text.chars().count();
    if length < least || length > most {
        let message = format!("`{param}` has {length} characters: make it {least} to {most}.");
        return Err(Error::invalid(param, message));
    }
    Ok(text.to_owned())
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

/// Line and paragraph separators, and the marks that reorder text: they make one name look like another.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
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
        for wrong in ["a\0b", "a\nb", "a\u{7f}b", "a\u{202e}b", "a\u{2028}b"] {
            assert!(line("username", wrong, 1, 30).is_err(), "{wrong:?}");
        }
    }
}
