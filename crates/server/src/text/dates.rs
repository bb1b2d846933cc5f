//! Dates and times as each language writes them, in UTC.

use homeroom_api::Timestamp;

use super::Language;

/// `16 March 2026`, in UTC.
pub fn date(language: Language, at: Timestamp) -> String {
    let text = at.to_string(); // 2026-03-16T08:00:00.000Z
    let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default();
    let month: usize = part(5..7).parse().unwrap_or(1);
    let month = language.text("mail.months").split(' ').nth(month - 1).unwrap_or_default();
    let day = match part(8..10).trim_start_matches('0') {
        "1" => language.text("mail.first_of_month"),
        day => day,
    };
    language.fill("mail.date", &[("day", day), ("month", month), ("year", part(0..4))])
}

/// `16 March 2026, 08:00 (UTC)`
pub fn moment(language: Language, at: Timestamp) -> String {
    let text = at.to_string();
    let time = text.get(11..16).unwrap_or_default();
    language.fill("mail.moment", &[("date", &date(language, at)), ("time", time)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_each_language_does() {
        let first = Timestamp::from_millis(1_772_357_400_000); // 2026-03-01T09:30Z
        let dates: Vec<String> = Language::ALL.iter().map(|language| date(*language, first)).collect();
        assert_eq!(dates, ["1 March 2026", "1er mars 2026", "1 de marzo de 2026", "1. März 2026"]);
        assert_eq!(moment(Language::German, first), "1. März 2026, 09:30 Uhr (UTC)");
    }

    #[test]
    fn every_language_has_twelve_months() {
        for language in Language::ALL {
            assert_eq!(language.text("mail.months").split(' ').count(), 12, "{language:?}");
        }
    }
}
