use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread::spawn;

/// A mail server that takes every mail but those for `refused…`; its URL.
pub fn mail_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    spawn(move || {
        for stream in listener.incoming() {
            spawn(move || converse(stream.unwrap()));
        }
    });
    url
}

fn converse(mut stream: TcpStream) {
    let lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let mut in_data = false;
    let mut say = |answer: &str| write!(stream, "{answer}\r\n").is_ok();
    say("220 post.example");
    for line in lines.map_while(Result::ok) {
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            _ if in_data && line != "." => continue,
            "DATA" => "354 go on",
            "RCPT" if line.contains("refused") => "550 nobody\u{1b}[2J here",
            _ => "250 fine",
        };
        in_data = line == "DATA";
        if !say(answer) {
            return;
        }
    }
}
