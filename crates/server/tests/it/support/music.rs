//! Files of music, and what looks like it.

use std::io::{Cursor, Write as _};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use homeroom_client::{
    Client, DataEncoding, Scope, ScoreCreation, ScoreDetails, ScoreFork, ScoreRevisionCreation,
};
use zip::write::SimpleFileOptions;

use super::TestApp;

/// MusicXML with a title.
pub fn musicxml(title: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">
<score-partwise version="4.0">
  <work><work-title>{title}</work-title></work>
  <identification>
    <creator type="composer">Clara Schumann</creator>
    <creator type="lyricist">Heinrich Heine</creator>
    <creator type="arranger">Ada &amp; Bea</creator>
  </identification>
  <part-list><score-part id="P1"><part-name>Voice</part-name></score-part></part-list>
  <part id="P1"><measure number="1"><note><rest/><duration>4</duration></note></measure></part>
</score-partwise>
"#
    )
}

/// MusicXML of so many bytes, that hardly shrink, different for each seed.
pub fn long_musicxml(seed: u64, length: usize) -> String {
    use rand::{RngExt as _, SeedableRng as _};
    let mut random = rand::rngs::StdRng::seed_from_u64(seed);
    let (start, end) = ("<score-partwise><part id=\"P1\">", "</part></score-partwise>");
    let mut text = String::with_capacity(length);
    text.push_str(start);
    while text.len() + end.len() + 80 < length {
        text.push_str(&format!("<!--{:016x}{:016x}-->", random.random::<u64>(), random.random::<u64>()));
    }
    text.push_str(&" ".repeat(length - text.len() - end.len()));
    text + end
}

pub fn midi() -> Vec<u8> {
    let mut file = b"MThd\0\0\0\x06\0\0\0\x01\0\x60".to_vec();
    file.extend(b"MTrk\0\0\0\x04\0\xff\x2f\0");
    file
}

pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

pub fn container(path: &str) -> String {
    format!(r#"<container><rootfiles><rootfile full-path="{path}"/></rootfiles></container>"#)
}

/// Compressed MusicXML.
pub fn mxl(title: &str) -> Vec<u8> {
    zip(&[
        ("META-INF/container.xml", container("music/score.xml").as_bytes()),
        ("music/score.xml", musicxml(title).as_bytes()),
    ])
}

pub fn text(data: impl Into<String>) -> ScoreCreation {
    ScoreCreation { data: Some(data.into()), ..ScoreCreation::default() }
}

pub fn binary(data: &[u8]) -> ScoreCreation {
    let data_encoding = Some(DataEncoding::Base64);
    ScoreCreation { data: Some(BASE64_STANDARD.encode(data)), data_encoding, ..ScoreCreation::default() }
}

pub fn revision(data: impl Into<String>) -> ScoreRevisionCreation {
    ScoreRevisionCreation { data: data.into(), ..ScoreRevisionCreation::default() }
}

/// A score with this title.
pub async fn score(client: &Client, title: &str) -> ScoreDetails {
    client.scores().create(&text(musicxml(title))).await.unwrap()
}

pub const FORK: ScoreFork =
    ScoreFork { collection: None, google_drive_disabled: None, keep_original_title: None };

/// The admin of the school, with a token for scores too.
pub async fn musician(app: &TestApp) -> Client {
    app.client(&app.token(&app.school.admin, Scope::ALL).await)
}

/// The same of another school.
pub async fn stranger(app: &TestApp) -> Client {
    let school = app.other_school().await;
    app.client(&app.token_in(&school.organization, &school.admin, Scope::ALL).await)
}

/// A request to a path, with the musician's token.
pub async fn request(app: &TestApp, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
    let token = app.token(&app.school.admin, Scope::ALL).await;
    app.http().request(method, format!("{}{path}", app.url)).bearer_auth(token)
}
