use std::os::unix::fs::PermissionsExt as _;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::support::{Folder, Running};

/// Makes invitations until told to stop; how many.
fn write_until(running: &Running, stop: &AtomicBool) -> usize {
    let mut written = 0;
    while !stop.load(Ordering::Relaxed) {
        assert_eq!(running.request("POST", "/v2/organizations/invitations", "{}").status, 200);
        written += 1;
    }
    written
}

#[test]
fn a_copy_made_during_writes_passes_the_doctor_with_the_same_key_and_can_be_served() {
    let running = Running::start();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| write_until(&running, &stop));
        for copy in ["a.db", "b.db", "c.db"] {
            running.folder.homeroom(&["backup", copy]).ok();
        }
        stop.store(true, Ordering::Relaxed);
        assert!(writer.join().unwrap() > 0);
    });
    std::fs::copy(running.folder.file("homeroom.db.key"), running.folder.file("c.db.key")).unwrap();
    let doctor = running.folder.homeroom(&["doctor", "--database", "sqlite://c.db"]).ok();
    assert!(!doctor.contains("WRONG"), "{doctor}");
    let listed = ["organizations", "list", "--json", "--database", "sqlite://c.db"];
    assert_eq!(running.folder.homeroom(&listed).json()[0]["id"], running.school.id);
}

#[test]
fn it_says_where_the_key_is_and_writes_for_the_owner_alone() {
    let folder = Folder::new();
    folder.school();
    let said = folder.homeroom(&["backup", "copy.db"]).ok();
    assert!(said.contains("copy.db") && said.contains("homeroom.db.key"), "{said}");
    let mode = std::fs::metadata(folder.file("copy.db")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let key = std::fs::read(folder.file("homeroom.db.key")).unwrap();
    let copy = std::fs::read(folder.file("copy.db")).unwrap();
    assert!(!copy.windows(key.len() - 1).any(|bytes| bytes == &key[..key.len() - 1]));
}

#[test]
fn a_file_that_is_there_is_not_overwritten() {
    let folder = Folder::new();
    folder.school();
    folder.write("copy.db", "precious");
    let refused = folder.homeroom(&["backup", "copy.db"]).failure();
    assert!(refused.contains("copy.db is there already"), "{refused}");
    assert_eq!(std::fs::read_to_string(folder.file("copy.db")).unwrap(), "precious");
}

#[test]
fn what_can_not_be_copied_is_told_with_the_way_out() {
    let folder = Folder::new();
    assert!(folder.homeroom(&["backup", "copy.db"]).failure().contains("--database"));
    folder.school();
    assert!(folder.homeroom(&["backup", "none/copy.db"]).failure().contains("no folder none"));
    let postgres = ["backup", "x.db", "--database", "postgres://127.0.0.1:1/x"];
    assert!(folder.homeroom(&postgres).failure().contains("pg_dump"));
    assert!(folder.homeroom(&["backup"]).misuse().contains("<FILE>"));
}
