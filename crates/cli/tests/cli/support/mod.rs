//! A folder of one's own for each test, and the program run in it. Whatever is started ends with the test.
mod http;
mod post;
mod run;
mod server;

use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

pub use http::{Answer, Connection};
pub use post::mail_server;
pub use run::{Ran, Run, run};
pub use server::Server;

/// A folder without a database.
pub struct Folder(TempDir);

/// What `organizations create --json` printed.
pub struct School {
    pub id: String,
    pub admin: String,
    pub token: String,
}

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.file(name), text).unwrap();
    }

    /// `homeroom …` in this folder, to be changed and run.
    pub fn command(&self, args: &[&str]) -> Run {
        Run::new(self.path(), args)
    }

    pub fn homeroom(&self, args: &[&str]) -> Ran {
        self.command(args).run()
    }

    pub fn serve(&self) -> Server {
        Server::start(self.command(&["serve"]))
    }

    /// An organization whose admin is `ada`.
    pub fn school(&self) -> School {
        let created = self.homeroom(&create_organization("North Hill School", &["--json"])).json();
        School {
            id: text(&created["organization"]["id"]),
            admin: text(&created["user"]["id"]),
            token: text(&created["token"]),
        }
    }
}

/// The arguments that make an organization.
pub fn create_organization<'a>(name: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let needed = ["organizations", "create", "--name", name, "--admin-username", "ada"];
    let email = ["--admin-email", "ada@northhill.example"];
    [&needed[..], &email, more].concat()
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// A school on a running server, and the folder that they live in.
pub struct Running {
    pub server: Server,
    pub school: School,
    pub folder: Folder,
}

impl Running {
    pub fn start() -> Self {
        let folder = Folder::new();
        let school = folder.school();
        Self { server: folder.serve(), school, folder }
    }

    /// A command that speaks to the server as the admin.
    pub fn command(&self, args: &[&str]) -> Run {
        let run = self.folder.command(args).env("HOMEROOM_URL", &self.server.url());
        run.env("HOMEROOM_TOKEN", &self.school.token)
    }

    pub fn homeroom(&self, args: &[&str]) -> Ran {
        self.command(args).run()
    }

    /// A new member; the id.
    pub fn user(&self, username: &str) -> String {
        let create = ["users", "create", "--username", username, "--password-stdin", "--json"];
        text(&self.command(&create).stdin("correct horse\n").run().json()["id"])
    }

    pub fn request(&self, method: &str, path: &str, body: &str) -> Answer {
        Connection::open(self.server.address).request(method, path, &self.school.token, body)
    }
}
