use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// An HTTP/1.1 connection, for what the commands do not show.
pub struct Connection(BufReader<TcpStream>);

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Connection {
    pub fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        Self(BufReader::new(stream))
    }

    pub fn request(mut self, method: &str, path: &str, token: &str, body: &str) -> Answer {
        self.send(&head(method, path, token, body.len(), ""));
        self.send(body);
        self.answer()
    }

    /// Sends all but the body, and waits until the server has begun to read it.
    pub fn begin(&mut self, method: &str, path: &str, token: &str, length: usize) {
        self.send(&head(method, path, token, length, "Expect: 100-continue\r\n"));
        assert_eq!(self.answer().status, 100);
    }

    pub fn send(&mut self, text: &str) {
        self.0.get_mut().write_all(text.as_bytes()).unwrap();
    }

    pub fn answer(&mut self) -> Answer {
        let mut answer = Answer { status: self.status(), headers: Vec::new(), body: String::new() };
        while let Some((name, value)) = self.line().split_once(": ") {
            answer.headers.push((name.to_lowercase(), value.to_owned()));
        }
        let length = answer.header("content-length").map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).unwrap();
        answer.body = String::from_utf8(body).unwrap();
        answer
    }

    fn status(&mut self) -> u16 {
        self.line().split(' ').nth(1).expect("a status line").parse().unwrap()
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

fn head(method: &str, path: &str, token: &str, length: usize, more: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n{more}\r\n"
    )
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}
