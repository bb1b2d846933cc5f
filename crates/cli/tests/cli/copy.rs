use crate::support::{Connection, Folder, Running};

const FROM: [&str; 3] = ["copy", "--from", "sqlite://homeroom.db"];

fn copy(to: &str) -> Vec<&str> {
    [&FROM[..], &["--to", to]].concat()
}

#[test]
fn a_copy_is_served_with_the_key_that_it_names() {
    let mut running = Running::start();
    running.user("grace");
    running.server.terminate();
    assert_eq!(running.server.end(), 0);
    let folder = &running.folder;
    let ran = folder.homeroom(&copy("sqlite://new.db"));
    assert!(ran.err.contains("homeroom.db.key") && ran.err.contains("new.db.key"), "{}", ran.err);
    assert!(!ran.err.contains('%'), "no bar where there is no terminal: {}", ran.err);
    let users = ran.ok();
    assert!(users.lines().any(|line| line.starts_with("users ") && line.contains(" 2 rows")), "{users}");
    std::fs::copy(folder.file("homeroom.db.key"), folder.file("new.db.key")).unwrap();
    let server = crate::support::Server::start(folder.command(&["serve", "--database", "sqlite://new.db"]));
    let list = Connection::open(server.address);
    let listed = list.request("GET", "/v2/organizations/users", &running.school.token, "");
    assert!(listed.body.contains("grace"), "{}", listed.body);
}

#[test]
fn a_database_with_something_in_it_is_not_copied_to() {
    let folder = Folder::new();
    folder.school();
    folder.homeroom(&copy("sqlite://new.db")).ok();
    let before = std::fs::read(folder.file("new.db")).unwrap();
    let refused = folder.homeroom(&copy("sqlite://new.db")).failure();
    assert!(refused.contains("--to") && refused.contains("nothing was copied"), "{refused}");
    assert_eq!(std::fs::read(folder.file("new.db")).unwrap(), before);
    assert!(folder.homeroom(&copy("sqlite://homeroom.db")).failure().contains("nothing was copied"));
}

#[test]
fn what_can_not_be_copied_is_told_with_the_way_out_and_leaves_nothing() {
    let folder = Folder::new();
    assert!(folder.homeroom(&copy("sqlite://new.db")).failure().contains("--from"));
    folder.school();
    assert!(folder.homeroom(&copy("sqlite://none/new.db")).failure().contains("no folder none"));
    assert!(folder.homeroom(&copy("new.db")).failure().contains("--to: a database is"));
    assert!(folder.homeroom(&copy("postgres://u:geheim@127.0.0.1:1/x")).failure().contains("unavailable"));
    let from = ["copy", "--from", "postgres://u:geheim@127.0.0.1:1/x", "--to", "sqlite://new.db"];
    let unreachable = folder.homeroom(&from).failure();
    assert!(unreachable.contains("unavailable") && !unreachable.contains("geheim"), "{unreachable}");
    assert!(!folder.file("new.db").exists());
    assert!(folder.homeroom(&FROM).misuse().contains("--to"));
}

#[test]
fn a_copy_that_is_interrupted_ends_at_once_and_leaves_nothing() {
    let folder = Folder::new();
    folder.school();
    // A server that takes the connection and says nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let from = format!("postgres://u@{}/x", silent.local_addr().unwrap());
    let mut command = folder.command(&["copy", "--from", &from, "--to", "sqlite://new.db"]).command;
    let mut child = command.stderr(std::process::Stdio::null()).spawn().unwrap();
    let _taken = silent.accept().unwrap();
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::INT)
        .unwrap();
    let started = std::time::Instant::now();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(started.elapsed() < std::time::Duration::from_secs(3));
    assert!(!folder.file("new.db").exists());
}
