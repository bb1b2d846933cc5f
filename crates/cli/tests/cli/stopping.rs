use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::support::{Connection, Folder, Running};

const USERS: &str = "/v2/organizations/users";

fn person(number: usize) -> String {
    format!("{{\"username\":\"pupil{number}\",\"password\":\"correct horse\"}}")
}

/// Requests that the server has begun to read, each without its body.
fn in_flight(running: &Running, count: usize) -> Vec<Connection> {
    let begin = |number| {
        let mut connection = Connection::open(running.server.address);
        connection.begin("POST", USERS, &running.school.token, person(number).len());
        connection
    };
    (0..count).map(begin).collect()
}

fn wait_until_refused(running: &Running) {
    let started = Instant::now();
    while TcpStream::connect(running.server.address).is_ok() {
        assert!(started.elapsed() < Duration::from_secs(5), "it goes on listening");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn at_sigterm_requests_in_flight_are_answered_and_new_ones_refused() {
    let mut running = Running::start();
    let mut connections = in_flight(&running, 12);
    running.server.terminate();
    wait_until_refused(&running);
    for (number, connection) in connections.iter_mut().enumerate() {
        connection.send(&person(number));
    }
    for connection in &mut connections {
        assert_eq!(connection.answer().status, 200);
    }
    assert_eq!(running.server.end(), 0);
    let again = running.folder.serve();
    let count = format!("{USERS}/count");
    let counted = Connection::open(again.address).request("GET", &count, &running.school.token, "");
    assert_eq!(counted.json(), 13);
}

#[test]
fn a_connection_in_use_is_told_of_the_end_before_it_is_closed() {
    let mut running = Running::start();
    let mut connection = Connection::open(running.server.address);
    running.server.terminate();
    loop {
        connection.send("GET /healthz HTTP/1.1\r\nHost: school\r\n\r\n");
        let answer = connection.answer();
        assert_eq!(answer.status, 200);
        if answer.header("connection") == Some("close") {
            break;
        }
    }
    assert_eq!(running.server.end(), 0);
}

#[test]
fn idle_connections_and_one_that_never_sends_its_body_do_not_hold_up_the_end() {
    let mut running = Running::start();
    let _idle = Connection::open(running.server.address);
    let _stuck = in_flight(&running, 1);
    running.server.terminate();
    assert_eq!(running.server.end(), 0);
}

#[test]
fn after_the_end_the_database_file_alone_holds_everything() {
    let mut running = Running::start();
    running.user("grace");
    running.server.terminate();
    assert_eq!(running.server.end(), 0);
    let elsewhere = Folder::new();
    for file in ["homeroom.db", "homeroom.db.key"] {
        std::fs::copy(running.folder.file(file), elsewhere.file(file)).unwrap();
    }
    let server = elsewhere.serve();
    let found = Connection::open(server.address).request("GET", USERS, &running.school.token, "");
    assert!(found.body.contains("grace"), "{}", found.body);
}
