//! What a seal covers. Every field is written with its length, so that no two events have one text.

use aws_lc_rs::digest::{SHA256, digest};
use homeroom_api::{OrganizationId, Timestamp};
use serde::Serialize;

use crate::crypto::Keys;

/// An event as it stands in the log.
#[derive(Debug, Clone)]
pub struct Row {
    pub id: String,
    pub event: String,
    pub at: Timestamp,
    pub actor: Option<String>,
    pub actor_token: Option<String>,
    pub maker: Option<String>,
    pub target: Option<String>,
    pub about: Option<String>,
    pub details_hash: Vec<u8>,
}

/// A place in a chain: the number and the seal of an event.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct End {
    pub sequence: i64,
    #[serde(serialize_with = "hexadecimal")]
    pub seal: Vec<u8>,
}

impl End {
    /// `1234:9f3a…`, as a report prints it.
    pub fn parse(text: &str) -> Option<Self> {
        let (sequence, seal) = text.trim().split_once(':')?;
        let seal = seal.as_bytes().chunks(2).map(byte).collect::<Option<_>>()?;
        Some(Self { sequence: sequence.parse().ok()?, seal })
    }

    /// What the end's mark covers.
    pub fn text(&self, organization: &OrganizationId) -> Vec<u8> {
        Text::of("end").field(organization.as_str()).number(self.sequence).field(&self.seal).0
    }

    /// The place behind this one, where `row` goes.
    #[must_use]
    pub fn followed_by(&self, keys: &Keys, organization: &OrganizationId, row: &Row) -> Self {
        let sequence = self.sequence + 1;
        Self { sequence, seal: keys.seal_audit(&row.text(organization, sequence, &self.seal)) }
    }
}

impl std::fmt::Display for End {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.sequence, Hexadecimal(&self.seal))
    }
}

/// The byte that two digits stand for.
fn byte(digits: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.contains('+'))?;
    u8::from_str_radix(digits, 16).ok()
}

struct Hexadecimal<'a>(&'a [u8]);

impl std::fmt::Display for Hexadecimal<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::str::FromStr for End {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::parse(text).ok_or_else(|| format!("`{text}` is not NUMBER:SEAL, as `audit verify` prints it"))
    }
}

fn hexadecimal<S: serde::Serializer>(seal: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&Hexadecimal(seal))
}

impl Row {
    /// What the seal of this event covers, at a place behind the event with the seal `previous`.
    pub fn text(&self, organization: &OrganizationId, sequence: i64, previous: &[u8]) -> Vec<u8> {
        let text = Text::of("event").field(organization.as_str()).number(sequence).field(previous);
        let text = text.field(&self.id).field(&self.event).number(self.at.as_millis());
        let ids = [&self.actor, &self.actor_token, &self.maker, &self.target, &self.about];
        ids.into_iter().fold(text, |text, id| text.optional(id.as_deref())).field(&self.details_hash).0
    }
}

/// The hash by which an event knows its details.
pub fn details_hash(salt: &[u8], details: &str) -> Vec<u8> {
    digest(&SHA256, &[salt, details.as_bytes()].concat()).as_ref().to_vec()
}

struct Text(Vec<u8>);

impl Text {
    fn of(kind: &str) -> Self {
        Self(Vec::with_capacity(400)).field(kind)
    }

    fn field(mut self, field: impl AsRef<[u8]>) -> Self {
        let field = field.as_ref();
        self.0.extend((field.len() as u64 + 1).to_be_bytes());
        self.0.extend(field);
        self
    }

    /// A missing field is not an empty one.
    fn optional(mut self, field: Option<&str>) -> Self {
        if let Some(field) = field {
            return self.field(field);
        }
        self.0.extend(0_u64.to_be_bytes());
        self
    }

    fn number(self, number: i64) -> Self {
        self.field(number.to_be_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        Row {
            id: "1".to_owned(),
            event: "user.created".to_owned(),
            at: Timestamp::from_millis(7),
            actor: Some("ab".to_owned()),
            actor_token: Some("c".to_owned()),
            maker: None,
            target: Some(String::new()),
            about: None,
            details_hash: vec![9],
        }
    }

    #[test]
    fn events_that_differ_have_different_texts() {
        let school = OrganizationId::from("school");
        let text = |row: Row| row.text(&school, 1, b"previous");
        for other in [
            Row { actor: Some("a".to_owned()), actor_token: Some("bc".to_owned()), ..row() },
            Row { maker: Some(String::new()), target: None, ..row() },
            Row { target: None, ..row() },
            Row { target: None, about: Some(String::new()), ..row() },
        ] {
            assert_ne!(text(row()), text(other.clone()), "{other:?}");
        }
        assert_ne!(row().text(&school, 1, b""), row().text(&school, 2, b""));
        assert_ne!(row().text(&school, 1, b""), row().text(&OrganizationId::from("other"), 1, b""));
    }

    #[test]
    fn an_end_reads_back_from_its_text() {
        let end = End { sequence: 12, seal: vec![0, 159, 255] };
        assert_eq!(end.to_string(), "12:009fff");
        assert_eq!(End::parse(&end.to_string()), Some(end));
        for wrong in ["", "12", "x:00", "12:0g", "12:é", "12:+1"] {
            assert_eq!(End::parse(wrong), None, "{wrong}");
        }
    }
}
