use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread::spawn;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::Run;
use super::run::end_of;

/// A server that runs until the test ends.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    log: Arc<Mutex<String>>,
}

impl Server {
    /// Starts it on a free port and waits until it serves.
    pub fn start(run: Run) -> Self {
        let run = run.env("HOMEROOM_LISTEN", "127.0.0.1:0").env("HOMEROOM_LOG_FORMAT", "json");
        let mut command = run.command;
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let ready = follow(&mut child, log.clone());
        let address = ready.recv_timeout(Duration::from_secs(30)).unwrap_or_else(|_| {
            let _ = child.kill();
            panic!("the server did not start: {}", log.lock().unwrap())
        });
        Self { child, address, log }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn terminate(&self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
    }

    /// The exit code, once it has ended after [`Self::terminate`].
    pub fn end(&mut self) -> i32 {
        end_of(&mut self.child, Duration::from_secs(10))
    }

    /// Stops it and gives its whole log.
    pub fn log_of_session(mut self) -> String {
        self.terminate();
        assert_eq!(self.end(), 0);
        while Arc::strong_count(&self.log) > 1 {
            std::thread::sleep(Duration::from_millis(5)); // the thread that follows reads the last lines
        }
        self.log.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Collects the log; sends the address that it tells.
fn follow(child: &mut Child, log: Arc<Mutex<String>>) -> Receiver<SocketAddr> {
    let (tell, told) = channel();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    spawn(move || {
        for line in lines.map_while(Result::ok) {
            if let Some(address) = address_in(&line) {
                let _ = tell.send(address);
            }
            log.lock().unwrap().push_str(&(line + "\n"));
        }
    });
    told
}

fn address_in(line: &str) -> Option<SocketAddr> {
    let entry: Value = serde_json::from_str(line).ok()?;
    entry["listen"].as_str()?.parse().ok()
}
