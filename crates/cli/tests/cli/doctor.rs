use crate::support::{Folder, Ran, mail_server};

const OTHER_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// The one finding that is wrong.
#[track_caller]
fn wrong(ran: &Ran) -> String {
    assert_eq!(ran.code, 1, "{ran:?}");
    let wrong: Vec<&str> = ran.out.lines().filter(|line| line.starts_with("WRONG")).collect();
    assert_eq!(wrong.len(), 1, "{}", ran.out);
    wrong[0].to_owned()
}

fn with_school() -> Folder {
    let folder = Folder::new();
    folder.school();
    folder
}

#[test]
fn where_all_is_well_each_part_is_ok_also_beside_a_server() {
    let folder = with_school();
    let _server = folder.serve();
    let found = folder.homeroom(&["doctor"]).ok();
    let parts: Vec<&str> = found.lines().filter_map(|line| line.strip_prefix("ok     ")).collect();
    for (part, name) in
        parts.iter().zip(["database", "schema", "key", "clock", "seats", "public URL", "mail"])
    {
        assert!(part.starts_with(name), "{found}");
    }
    assert_eq!(parts.len(), 7, "{found}");
}

#[test]
fn a_missing_database_is_told_and_not_made() {
    let folder = Folder::new();
    let missing = wrong(&folder.homeroom(&["doctor"]));
    assert!(missing.contains("homeroom serve"), "{missing}");
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
}

#[test]
fn a_damaged_file_is_found() {
    let folder = with_school();
    folder.homeroom(&["backup", "copy.db"]).ok();
    std::fs::copy(folder.file("homeroom.db.key"), folder.file("copy.db.key")).unwrap();
    let mut bytes = std::fs::read(folder.file("copy.db")).unwrap();
    let (from, to) = (bytes.len() / 3, bytes.len() * 2 / 3);
    bytes[from..to].fill(0xAA);
    std::fs::write(folder.file("copy.db"), bytes).unwrap();
    let damaged = wrong(&folder.homeroom(&["doctor", "--database", "sqlite://copy.db"]));
    assert!(damaged.contains("database") && damaged.contains("estore the last backup"), "{damaged}");
}

/// Where `words` stands in a file.
fn places(bytes: &[u8], words: &[u8]) -> Vec<usize> {
    let windows = bytes.windows(words.len()).enumerate();
    windows.filter(|(_, window)| *window == words).map(|(place, _)| place).collect()
}

#[test]
fn a_letter_that_was_changed_in_the_middle_of_a_page_is_found_where_an_index_has_it_too() {
    let folder = with_school();
    folder.homeroom(&["backup", "copy.db"]).ok();
    std::fs::copy(folder.file("homeroom.db.key"), folder.file("copy.db.key")).unwrap();
    let copy = std::fs::read(folder.file("copy.db")).unwrap();
    let mut found = 0;
    for place in places(&copy, b"ada@northhill.example") {
        let mut damaged = copy.clone();
        damaged[place + 1] ^= 0x01;
        std::fs::write(folder.file("copy.db"), damaged).unwrap();
        let doctor = folder.homeroom(&["doctor", "--database", "sqlite://copy.db"]);
        if doctor.code == 1 {
            assert!(wrong(&doctor).contains("index"), "{}", doctor.out);
            found += 1;
        }
    }
    // The key on the user's row, the sign-in name and the text in the rows to search in, each with its index; the
    // address itself and the text on the user's row have none.
    assert_eq!(found, 6);
}

#[test]
fn a_file_that_is_no_database_is_told() {
    let folder = Folder::new();
    folder.write("homeroom.db", "Dear diary");
    let found = wrong(&folder.homeroom(&["doctor"]));
    assert!(found.contains("not a database") && found.contains("backup"), "{found}");
}

#[test]
fn another_key_a_missing_one_and_one_that_is_none_are_told_apart() {
    let folder = with_school();
    let with = |key| folder.command(&["doctor"]).env("HOMEROOM_SECRET_KEY", key).run();
    assert!(wrong(&with(OTHER_KEY)).contains("another secret key"));
    assert!(wrong(&with("abc")).contains("openssl rand"));
    std::fs::remove_file(folder.file("homeroom.db.key")).unwrap();
    assert!(wrong(&folder.homeroom(&["doctor"])).contains("there is none"));
    assert!(!folder.file("homeroom.db.key").exists());
}

#[test]
fn an_old_schema_is_told_with_the_command_that_renews_it() {
    let folder = with_school();
    folder.write("homeroom.db", "");
    for file in ["homeroom.db-wal", "homeroom.db-shm"] {
        let _ = std::fs::remove_file(folder.file(file));
    }
    let old = wrong(&folder.homeroom(&["doctor"]));
    assert!(old.contains("version 0") && old.contains("homeroom serve"), "{old}");
}

#[tokio::test]
async fn a_clock_behind_what_the_database_holds_is_told() {
    let folder = with_school();
    let url = format!("sqlite://{}", folder.file("homeroom.db").display());
    let db = homeroom_server::db::Db::open(&url.parse().unwrap()).await.unwrap();
    let mut tx = db.write().await.unwrap();
    tx.execute("UPDATE audit_events SET at = at + 3600000", ()).await.unwrap();
    tx.commit().await.unwrap();
    let behind = wrong(&folder.homeroom(&["doctor"]));
    assert!(behind.contains("clock") && behind.contains("timedatectl"), "{behind}");
}

#[test]
fn a_schema_that_is_newer_is_told_and_nothing_is_wrong_with_it() {
    let folder = with_school();
    let sql = "INSERT INTO refinery_schema_history VALUES (1000, 'later', '2026-03-02T08:00:00Z', '1')";
    rusqlite::Connection::open(folder.file("homeroom.db")).unwrap().execute_batch(sql).unwrap();
    let found = folder.homeroom(&["doctor"]).ok();
    assert!(found.contains("version 1000, newer than this program"), "{found}");
    folder.homeroom(&["organizations", "list"]).ok();
    let sql = "INSERT INTO settings VALUES ('oldest_schema', '1000')";
    rusqlite::Connection::open(folder.file("homeroom.db")).unwrap().execute_batch(sql).unwrap();
    assert!(wrong(&folder.homeroom(&["doctor"])).contains("use a newer program"));
    assert!(folder.homeroom(&["organizations", "list"]).failure().contains("use a newer program"));
}

#[test]
fn a_public_address_that_gives_passwords_away_or_that_nobody_knows_is_told() {
    let folder = with_school();
    let with = |url| folder.homeroom(&["doctor", "--public-url", url]);
    assert!(wrong(&with("http://school.example")).contains("https"));
    assert!(wrong(&with("https://no-such-name.invalid")).contains("--public-url"));
    with("https://127.0.0.1/school").ok();
}

#[test]
fn a_database_server_that_does_not_answer_is_told_once() {
    let doctor = ["doctor", "--database", "postgres://u:geheim@127.0.0.1:1/x"];
    let found = wrong(&Folder::new().homeroom(&doctor));
    assert!(found.contains("can't be opened") && !found.contains("geheim"), "{found}");
}

#[test]
fn a_mail_server_that_lets_nobody_in_is_told() {
    let folder = with_school();
    let with = |url: &str| folder.command(&["doctor"]).env("HOMEROOM_SMTP_URL", url).run();
    let found = with(&mail_server()).ok();
    assert!(found.contains("lets us in") && found.contains("homeroom@localhost"), "{found}");
    let closed = wrong(&with("smtp://u:geheim@127.0.0.1:1"));
    assert!(closed.contains("connecting to 127.0.0.1:1") && closed.contains("--smtp-url"), "{closed}");
    assert!(!closed.contains("geheim"));
    assert!(wrong(&with("smtps://smtp.school.example")).contains("--mail-from"));
}
