use std::os::unix::fs::PermissionsExt as _;

use crate::support::{Connection, Folder, Running};

const OTHER_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// A stopped school with `grace`, of which `copy.db` is a backup from before `heidi` came.
fn with_backup() -> (Folder, String) {
    let mut running = Running::start();
    running.user("grace");
    running.homeroom(&["backup", "copy.db"]).ok();
    running.user("heidi");
    running.server.terminate();
    assert_eq!(running.server.end(), 0);
    (running.folder, running.school.token)
}

/// Everybody whom a server in this folder lists.
fn people(folder: &Folder, token: &str) -> String {
    Connection::open(folder.serve().address).request("GET", "/v2/organizations/users", token, "").body
}

#[test]
fn a_backup_takes_the_place_of_the_database_and_is_served_with_its_key() {
    let (folder, token) = with_backup();
    let refused = folder.homeroom(&["restore", "copy.db"]).failure();
    assert!(refused.contains("--force") && people(&folder, &token).contains("heidi"), "{refused}");
    let said = folder.homeroom(&["restore", "copy.db", "--force"]).ok();
    assert!(said.contains("Restored homeroom.db") && !said.contains("key"), "{said}");
    let people = people(&folder, &token);
    assert!(people.contains("grace") && !people.contains("heidi"), "{people}");
    assert!(!folder.file("homeroom.db.partial").exists() && folder.file("copy.db").exists());
}

#[test]
fn it_makes_a_database_where_there_is_none_and_says_what_becomes_of_the_key() {
    let (folder, token) = with_backup();
    let elsewhere = Folder::new();
    let backup = folder.file("copy.db");
    let said = elsewhere.homeroom(&["restore", backup.to_str().unwrap()]).ok();
    assert!(said.contains("homeroom.db.key") && said.contains("HOMEROOM_SECRET_KEY"), "{said}");
    assert!(!elsewhere.file("homeroom.db.key").exists(), "no key is made");
    let mode = std::fs::metadata(elsewhere.file("homeroom.db")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    std::fs::copy(folder.file("homeroom.db.key"), elsewhere.file("homeroom.db.key")).unwrap();
    assert!(people(&elsewhere, &token).contains("grace"));
}

#[test]
fn a_database_that_a_server_uses_is_not_replaced() {
    let running = Running::start();
    running.homeroom(&["backup", "copy.db"]).ok();
    running.user("heidi");
    let refused = running.folder.homeroom(&["restore", "copy.db", "--force"]).failure();
    assert!(refused.contains("stop the server"), "{refused}");
    running.user("ivan");
    assert!(running.request("GET", "/v2/organizations/users", "").body.contains("heidi"));
    assert!(!running.folder.file("homeroom.db.partial").exists());
}

#[test]
fn the_journal_of_a_database_that_was_cut_short_does_not_get_into_the_restored_one() {
    let running = Running::start();
    running.homeroom(&["backup", "copy.db"]).ok();
    running.user("heidi");
    let Running { server, school, folder } = running;
    drop(server); // killed: what was written last stands in the journal
    assert!(std::fs::metadata(folder.file("homeroom.db-wal")).unwrap().len() > 0);
    folder.homeroom(&["restore", "copy.db", "--force"]).ok();
    for suffix in ["-wal", "-shm", "-journal"] {
        assert!(!folder.file(&format!("homeroom.db{suffix}")).exists(), "{suffix}");
    }
    assert!(!people(&folder, &school.token).contains("heidi"));
    assert!(!folder.homeroom(&["doctor"]).ok().contains("WRONG"));
}

#[test]
fn a_damaged_database_is_replaced_too() {
    let (folder, token) = with_backup();
    folder.write("homeroom.db", "Dear diary");
    folder.write("homeroom.db-wal", "of another");
    folder.homeroom(&["restore", "copy.db", "--force"]).ok();
    assert!(people(&folder, &token).contains("grace"));
}

#[test]
fn what_is_no_whole_database_of_homeroom_is_refused_and_changes_nothing() {
    let (folder, token) = with_backup();
    let copy = std::fs::read(folder.file("copy.db")).unwrap();
    std::fs::write(folder.file("half.db"), &copy[..copy.len() / 2]).unwrap();
    let mut spoilt = copy;
    let (from, to) = (spoilt.len() / 3, spoilt.len() / 2);
    spoilt[from..to].fill(0xAA);
    std::fs::write(folder.file("spoilt.db"), spoilt).unwrap();
    folder.write("diary.db", "Dear diary");
    folder.write("empty.db", "");
    for (file, words) in [
        ("half.db", "damaged"),
        ("spoilt.db", "damaged"),
        ("diary.db", "not a database"),
        ("empty.db", "not a database of Homeroom"),
        ("none.db", "no file none.db"),
    ] {
        let refused = folder.homeroom(&["restore", file, "--force"]).failure();
        assert!(refused.contains(words) && refused.contains(file), "{refused}");
        assert!(!folder.file("homeroom.db.partial").exists());
    }
    assert!(people(&folder, &token).contains("heidi"));
}

#[test]
fn a_backup_of_another_key_is_refused_where_a_key_is_here() {
    let (folder, _) = with_backup();
    let refused = folder
        .command(&["restore", "copy.db", "--force"])
        .env("HOMEROOM_SECRET_KEY", OTHER_KEY)
        .run()
        .failure();
    assert!(refused.contains("another secret key") && refused.contains("homeroom.db.key"), "{refused}");
}

#[test]
fn a_database_in_use_is_no_backup() {
    let running = Running::start();
    running.user("heidi");
    let elsewhere = Folder::new();
    let live = running.folder.file("homeroom.db");
    let refused = elsewhere.homeroom(&["restore", live.to_str().unwrap()]).failure();
    assert!(refused.contains("homeroom backup"), "{refused}");
    let postgres = ["restore", "x.db", "--database", "postgres://127.0.0.1:1/x"];
    assert!(elsewhere.homeroom(&postgres).failure().contains("pg_restore"));
}
