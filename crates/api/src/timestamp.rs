//! Instants, to the millisecond.

use std::fmt;
use std::time::Duration;

use jiff::SignedDuration;
use jiff::civil::DateTime;
use jiff::fmt::temporal::DateTimePrinter;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
/// What RFC 3339 can write: the years 0000 to 9999.
const EARLIEST: i64 = -62_167_219_200_000;
const LATEST: i64 = 253_402_300_799_999;
const MINUTE: i64 = 60_000;

/// Milliseconds since 1970-01-01T00:00:00Z. On the wire RFC 3339 in UTC: `2026-03-01T09:30:00.000Z`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Parses an RFC 3339 date-time, or a date `YYYY-MM-DD` as the midnight in UTC that begins it.
    pub fn parse(text: &str) -> Option<Self> {
        let (date_time, offset) = if text.len() == "YYYY-MM-DD".len() {
            (format!("{text}T00:00:00"), 0)
        } else {
            let end = text.find(['Z', 'z']).or_else(|| Some(text.get(11..)?.find(['+', '-'])? + 11))?;
            (text[..end].to_owned(), minutes(&text[end..])?)
        };
        is_date_time(&date_time).then_some(())?;
        let instant = date_time.parse::<DateTime>().ok()?.duration_since(EPOCH);
        Some(Self(i64::try_from(instant.as_millis()).ok()? - offset * MINUTE))
    }

    /// The midnights in UTC that begin and end the day of this instant.
    pub const fn utc_day(self) -> (Self, Self) {
        const DAY: i64 = 86_400_000;
        let start = self.0.div_euclid(DAY) * DAY;
        (Self(start), Self(start + DAY))
    }
}

/// Whether `text` has the shape `YYYY-MM-DDThh:mm:ss`, with a fraction or without: the parser takes more.
fn is_date_time(text: &str) -> bool {
    let shape = "dddd-dd-ddTdd:dd:dd";
    let fits = |(byte, wanted): (u8, u8)| match wanted {
        b'd' => byte.is_ascii_digit(),
        wanted => byte.eq_ignore_ascii_case(&wanted),
    };
    let rest = text.get(shape.len()..).unwrap_or("x");
    let fraction = rest.strip_prefix('.').unwrap_or("0");
    text.bytes().zip(shape.bytes()).all(fits)
        && (rest.is_empty() || rest.starts_with('.'))
        && (1..=9).contains(&fraction.len())
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
}

/// The minutes of `Z` or `±hh:mm`.
fn minutes(offset: &str) -> Option<i64> {
    let bytes = offset.as_bytes();
    match (bytes, bytes.first()?) {
        ([b'Z' | b'z'], _) => Some(0),
        ([_, digits @ .., b':', _, _], sign) if digits.len() == 2 => {
            let two = |text: &str, below: u8| {
                let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
                text.parse::<u8>().ok().filter(|number| is_number && *number < below).map(i64::from)
            };
            let minutes = two(offset.get(1..3)?, 24)? * 60 + two(offset.get(4..6)?, 60)?;
            Some(if *sign == b'-' { -minutes } else { minutes })
        }
        _ => None,
    }
}

impl std::ops::Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, length: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(length.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl std::ops::Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, length: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(length.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(3));
        // A number that no date stands for must not make a row unreadable.
        let since = SignedDuration::from_millis(self.0.clamp(EARLIEST, LATEST));
        let instant = EPOCH.checked_add(since).unwrap_or(EPOCH);
        write!(f, "{}Z", PRINTER.datetime_to_string(&instant))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom(format!("`{text}` is not an RFC 3339 date-time")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_with_milliseconds_and_z() {
        assert_eq!(Timestamp::from_millis(1_772_357_400_000).to_string(), "2026-03-01T09:30:00.000Z");
        assert_eq!(Timestamp::from_millis(-1).to_string(), "1969-12-31T23:59:59.999Z");
    }

    #[test]
    fn dates_and_date_times_are_read_and_nothing_else() {
        assert_eq!(Timestamp::parse("1970-01-02"), Some(Timestamp(86_400_000)));
        assert_eq!(Timestamp::parse("1970-01-01T01:00:00+01:00"), Some(Timestamp(0)));
        for (text, millis) in [
            ("1970-01-01t00:00:00.25z", 250),
            ("1970-01-01T00:00:00.123456789-00:30", 1_800_123),
            ("9999-12-31", 253_402_214_400_000),
            ("9999-12-31T23:59:59.999Z", LATEST),
            ("0000-01-01", EARLIEST),
        ] {
            assert_eq!(Timestamp::parse(text), Some(Timestamp(millis)), "{text}");
        }
        for wrong in [
            "",
            "1970-13-01",
            "1970-02-30",
            "1970-01-01T00:00:00",
            "19700101",
            "yesterday",
            "1970-01-01T00:00:00Z[UTC]",
            "1970-01-01T00:00:00+01:00[Europe/Paris]",
            "1970-01-01T00:00Z",
            "1970-01-01T00:00:00,5Z",
            "1970-01-01T00:00:00.Z",
            "1970-01-01T00:00:00+01",
            "1970-01-01T00:00:00+24:00",
            "1970-01-01T00:00:00++1:00",
            "1970-01-01 00:00:00Z",
            "+001970-01-01T00:00:00Z",
            "1970-01-é",
            "1970-01-01T00:00:00é1:00",
        ] {
            assert_eq!(Timestamp::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_beyond_every_calendar_is_written_as_its_last_day() {
        for (millis, text) in [
            (LATEST, "9999-12-31T23:59:59.999Z"),
            (i64::MAX, "9999-12-31T23:59:59.999Z"),
            (EARLIEST, "0000-01-01T00:00:00.000Z"),
            (i64::MIN, "0000-01-01T00:00:00.000Z"),
        ] {
            assert_eq!(Timestamp::from_millis(millis).to_string(), text);
            assert_eq!(serde_json::to_string(&Timestamp::from_millis(millis)).unwrap(), format!("{text:?}"));
        }
    }
}
