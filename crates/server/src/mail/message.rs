//! A letter as it goes over the wire: addresses, headers, MIME parts.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use homeroom_api::Timestamp;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use url::Host;

use super::Letter;
use crate::{Error, Result};

/// Says that nobody need answer, and no machine (RFC 3834 §5).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// The bytes of a letter. `id` names it wherever it arrives, twice if it is sent twice.
pub fn compose(letter: &Letter, from: &Mailbox, id: &str, now: Timestamp) -> Result<Message> {
    let wrong = |error: String| Error::internal(format!("the mail can't be composed: {error}"));
    let parts = MultiPart::alternative_plain_html(letter.plain()?, letter.html()?);
    Message::builder()
        .message_id(Some(format!("<{id}>")))
        .date(system_time(now))
        .from(from.clone())
        .to(Mailbox::new(None, address(&letter.to)?))
        .subject(one_line(&letter.subject))
        .header(AutoSubmitted)
        .multipart(parts)
        .map_err(|error| wrong(error.to_string()))
}

/// An address as an envelope takes it: its domain in ASCII, and nothing that ends a line.
pub fn address(text: &str) -> Result<Address> {
    let wrong = || Error::invalid("email", "This is not an address that mail can be sent to.");
    if text.chars().any(|c| c.is_control() || c == '<' || c == '>') {
        return Err(wrong());
    }
    let (user, domain) = text.rsplit_once('@').ok_or_else(wrong)?;
    let domain = match Host::parse(domain) {
        Ok(Host::Domain(ascii)) => ascii,
        _ => domain.to_owned(),
    };
    Address::new(user, domain).map_err(|_| wrong())
}

/// A header is one line, whoever wrote the name in it.
pub fn one_line(text: &str) -> String {
    let no_breaks: String = text
        .chars()
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .collect();
    no_breaks.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn system_time(at: Timestamp) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(u64::try_from(at.as_millis()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    fn letter(to: &str, subject: &str) -> Letter {
        Letter {
            to: to.to_owned(),
            language: Language::English,
            subject: subject.to_owned(),
            opening: "Eve\r\nBcc: x@y.example".to_owned(),
            links: Vec::new(),
            closing: Vec::new(),
            footer: "Homeroom".to_owned(),
        }
    }

    fn headers(letter: &Letter) -> String {
        let from: Mailbox = "\"École\" <homeroom@school.example>".parse().unwrap();
        let message = compose(letter, &from, "1@school.example", Timestamp::default()).unwrap();
        let text = String::from_utf8(message.formatted()).unwrap();
        text.split_once("\r\n\r\n").unwrap().0.to_owned()
    }

    #[test]
    fn no_name_makes_a_header_line() {
        for name in
            ["Eve\r\nBcc: x@y.example", "Eve\nBcc: x@y.example", "Eve\r\n\r\nHello", "Eve\u{2028}Bcc: x"]
        {
            let text = headers(&letter("ada@school.example", name));
            let names: Vec<&str> = text
                .lines()
                .filter(|line| !line.starts_with([' ', '\t']))
                .map(|line| line.split_once(':').unwrap().0)
                .collect();
            let expected = [
                "Message-ID",
                "Date",
                "From",
                "To",
                "Subject",
                "Auto-Submitted",
                "MIME-Version",
                "Content-Type",
            ];
            assert_eq!(names, expected, "{text}");
        }
    }

    #[test]
    fn names_of_every_script_are_encoded_and_no_line_is_longer_than_mail_servers_take() {
        for name in ["山田 学校", "Łódź", "مدرسة", &"é".repeat(300), &"x".repeat(900)] {
            let text = headers(&letter("ada@school.example", name));
            assert!(text.is_ascii() && text.lines().all(|line| line.len() < 998), "{text}");
        }
    }

    #[test]
    fn no_address_breaks_out_of_the_envelope() {
        for odd in [
            "ada@school.example>\r\nRCPT TO:<eve@evil.example",
            "ada@school.example\r\n",
            "\"a> SIZE=1\"@school.example",
            "ada@school.example, eve@evil.example",
            "ada",
            "@school.example",
            "ada@",
            "",
            "a b@school.example",
        ] {
            assert!(address(odd).is_err(), "{odd}");
        }
        assert_eq!(address("ada@école.example").unwrap().to_string(), "ada@xn--cole-9oa.example");
        assert_eq!(address("o'neil+a@school.example").unwrap().to_string(), "o'neil+a@school.example");
    }
}
