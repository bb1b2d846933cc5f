use crate::support::{Running, text};

const SEATS: [&str; 10] =
    ["create", "--mode", "credit", "--seats", "2", "--start", "2020-01-01", "--end", "2900-01-01", "--json"];

#[test]
fn a_licence_is_added_listed_changed_and_deleted() {
    let running = Running::start();
    let licenses = |args: &[&str]| running.command(&["licenses"]).args(args).run();
    let id = text(&licenses(&SEATS).json()["id"]);
    let listed = licenses(&["list"]).ok();
    assert!(listed.contains(&id) && listed.contains("credit") && listed.contains("2900-01-01"), "{listed}");
    let changed = licenses(&["update", &id, "--seats", "3", "--json"]).json();
    assert_eq!((&changed["seats"], &changed["seatsFree"]), (&3.into(), &3.into()));
    assert_eq!(licenses(&["delete", &id]).ok(), "Deleted.\n");
    assert_eq!(licenses(&["list"]).err, "None found.\n");
    assert!(licenses(&["delete", &id]).failure().contains("404 NOT_FOUND"));
}

#[test]
fn seats_are_given_taken_and_reported() {
    let running = Running::start();
    let licenses = |args: &[&str]| running.command(&["licenses"]).args(args).run();
    let id = text(&licenses(&SEATS).json()["id"]);
    let user = text(&running.homeroom(&["me", "--json"]).json()["id"]);
    assert_eq!(licenses(&["assign", &id, &user]).ok(), "The user has a seat.\n");
    let shown = running.homeroom(&["users", "get", &user, "--json"]).json();
    assert_eq!(text(&shown["license"]["id"]), id);
    let report = licenses(&["report"]).ok();
    assert!(report.contains("Used") && report.contains("--no-active-license"), "{report}");
    assert_eq!(licenses(&["report", "--json"]).json()["seatsUsed"], 1);
    assert_eq!(licenses(&["unassign", &id, &user]).ok(), "The user has no seat of it.\n");
    assert_eq!(licenses(&["report", "--json"]).json()["seatsUsed"], 0);
}

#[test]
fn whether_seats_are_given_by_themselves_is_shown_and_changed() {
    let running = Running::start();
    let settings = |args: &[&str]| running.command(&["licenses", "settings"]).args(args).run().ok();
    assert!(settings(&[]).ends_with("yes\n"));
    assert!(settings(&["--assigns-seats", "false"]).ends_with("no\n"));
    assert!(settings(&[]).ends_with("no\n"));
}

#[test]
fn wrong_arguments_of_licences_are_told() {
    let running = Running::start();
    let create = |args: &[&str]| running.command(&["licenses", "create"]).args(args).run();
    let dates = ["--start", "2026-08-01", "--end", "2027-08-01"];
    assert!(create(&[&dates[..], &["--mode", "all"]].concat()).misuse().contains("site"));
    assert!(
        create(&["--mode", "site", "--start", "soon", "--end", "2027-08-01"]).misuse().contains("2026-08-01")
    );
    assert!(create(&[&dates[..], &["--mode", "credit"]].concat()).failure().contains("`seats`"));
}
