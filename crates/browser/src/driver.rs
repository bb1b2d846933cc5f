//! The process through which a browser is driven.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdout, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process_group};

/// A chromedriver on a free port of this machine. All that it has started ends with it.
pub struct Driver {
    child: Child,
    pub url: String,
    _out: BufReader<ChildStdout>,
}

impl Driver {
    pub fn start() -> Self {
        let mut command = Command::new("chromedriver");
        command
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0);
        let mut child = command.spawn().unwrap_or_else(|error| {
            panic!("chromedriver can't be started ({error}): apt-get install chromium chromium-driver")
        });
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let port = read_port(&mut out);
        Self { child, url: format!("http://127.0.0.1:{port}"), _out: out }
    }
}

/// From `ChromeDriver was started successfully on port 41234.`
fn read_port(out: &mut impl std::io::BufRead) -> u16 {
    for line in out.lines().map_while(Result::ok) {
        if let Some((_, port)) = line.split_once("successfully on port ") {
            return port.trim_end_matches('.').parse().unwrap();
        }
    }
    panic!("chromedriver ended before it told its port");
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        let _ = self.child.wait();
    }
}
