//! The process through which a browser is driven.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use thirtyfour::SessionId;

/// How long a browser may take to end by itself.
const LONGEST: Duration = Duration::from_secs(3);

/// A chromedriver on a free port of this machine. All that it has started ends with it.
pub struct Driver {
    child: Child,
    port: u16,
    _out: BufReader<ChildStdout>,
}

impl Driver {
    /// Temporary files go to this folder. The port that chromedriver chooses may be taken meanwhile: then it ends.
    pub fn start(folder: &Path) -> Self {
        let tried = std::iter::repeat_with(|| Self::try_start(folder)).take(5);
        tried.flatten().next().expect("chromedriver tells its port")
    }

    fn try_start(folder: &Path) -> Option<Self> {
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").env("TMPDIR", folder).process_group(0);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap_or_else(|error| {
            panic!("chromedriver can't be started ({error}): apt-get install chromium chromium-driver")
        });
        let mut out = BufReader::new(child.stdout.take().unwrap());
        match read_port(&mut out) {
            Some(port) => Some(Self { child, port, _out: out }),
            None => child.wait().ok().and(None),
        }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Has the browser of a session end by itself, so that it leaves nothing lying about.
    pub fn end_session(&self, session: &SessionId) {
        let _ = self.delete(&format!("/session/{session}"));
    }

    fn delete(&self, path: &str) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(LONGEST))?;
        write!(
            stream,
            "DELETE {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
            self.port
        )?;
        stream.read_to_end(&mut Vec::new()).map(drop)
    }
}

/// From `ChromeDriver was started successfully on port 41234.`
fn read_port(out: &mut impl BufRead) -> Option<u16> {
    let mut lines = out.lines().map_while(Result::ok);
    lines.find_map(|line| line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok())
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        let _ = self.child.wait();
    }
}
