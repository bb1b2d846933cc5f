//! Compressed MusicXML: a ZIP whose META-INF/container.xml names the MusicXML in it. Nothing is written to a disk under
//! the names in it, and nothing is inflated beyond limits.

use std::io::{self, BufReader, Read, Seek, Write};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::text::Text;
use super::{Found, LARGEST, Labels, Refused, musicxml};

const CONTAINER: &str = "META-INF/container.xml";
const LARGEST_CONTAINER: u64 = 64 << 10;
const MOST_ENTRIES: usize = 1_000;
/// Text of music shrinks to a twentieth or so.
const MOST_RATIO: u64 = 250;
/// Below so many bytes nobody cares about the ratio.
const HARMLESS: u64 = 1 << 20;

pub fn examine(file: &mut (impl Read + Seek)) -> Found<Labels> {
    let mut inflated = tempfile::spooled_tempfile(1 << 20);
    inflate(file, &mut inflated)?;
    inflated.rewind()?;
    musicxml::examine(&mut inflated).map_err(|Refused(why)| Refused(format!("Of the MusicXML in it: {why}")))
}

/// Writes the MusicXML in an archive to `into`. It blocks.
pub fn unpack(mut archive: impl Read + Seek, into: &mut impl Write) -> crate::Result<()> {
    inflate(&mut archive, into).map_err(|Refused(why)| crate::Error::internal(why))
}

/// Makes an archive of MusicXML. It blocks.
pub fn pack(mut musicxml: impl Read, into: impl Write + Seek) -> zip::result::ZipResult<()> {
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let mut archive = ZipWriter::new(into);
    archive.start_file(CONTAINER, options)?;
    archive.write_all(
        br#"<?xml version="1.0" encoding="UTF-8"?>
<container><rootfiles><rootfile full-path="score.musicxml" media-type="application/vnd.recordare.musicxml+xml"/></rootfiles></container>
"#,
    )?;
    archive.start_file("score.musicxml", options)?;
    io::copy(&mut musicxml, &mut archive)?;
    archive.finish()?;
    Ok(())
}

fn inflate(file: &mut (impl Read + Seek), into: &mut impl Write) -> Found<()> {
    count_entries(file)?;
    let mut archive = ZipArchive::new(file).map_err(|error| broken(&error))?;
    look_at_sizes(&mut archive)?;
    let root = root(&mut archive)?;
    let entry = archive.by_name(&root).map_err(|error| match error {
        zip::result::ZipError::FileNotFound => {
            Refused(format!("{CONTAINER} names a file that is not in it."))
        }
        error => broken(&error),
    })?;
    let most = LARGEST.min(HARMLESS.max(entry.compressed_size().saturating_mul(MOST_RATIO)));
    let written = io::copy(&mut entry.take(most + 1), into).map_err(|error| broken(&error.into()))?;
    if written > most { Err(bomb()) } else { Ok(()) }
}

/// Before the list of entries is read into memory: each begins with these bytes.
fn count_entries(file: &mut (impl Read + Seek)) -> Found<()> {
    file.rewind()?;
    let (mut entries, mut last) = (0, [0; 4]);
    for byte in BufReader::with_capacity(64 * 1024, &mut *file).bytes() {
        last = [last[1], last[2], last[3], byte?];
        entries += usize::from(&last == b"PK\x01\x02");
    }
    file.rewind()?;
    if entries > MOST_ENTRIES {
        return Err(Refused(format!("It is a ZIP of more than {MOST_ENTRIES} files.")));
    }
    Ok(())
}

/// Others will inflate it too.
fn look_at_sizes(archive: &mut ZipArchive<impl Read + Seek>) -> Found<()> {
    let (mut inflated, mut deflated) = (0_u64, 0_u64);
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|error| broken(&error))?;
        inflated = inflated.saturating_add(entry.size());
        deflated = deflated.saturating_add(entry.compressed_size());
    }
    let is_bomb = inflated > LARGEST || (inflated > HARMLESS && inflated / MOST_RATIO > deflated);
    if is_bomb { Err(bomb()) } else { Ok(()) }
}

/// The path of the MusicXML: the first that is named as one.
fn root(archive: &mut ZipArchive<impl Read + Seek>) -> Found<String> {
    let Ok(container) = archive.by_name(CONTAINER) else {
        return Err(Refused(format!("It is a ZIP without {CONTAINER}.")));
    };
    let mut text = Vec::new();
    container.take(LARGEST_CONTAINER + 1).read_to_end(&mut text)?;
    if text.len() as u64 > LARGEST_CONTAINER {
        return Err(bomb());
    }
    let path = rootfile(&text)?;
    let is_plain = !path.is_empty()
        && !path.starts_with('/')
        && !path.contains(['\\', '\0', ':'])
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if is_plain { Ok(path) } else { Err(Refused(format!("{CONTAINER} names a path that leads out of it."))) }
}

fn rootfile(text: &[u8]) -> Found<String> {
    let (text, _fuel) = Text::open(io::Cursor::new(text))?;
    let (mut reader, mut buffer) = (Reader::from_reader(text), Vec::new());
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(start) | Event::Empty(start)) if start.local_name().as_ref() == "rootfile" => {
                let kind = attribute(&start, "media-type")?.unwrap_or_default();
                if kind.is_empty() || kind.contains("musicxml") || kind.ends_with("xml") {
                    return Ok(attribute(&start, "full-path")?.unwrap_or_default());
                }
            }
            Ok(Event::Eof) => return Err(Refused(format!("{CONTAINER} names no MusicXML."))),
            Ok(_) => {}
            Err(error) => return Err(Refused(format!("{CONTAINER} is not XML: {error}."))),
        }
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Found<Option<String>> {
    let wrong = |error: &dyn std::fmt::Display| Refused(format!("{CONTAINER} is not XML: {error}."));
    let Some(value) = start.try_get_attribute(name).map_err(|error| wrong(&error))? else { return Ok(None) };
    Ok(Some(value.normalized_value(XmlVersion::Implicit1_0).map_err(|error| wrong(&error))?.into_owned()))
}

fn bomb() -> Refused {
    Refused("Inflated, it would be larger than music is.".to_owned())
}

fn broken(error: &zip::result::ZipError) -> Refused {
    Refused(format!("It is a damaged ZIP: {error}."))
}
