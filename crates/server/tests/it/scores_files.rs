//! Files of scores: what is taken for music, what is not, and how it comes back.

use homeroom_client::RevisionId;

use crate::support::music::{
    binary, container, midi, musician, musicxml, mxl, request, revision, score, text, zip,
};
use crate::support::{TestApp, refusal};

const BOMB: usize = 60 << 20;

fn utf16(text: &str, big: bool) -> Vec<u8> {
    let units = [0xFEFF].into_iter().chain(text.encode_utf16());
    units.flat_map(|unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

fn with_mark(text: &str) -> Vec<u8> {
    [b"\xef\xbb\xbf", text.as_bytes()].concat()
}

fn latin1(title: &str) -> Vec<u8> {
    let text = musicxml(title).replace("UTF-8", "ISO-8859-1");
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}

#[tokio::test]
async fn musicxml_is_read_in_every_usual_encoding_and_comes_back_as_it_was() {
    let app = TestApp::start().await;
    let text = musicxml("Für Elise");
    for file in [
        text.clone().into_bytes(),
        with_mark(&text),
        utf16(&text.replace("UTF-8", "UTF-16"), true),
        utf16(&text.replace("UTF-8", "UTF-16"), false),
        latin1("Für Elise"),
    ] {
        let made = musician(&app).await.scores().create(&binary(&file)).await.unwrap();
        assert_eq!(made.summary.title, "Für Elise");
        assert_eq!(
            musician(&app).await.scores().file(&made.summary.id, &"last".into(), "xml").await.unwrap(),
            file
        );
    }
}

#[tokio::test]
async fn compressed_musicxml_and_midi_come_back_as_they_were() {
    let app = TestApp::start().await;
    for (file, format, kind, ending) in [
        (mxl("Zipped"), "mxl", "application/vnd.recordare.musicxml", "mxl"),
        (midi(), "midi", "audio/midi", "mid"),
        (midi(), "mid", "audio/midi", "mid"),
    ] {
        let made = musician(&app).await.scores().create(&binary(&file)).await.unwrap();
        let got = musician(&app)
            .await
            .scores()
            .file(&made.summary.id, &"last".into(), format)
            .response()
            .await
            .unwrap();
        assert_eq!(got.value, file);
        assert_eq!(got.headers["content-type"], kind);
        let name = got.headers["content-disposition"].to_str().unwrap();
        assert!(name.starts_with("attachment; ") && name.contains(&format!(".{ending}\"")), "{name}");
    }
}

#[tokio::test]
async fn musicxml_comes_in_its_other_form_too_and_midi_does_not() {
    let app = TestApp::start().await;
    let last: RevisionId = "last".into();
    let scores = musician(&app).await;
    let zipped = scores.scores().create(&binary(&mxl("Zipped"))).await.unwrap().summary;
    assert_eq!(zipped.title, "Zipped");
    assert_eq!(
        scores.scores().file(&zipped.id, &last, "xml").await.unwrap(),
        musicxml("Zipped").into_bytes()
    );

    let plain = score(&scores, "Plain").await.summary;
    let packed = scores.scores().file(&plain.id, &last, "mxl").await.unwrap();
    let again = scores.scores().create(&binary(&packed)).await.unwrap().summary;
    assert_eq!(scores.scores().file(&again.id, &last, "xml").await.unwrap(), musicxml("Plain").into_bytes());

    let midi = scores.scores().create(&binary(&midi())).await.unwrap().summary;
    assert_eq!(refusal(scores.scores().file(&midi.id, &last, "xml").await).0, "NOT_IMPLEMENTED");
    assert_eq!(refusal(scores.scores().file(&midi.id, &last, "docx").await).1.as_deref(), Some("format"));
}

#[tokio::test]
async fn a_file_is_not_sent_again_to_who_has_it() {
    let app = TestApp::start().await;
    let id = score(&musician(&app).await, "Plain").await.summary.id;
    let path = format!("/v2/scores/{id}/revisions/last/xml");
    let first = request(&app, reqwest::Method::GET, &path).await.send().await.unwrap();
    let tag = first.headers()["etag"].clone();
    let again =
        request(&app, reqwest::Method::GET, &path).await.header("if-none-match", tag).send().await.unwrap();
    assert_eq!((again.status().as_u16(), again.bytes().await.unwrap().len()), (304, 0));
}

#[tokio::test]
async fn what_is_no_music_is_refused_with_the_reason() {
    let app = TestApp::start().await;
    for (data, why) in [
        ("", "empty"),
        ("just a text", "not XML"),
        ("<html><body/></html>", "its root is <html>"),
        ("<score-partwise>", "ends before"),
        ("<score-partwise></score-timewise>", "not XML"),
        ("<score-partwise/><score-partwise/>", "follows its end"),
        ("<score-partwise/>more", "outside"),
        ("<score-partwise>&bomb;</score-partwise>", "entity"),
        ("<!DOCTYPE x [<!ENTITY a \"b\">]><score-partwise/>", "document type of its own"),
        (
            "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><score-partwise>&a;</score-partwise>",
            "document type",
        ),
        ("<?xml version=\"1.0\" encoding=\"EBCDIC\"?><score-partwise/>", "save it as UTF-8"),
        (&format!("<score-partwise>{}", "<a>".repeat(100_000)), "deep"),
        (&format!("<score-partwise a=\"{}\"/>", "x".repeat(2 << 20)), "too long"),
        (&format!("<score-partwise><!--{}--></score-partwise>", "x".repeat(2 << 20)), "too long"),
    ] {
        let error = musician(&app).await.scores().create(&text(data)).await.unwrap_err();
        let message = error.api().unwrap_or_else(|| panic!("{error}")).message.clone();
        assert!(message.contains(why), "{why}: {message}");
        assert_eq!(error.api().unwrap().param.as_deref(), Some("data"), "{message}");
    }
    assert!(app.column("SELECT id FROM scores").await.is_empty());
    assert!(app.column("SELECT id FROM documents").await.is_empty());
}

#[tokio::test]
async fn an_archive_that_is_a_trap_is_refused() {
    let app = TestApp::start().await;
    let xml = musicxml("x");
    let with = |path: &str| {
        zip(&[("META-INF/container.xml", container(path).as_bytes()), ("score.xml", xml.as_bytes())])
    };
    let bomb = format!("<score-partwise>{}</score-partwise>", " ".repeat(BOMB));
    let many: Vec<String> = (0..1001).map(|number| format!("{number}.xml")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let whole = mxl("x");
    for (file, why) in [
        (zip(&[("score.xml", xml.as_bytes())]), "without META-INF/container.xml"),
        (with("missing.xml"), "not in it"),
        (with("../score.xml"), "leads out"),
        (with("/etc/passwd"), "leads out"),
        (with("a\\..\\score.xml"), "leads out"),
        (with(""), "leads out"),
        (with("META-INF/container.xml"), "its root is <container>"),
        (zip(&[("META-INF/container.xml", b"<container/>")]), "names no MusicXML"),
        (zip(&[("META-INF/container.xml", b"<container")]), "not XML"),
        (
            zip(&[("META-INF/container.xml", container("a").as_bytes()), ("a", bomb.as_bytes())]),
            "larger than music",
        ),
        (zip(&[("META-INF/container.xml", " ".repeat(70 << 10).as_bytes())]), "larger than music"),
        (zip(&many), "more than 1000 files"),
        (whole[..whole.len() - 30].to_vec(), "damaged"),
        (b"PK\x03\x04".to_vec(), "damaged"),
    ] {
        let error = musician(&app).await.scores().create(&binary(&file)).await.unwrap_err();
        let message = error.api().unwrap_or_else(|| panic!("{error}")).message.clone();
        assert!(message.contains(why), "{why}: {message}");
    }
}

#[tokio::test]
async fn midi_that_ends_too_soon_is_refused() {
    let app = TestApp::start().await;
    let whole = midi();
    for length in 4..whole.len() {
        let error = musician(&app).await.scores().create(&binary(&whole[..length])).await.unwrap_err();
        assert_eq!(error.api().unwrap().param.as_deref(), Some("data"), "{length} bytes");
    }
    for (at, value) in [(7, 5), (9, 3), (11, 0), (11, 2), (18, 255)] {
        let mut file = whole.clone();
        file[at] = value;
        assert!(musician(&app).await.scores().create(&binary(&file)).await.is_err(), "{value} at {at}");
    }
}

#[tokio::test]
async fn data_that_is_no_base64_is_refused() {
    let app = TestApp::start().await;
    let new = homeroom_client::ScoreCreation { data: Some("<not base64>".into()), ..binary(b"") };
    assert_eq!(refusal(musician(&app).await.scores().create(&new).await).1.as_deref(), Some("data"));
    let none = homeroom_client::ScoreCreation::default();
    assert_eq!(refusal(musician(&app).await.scores().create(&none).await).1.as_deref(), Some("data"));
}

#[tokio::test]
async fn versions_are_listed_newest_first_and_found_by_id_or_as_the_last() {
    let app = TestApp::start().await;
    let admin = musician(&app).await;
    let id = score(&admin, "One").await.summary.id;
    let mut new = revision(musicxml("Two"));
    (new.description, new.autosave) = (Some("second".into()), Some(true));
    let second = admin.scores().revise(&id, &new).await.unwrap();
    assert_eq!((second.description.as_deref(), second.autosave), (Some("second"), true));
    assert_eq!(second.user.as_ref(), Some(&app.school.admin));

    let all = admin.scores().revisions(&id).await.unwrap();
    assert_eq!((all.len(), &all[0]), (2, &second));
    assert_eq!(admin.scores().last_revision(&id).await.unwrap(), second);
    let first = admin.scores().file(&id, &all[1].id, "xml").await.unwrap();
    assert_eq!(first, musicxml("One").into_bytes());
    let other = score(&admin, "Other").await.summary.id;
    assert_eq!(refusal(admin.scores().revision(&other, &second.id).await).0, "NOT_FOUND");
}
