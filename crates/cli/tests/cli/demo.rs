use std::io::{BufRead as _, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Connection, Folder, run};

/// A demo that runs until the test ends, and what it printed.
struct Demo {
    child: Child,
    out: Lines<BufReader<ChildStdout>>,
    printed: String,
    folder: Folder,
}

impl Demo {
    fn start(people: &str) -> Self {
        Self::start_in(Folder::new(), people)
    }

    /// Its temporary files lie in a folder of the test's own.
    fn start_in(folder: Folder, people: &str) -> Self {
        let demo = folder.command(&["demo", "--listen", "127.0.0.1:0", "--people", people]);
        let mut command = demo.env("TMPDIR", folder.path().to_str().unwrap()).command;
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut demo = Self { child, out, printed: String::new(), folder };
        demo.printed = demo.read_to("Ctrl-C");
        demo
    }

    /// What it prints next, up to the line with `word`.
    fn read_to(&mut self, word: &str) -> String {
        let mut read = String::new();
        while !read.contains(word) {
            read.push_str(&(self.out.next().unwrap().unwrap() + "\n"));
        }
        read
    }

    /// The word after a label.
    fn told(&self, label: &str) -> &str {
        let mut words = self.printed.split_whitespace().skip_while(|word| *word != label);
        words.nth(1).unwrap()
    }

    fn requests(&self) -> Vec<String> {
        let (_, rest) = self.printed.split_once("Try:").unwrap();
        let (requests, _) = rest.split_once("Ctrl-C").unwrap();
        requests.split("\n\n").map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_demo_of_1200_tells_its_address_and_token_and_serves_as_many_people() {
    let demo = Demo::start("1200");
    let address = demo.told("address").strip_prefix("http://").unwrap().parse().unwrap();
    let get = |path| Connection::open(address).request("GET", path, demo.told("token"), "");
    assert_eq!(get("/v2/organizations/users/count").json(), 1200);
    let page = get("/v2/organizations/users?sort=lastname&limit=3").json();
    assert_eq!(page.as_array().unwrap().len(), 3);
    assert!(get("/v2/organizations/users/count?noActiveLicense=true").json().as_u64().unwrap() > 0);
}

#[test]
fn each_of_the_four_requests_that_a_demo_prints_works() {
    let demo = Demo::start("40");
    assert_eq!(demo.requests().len(), 4, "{}", demo.printed);
    for request in demo.requests() {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(request.replacen("curl ", "curl --silent --fail --max-time 20 ", 1));
        let answered = run(shell, "").ok();
        assert!(serde_json::from_str::<serde_json::Value>(&answered).is_ok(), "{request}: {answered}");
    }
}

#[test]
fn a_mail_is_printed_with_its_link_also_where_a_mail_server_is_set() {
    let folder = Folder::new();
    folder.write("homeroom.toml", "smtp-url = \"smtp://localhost:1\"");
    let mut demo = Demo::start_in(folder, "40");
    let address: String = demo.told("address").to_owned();
    let server = address.strip_prefix("http://").unwrap().parse().unwrap();
    let invite = r#"{"email":"carol@riverside.example"}"#;
    let request = Connection::open(server);
    let made = request.request("POST", "/v2/organizations/invitations", demo.told("token"), invite).json();
    let printed = demo.read_to("sent this mail");
    let link = made["htmlUrl"].as_str().unwrap();
    assert!(printed.contains("carol@riverside.example") && printed.contains(link), "{printed}");
    let page = Connection::open(server).request("GET", link.strip_prefix(&address).unwrap(), "", "");
    assert!(page.status == 200 && page.body.contains("Riverside School"), "{}", page.body);
}

#[test]
fn the_link_that_a_demo_prints_is_for_its_admin() {
    let demo = Demo::start("40");
    let address = demo.told("address");
    let link = demo.printed.lines().map(str::trim).find(|line| line.contains("/auth/signin-link/")).unwrap();
    let (server, path) =
        (address.strip_prefix("http://").unwrap().parse().unwrap(), link.strip_prefix(address).unwrap());
    let page = Connection::open(server).request("GET", path, "", "");
    assert!(page.status == 200 && page.body.contains("Hello, head"), "{}", page.body);
}

#[test]
fn a_demo_that_ends_leaves_nothing() {
    let mut demo = Demo::start("40");
    assert!(std::fs::read_dir(demo.folder.path()).unwrap().next().is_some());
    kill_process(Pid::from_child(&demo.child), Signal::INT).unwrap();
    assert!(demo.child.wait().unwrap().success());
    assert!(std::fs::read_dir(demo.folder.path()).unwrap().next().is_none());
}

#[test]
fn a_demo_of_nobody_is_refused() {
    let refused = Folder::new().homeroom(&["demo", "--people", "0"]).misuse();
    assert!(refused.contains("--people"), "{refused}");
}
