use rusqlite::Connection as Sqlite;
use serde_json::Value;

use crate::support::{Folder, Running, Server, mail_server, text};

/// A school whose mails are kept, with an invitation of carol; the id of its mail, and its link.
fn with_mail() -> (Running, String, String) {
    let running = Running::start();
    let made =
        running.homeroom(&["invitations", "create", "--email", "carol@school.example", "--json"]).json();
    let id = text(&list(&running.folder, &[])[0]["id"]);
    (running, id, text(&made["htmlUrl"]))
}

fn list(folder: &Folder, args: &[&str]) -> Vec<Value> {
    let listed = folder.command(&["mail", "list", "--json"]).args(args).run().json();
    listed.as_array().unwrap().clone()
}

#[test]
fn a_mail_that_is_kept_is_listed_and_shown_with_its_link() {
    let (running, id, link) = with_mail();
    let listed = running.folder.homeroom(&["mail", "list"]).ok();
    for word in
        [&*id, "waiting", "invitation", "carol@school.example", "Invitation to join North Hill School"]
    {
        assert!(listed.contains(word), "{word} in {listed}");
    }
    assert!(!listed.contains(&link));
    let show =
        running.folder.command(&["mail", "show", &id]).env("HOMEROOM_PUBLIC_URL", &running.server.url());
    let shown = show.run().ok();
    assert!(shown.contains(&link) && shown.contains("To       carol@school.example"), "{shown}");
    let json = running.folder.homeroom(&["mail", "show", &id, "--json"]).json();
    assert_eq!((&json["state"], &json["to"]), (&"waiting".into(), &"carol@school.example".into()));
    assert!(text(&json["text"]).contains("enrollcode="));
}

#[test]
fn mails_are_listed_by_state_the_newest_first() {
    let (running, first, _) = with_mail();
    running.homeroom(&["invitations", "create", "--email", "dave@school.example"]).ok();
    let waiting = list(&running.folder, &["--state", "waiting"]);
    assert_eq!((waiting.len(), &waiting[1]["id"]), (2, &Value::from(first)));
    assert_eq!(waiting[0]["to"], "dave@school.example");
    assert_eq!(list(&running.folder, &["--limit", "1"]).len(), 1);
    assert_eq!(running.folder.homeroom(&["mail", "list", "--state", "sent"]).err, "None found.\n");
    assert!(running.folder.homeroom(&["mail", "list", "--state", "lost"]).misuse().contains("dead"));
}

/// Waits until the only mail stands so.
fn wait_for(folder: &Folder, state: &str) -> Value {
    for _ in 0..100 {
        let mail = list(folder, &[]).remove(0);
        if mail["state"] == state {
            return mail;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("no mail is {state}")
}

#[test]
fn a_mail_that_was_refused_is_tried_again_on_demand_and_shows_no_link_once_sent() {
    let (running, id, _) = with_mail();
    let change = |email: &str| {
        let db = Sqlite::open(running.folder.file("homeroom.db")).unwrap();
        db.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
        db.execute("UPDATE invitations SET email = ?1", [email]).unwrap();
    };
    change("refused@school.example");
    let serve = running.folder.command(&["serve"]).env("HOMEROOM_SMTP_URL", &mail_server());
    let _sends = Server::start(serve);
    let dead = wait_for(&running.folder, "dead");
    assert_eq!(
        (&dead["attempts"], text(&dead["error"]).as_str()),
        (&1.into(), "RCPT TO: 550 nobody[2J here")
    );
    change("carol@school.example");
    assert_eq!(
        running.folder.homeroom(&["mail", "retry", "--all-dead"]).ok(),
        "Mails to be tried again: 1.\n"
    );
    wait_for(&running.folder, "sent");
    let shown = running.folder.homeroom(&["mail", "show", &id]).ok();
    assert!(shown.contains("sent") && shown.contains("(…)") && !shown.contains("enrollcode"), "{shown}");
    let refused = running.folder.homeroom(&["mail", "retry", &id]).failure();
    assert!(refused.contains("is sent"), "{refused}");
}

#[test]
fn a_mail_that_is_no_longer_worth_sending_says_why() {
    let (running, id, _) = with_mail();
    let invitation = text(&list(&running.folder, &[])[0]["subjectId"]);
    running.homeroom(&["invitations", "remove", &invitation]).ok();
    let shown = running.folder.homeroom(&["mail", "show", &id]).ok();
    assert!(shown.contains("the invitation is no longer open"), "{shown}");
}

#[test]
fn a_test_mail_tells_what_the_server_answers_without_a_database() {
    let folder = Folder::new();
    let server = mail_server();
    let test =
        |address: &str| folder.command(&["mail", "test", address]).env("HOMEROOM_SMTP_URL", &server).run();
    let taken = test("ada@school.example").ok();
    assert!(taken.contains("250 fine") && taken.contains("homeroom@localhost"), "{taken}");
    let refused = test("refused@school.example").failure();
    assert!(refused.contains("RCPT TO: 550 nobody") && !refused.contains('\u{1b}'), "{refused:?}");
    assert!(test("nobody").failure().contains("not an address"));
    assert!(folder.homeroom(&["mail", "test", "ada@school.example"]).failure().contains("--smtp-url"));
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
}

#[test]
fn what_sends_nothing_does_not_ask_whom_mails_come_from() {
    let folder = Folder::new();
    folder.write("homeroom.toml", "smtp-url = \"smtps://smtp.school.example\"");
    folder.school();
    for args in [["organizations", "list"], ["audit", "verify"], ["mail", "list"], ["backup", "copy.db"]] {
        folder.homeroom(&args).ok();
    }
    assert!(folder.homeroom(&["serve"]).failure().contains("--mail-from"));
}

#[test]
fn a_wrong_use_of_the_mail_commands_is_told() {
    let folder = Folder::new();
    assert!(folder.homeroom(&["mail", "list"]).failure().contains("there is no database"));
    assert!(folder.homeroom(&["mail", "retry"]).misuse().contains("<MAIL>"));
    assert!(folder.homeroom(&["mail", "retry", "x", "--all-dead"]).misuse().contains("--all-dead"));
    folder.school();
    for args in [["mail", "show", "x"], ["mail", "retry", "x"]] {
        assert!(folder.homeroom(&args).failure().contains("homeroom mail list"));
    }
}
