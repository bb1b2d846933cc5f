//! Grades to an LMS of LTI 1.1: Basic Outcomes, XML that is posted with [`super::signing::Signer::authorization`].

use quick_xml::Reader;
use quick_xml::escape::escape;
use quick_xml::events::{BytesRef, Event};

const NAMESPACE: &str = "http://www.imsglobal.org/services/ltiv1p1/xsd/imsoms_v1p0";
const LARGEST: usize = 64 << 10;
/// Answers go some eight deep.
const DEEPEST: usize = 32;

/// The media type of requests.
pub const MEDIA_TYPE: &str = "application/xml";

/// What goes along with a score, where the launch's outcome accepts it (Canvas).
#[derive(Debug, Clone, Copy)]
pub enum ResultData<'a> {
    Url(&'a str),
    Text(&'a str),
}

/// Sets a grade: `score` is the part of the most points, kept within 0 and 1.
pub fn replace(message_id: &str, sourcedid: &str, score: f64, data: Option<ResultData<'_>>) -> String {
    let score = if score.is_nan() { 0.0 } else { score.clamp(0.0, 1.0) };
    let data = match data {
        None => String::new(),
        Some(ResultData::Url(url)) => format!("<resultData><url>{}</url></resultData>", escape(url)),
        Some(ResultData::Text(text)) => format!("<resultData><text>{}</text></resultData>", escape(text)),
    };
    let result = format!(
        "<result><resultScore><language>en</language><textString>{score}</textString></resultScore>{data}</result>"
    );
    envelope("replaceResult", message_id, sourcedid, &result)
}

/// Asks for a grade.
pub fn read(message_id: &str, sourcedid: &str) -> String {
    envelope("readResult", message_id, sourcedid, "")
}

/// Takes a grade away.
pub fn delete(message_id: &str, sourcedid: &str) -> String {
    envelope("deleteResult", message_id, sourcedid, "")
}

fn envelope(operation: &str, message_id: &str, sourcedid: &str, result: &str) -> String {
    let (message_id, sourcedid) = (escape(message_id), escape(sourcedid));
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<imsx_POXEnvelopeRequest xmlns="{NAMESPACE}"><imsx_POXHeader><imsx_POXRequestHeaderInfo><imsx_version>V1.0</imsx_version><imsx_messageIdentifier>{message_id}</imsx_messageIdentifier></imsx_POXRequestHeaderInfo></imsx_POXHeader><imsx_POXBody><{operation}Request><resultRecord><sourcedGUID><sourcedId>{sourcedid}</sourcedId></sourcedGUID>{result}</resultRecord></{operation}Request></imsx_POXBody></imsx_POXEnvelopeRequest>"#
    )
}

/// What the LMS answered, with status 200.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: Status,
    /// In the LMS's words.
    pub description: String,
    /// Of `readResult`; absent where there is no grade.
    pub score: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Success,
    Processing,
    Failure,
    Unsupported,
}

/// Why an answer can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("The LMS's answer is larger than 64 KiB.")]
    TooLarge,
    #[error("The LMS's answer has a document type or entities of its own.")]
    DocumentType,
    #[error("The LMS's answer is no XML.")]
    NoXml,
    #[error("The LMS's answer does not say whether it worked (imsx_codeMajor).")]
    NoStatus,
}

/// Reads an answer. Nothing is expanded and nothing fetched.
pub fn answer(body: &[u8]) -> Result<Answer, Unreadable> {
    if body.len() > LARGEST {
        return Err(Unreadable::TooLarge);
    }
    let mut found = Found::default();
    let mut reader = Reader::from_reader(body);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|_| Unreadable::NoXml)? {
            Event::Start(start) => found.open(start.local_name().as_ref())?,
            Event::End(_) => found.close(),
            Event::Text(text) => found.text.push_str(&text.into_inner()),
            Event::CData(text) => found.text.push_str(&text.into_inner()),
            Event::GeneralRef(reference) => found.text.push(character(&reference)?),
            Event::DocType(_) => return Err(Unreadable::DocumentType),
            Event::Empty(_) | Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            Event::Eof => return found.answer(),
        }
    }
}

/// The elements that are open, and what was found in those before.
#[derive(Default)]
struct Found {
    open: Vec<String>,
    text: String,
    status: String,
    description: String,
    score: String,
}

impl Found {
    fn open(&mut self, name: &str) -> Result<(), Unreadable> {
        if self.open.len() >= DEEPEST {
            return Err(Unreadable::NoXml);
        }
        self.open.push(name.to_owned());
        self.text.clear();
        Ok(())
    }

    fn close(&mut self) {
        let text = std::mem::take(&mut self.text).trim().to_owned();
        let name = self.open.pop().unwrap_or_default();
        match (self.open.last().map(String::as_str), name.as_str()) {
            (Some("imsx_statusInfo"), "imsx_codeMajor") => self.status = text,
            (Some("imsx_statusInfo"), "imsx_description") => self.description = crate::person::line(&text),
            (Some("resultScore"), "textString") => self.score = text,
            _ => {}
        }
    }

    fn answer(self) -> Result<Answer, Unreadable> {
        let status = match self.status.to_ascii_lowercase().as_str() {
            "success" => Status::Success,
            "processing" => Status::Processing,
            "failure" => Status::Failure,
            "unsupported" => Status::Unsupported,
            _ if !self.open.is_empty() => return Err(Unreadable::NoXml),
            _ => return Err(Unreadable::NoStatus),
        };
        let score = self.score.parse().ok().filter(|score| (0.0..=1.0).contains(score));
        Ok(Answer { status, description: self.description, score })
    }
}

/// A character by its number, or one of XML's own five entities.
fn character(reference: &BytesRef<'_>) -> Result<char, Unreadable> {
    match (reference.resolve_char_ref(), &**reference) {
        (Ok(Some(c)), _) => Ok(c),
        (Ok(None), "amp") => Ok('&'),
        (Ok(None), "lt") => Ok('<'),
        (Ok(None), "gt") => Ok('>'),
        (Ok(None), "quot") => Ok('"'),
        (Ok(None), "apos") => Ok('\''),
        (Ok(None), _) => Err(Unreadable::DocumentType),
        (Err(_), _) => Err(Unreadable::NoXml),
    }
}
