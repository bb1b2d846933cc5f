use crate::support::{Running, text};

#[test]
fn credentials_are_made_listed_without_the_secret_and_revoked_once() {
    let running = Running::start();
    let shown =
        running.homeroom(&["lti-credentials", "create", "--name", "Lower school", "--lms", "moodle"]).ok();
    assert!(shown.contains("Secret") && shown.contains("Lower school"), "{shown}");
    let all = running.homeroom(&["lti-credentials", "list", "--json"]).json();
    let (id, secret) = (text(&all[0]["id"]), text(&all[0]["consumerSecret"]));
    assert!(shown.contains(&secret), "{shown}");
    let listed = running.homeroom(&["lti-credentials", "list"]).ok();
    assert!(listed.contains(&text(&all[0]["consumerKey"])) && !listed.contains(&secret), "{listed}");
    assert_eq!(running.homeroom(&["lti-credentials", "revoke", &id]).ok(), "Revoked.\n");
    assert!(running.homeroom(&["lti-credentials", "revoke", &id]).failure().contains("404 NOT_FOUND"));
    assert_eq!(running.homeroom(&["lti-credentials", "list"]).err, "None found.\n");
}

#[test]
fn credentials_are_made_for_scripts_as_json() {
    let running = Running::start();
    let create = ["lti-credentials", "create", "--name", "Upper school", "--lms", "canvas", "--json"];
    let made = running.homeroom(&create).json();
    assert_eq!((text(&made["name"]), text(&made["lms"])), ("Upper school".into(), "canvas".into()));
    assert_eq!(text(&made["consumerSecret"]).len(), 40);
}

#[test]
fn wrong_arguments_of_credentials_are_told() {
    let running = Running::start();
    let credentials = |args: &[&str]| running.command(&["lti-credentials"]).args(args).run();
    assert!(credentials(&["create", "--name", "X", "--lms", "paper"]).misuse().contains("schoology"));
    assert!(credentials(&["create", "--lms", "moodle"]).misuse().contains("--name"));
    let long = "x".repeat(301);
    assert!(credentials(&["create", "--name", &long, "--lms", "moodle"]).failure().contains("`name`"));
}
