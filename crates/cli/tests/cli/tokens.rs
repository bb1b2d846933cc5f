use crate::support::{Connection, Running, text};

#[test]
fn a_token_for_a_user_is_printed_alone_on_standard_output_and_works() {
    let running = Running::start();
    let bob = running.user("bob");
    let made = running.homeroom(&["users", "token", &bob, "--scope", "account.public_profile"]);
    assert!(made.err.contains("shown this once") && made.err.contains("until"), "{made:?}");
    let me = Connection::open(running.server.address).request("GET", "/v2/me", made.ok().trim(), "");
    assert_eq!(me.json()["username"], "bob");
}

#[test]
fn tokens_are_listed_without_themselves_and_revoked() {
    let running = Running::start();
    let bob = running.user("bob");
    let scopes = ["--scope", "account.public_profile,scores.readonly", "--json"];
    let made = running.command(&["users", "token", &bob]).args(&scopes).run().json();
    let (id, token) = (text(&made["id"]), text(&made["token"]));
    let listed = running.homeroom(&["users", "tokens", &bob]).ok();
    assert!(listed.contains(&id) && listed.contains(&token[..7]) && !listed.contains(&token), "{listed}");
    assert_eq!(running.homeroom(&["users", "tokens", &bob, "--json"]).json()[0]["id"], id);
    assert_eq!(running.homeroom(&["users", "token-revoke", &bob, &id]).ok(), "Revoked.\n");
    assert!(running.homeroom(&["users", "token-revoke", &bob, &id]).failure().contains("NOT_FOUND"));
    assert!(running.homeroom(&["users", "tokens", &bob]).err.contains("None found"));
}

#[test]
fn a_token_needs_scopes_that_its_user_may_hold() {
    let running = Running::start();
    let bob = running.user("bob");
    let token = |more: &[&str]| running.command(&["users", "token", &bob]).args(more).run();
    assert!(token(&[]).misuse().contains("--scope"));
    assert!(token(&["--scope", "help"]).misuse().contains("edu.classes.readonly"));
    assert!(token(&["--scope", "edu.admin"]).failure().contains("FORBIDDEN"));
}

#[test]
fn a_sign_in_link_is_printed_alone_on_standard_output() {
    let running = Running::start();
    let bob = running.user("bob");
    let link = running.homeroom(&["users", "signin-link", &bob, "--destination-path", "/my-library"]);
    assert!(link.err.contains("once, until"), "{link:?}");
    let url = link.ok();
    assert!(url.starts_with(&format!("{}/auth/signin-link/", running.server.url())), "{url}");
    assert!(url.ends_with("?next=%2Fmy-library\n"), "{url}");
    let json = running.homeroom(&["users", "signin-link", &bob, "--json"]).json();
    assert!(text(&json["url"]).contains(&text(&json["token"])), "{json}");
    let elsewhere = ["users", "signin-link", &bob, "--destination-path", "//elsewhere.example"];
    assert!(running.homeroom(&elsewhere).failure().contains("`destinationPath`"));
}
