use crate::support::{Running, text};

#[test]
fn an_app_is_registered_listed_changed_and_removed() {
    let running = Running::start();
    let uri = "https://diary.example/callback";
    let create = ["apps", "create", "--name", "Diary", "--redirect-uri", uri, "--scope", "scores", "--json"];
    let made = running.homeroom(&create).json();
    let (id, secret) = (text(&made["id"]), text(&made["secret"]));
    assert!(secret.starts_with("hrs_"), "{secret}");
    let listed = running.homeroom(&["apps", "list"]).ok();
    assert!(listed.contains(&id) && listed.contains("Diary") && !listed.contains(&secret), "{listed}");
    let changed =
        running.homeroom(&["apps", "update", &id, "--name", "Notes", "--role", "teacher", "--json"]).json();
    assert_eq!((text(&changed["name"]), text(&changed["role"])), ("Notes".into(), "teacher".into()));
    let changed = running.homeroom(&["apps", "update", &id, "--no-role", "--json"]).json();
    assert!(changed.get("role").is_none() && changed["redirectUris"][0] == uri, "{changed}");
    let rotated = running.homeroom(&["apps", "rotate-secret", &id]).ok();
    assert!(rotated.contains("hrs_") && !rotated.contains(&secret), "{rotated}");
    assert_eq!(running.homeroom(&["apps", "remove", &id]).ok(), "Removed.\n");
    assert_eq!(running.homeroom(&["apps", "list"]).err, "None found.\n");
}

#[test]
fn wrong_arguments_of_apps_are_told() {
    let running = Running::start();
    let create = |args: &[&str]| running.command(&["apps", "create"]).args(args).run();
    assert!(create(&["--scope", "scores"]).misuse().contains("--name"));
    assert!(create(&["--name", "X", "--scope", "nonsense"]).misuse().contains("nonsense"));
    assert!(
        create(&["--name", "X", "--redirect-uri", "http://x.example/"]).failure().contains("`redirectUris`")
    );
}
