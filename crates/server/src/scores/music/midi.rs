//! Standard MIDI files: a header, then tracks, each as long as it says.

use std::io::{Read, Seek, SeekFrom};

use super::{Found, Labels, Refused};

/// Chunks of a file, those that are no tracks among them.
const MOST_CHUNKS: u32 = 10_000;

struct Chunk {
    kind: [u8; 4],
    length: u64,
}

/// Whether all that the header promises is there. MIDI has no title that could be relied on.
pub fn examine(file: &mut (impl Read + Seek)) -> Found<Labels> {
    let end = file.seek(SeekFrom::End(0))?;
    file.rewind()?;
    let header = chunk(file, end)?;
    if header.length < 6 {
        return Err(wrong("Its header is too short"));
    }
    let mut fields = [0; 6];
    file.read_exact(&mut fields)?;
    let [format, tracks] = [[fields[0], fields[1]], [fields[2], fields[3]]].map(u16::from_be_bytes);
    if format > 2 || tracks == 0 || (format == 0 && tracks != 1) {
        return Err(wrong("Its header names a format or a number of tracks that there is not"));
    }
    file.seek(SeekFrom::Start(8 + header.length))?;
    if count_tracks(file, end)? < u32::from(tracks) {
        return Err(wrong("It ends before all of its tracks are there"));
    }
    Ok(Labels::default())
}

fn count_tracks(file: &mut (impl Read + Seek), end: u64) -> Found<u32> {
    let mut tracks = 0;
    for _ in 0..MOST_CHUNKS {
        if end - file.stream_position()? < 8 {
            return Ok(tracks); // some programs leave a few bytes behind
        }
        let next = chunk(file, end)?;
        tracks += u32::from(&next.kind == b"MTrk");
        file.seek(SeekFrom::Current(next.length.cast_signed()))?;
    }
    Err(wrong("It has too many tracks"))
}

/// The head of a chunk that is there as a whole.
fn chunk(file: &mut (impl Read + Seek), end: u64) -> Found<Chunk> {
    let mut head = [0; 8];
    file.read_exact(&mut head).map_err(|_| wrong("It ends in the middle"))?;
    let [a, b, c, d, length @ ..] = head;
    let length = u64::from(u32::from_be_bytes(length));
    if length > end - file.stream_position()? {
        return Err(wrong("It ends in the middle of a track"));
    }
    Ok(Chunk { kind: [a, b, c, d], length })
}

fn wrong(what: &str) -> Refused {
    Refused(format!("{what}: this is no whole MIDI file."))
}
