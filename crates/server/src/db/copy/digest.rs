//! A checksum over rows: SHA-256 over each value's type, length and bytes, in order.

use std::fmt::Write as _;

use aws_lc_rs::digest::{Context, SHA256};

use super::{Copied, Value};

pub struct Digest {
    context: Context,
    rows: u64,
}

impl Digest {
    pub fn new() -> Self {
        Self { context: Context::new(&SHA256), rows: 0 }
    }

    pub fn add(&mut self, rows: &[Vec<Value>]) {
        self.rows += rows.len() as u64;
        for value in rows.iter().flatten() {
            match value {
                Value::Null => self.part(0, &[]),
                Value::Int(int) => self.part(1, &int.to_be_bytes()),
                Value::Text(text) => self.part(2, text.as_bytes()),
                Value::Bool(bool) => self.part(3, &[u8::from(*bool)]),
                Value::Bytes(bytes) => self.part(4, bytes),
            }
        }
    }

    fn part(&mut self, kind: u8, bytes: &[u8]) {
        self.context.update(&[kind]);
        self.context.update(&(bytes.len() as u64).to_be_bytes());
        self.context.update(bytes);
    }

    pub fn done(self, table: &str) -> Copied {
        let mut checksum = String::new();
        for byte in self.context.finish().as_ref() {
            let _ = write!(checksum, "{byte:02x}"); // writing to a String does not fail
        }
        Copied { table: table.to_owned(), rows: self.rows, checksum }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checksum(rows: &[Vec<Value>]) -> String {
        let mut digest = Digest::new();
        digest.add(rows);
        digest.done("t").checksum
    }

    #[test]
    fn rows_that_differ_in_anything_have_another_checksum() {
        let text = |text: &str| Value::Text(text.to_owned());
        let all = [
            vec![vec![text("ab"), text("c")]],
            vec![vec![text("a"), text("bc")]],
            vec![vec![text("ab")], vec![text("c")], vec![text("")]],
            vec![vec![text("ab"), Value::Bytes(b"c".to_vec())]],
            vec![vec![text("ab"), Value::Null]],
            vec![vec![text("ab"), text("")]],
            vec![vec![text("ab"), Value::Bool(false)]],
            vec![vec![text("ab"), Value::Int(0)]],
        ];
        let sums: std::collections::BTreeSet<String> = all.iter().map(|rows| checksum(rows)).collect();
        assert_eq!(sums.len(), all.len());
    }
}
