//! A real `homeroom serve`, with a school in a database of its own.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use homeroom_client::{Client, Role, UserCreation, UserId, UserSigninLinkCreation};
use serde_json::Value;
use tempfile::TempDir;

use crate::{run, target};

/// The password of everybody who has one.
pub const PASSWORD: &str = "correct horse";
/// The path of the school's own pages.
pub const SCHOOL: &str = "/o/north-hill-school";

/// The admin is called `head`.
pub struct Server {
    child: Child,
    pub url: String,
    /// The admin's client.
    pub admin: Client,
    /// The admin's sign-in link, which counts as a password.
    pub link: String,
    folder: TempDir,
}

impl Server {
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With settings, as variables.
    pub async fn start_with(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let create = ["organizations", "create", "--json", "--name", "North Hill School"];
        let head = ["--admin-username", "head", "--admin-email", "head@school.example"];
        let school: Value =
            serde_json::from_str(&run(command(folder.path()).args(create).args(head))).unwrap();
        let mut serve = command(folder.path());
        serve.arg("serve").envs(settings.iter().copied());
        serve.env("HOMEROOM_LISTEN", "127.0.0.1:0").env("HOMEROOM_LOG_FORMAT", "json");
        let mut child = serve.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let url = follow(&mut child).recv_timeout(Duration::from_secs(30)).expect("the server starts");
        let admin = Client::new(&url, school["token"].as_str().unwrap()).unwrap();
        let (_, token) = school["signinLink"].as_str().unwrap().split_once("/auth/").unwrap();
        Self { child, link: format!("{url}/auth/{token}"), url, admin, folder }
    }

    /// The address of a page.
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// A new member with [`PASSWORD`], and an address at `school.example`.
    pub async fn person(&self, username: &str, role: Role) -> UserId {
        let new = UserCreation {
            email: Some(format!("{username}@school.example")),
            role: Some(role),
            ..account(username)
        };
        self.admin.users().create(&new).await.unwrap().id
    }

    /// A new member with [`PASSWORD`] and these names.
    pub async fn pupil(&self, username: &str, firstname: &str, lastname: &str) -> UserId {
        let (firstname, lastname) = (Some(firstname.to_owned()), Some(lastname.to_owned()));
        let new = UserCreation { firstname, lastname, ..account(username) };
        self.admin.users().create(&new).await.unwrap().id
    }

    /// A link that signs somebody in, made by the admin.
    pub async fn signin_link(&self, user: &UserId) -> String {
        self.admin.users().create_signin_link(user, &UserSigninLinkCreation::default()).await.unwrap().url
    }

    /// `homeroom …` on the server's database.
    pub fn homeroom(&self, args: &[&str]) -> String {
        run(command(self.folder.path()).args(args))
    }

    /// Changes the database behind the server's back: for times that no test can wait for.
    pub fn sql(&self, statement: &str) {
        let database = rusqlite::Connection::open(self.folder.path().join("homeroom.db")).unwrap();
        database.busy_timeout(Duration::from_secs(10)).unwrap();
        database.execute_batch(statement).unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn account(username: &str) -> UserCreation {
    UserCreation { username: username.to_owned(), password: PASSWORD.to_owned(), ..UserCreation::default() }
}

/// `homeroom` in a folder, without the settings of whoever runs the tests.
fn command(folder: &Path) -> Command {
    let mut command = Command::new(program());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("HOMEROOM_")) {
        command.env_remove(name);
    }
    command.current_dir(folder);
    command
}

/// The program of this workspace, as it is now.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        run(Command::new(cargo).args(["build", "--quiet", "--package", "homeroom"]).current_dir(root));
        target().join("debug/homeroom")
    })
}

/// Reads the log on; sends the address that it tells.
fn follow(child: &mut Child) -> Receiver<String> {
    let (tell, told) = channel();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            let entry: Value = serde_json::from_str(&line).unwrap_or_default();
            if let Some(address) = entry["listen"].as_str() {
                let _ = tell.send(format!("http://{address}"));
            }
        }
    });
    told
}
