use crate::support::{Running, text};

const NOBODY: &str = "000001a3f2c07e00c0ffee01";

#[test]
fn users_are_created_with_the_password_from_standard_input() {
    let running = Running::start();
    let create = ["users", "create", "--username", "zoé", "--firstname", "Zoé", "--role", "teacher"];
    let create = running.command(&create).args(&["--locale", "fr", "--email", "z@northhill.example"]);
    let shown = create.args(&["--password-stdin"]).stdin("correct horse\r\n").run().ok();
    for word in ["zoé", "Zoé", "teacher", "z@northhill.example"] {
        assert!(shown.contains(word), "{shown}");
    }
    assert!(!shown.contains("horse"), "{shown}");
}

#[test]
fn a_password_is_never_an_argument_and_must_come_from_somewhere() {
    let running = Running::start();
    let create = ["users", "create", "--username", "bob"];
    let with = |more: &[&str], stdin| running.command(&create).args(more).stdin(stdin).run();
    assert!(with(&["--password", "secret"], "").misuse().contains("--password"));
    assert!(with(&[], "").misuse().contains("--password-stdin"));
    assert!(with(&["--password-stdin"], "").misuse().contains("empty"));
    let short = with(&["--password-stdin"], "short").failure();
    assert!(short.contains("`password`") && short.contains("6 to 1000"), "{short}");
}

#[test]
fn a_refusal_of_the_server_is_printed_with_its_code_and_the_request() {
    let running = Running::start();
    running.user("bob");
    let create = ["users", "create", "--username", "BOB", "--password-stdin"];
    let taken = running.command(&create).stdin("correct horse").run().failure();
    assert!(taken.contains("409 USERNAME_TAKEN") && taken.contains("request "), "{taken}");
}

#[test]
fn users_are_listed_in_the_order_that_is_asked_for() {
    let running = Running::start();
    let (bob, eve) = (running.user("bob"), running.user("eve"));
    for (id, name) in [(&bob, "Zed"), (&eve, "Bea")] {
        running.homeroom(&["users", "update", id, "--firstname", name]).ok();
    }
    let list = ["users", "list", "--sort", "firstname", "--direction", "desc", "--only-ids"];
    let ids = running.homeroom(&list).ok();
    assert_eq!(ids.lines().collect::<Vec<_>>(), [&bob, &eve, &running.school.admin]);
    let table = running.homeroom(&["users", "list", "--role", "user", "--search", "bE"]).ok();
    assert!(table.contains("Username") && table.contains("eve") && !table.contains("bob"), "{table}");
    let found = running.homeroom(&["users", "list", "-q", "zed", "--json"]).json();
    assert_eq!((found.as_array().unwrap().len(), text(&found[0]["id"])), (1, bob));
}

#[test]
fn a_list_goes_on_after_the_cursor_that_it_printed_and_back() {
    let running = Running::start();
    running.user("bob");
    let ids = |more: &[&str]| running.command(&["users", "list", "--only-ids"]).args(more).run();
    let cursor = |err: &str, flag: &str| {
        let mut words = err.split_whitespace().skip_while(|word| *word != flag);
        words.nth(1).unwrap().to_owned()
    };
    let first = ids(&["--limit", "1"]);
    let second = ids(&["--limit", "1", "--next", &cursor(&first.err, "--next")]);
    let back = ids(&["--limit", "1", "--previous", &cursor(&second.err, "--previous")]);
    assert_ne!(first.out, second.out);
    assert_eq!(first.out, back.out);
    assert_eq!(ids(&["--all"]).ok(), format!("{}{}", first.out, second.out));
}

#[test]
fn users_are_counted_with_the_filters_of_the_list() {
    let running = Running::start();
    running.user("bob");
    let count = |more: &[&str]| running.command(&["users", "count"]).args(more).run().ok();
    assert_eq!(count(&[]), "2\n");
    assert_eq!(count(&["--role", "admin,teacher", "--json"]), "1\n");
    assert_eq!(count(&["--no-active-license", "--search", "bo"]), "1\n");
    assert_eq!(count(&["--license-expiration-date", "active", "--test-accounts", "exclude"]), "0\n");
    assert_eq!(count(&["--group", NOBODY]), "0\n");
}

#[test]
fn a_user_is_shown_and_changed() {
    let running = Running::start();
    let bob = running.user("bob");
    let update = ["users", "update", &bob, "--lastname", "Ross", "--email", "bob@northhill.example"];
    assert!(running.homeroom(&update).ok().contains("Ross"));
    let update = ["users", "update", &bob, "--no-email", "--role", "teacher", "--password-stdin", "--json"];
    let updated = running.command(&update).stdin("another horse").run().json();
    assert_eq!((text(&updated["lastname"]), updated["email"].is_string()), ("Ross".to_owned(), false));
    assert!(running.homeroom(&["users", "get", &bob]).ok().contains("teacher"));
    assert_eq!(running.homeroom(&["users", "get", &bob, "--json"]).json()["username"], "bob");
}

#[test]
fn a_change_of_nothing_and_one_against_itself_are_mistakes_of_usage() {
    let running = Running::start();
    let nothing = running.homeroom(&["users", "update", NOBODY]).misuse();
    assert!(nothing.contains("nothing to change"), "{nothing}");
    running.homeroom(&["users", "update", NOBODY, "--email", "a@b.example", "--no-email"]).misuse();
}

#[test]
fn a_user_is_removed_once() {
    let running = Running::start();
    let bob = running.user("bob");
    assert_eq!(running.homeroom(&["users", "remove", &bob, "--yes"]).ok(), "Removed.\n");
    assert!(running.homeroom(&["users", "remove", &bob, "--yes"]).failure().contains("404 NOT_FOUND"));
    let last = running.homeroom(&["users", "remove", &running.school.admin, "--yes"]).failure();
    assert!(last.contains("LAST_ADMIN"), "{last}");
}

#[test]
fn without_a_terminal_nobody_is_removed_unasked() {
    let running = Running::start();
    let bob = running.user("bob");
    for more in [&[][..], &["--convert-to-individual"]] {
        let refused = running.command(&["users", "remove", &bob]).args(more).run().misuse();
        assert!(refused.contains("--yes"), "{refused}");
    }
    running.homeroom(&["users", "get", &bob]).ok();
}

#[test]
fn a_user_leaves_the_organization_as_an_individual() {
    let running = Running::start();
    let (bob, eve) = (running.user("bob"), running.user("eve"));
    let said = running.homeroom(&["users", "remove", &bob, "--convert-to-individual", "--yes"]).ok();
    assert!(said.contains("left"), "{said}");
    let silent =
        running.homeroom(&["users", "remove", &eve, "--convert-to-individual", "--yes", "--json"]).ok();
    assert_eq!(silent, "");
    assert_eq!(running.homeroom(&["users", "count"]).ok(), "1\n");
}

#[test]
fn wrong_arguments_of_a_list_are_told_with_the_right_ones() {
    let running = Running::start();
    let list = |more: &[&str]| running.command(&["users", "list"]).args(more).run();
    assert!(list(&["--role", "boss"]).misuse().contains("accountAdmin"));
    assert!(list(&["--sort", "age"]).misuse().contains("lastActivityDate"));
    assert!(list(&["--limit", "0"]).misuse().contains("--limit"));
    assert!(list(&["--limit", "5", "--all"]).misuse().contains("--all"));
    assert!(list(&["--next", "abc"]).failure().contains("INVALID_CURSOR"));
    assert!(list(&["--license-expiration-date", "soon"]).failure().contains("2026-06-30"));
    let empty = list(&["--search", "nobody at all"]);
    assert_eq!((empty.code, empty.out.as_str(), empty.err.as_str()), (0, "", "None found.\n"));
}
