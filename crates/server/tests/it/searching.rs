//! `q`: every word somewhere in username, names or e-mail, whatever case and accents.

use homeroom_client::{Role, UserFilter, UserQuery};
use homeroom_server::users::Profile;

use crate::support::people::usernames;
use crate::support::{TestApp, named, refusal, with_email};

/// Who is found; list and count must agree.
async fn found(app: &TestApp, q: &str) -> Vec<String> {
    let filter = UserFilter { q: Some(q.to_owned()), ..UserFilter::default() };
    let count = app.admin().users().count(&filter).await.unwrap();
    let list = app.admin().users().list(&UserQuery { filter, ..UserQuery::default() }).await.unwrap();
    assert_eq!(count, list.items.len() as u64, "{q}");
    usernames(&list.items)
}

async fn school_of(lastnames: &[&str]) -> TestApp {
    let app = TestApp::start().await;
    for (number, lastname) in lastnames.iter().enumerate() {
        app.add(&app.school, named(&format!("u{number}"), "", lastname), Role::User).await;
    }
    app
}

async fn with_ada() -> TestApp {
    let app = TestApp::start().await;
    let ada = Profile {
        email: Some("Countess@Engine.example".into()),
        ..named("Analyst1", "Ada", "Lovelace King")
    };
    app.add(&app.school, ada, Role::User).await;
    app
}

#[tokio::test]
async fn case_and_accents_do_not_matter_on_either_side() {
    let names = [
        "Ångström",
        "Łukasz",
        "Straße",
        "山田",
        "Đặng",
        "Ærøskøbing",
        "Þórður",
        "İstanbul ısı",
        "ﬁn",
        "Ёлка",
    ];
    let app = school_of(&names).await;
    for (number, words) in [
        (0, ["angstrom", "ÅNGSTRÖM", "Ångström", "A\u{30a}ngstro\u{308}m"]),
        (1, ["lukasz", "ŁUKASZ", "Łukasz", "uKa"]),
        (2, ["strasse", "STRASSE", "straße", "STRAẞE"]),
        (3, ["山", "田", "山田", "\u{3000}山田\u{a0}"]),
        (4, ["dang", "Đang", "ĐẶNG", "đặng"]),
        (5, ["aeroskobing", "ÆRØ", "ærø", "Aero"]),
        (6, ["thordur", "ÞÓRÐUR", "þ", "th"]),
        (7, ["istanbul isi", "ISTANBUL", "ISI", "ısı istanbul"]),
        (8, ["fin", "ﬁ", "FI", "ｆｉｎ"]),
        (9, ["елка", "ЁЛКА", "ёл", "Е"]),
    ] {
        for word in words {
            assert_eq!(found(&app, word).await, [format!("u{number}")], "{word}");
        }
    }
}

#[tokio::test]
async fn marks_of_other_scripts_are_letters() {
    let app = school_of(&["कि", "क", "が", "か", "한국"]).await;
    assert_eq!(found(&app, "कि").await, ["u0"]);
    assert_eq!(found(&app, "क").await, ["u0", "u1"]);
    assert_eq!(found(&app, "が").await, ["u2"]);
    assert_eq!(found(&app, "か\u{3099}").await, ["u2"]);
    assert_eq!(found(&app, "か").await, ["u3"]);
    assert_eq!(found(&app, "국").await, ["u4"]);
}

#[tokio::test]
async fn a_word_is_found_in_any_field() {
    let app = with_ada().await;
    for word in ["analyst1", "ada", "lovelace", "king", "countess@engine.example", "engine", "t1", "s@e"] {
        assert_eq!(found(&app, word).await, ["Analyst1"], "{word}");
    }
}

#[tokio::test]
async fn every_word_must_be_found_in_whatever_order_and_field() {
    let app = with_ada().await;
    for q in ["ada lovelace", "lovelace ada", "  king\t ada ", "ada ada", "countess analyst", "da ing elace"]
    {
        assert_eq!(found(&app, q).await, ["Analyst1"], "{q}");
    }
    for q in ["ada byron", "byron", "ada lovelacex"] {
        assert_eq!(found(&app, q).await, [""; 0], "{q}");
    }
}

#[tokio::test]
async fn no_word_is_found_across_two_fields() {
    let app = with_ada().await;
    for q in ["analyst1ada", "adalovelace", "1a", "alov", "kingcountess", "lovelaceking"] {
        assert_eq!(found(&app, q).await, [""; 0], "{q}");
    }
}

#[tokio::test]
async fn a_word_of_one_letter_is_searched_for() {
    let app = school_of(&["Zu", "Li", "Q"]).await;
    assert_eq!(found(&app, "z").await, ["u0"]);
    assert_eq!(found(&app, "Q").await, ["u2"]);
    assert_eq!(found(&app, "u Z").await, ["u0"]);
}

#[tokio::test]
async fn signs_of_patterns_stand_for_themselves() {
    let app =
        school_of(&["100%", "a_b", "back\\slash", "a*b?", "[ab]", "O'Neil", "\"quoted\"", "plain axb"]).await;
    for (q, user) in [
        ("%", "u0"),
        ("0%", "u0"),
        ("_", "u1"),
        ("a_b", "u1"),
        ("\\", "u2"),
        ("k\\s", "u2"),
        ("*", "u3"),
        ("b?", "u3"),
        ("[ab]", "u4"),
        ("'", "u5"),
        ("\"", "u6"),
    ] {
        assert_eq!(found(&app, q).await, [user], "{q}");
    }
    for q in ["%%", "1%0", "__", "\\\\", "\\%", "\\_", "a%b"] {
        assert_eq!(found(&app, q).await, [""; 0], "{q}");
    }
}

#[tokio::test]
async fn nothing_but_white_space_or_accents_finds_everybody() {
    let app = with_ada().await;
    for q in [" ", "\u{3000}\t", "\u{301}"] {
        assert_eq!(found(&app, q).await, ["head", "Analyst1"], "{q:?}");
    }
}

#[tokio::test]
async fn a_search_has_ten_words_and_200_characters_at_most() {
    let app = school_of(&[&"a".repeat(60)]).await;
    let ten = ["a"; 10].join("  ");
    assert_eq!(found(&app, &ten).await, ["head", "u0"]);
    let spaced = format!(" {}  ", "山".repeat(200));
    assert_eq!(found(&app, &spaced).await, [""; 0]);
    for wrong in [format!("{ten} a"), "山".repeat(201), format!("a{}a", " ".repeat(199))] {
        let filter = UserFilter { q: Some(wrong.clone()), ..UserFilter::default() };
        let query = UserQuery { filter: filter.clone(), ..UserQuery::default() };
        let refused = ("INVALID_PARAMETER".to_owned(), Some("q".to_owned()));
        assert_eq!(refusal(app.admin().users().list(&query).await), refused, "{wrong}");
        assert_eq!(refusal(app.admin().users().count(&filter).await), refused, "{wrong}");
    }
}

#[tokio::test]
async fn what_is_searched_follows_a_change() {
    let app = TestApp::start().await;
    let user = app.add(&app.school, with_email("ada", "old@school.example"), Role::User).await;
    let update = homeroom_client::UserAdminUpdate {
        username: Some("grace".into()),
        firstname: homeroom_client::Update::Set("Ångström".into()),
        email: homeroom_client::Update::Set("new@school.example".into()),
        ..Default::default()
    };
    app.admin().users().update(&user, &update).await.unwrap();
    for (q, count) in [("ada", 0), ("old@", 0), ("grace", 1), ("angstrom", 1), ("new@", 1)] {
        assert_eq!(found(&app, q).await.len(), count, "{q}");
    }
}
