use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;

use crate::support::{Connection, Folder, Run, Server};

const REQUEST: &str = "GET /healthz HTTP/1.1\r\nHost: school\r\nConnection: close\r\n\r\n";

/// A server that a shell starts with these limits of open files.
fn limited(folder: &Folder, limits: &str) -> Server {
    let plain = folder.command(&["serve"]).command;
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{limits}; exec \"$@\""), "sh"]).arg(plain.get_program());
    command.args(plain.get_args()).current_dir(folder.path());
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    Server::start(Run::from(command))
}

/// A connection that is refused may be closed before its request is sent.
fn is_served(address: SocketAddr) -> bool {
    let mut stream = TcpStream::connect(address).unwrap();
    let mut answer = String::new();
    let _ = stream.write_all(REQUEST.as_bytes()).and_then(|()| stream.read_to_string(&mut answer));
    answer.starts_with("HTTP/1.1 200")
}

#[test]
fn the_limit_of_open_files_that_a_shell_gives_is_raised() {
    let folder = Folder::new();
    let server = limited(&folder, "ulimit -Sn 128");
    let mut crowd: Vec<Connection> = (0..300).map(|_| Connection::open(server.address)).collect();
    for connection in &mut crowd {
        connection.send(REQUEST);
        assert_eq!(connection.answer().status, 200);
    }
}

#[test]
fn one_connection_too_many_is_told_to_come_back_and_served_when_there_is_room() {
    let folder = Folder::new();
    let server = limited(&folder, "ulimit -n 200");
    let crowd: Vec<Connection> = (0..100).map(|_| Connection::open(server.address)).collect();
    let refused = Connection::open(server.address).answer();
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("1")));
    assert_eq!(refused.json()["code"], "UNAVAILABLE");
    drop(crowd);
    assert!((0..100).any(|_| is_served(server.address)), "it goes on refusing");
}
