//! A mail server that keeps what it gets: `smtp_sink.py`, run by Python's aiosmtpd.
//!
//! ```ignore
//! let mailbox = Mailbox::start().await;
//! let app = TestApp::start_with(|settings| settings.smtp = mailbox.settings()).await;
//! …
//! let mail = app.mail_to(&mailbox).await; // sends what is due, gives the next mail
//! mail.to, mail.subject, mail.text, mail.html, mail.link()
//! ```

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::OnceLock;
use std::time::Duration;

use homeroom_server::config::Smtp;
use serde::Deserialize;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// Longer than any mail takes in a test.
const LONGEST: Duration = Duration::from_secs(20);

/// A mail as it arrived.
#[derive(Debug, Clone, Deserialize)]
pub struct Arrived {
    /// The recipients of the envelope.
    pub to: Vec<String>,
    pub subject: String,
    /// The plain part.
    pub text: String,
    pub html: String,
    pub headers: Vec<(String, String)>,
    pub encrypted: bool,
    pub signed_in: bool,
}

impl Arrived {
    /// The links of the plain part.
    pub fn links(&self) -> Vec<String> {
        let words = self.text.split_whitespace().filter(|word| word.starts_with("http"));
        words.map(str::to_owned).collect()
    }

    /// The only link.
    #[track_caller]
    pub fn link(&self) -> String {
        let links = self.links();
        assert_eq!(links.len(), 1, "{}", self.text);
        links[0].clone()
    }

    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let found: Vec<_> = self.headers.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name)).collect();
        assert_eq!(found.len(), 1, "{name} in {:?}", self.headers);
        &found[0].1
    }
}

/// How the connection to a mailbox is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    None,
    Implicit,
    /// By STARTTLS.
    Upgraded,
}

pub struct Mailbox {
    /// What a server is told to send to this mailbox.
    pub url: String,
    authority: Option<Vec<u8>>,
    arrived: Mutex<UnboundedReceiver<Arrived>>,
    _server: Child,
    _certificates: TempDir,
}

impl Mailbox {
    /// One that asks for nothing.
    pub async fn start() -> Self {
        Self::start_with(Tls::None, None).await
    }

    /// One with TLS, whose certificate is its own, and with a name and password.
    pub async fn start_with(tls: Tls, login: Option<(&str, &str)>) -> Self {
        let certificates = tempfile::tempdir().unwrap();
        let mut command = Command::new(python().await);
        command.arg(support().join("smtp_sink.py")).kill_on_drop(true).stdout(Stdio::piped());
        if tls != Tls::None {
            make_certificate(certificates.path()).await;
            command.args(["--tls", if tls == Tls::Implicit { "implicit" } else { "starttls" }]);
            command.arg("--certificate").arg(certificates.path().join("server.pem"));
            command.arg("--key").arg(certificates.path().join("server.key"));
        }
        if let Some((user, password)) = login {
            command.args(["--user", user, "--password", password]);
        }
        let mut server = command.spawn().unwrap();
        let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
        let first = lines.next_line().await.unwrap().expect("the sink tells its port");
        let port = serde_json::from_str::<serde_json::Value>(&first).unwrap()["port"].clone();
        let login = login.map(|(user, password)| format!("{user}:{password}@")).unwrap_or_default();
        let url = match tls {
            Tls::None => format!("smtp://{login}127.0.0.1:{port}"),
            Tls::Upgraded => format!("smtp://{login}localhost:{port}?tls=required"),
            Tls::Implicit => format!("smtps://{login}localhost:{port}"),
        };
        let authority = std::fs::read(certificates.path().join("ca.pem")).ok();
        // Read at once: a full pipe would stop the server.
        let (keep, arrived) = unbounded_channel();
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                let _ = keep.send(serde_json::from_str(&line).unwrap());
            }
        });
        Self { url, authority, arrived: Mutex::new(arrived), _server: server, _certificates: certificates }
    }

    /// The same as settings.
    pub fn settings(&self) -> Option<Smtp> {
        Some(Smtp { authority: self.authority.clone(), ..self.url.parse().unwrap() })
    }

    /// The next mail to arrive.
    pub async fn next(&self) -> Arrived {
        let mut arrived = self.arrived.lock().await;
        let next = tokio::time::timeout(LONGEST, arrived.recv()).await.expect("no mail came");
        next.expect("the mail server runs")
    }

    /// Whether nothing has arrived that was not looked at. A mail has been printed before it was acknowledged.
    pub async fn is_empty(&self) -> bool {
        let mut arrived = self.arrived.lock().await;
        tokio::time::timeout(Duration::from_millis(200), arrived.recv()).await.is_err()
    }
}

fn support() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/tests/it/support") // the pages' tests have it too
}

/// A Python that has aiosmtpd, in `target/tmp`; made by the first test that needs it.
async fn python() -> PathBuf {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    tokio::task::spawn_blocking(|| MADE.get_or_init(make_environment).clone()).await.unwrap()
}

/// Made beside and renamed: another test program may be making it too.
fn make_environment() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/requirements-smtp.txt");
    let stamp: u64 = std::fs::read(&requirements)
        .unwrap()
        .iter()
        .fold(17, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(*byte)));
    let folder = target.join(format!("smtp-sink-{stamp:016x}"));
    if !folder.exists() {
        let making = target.join(format!("smtp-sink-{}", std::process::id()));
        run(std::process::Command::new("python3").args(["-m", "venv"]).arg(&making));
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
        run(std::process::Command::new(making.join("bin/python")).args(pip).arg(&requirements));
        if std::fs::rename(&making, &folder).is_err() {
            std::fs::remove_dir_all(&making).unwrap(); // another one was quicker
        }
    }
    folder.join("bin/python")
}

fn run(command: &mut std::process::Command) {
    let done = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// An authority (`ca.pem`), and a server whose name is `localhost`.
async fn make_certificate(folder: &Path) {
    for arguments in [
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Tests -keyout ca.key -out ca.pem",
        "req -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout server.key
         -out server.csr",
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -copy_extensions copy -out server.pem",
    ] {
        let mut openssl = Command::new("openssl");
        let done = openssl.args(arguments.split_whitespace()).current_dir(folder).output().await.unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
}
