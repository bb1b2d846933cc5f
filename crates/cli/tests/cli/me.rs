use crate::support::{Folder, Running};

#[test]
fn me_shows_whom_the_token_stands_for() {
    let running = Running::start();
    let shown = running.homeroom(&["me"]).ok();
    for word in ["ada", "admin", "ada@northhill.example", &running.school.id] {
        assert!(shown.contains(word), "{shown}");
    }
    assert_eq!(running.homeroom(&["me", "--json"]).json()["id"], running.school.admin);
}

#[test]
fn a_missing_token_or_a_wrong_address_of_the_server_is_a_mistake_of_usage() {
    let folder = Folder::new();
    assert!(folder.homeroom(&["me"]).misuse().contains("HOMEROOM_TOKEN"));
    let nonsense = folder.homeroom(&["me", "--token", "hr_x", "--url", "nonsense"]).misuse();
    assert!(nonsense.contains("http://127.0.0.1:8080"), "{nonsense}");
}

#[test]
fn a_token_that_is_not_valid_is_told_with_what_to_set() {
    let running = Running::start();
    let refused = running.homeroom(&["me", "--token", "hr_wrong"]).failure();
    assert!(refused.contains("UNAUTHORIZED") && refused.contains("HOMEROOM_TOKEN"), "{refused}");
}

#[test]
fn a_server_that_is_not_there_is_told_with_what_to_set() {
    let me = ["me", "--token", "hr_x", "--url", "http://127.0.0.1:1"];
    let refused = Folder::new().homeroom(&me).failure();
    assert!(refused.contains("http://127.0.0.1:1") && refused.contains("HOMEROOM_URL"), "{refused}");
}
