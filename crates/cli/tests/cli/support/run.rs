use std::io::{Read, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

use serde_json::Value;

/// No command of the tests takes nearly so long.
const LONGEST: Duration = Duration::from_secs(60);

/// A command to run.
pub struct Run {
    pub command: Command,
    stdin: String,
}

impl From<Command> for Run {
    fn from(command: Command) -> Self {
        Self { command, stdin: String::new() }
    }
}

/// What came of it.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    pub fn new(folder: &Path, args: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_homeroom"));
        command.args(args).current_dir(folder).env("RUST_BACKTRACE", "0");
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("HOMEROOM_")) {
            command.env_remove(name);
        }
        Self::from(command)
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn args(mut self, args: &[&str]) -> Self {
        self.command.args(args);
        self
    }

    pub fn stdin(mut self, text: &str) -> Self {
        text.clone_into(&mut self.stdin);
        self
    }

    pub fn run(self) -> Ran {
        run(self.command, &self.stdin)
    }
}

/// Runs a command to its end, or to ours.
pub fn run(mut command: Command, stdin: &str) -> Ran {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes()); // it may not want to read
    let (out, err) = (drain(child.stdout.take().unwrap()), drain(child.stderr.take().unwrap()));
    let code = end_of(&mut child, LONGEST);
    Ran { code, out: out.join().unwrap(), err: err.join().unwrap() }
}

/// The exit code. A program that does not end in time is killed, and the test fails.
pub fn end_of(child: &mut Child, within: Duration) -> i32 {
    let started = Instant::now();
    while started.elapsed() < within {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code().expect("it ended by itself");
        }
        sleep(Duration::from_millis(5));
    }
    let _ = child.kill();
    panic!("the program did not end within {within:?}");
}

fn drain(mut from: impl Read + Send + 'static) -> JoinHandle<String> {
    spawn(move || {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    })
}

impl Ran {
    /// Standard output of a command that went well.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.code, 0, "{}", self.err);
        self.out
    }

    #[track_caller]
    pub fn json(self) -> Value {
        serde_json::from_str(&self.ok()).unwrap()
    }

    /// Standard error of a command that could not be done: exit code 1.
    #[track_caller]
    pub fn failure(self) -> String {
        self.refusal(1)
    }

    /// Standard error of a command that was used wrongly: exit code 2.
    #[track_caller]
    pub fn misuse(self) -> String {
        self.refusal(2)
    }

    #[track_caller]
    fn refusal(self, code: i32) -> String {
        assert_eq!(self.code, code, "{} {}", self.out, self.err);
        assert!(self.err.contains("error: "), "{}", self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self.err
    }
}
