//! The files that versions are made of, on their way out.

use std::io::{Read as _, Seek as _, SeekFrom, Write as _};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::{TryStreamExt as _, stream::try_unfold};
use homeroom_api::OrganizationId;
use tempfile::SpooledTempFile;

use super::file::blocking;
use super::{Format, Revision, music};
use crate::{App, Error, Result, documents};

/// So many bytes of a file that was made for the answer are read at once.
const CHUNK: usize = 64 * 1024;
/// What the contract has beside the formats that are kept.
const RENDERED: [&str; 11] = [
    "json",
    "mp3",
    "wav",
    "flat",
    "thumbnail.png",
    "synchronizationPoints",
    "pdf",
    "png",
    "svg",
    "ogg",
    "track",
];

/// The format that a word of the contract asks for.
fn wanted(word: &str) -> Result<Format> {
    match word {
        "xml" | "musicxml" => Ok(Format::MusicXml),
        "mxl" => Ok(Format::Mxl),
        "mid" | "midi" => Ok(Format::Midi),
        word if RENDERED.contains(&word) => Err(Error::not_implemented(format!(
            "This server keeps scores and does not render them to `{word}`: ask for `xml`, `mxl` or `midi`."
        ))),
        _ => Err(Error::invalid("format", "`format` is `xml`, `mxl` or `midi`.")),
    }
}

/// The file of a version as it was stored, or MusicXML in its other form.
pub async fn download(
    app: &App,
    organization: &OrganizationId,
    revision: &Revision,
    title: &str,
    format: &str,
    asked: &HeaderMap,
) -> Result<Response> {
    let format = wanted(format)?;
    let found = documents::find(&mut app.db.read().await?, organization, &revision.document).await?;
    let (hash, size) = found.ok_or_else(|| Error::not_found("revision"))?;
    let headers = headers(format, title, &hash);
    if asked.get(header::IF_NONE_MATCH).is_some_and(|tag| Some(tag) == headers.get(header::ETAG)) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let stored = documents::stream(app, organization, &revision.document)?;
    let (length, body) = match (revision.format, format) {
        (stored_as, format) if stored_as == format => (size, Body::from_stream(stored)),
        (Format::Mxl, Format::MusicXml) | (Format::MusicXml, Format::Mxl) => {
            let file = spool(stored).await?;
            converted(file, revision.format).await?
        }
        (stored_as, _) => return Err(no_other(stored_as)),
    };
    let length = HeaderValue::from(length);
    Ok((headers, [(header::CONTENT_LENGTH, length)], body).into_response())
}

fn no_other(stored: Format) -> Error {
    let word = match stored {
        Format::MusicXml | Format::Mxl => "`xml` or `mxl`",
        Format::Midi => "`midi`",
    };
    Error::not_implemented(format!(
        "This version was stored as another format, and is not rewritten: ask for {word}."
    ))
}

/// What a browser must not show as a page of this site.
fn headers(format: Format, title: &str, hash: &[u8]) -> HeaderMap {
    let hash: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let mut headers = HeaderMap::new();
    for (name, value) in [
        (header::CONTENT_TYPE, format.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, disposition(title, format.ending())),
        (header::ETAG, format!("W/\"{hash}.{}\"", format.ending())),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "sandbox".to_owned()),
    ] {
        headers.extend(HeaderValue::from_str(&value).ok().map(|value| (name, value)));
    }
    headers
}

/// The name of the file: in ASCII for old programs, and as it is (RFC 6266, RFC 8187).
fn disposition(title: &str, ending: &str) -> String {
    let title: String = title.chars().map(|c| if matches!(c, '/' | '\\') { '-' } else { c }).collect();
    let is_plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | '-' | '_');
    let ascii: String = title.chars().map(|c| if is_plain(&c) { c } else { '_' }).collect();
    let mut whole = String::new();
    for byte in format!("{title}.{ending}").bytes() {
        match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'.' | b'-' | b'_' => whole.push(byte.into()),
            _ => whole.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("attachment; filename=\"{ascii}.{ending}\"; filename*=UTF-8''{whole}")
}

/// Writes a document to a file that goes with this answer.
async fn spool(stream: impl futures_util::Stream<Item = Result<Bytes>> + Send) -> Result<SpooledTempFile> {
    let mut stream = std::pin::pin!(stream);
    let mut file = tempfile::spooled_tempfile(1 << 20);
    while let Some(chunk) = stream.try_next().await? {
        file = blocking(move || {
            file.write_all(&chunk).map_err(|error| unwritten(&error))?;
            Ok(file)
        })
        .await?;
    }
    Ok(file)
}

async fn converted(mut file: SpooledTempFile, from: Format) -> Result<(i64, Body)> {
    let (length, file) = blocking(move || {
        file.rewind().map_err(|error| unwritten(&error))?;
        let mut made = tempfile::spooled_tempfile(1 << 20);
        match from {
            Format::Mxl => music::unpack(&mut file, &mut made)?,
            _ => music::pack(&mut file, &mut made).map_err(|error| Error::internal(error.to_string()))?,
        }
        let length = made.seek(SeekFrom::End(0)).map_err(|error| unwritten(&error))?;
        made.rewind().map_err(|error| unwritten(&error))?;
        Ok((length, made))
    })
    .await?;
    let stream = try_unfold(file, |mut file| {
        blocking(move || {
            let mut chunk = Vec::with_capacity(CHUNK);
            let read = std::io::Read::by_ref(&mut file).take(CHUNK as u64).read_to_end(&mut chunk);
            read.map_err(|error| unwritten(&error))?;
            Ok(Some((Bytes::from(chunk), file)).filter(|(chunk, _)| !chunk.is_empty()))
        })
    });
    Ok((length.cast_signed(), Body::from_stream(stream)))
}

fn unwritten(error: &std::io::Error) -> Error {
    Error::unavailable(format!("a temporary file: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_can_break_out_of_no_header() {
        let made = disposition("Für \"Elise\"\r\n../x", "mid");
        assert_eq!(
            made,
            "attachment; filename=\"F_r _Elise___..-x.mid\"; filename*=UTF-8''F%C3%BCr%20%22Elise%22%0D%0A..-x.mid"
        );
    }
}
