use serde_json::Value;

use crate::support::{Connection, Running, Server, text};

/// Does what an administrator's day holds; every secret and personal word in it.
fn a_day(running: &Running) -> Vec<String> {
    let secrets = ["Quillfeather", "Zebedee", "zq@private.example", "battery staple", "wrongword"];
    let mut secrets: Vec<String> = secrets.map(str::to_owned).to_vec();
    let person = r#"{"username":"Quillfeather1","firstname":"Zebedee","lastname":"Quillfeather",
                     "email":"zq@private.example","password":"battery staple"}"#;
    let users = "/v2/organizations/users";
    let user = text(&running.request("POST", users, person).json()["id"]);
    assert_eq!(running.request("POST", users, person).status, 409);
    assert_eq!(
        running.request("POST", users, &person.replace("battery staple", "wrongword\\u0000")).status,
        400
    );
    let page = running.request("GET", "/v2/organizations/users?limit=1&q=&sort=lastname", "");
    let link = page.header("link").unwrap().to_owned();
    let cursor = link.split("next=").nth(1).unwrap().split(['&', '>']).next().unwrap().to_owned();
    running.request("GET", &format!("{users}?limit=1&sort=lastname&next={cursor}"), "");
    running.request("GET", &format!("{users}?limit=1&next={cursor}x"), "");
    running.request("GET", &format!("{users}?q=Quillfeather%20Zebedee"), "");
    running.request("GET", &format!("{users}/count?q=wrongword"), "");
    let token =
        running.request("POST", &format!("{users}/{user}/accessToken"), r#"{"scopes":["account.email"]}"#);
    let signin = running.request("POST", &format!("{users}/{user}/signinLink"), "{}");
    let invitation =
        running.request("POST", "/v2/organizations/invitations", r#"{"email":"wrongword@x.example"}"#);
    secrets.extend([cursor, text(&token.json()["token"]), text(&signin.json()["token"])]);
    secrets.extend([text(&invitation.json()["customCode"]), running.school.token.clone()]);
    secrets
}

fn day_at(level: &str) -> (Vec<String>, String) {
    let Running { folder, school, server } = Running::start();
    drop(server);
    let server = Server::start(folder.command(&["serve", "--log", level]));
    let running = Running { server, school, folder };
    let mut secrets = a_day(&running);
    let wrong = "hr_0123456789012345678901234567890123456789abcdefghi";
    Connection::open(running.server.address).request("GET", "/v2/me", wrong, "");
    secrets.push(wrong.to_owned());
    (secrets, running.server.log_of_session())
}

#[test]
fn the_log_holds_no_token_password_name_address_cursor_or_search_word() {
    for level in ["info", "debug", "trace"] {
        let (secrets, log) = day_at(level);
        assert!(log.lines().count() > 12, "{log}");
        for secret in secrets {
            let line = log.lines().find(|line| line.to_lowercase().contains(&secret.to_lowercase()));
            assert_eq!(line, None, "{secret}");
        }
    }
}

#[test]
fn every_line_of_the_json_log_is_an_object_and_each_request_has_one() {
    let (_, log) = day_at("info");
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let requests: Vec<&Value> = lines.iter().filter(|line| line["target"] == "homeroom::request").collect();
    assert_eq!(requests.len(), 12);
    for request in requests {
        assert!(request["id"].is_string() && request["status"].is_u64() && request["ms"].is_number());
        assert!(request["route"].as_str().unwrap().starts_with("/v2/"), "{request}");
    }
}
