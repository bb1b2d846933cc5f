use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use crate::support::{Connection, Folder, Server, run};

/// 32 bytes in base64.
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const OTHER_KEY: &str = "/////////////////////////////////////////w8=";

fn mode(folder: &Folder, file: &str) -> u32 {
    std::fs::metadata(folder.file(file)).unwrap().permissions().mode() & 0o777
}

#[test]
fn without_any_flag_it_makes_a_database_and_a_key_for_their_owner_alone_and_serves() {
    let folder = Folder::new();
    let server = folder.serve();
    let ready = Connection::open(server.address).request("GET", "/readyz", "", "");
    assert_eq!(ready.status, 200);
    for file in ["homeroom.db", "homeroom.db.key", "homeroom.db-wal"] {
        assert_eq!(mode(&folder, file), 0o600, "{file}");
    }
}

#[test]
fn a_database_keeps_its_key_over_a_restart_whether_in_the_file_or_given() {
    let folder = Folder::new();
    folder.serve();
    folder.serve();
    let key = std::fs::read_to_string(folder.file("homeroom.db.key")).unwrap();
    std::fs::remove_file(folder.file("homeroom.db.key")).unwrap();
    Server::start(folder.command(&["serve"]).env("HOMEROOM_SECRET_KEY", key.trim()));
    assert!(!folder.file("homeroom.db.key").exists());
}

#[test]
fn with_another_key_it_does_not_start_and_says_why() {
    let folder = Folder::new();
    folder.school();
    let refused = folder.command(&["serve", "--listen", "127.0.0.1:0"]).env("HOMEROOM_SECRET_KEY", KEY).run();
    let refused = refused.failure();
    assert!(refused.contains("another secret key") && refused.contains("HOMEROOM_SECRET_KEY"), "{refused}");
}

#[test]
fn a_key_that_is_none_is_refused_without_printing_it() {
    let folder = Folder::new();
    let serve = folder.command(&["serve", "--listen", "127.0.0.1:0"]).env("HOMEROOM_SECRET_KEY", "hunter2");
    let refused = serve.run().failure();
    assert!(refused.contains("openssl rand -base64 32") && !refused.contains("hunter2"), "{refused}");
}

#[test]
fn a_lost_key_is_missed_and_not_replaced() {
    let folder = Folder::new();
    folder.school();
    std::fs::remove_file(folder.file("homeroom.db.key")).unwrap();
    let refused = folder.homeroom(&["serve", "--listen", "127.0.0.1:0"]).failure();
    assert!(refused.contains("homeroom.db.key") && refused.contains("put that file back"), "{refused}");
    assert!(!folder.file("homeroom.db.key").exists());
}

#[test]
fn on_postgresql_the_key_must_be_given() {
    let serve = ["serve", "--listen", "127.0.0.1:0", "--database", "postgres://u:geheim@127.0.0.1:1/x"];
    let refused = Folder::new().homeroom(&serve).failure();
    assert!(refused.contains("HOMEROOM_SECRET_KEY") && !refused.contains("geheim"), "{refused}");
    let unreachable = Folder::new().command(&serve).env("HOMEROOM_SECRET_KEY", OTHER_KEY).run().failure();
    assert!(unreachable.contains("postgres://…/x") && !unreachable.contains("geheim"), "{unreachable}");
}

#[test]
fn a_port_in_use_is_told_with_the_way_out_and_nothing_is_made() {
    let (folder, other) = (Folder::new(), Folder::new());
    let server = folder.serve();
    let taken = server.address.to_string();
    let refused = other.homeroom(&["serve", "--listen", &taken]).failure();
    assert!(refused.contains(&taken) && refused.contains("--listen"), "{refused}");
    assert!(!other.file("homeroom.db").exists());
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let serve = ["serve", "--listen", "127.0.0.1:0", "--database", "sqlite:///nowhere/at/all.db"];
    let refused = Folder::new().homeroom(&serve).failure();
    assert!(refused.contains("/nowhere/at:") && refused.contains("make it"), "{refused}");
}

#[test]
fn a_file_that_is_no_database_is_left_alone() {
    let folder = Folder::new();
    folder.write("notes.db", "Dear diary");
    folder.write("notes.db.key", KEY);
    let serve = ["serve", "--listen", "127.0.0.1:0", "--database", "sqlite://notes.db"];
    let refused = folder.homeroom(&serve).failure();
    assert!(refused.contains("notes.db"), "{refused}");
    assert_eq!(std::fs::read_to_string(folder.file("notes.db")).unwrap(), "Dear diary");
}

#[test]
fn a_log_that_no_terminal_reads_is_plain_text() {
    let mut serve = Command::new("timeout");
    serve.args(["-s", "TERM", "1", env!("CARGO_BIN_EXE_homeroom"), "serve", "--listen", "127.0.0.1:0"]);
    let folder = Folder::new();
    serve.current_dir(folder.path());
    let log = run(serve, "").err;
    assert!(log.contains("serving") && !log.contains('\u{1b}') && !log.contains("refinery"), "{log}");
}
