//! What a file is: MusicXML, compressed MusicXML or MIDI, and what it says of itself. Files come from anywhere: each
//! is looked through with limits, and never in memory as a whole.
mod archive;
mod midi;
mod musicxml;
mod text;

use std::io::{Read, Seek};

use crate::{Error, Result};

pub use archive::{pack, unpack};

/// The largest document.
pub const LARGEST: u64 = 50 << 20;
const LONGEST_TEXT: usize = 300;

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    MusicXml,
    /// Compressed MusicXML.
    Mxl,
    Midi,
}

/// What a file says of itself; '' where it does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    pub title: String,
    pub composer: String,
    pub lyricist: String,
    pub arranger: String,
}

/// Why a file is not taken. A sentence.
#[derive(Debug)]
pub struct Refused(pub String);

type Found<T> = std::result::Result<T, Refused>;

impl From<std::io::Error> for Refused {
    fn from(error: std::io::Error) -> Self {
        Self(format!("It can't be read: {error}."))
    }
}

impl Format {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MusicXml => "musicxml",
            Self::Mxl => "mxl",
            Self::Midi => "midi",
        }
    }

    pub fn of_word(word: &str) -> Option<Self> {
        [Self::MusicXml, Self::Mxl, Self::Midi].into_iter().find(|format| format.as_str() == word)
    }

    pub const fn content_type(self) -> &'static str {
        match self {
            Self::MusicXml => "application/vnd.recordare.musicxml+xml",
            Self::Mxl => "application/vnd.recordare.musicxml",
            Self::Midi => "audio/midi",
        }
    }

    /// How names of such files end.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::MusicXml => "musicxml",
            Self::Mxl => "mxl",
            Self::Midi => "mid",
        }
    }
}

/// Finds out what a file is and looks it through. It blocks. 400 that names `param`.
pub fn recognize(param: &'static str, mut file: impl Read + Seek) -> Result<(Format, Labels)> {
    examine(&mut file).map_err(|Refused(why)| {
        let message =
            format!("`{param}` is neither MusicXML, compressed MusicXML nor MIDI that can be read. {why}");
        Error::invalid(param, message)
    })
}

fn examine(file: &mut (impl Read + Seek)) -> Found<(Format, Labels)> {
    let mut start = Vec::with_capacity(4);
    file.by_ref().take(4).read_to_end(&mut start)?;
    file.rewind()?;
    match start.as_slice() {
        b"MThd" => Ok((Format::Midi, midi::examine(file)?)),
        b"PK\x03\x04" => Ok((Format::Mxl, archive::examine(file)?)),
        [] => Err(Refused("It is empty.".to_owned())),
        _ => Ok((Format::MusicXml, musicxml::examine(file)?)),
    }
}

/// As a line that can be shown: without what is not printable, and not longer than a title may be.
fn line(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(LONGEST_TEXT).collect::<String>().trim_end().to_owned()
}
