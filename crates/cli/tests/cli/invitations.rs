use crate::support::{Running, text};

#[test]
fn an_invitation_shows_its_link_and_code_and_is_listed() {
    let running = Running::start();
    let create = ["invitations", "create", "--email", "new@elsewhere.example", "--role", "accountAdmin"];
    let shown = running.homeroom(&create).ok();
    assert!(shown.contains("/organization/enroll?enrollcode=") && shown.contains("accountAdmin"), "{shown}");
    let json = running.homeroom(&["invitations", "create", "--json"]).json();
    assert_eq!(json["organizationRole"], "teacher");
    let listed = running.homeroom(&["invitations", "list"]).ok();
    assert!(
        listed.contains(&text(&json["customCode"])) && listed.contains("new@elsewhere.example"),
        "{listed}"
    );
    let teachers = ["invitations", "list", "--role", "teacher", "--status", "open", "--all", "--json"];
    assert_eq!(running.homeroom(&teachers).json().as_array().unwrap().len(), 1);
}

#[test]
fn one_link_is_made_for_many_teachers() {
    let running = Running::start();
    let many = ["invitations", "create", "--multiple-use", "--json"];
    assert_eq!(running.homeroom(&many).json()["allowMultipleUse"], true);
    let admin = running.command(&many).args(&["--role", "admin"]).run().failure();
    assert!(admin.contains("`teacher`"), "{admin}");
    running.command(&many).args(&["--email", "ada@school.example"]).run().misuse();
}

#[test]
fn an_invitation_of_a_member_gives_them_the_role() {
    let running = Running::start();
    let bob = running.user("bob");
    running.homeroom(&["users", "update", &bob, "--email", "bob@northhill.example"]).ok();
    let invite = ["invitations", "create", "--email", "bob@northhill.example", "--role", "teacher"];
    let shown = running.homeroom(&invite).ok();
    assert!(shown.contains("Used by") && shown.contains(&bob), "{shown}");
    assert_eq!(running.homeroom(&["users", "get", &bob, "--json"]).json()["organizationRole"], "teacher");
}

#[test]
fn an_open_invitation_is_sent_again_with_another_code() {
    let running = Running::start();
    let made =
        running.homeroom(&["invitations", "create", "--email", "carol@school.example", "--json"]).json();
    let resend = ["invitations", "resend", &text(&made["id"])];
    let again = running.homeroom(&resend).ok();
    assert!(again.contains("carol@school.example") && !again.contains(&text(&made["customCode"])), "{again}");
    assert_ne!(running.command(&resend).args(&["--json"]).run().json()["customCode"], made["customCode"]);
    running.homeroom(&["invitations", "remove", &text(&made["id"])]).ok();
    assert!(running.homeroom(&resend).failure().contains("404 NOT_FOUND"));
}

#[test]
fn an_open_invitation_is_revoked_once() {
    let running = Running::start();
    let id = text(&running.homeroom(&["invitations", "create", "--json"]).json()["id"]);
    assert_eq!(running.homeroom(&["invitations", "remove", &id]).ok(), "Revoked.\n");
    assert!(running.homeroom(&["invitations", "remove", &id]).failure().contains("404 NOT_FOUND"));
    assert_eq!(running.homeroom(&["invitations", "list"]).err, "None found.\n");
    let revoked = running.homeroom(&["invitations", "list", "--status", "revoked", "--json"]).json();
    assert_eq!(revoked[0]["id"], id);
}

#[test]
fn wrong_arguments_of_invitations_are_told() {
    let running = Running::start();
    let invitations = |args: &[&str]| running.command(&["invitations"]).args(args).run();
    assert!(invitations(&["create", "--role", "user"]).misuse().contains("teacher"));
    assert!(invitations(&["create", "--email", "nobody"]).failure().contains("`email`"));
    assert!(invitations(&["list", "--status", "lost"]).misuse().contains("open"));
    assert!(invitations(&["remove"]).misuse().contains("<INVITATION>"));
}
