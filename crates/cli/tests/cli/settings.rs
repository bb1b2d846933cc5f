use crate::support::{Connection, Folder, Server};

/// The limit for users that a server tells.
fn limit(folder: &Folder, token: &str, variable: Option<&str>, flag: &[&str]) -> String {
    let mut run = folder.command(&["serve"]).args(flag);
    if let Some(value) = variable {
        run = run.env("HOMEROOM_RATE_LIMIT_USER", value);
    }
    let server = Server::start(run);
    let me = Connection::open(server.address).request("GET", "/v2/me", token, "");
    me.header("x-ratelimit-limit").unwrap_or("none").to_owned()
}

#[test]
fn a_flag_beats_a_variable_which_beats_the_file_which_beats_the_default() {
    let folder = Folder::new();
    let token = folder.school().token;
    assert_eq!(limit(&folder, &token, None, &[]), "60000");
    folder.write("homeroom.toml", "rate-limit-user = 11\n");
    assert_eq!(limit(&folder, &token, None, &[]), "11");
    assert_eq!(limit(&folder, &token, Some("22"), &[]), "22");
    assert_eq!(limit(&folder, &token, Some("22"), &["--rate-limit-user", "33"]), "33");
    assert_eq!(limit(&folder, &token, Some("0"), &[]), "none");
}

#[test]
fn the_file_of_settings_may_stand_elsewhere_and_must_then_be_there() {
    let folder = Folder::new();
    folder.write("other.toml", "database = \"sqlite://elsewhere.db\"\n");
    let create = crate::support::create_organization("X", &["--config", "other.toml"]);
    folder.homeroom(&create).ok();
    assert!(folder.file("elsewhere.db").exists() && !folder.file("homeroom.db").exists());
    let missing = folder.homeroom(&["doctor", "--config", "none.toml"]).failure();
    assert!(missing.contains("none.toml"), "{missing}");
}

#[test]
fn an_unknown_or_wrong_line_of_the_file_is_refused_by_name() {
    for (line, words) in [
        ("rate-limit = 5", ["`rate-limit`", "rate-limit-user"]),
        ("rate-limit-user = \"many\"", ["`rate-limit-user`", "homeroom.toml"]),
        ("invitation-ttl = \"soon\"", ["`invitation-ttl`", "14d"]),
        ("listen = ", ["homeroom.toml", "line 1"]),
    ] {
        let folder = Folder::new();
        folder.write("homeroom.toml", line);
        let refused = folder.homeroom(&["serve"]).failure();
        assert!(words.iter().all(|word| refused.contains(word)), "{refused}");
    }
}

#[test]
fn an_empty_variable_is_a_missing_one() {
    let folder = Folder::new();
    folder.school();
    let help = folder.homeroom(&["doctor", "--help"]).ok();
    let names = help.split("[env: ").skip(1).filter_map(|rest| rest.split(['=', ']']).next());
    let names: Vec<&str> = names.collect();
    assert!(names.len() > 15 && names.contains(&"HOMEROOM_TRUSTED_PROXIES"), "{names:?}");
    let doctor = names.iter().fold(folder.command(&["doctor"]), |doctor, name| doctor.env(name, ""));
    doctor.run().ok();
}

#[test]
fn a_wrong_value_of_a_flag_is_told_with_a_right_one() {
    for (flag, value, code, hint) in [
        ("--signin-link-ttl", "5", 2, "90s"),
        ("--rate-limit-user", "many", 2, "--rate-limit-user"),
        ("--log-format", "xml", 2, "json"),
        ("--trusted-proxies", "1.2.3", 2, "--trusted-proxies"),
        ("--log", "x=y=z", 1, "homeroom=debug"),
        ("--listen", "nowhere", 1, "127.0.0.1:8080"),
        ("--public-url", "school.example", 1, "https://school.example"),
        ("--smtp-url", "https://smtp.school.example", 1, "smtps://"),
        ("--mail-from", "school", 1, "homeroom@school.example"),
        ("--database", "homeroom.db", 1, "sqlite://homeroom.db"),
    ] {
        let refused = Folder::new().homeroom(&["serve", flag, value]);
        assert!(refused.code == code && refused.err.contains(hint), "{flag}: {refused:?}");
    }
}

#[test]
fn a_wrong_setting_of_mail_is_told_by_name_and_never_with_the_password() {
    let folder = Folder::new();
    folder.write("empty.pem", "no certificate");
    let server = "smtps://homeroom:geheim@smtp.school.example";
    for (args, words) in [
        (&["--smtp-url", "smtps://homeroom:geheim/@smtp.school.example"][..], ["--smtp-url", "%2F"]),
        (
            &["--smtp-url", "smtp://homeroom:geheim@smtp.school.example?tls=none"],
            ["--smtp-url", "in the clear"],
        ),
        (&["--smtp-url", "//homeroom:geheim@smtp.school.example"], ["--smtp-url", "smtps://"]),
        (&["--smtp-url", server, "--smtp-ca", "none.pem"], ["--smtp-ca", "none.pem"]),
        (&["--smtp-url", server, "--smtp-ca", "empty.pem"], ["--smtp-ca", "PEM"]),
        (&["--smtp-url", server], ["--mail-from", "homeroom@[127.0.0.1]"]),
        (&["--smtp-url", server, "--public-url", "http://localhost"], ["--mail-from", "homeroom@localhost"]),
        (&["--smtp-url", server, "--mail-from", "a@b.example, c@d.example"], ["--mail-from", "North Hill"]),
    ] {
        let refused = folder.homeroom(&[&["serve", "--listen", "127.0.0.1:0"], args].concat()).failure();
        assert!(words.iter().all(|word| refused.contains(word)), "{args:?}: {refused}");
        assert!(!refused.contains("geheim"), "{refused}");
    }
}

#[test]
fn the_settings_of_the_readme_are_those_of_the_program() {
    let readme = include_str!("../../../../README.md");
    let (_, table) = readme.split_once("| name | default | what it is |").unwrap();
    let cells = table.lines().skip(2).map_while(|line| line.strip_prefix("| ")?.split(" | ").next());
    let told: std::collections::BTreeSet<&str> =
        cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
    let folder = Folder::new();
    folder.write("homeroom.toml", "nonsense = 1");
    let refused = folder.homeroom(&["serve"]).failure();
    let (_, names) = refused.split_once("The settings are: ").unwrap();
    assert_eq!(told, names.trim().split(", ").collect());
}
