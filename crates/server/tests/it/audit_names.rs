//! docs/audit.md tells of every event that the program can write.

use std::collections::BTreeSet;
use std::fs::{read_dir, read_to_string};
use std::path::Path;

/// The names in the table of events.
fn documented() -> BTreeSet<String> {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/audit.md");
    let page = read_to_string(page).unwrap();
    let (_, table) = page.split_once("| event | target | details |").unwrap();
    let cells = table.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    let names = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    names.map(str::to_owned).collect()
}

/// Texts for people have names of the same shape.
fn messages() -> BTreeSet<String> {
    let catalogue: toml::Table = toml::from_str(include_str!("../../messages/en.toml")).unwrap();
    let sections = catalogue.iter().filter_map(|(section, texts)| Some((section, texts.as_table()?)));
    sections.flat_map(|(section, texts)| texts.keys().map(move |text| format!("{section}.{text}"))).collect()
}

fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = read_to_string(path).unwrap();
            found.push(text.split("#[cfg(test)]").next().unwrap().to_owned());
        }
    }
}

fn is_name(text: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    text.split_once('.').is_some_and(|(thing, what)| is_word(thing) && is_word(what))
}

/// The literals of a source that are names of events: what an `event(…)` gets, what a field `name` gets, and whatever
/// else begins with a thing that events are of (a variable may hold it).
fn names_in(source: &str, things: &BTreeSet<&str>) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in source.match_indices('"') {
        let Some((text, _)) = source[at + 1..].split_once('"') else { continue };
        let statement = source[..at].rsplit(';').next().unwrap_or_default();
        let is_events = statement.contains("event(") || statement.trim_end().ends_with("name:");
        if is_name(text) && (is_events || things.contains(text.split('.').next().unwrap())) {
            names.push(text.to_owned());
        }
    }
    names
}

fn written() -> BTreeSet<String> {
    let (documented, messages, mut texts) = (documented(), messages(), Vec::new());
    let things = documented.iter().filter_map(|name| name.split('.').next()).collect();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut texts);
    let names = texts.iter().flat_map(|text| names_in(text, &things));
    names.filter(|name| !messages.contains(name)).collect()
}

#[test]
fn every_event_stands_in_the_table_of_the_audit_page() {
    let (written, documented) = (written(), documented());
    assert!(written.len() >= 20, "{written:?}");
    let missing: Vec<_> = written.difference(&documented).collect();
    assert!(missing.is_empty(), "docs/audit.md lacks {missing:?}");
}

#[test]
fn a_name_is_found_wherever_an_event_can_get_it() {
    let things = BTreeSet::from(["user"]);
    for source in [
        r#"caller.event("thing.made", id, details)"#,
        "f();\nsession\n    .event(origin,\n \"thing.made\", id)",
        r#"Event { actor: None, name: "thing.made", target }"#,
        r#"operator_event(&id, "thing.made", json!({ "a": 1 }))"#,
    ] {
        assert_eq!(names_in(source, &things), ["thing.made"], "{source}");
    }
    assert_eq!(names_in(r#"let name = if a { "user.x" } else { "user.y" };"#, &things), ["user.x", "user.y"]);
    assert_eq!(names_in(r#"page.t("join.title")"#, &things), [""; 0]);
}
