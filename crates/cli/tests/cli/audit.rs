use rusqlite::Connection as Sqlite;

use crate::support::{Folder, Ran, Running, text};

/// Runs `verify` until all is sealed, which takes a second or two.
fn verify(running: &Running, args: &[&str]) -> Ran {
    for _ in 0..200 {
        let ran = running.folder.command(&["audit", "verify", "--json"]).run();
        let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        if json.as_array().unwrap().iter().all(|one| one["unsealed"] == 0) {
            return running.folder.command(&["audit", "verify"]).args(args).run();
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("nobody seals")
}

fn tamper(running: &Running, sql: &str) {
    let db = Sqlite::open(running.folder.file("homeroom.db")).unwrap();
    db.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
    db.execute_batch(sql).unwrap();
}

#[test]
fn what_happened_is_listed_filtered_and_paged() {
    let running = Running::start();
    let bob = running.user("bob");
    let shown = running.homeroom(&["audit", "list"]).ok();
    assert!(shown.contains("Event") && shown.contains("user.created") && shown.contains(&bob), "{shown}");
    assert!(shown.contains("127.0.0.1") && shown.contains("organization.created"), "{shown}");
    let users = running.homeroom(&["audit", "list", "--event", "user.", "--json"]).json();
    assert_eq!(users.as_array().unwrap().len(), 1);
    assert_eq!(text(&users[0]["details"]["username"]), "bob");
    let one = running.homeroom(&["audit", "list", "--limit", "1", "--direction", "asc"]);
    assert!(one.err.contains("--next"), "{one:?}");
    let none = running.homeroom(&["audit", "list", "--until", "2020-01-01"]);
    assert_eq!(none.err, "None found.\n");
}

#[test]
fn everything_is_exported_as_lines_of_json_the_oldest_first() {
    let running = Running::start();
    let bob = running.user("bob");
    let out = running.homeroom(&["audit", "export"]).ok();
    let lines: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.len() >= 3 && lines.is_sorted_by_key(|event| text(&event["id"])), "{out}");
    assert_eq!(text(&lines.last().unwrap()["target"]), bob);

    let to_file = ["audit", "export", "--target", &bob, "--output", "bob.jsonl"];
    assert!(running.homeroom(&to_file).err.contains("Events in bob.jsonl: 1."));
    let file = std::fs::read_to_string(running.folder.file("bob.jsonl")).unwrap();
    assert_eq!(file.lines().count(), 1);
    assert!(running.homeroom(&to_file).failure().contains("bob.jsonl"), "it is not overwritten");
}

#[test]
fn a_log_that_nobody_touched_is_good_of_one_organization_and_of_all() {
    let running = Running::start();
    running.user("bob");
    let all = verify(&running, &[]).ok();
    assert!(all.contains("(north-hill-school): good") && all.contains("(individuals): good"), "{all}");
    assert!(all.contains("3 good, 0 erased, 0 not sealed yet, 0 wrong"), "{all}");
    let one = verify(&running, &["north-hill-school", "--json"]).json();
    assert_eq!((one[0]["good"].clone(), one[0]["wrong"].clone()), (3.into(), 0.into()));
    let end = format!("{}:{}", one[0]["end"]["sequence"], text(&one[0]["end"]["seal"]));
    assert!(all.contains(&format!("end {end}")), "{all}");
    verify(&running, &[&running.school.id, "--includes", &end]).ok();
}

#[test]
fn what_is_wrong_is_told_and_the_exit_code_is_1() {
    let running = Running::start();
    for name in ["bob", "eve", "dan"] {
        running.user(name);
    }
    verify(&running, &[]).ok();
    tamper(&running, "UPDATE audit_events SET at = at - 1 WHERE seq = 2");
    tamper(
        &running,
        "UPDATE audit_details SET details = '{}' WHERE event_id = (SELECT id FROM audit_events WHERE seq = 3)",
    );
    tamper(
        &running,
        "DELETE FROM audit_details WHERE event_id = (SELECT id FROM audit_events WHERE seq = 4)",
    );
    tamper(&running, "DELETE FROM audit_events WHERE seq = 4");
    let wrong = verify(&running, &["north-hill-school"]);
    assert_eq!(wrong.code, 1, "{wrong:?}");
    for word in
        ["WRONG", "2 good", "3 wrong", "  2: ", "was changed", "  3: ", "other details", "  4: is missing"]
    {
        assert!(wrong.out.contains(word), "{word}: {wrong:?}");
    }
    assert!(wrong.err.contains("3 events are wrong"), "{wrong:?}");
    let json = verify(&running, &["--json"]);
    assert_eq!(json.code, 1);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let faults: Vec<_> =
        json[1]["faults"].as_array().unwrap().iter().map(|one| text(&one["problem"])).collect();
    assert_eq!(faults, ["changed", "detailsChanged", "missing"]);
}

#[test]
fn wrong_arguments_of_the_audit_log_are_told() {
    let running = Running::start();
    let audit = |args: &[&str]| running.command(&["audit"]).args(args).run();
    assert!(audit(&["list", "--event", "user"]).failure().contains("`event`"));
    assert!(audit(&["list", "--since", "yesterday"]).misuse().contains("2026-03-01"));
    assert!(audit(&["verify", "south"]).failure().contains("`south`"));
    assert!(audit(&["verify", "--includes", "1:00"]).misuse().contains("ORGANIZATION"));
    assert!(audit(&["verify", &running.school.id, "--includes", "x"]).misuse().contains("NUMBER:SEAL"));
    assert!(Folder::new().homeroom(&["audit", "verify"]).failure().contains("there is no database"));
}
