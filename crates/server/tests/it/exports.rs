//! What is held about a person, as a ZIP.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _};

use homeroom_client::{Role, Scope};
use homeroom_server::db::Read as _;
use homeroom_server::users::export::{LEFT_OUT, tables};

use crate::erasure::at_work;
use crate::support::{Database, TestApp, code};
use crate::tokens::carrying;

fn files(archive: Vec<u8>) -> BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let entries = zip.len();
    let read = |index: usize| {
        let mut file = zip.by_index(index).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        (file.name().unwrap().into_owned(), text)
    };
    (0..entries).map(read).collect()
}

#[tokio::test]
async fn an_export_has_what_the_person_has_and_nothing_secret() {
    let app = TestApp::start().await;
    let ada = at_work(&app).await.ada;
    app.sql("DELETE FROM document_pieces".to_owned()).await; // they are not compressed here

    let files = files(app.admin().users().export(&ada).await.unwrap());

    for (name, part) in [
        ("account.json", "\"username\":\"ada\""),
        ("scores.json", "Sonatina"),
        ("submissions.json", "\"grade\":\"17\""),
        ("submission_comments.json", "Word of"),
        ("groups.json", "class-s"),
        ("about.json", ada.as_str()),
    ] {
        assert!(files[name].contains(part), "{name}: {}", files[name]);
    }
    for (name, text) in files.iter().filter(|(name, _)| name.ends_with(".json")) {
        assert!(serde_json::from_str::<serde_json::Value>(text).is_ok(), "{name}: {text}");
        assert!(!text.contains("password_hash") && !text.contains("secret"), "{name}");
    }
    assert!(files.contains_key("scores/adas/1.musicxml"));
    let events = app.column("SELECT target FROM audit_events WHERE event = 'user.exported'").await;
    assert_eq!(events, [ada.to_string()]);
}

#[tokio::test]
async fn nobody_gets_the_data_of_an_account_that_they_may_not_have() {
    let app = TestApp::start().await;
    let ada = app.user("ada", Role::User).await;
    let (_, lower) = app.caller("low", Role::AccountAdmin, &[Scope::EduAdminUsers]).await;
    assert_eq!(code(lower.users().export(&app.school.admin).await), "FORBIDDEN");
    let (boss, _) = app.caller("boss", Role::AccountAdmin, &[Scope::EduAdminUsers]).await;
    let made =
        app.admin().users().create_access_token(&boss, &carrying(&[Scope::EduAdminUsers])).await.unwrap();
    assert_eq!(code(app.client(&made.token).users().export(&ada).await), "FORBIDDEN");
    let other = app.other_school().await;
    assert_eq!(code(app.client(&other.token).users().export(&ada).await), "NOT_FOUND");
}

#[tokio::test]
async fn every_table_that_names_people_is_in_the_export_or_has_a_reason() {
    let app = TestApp::start().await;
    let sql = match &*app.database {
        Database::Sqlite(_) => {
            "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
        }
        Database::Postgres(_) => {
            "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public'"
        }
    };
    let columns: Vec<(String, String)> = app.app.db.read().await.unwrap().all(sql, ()).await.unwrap();
    let persons = crate::erasure::PERSONS;
    let naming: BTreeSet<_> = columns
        .into_iter()
        .filter(|(_, column)| persons.contains(&column.as_str()))
        .map(|(table, _)| table)
        .collect();
    let known: BTreeSet<_> = tables().chain(LEFT_OUT.iter().map(|(table, _)| *table)).collect();
    let unknown: Vec<_> = naming.iter().filter(|table| !known.contains(table.as_str())).collect();
    assert_eq!(unknown, [""; 0], "in users/export/kinds.rs they are neither exported nor left out");
}
