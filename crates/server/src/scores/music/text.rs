//! The characters of an XML file, whatever it is written in: UTF-8, UTF-16, or Latin-1 where it says so.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::rc::Rc;

use super::{Found, Refused};

/// The longest that an element's tag, a text or a comment may be, nearly.
const LONGEST: usize = 1 << 20;
const CHUNK: usize = 32 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16 { big: bool },
    Latin1,
}

/// Reads a file as UTF-8.
pub struct Text<R> {
    source: R,
    encoding: Encoding,
    /// Bytes that came and are not characters yet.
    rest: Vec<u8>,
    ready: Vec<u8>,
    taken: usize,
    is_over: bool,
    since: Rc<Cell<usize>>,
}

/// Counts what was read since it was last set back: a parser keeps so much in memory.
pub struct Fuel(Rc<Cell<usize>>);

impl Fuel {
    pub fn set_back(&self) {
        self.0.set(0);
    }
}

impl<R: Read + Seek> Text<BufReader<R>> {
    pub fn open(mut source: R) -> Found<(Self, Fuel)> {
        let mut start = Vec::with_capacity(200);
        source.by_ref().take(200).read_to_end(&mut start)?;
        source.rewind()?;
        let (encoding, mark) = encoding(&start)?;
        io::copy(&mut source.by_ref().take(mark), &mut io::sink())?;
        let since = Rc::new(Cell::new(0));
        let source = BufReader::with_capacity(CHUNK, source);
        let (rest, ready) = (Vec::new(), Vec::new());
        let text = Self { source, encoding, rest, ready, taken: 0, is_over: false, since: since.clone() };
        Ok((text, Fuel(since)))
    }
}

/// The encoding, by its mark or by how `<?` is written in it, and the length of the mark.
fn encoding(start: &[u8]) -> Found<(Encoding, u64)> {
    Ok(match start {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding::Utf8, 3),
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] | [0, 0, 0, b'<', ..] | [b'<', 0, 0, 0, ..] => {
            return Err(Refused("It is written in UTF-32: save it as UTF-8.".to_owned()));
        }
        [0xFF, 0xFE, ..] => (Encoding::Utf16 { big: false }, 2),
        [0xFE, 0xFF, ..] => (Encoding::Utf16 { big: true }, 2),
        [b'<', 0, ..] => (Encoding::Utf16 { big: false }, 0),
        [0, b'<', ..] => (Encoding::Utf16 { big: true }, 0),
        _ => (declared(start)?, 0),
    })
}

/// What `<?xml … encoding="…"?>` says.
fn declared(start: &[u8]) -> Found<Encoding> {
    let start = String::from_utf8_lossy(start);
    let declaration = start.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>"));
    let Some((declaration, _)) = declaration else { return Ok(Encoding::Utf8) };
    let Some((_, after)) = declaration.split_once("encoding") else { return Ok(Encoding::Utf8) };
    let name = after.split(['"', '\'']).nth(1).unwrap_or_default().to_ascii_lowercase();
    match name.as_str() {
        "utf-8" | "utf8" | "us-ascii" | "ascii" => Ok(Encoding::Utf8),
        "iso-8859-1" | "latin1" | "windows-1252" => Ok(Encoding::Latin1),
        _ => Err(Refused("It is written in an encoding that is not read here: save it as UTF-8.".to_owned())),
    }
}

impl<R: BufRead> Text<R> {
    fn refill(&mut self) -> io::Result<()> {
        (self.taken, self.ready) = (0, Vec::new());
        while self.ready.is_empty() && !self.is_over {
            let chunk = self.source.fill_buf()?;
            let length = chunk.len();
            self.rest.extend_from_slice(chunk);
            self.source.consume(length);
            self.is_over = length == 0;
            self.decode()?;
        }
        self.since.set(self.since.get() + self.ready.len());
        if self.since.get() > LONGEST { Err(io::Error::other("a text in it is too long")) } else { Ok(()) }
    }

    fn decode(&mut self) -> io::Result<()> {
        let used = match self.encoding {
            Encoding::Utf8 => self.decode_utf8()?,
            Encoding::Utf16 { big } => self.decode_utf16(big)?,
            Encoding::Latin1 => {
                self.ready = self.rest.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes();
                self.rest.len()
            }
        };
        self.rest.drain(..used);
        if self.is_over && !self.rest.is_empty() { Err(garbled()) } else { Ok(()) }
    }

    /// How many bytes are whole characters.
    fn decode_utf8(&mut self) -> io::Result<usize> {
        let whole = match std::str::from_utf8(&self.rest) {
            Ok(text) => text.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => return Err(garbled()),
        };
        self.ready = self.rest[..whole].to_vec();
        Ok(whole)
    }

    fn decode_utf16(&mut self, big: bool) -> io::Result<usize> {
        let unit = |pair: &[u8]| {
            let pair = [pair[0], pair[1]];
            if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
        };
        let mut units: Vec<u16> = self.rest.chunks_exact(2).map(unit).collect();
        if units.last().is_some_and(|last| (0xD800..0xDC00).contains(last)) {
            units.pop(); // its other half comes with the next chunk
        }
        self.ready = String::from_utf16(&units).map_err(|_| garbled())?.into_bytes();
        Ok(units.len() * 2)
    }
}

fn garbled() -> io::Error {
    io::Error::other("it has characters that are none in its encoding")
}

impl<R: BufRead> Read for Text<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let length = ready.len().min(into.len());
        into[..length].copy_from_slice(&ready[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl<R: BufRead> BufRead for Text<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken == self.ready.len() {
            self.refill()?;
        }
        Ok(&self.ready[self.taken..])
    }

    fn consume(&mut self, amount: usize) {
        self.taken += amount;
    }
}
