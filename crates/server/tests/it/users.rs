//! Creating, reading and changing users.

use homeroom_client::{
    Client, Product, Role, Scope, Update, UserAdminUpdate, UserCreation, UserDetailsAdmin, UserId,
};

use crate::support::{TestApp, named, refusal, with_email};

fn ada() -> UserCreation {
    UserCreation {
        username: "ada".to_owned(),
        password: "correct horse".to_owned(),
        ..UserCreation::default()
    }
}

fn called(username: &str) -> UserCreation {
    UserCreation { username: username.to_owned(), ..ada() }
}

fn at(username: &str, email: &str) -> UserCreation {
    UserCreation { email: Some(email.to_owned()), ..called(username) }
}

fn rename(username: &str) -> UserAdminUpdate {
    UserAdminUpdate { username: Some(username.to_owned()), ..UserAdminUpdate::default() }
}

fn readdress(email: &str) -> UserAdminUpdate {
    UserAdminUpdate { email: Update::Set(email.to_owned()), ..UserAdminUpdate::default() }
}

async fn create(client: &Client, new: &UserCreation) -> UserDetailsAdmin {
    client.users().create(new).await.unwrap()
}

async fn update(app: &TestApp, user: &UserId, update: &UserAdminUpdate) -> UserDetailsAdmin {
    app.admin().users().update(user, update).await.unwrap()
}

fn refused(code: &str, param: &str) -> (String, Option<String>) {
    (code.to_owned(), Some(param.to_owned()))
}

async fn creation_refused(app: &TestApp, new: &UserCreation) -> (String, Option<String>) {
    refusal(app.admin().users().create(new).await)
}

async fn update_refused(app: &TestApp, user: &UserId, update: &UserAdminUpdate) -> (String, Option<String>) {
    refusal(app.admin().users().update(user, update).await)
}

#[tokio::test]
async fn a_new_user_is_a_pupil_and_is_there_at_once() {
    let app = TestApp::start().await;
    let admin = app.admin();

    let created = admin.users().create(&ada()).await.unwrap();

    assert_eq!(created.organization_role, Some(Role::User));
    assert_eq!(created.printable_name.as_deref(), Some("ada"));
    assert_eq!(admin.users().get(&created.id).await.unwrap(), created);
}

#[tokio::test]
async fn a_new_user_has_what_was_asked_for_as_it_came_but_trimmed() {
    let app = TestApp::start().await;
    let new = UserCreation {
        username: "\u{3000}Ada  L\u{a0}".into(),
        firstname: Some(" José\t".into()),
        lastname: Some("  Łovelace ".into()),
        email: Some(" Ada.L@School.Example ".into()),
        role: Some(Role::Teacher),
        ..ada()
    };
    let user = create(&app.admin(), &new).await;
    assert_eq!(user.username, "Ada  L");
    assert_eq!((user.firstname.as_deref(), user.lastname.as_deref()), (Some("José"), Some("Łovelace")));
    assert_eq!(user.email.as_deref(), Some("Ada.L@School.Example"));
    assert_eq!((user.organization_role, user.product), (Some(Role::Teacher), Product::FlatEdu));
    assert_eq!(
        (user.is_edu_testing_student, user.organization),
        (Some(false), Some(app.school.organization.clone()))
    );
}

#[tokio::test]
async fn a_new_user_may_have_any_role() {
    let app = TestApp::start().await;
    for role in Role::ALL {
        let new = UserCreation { role: Some(*role), ..called(role.as_str()) };
        assert_eq!(create(&app.admin(), &new).await.organization_role, Some(*role));
    }
}

#[tokio::test]
async fn an_empty_name_is_a_missing_name() {
    let app = TestApp::start().await;
    let new = UserCreation { firstname: Some(" \u{a0}".into()), lastname: Some(String::new()), ..ada() };
    let user = create(&app.admin(), &new).await;
    assert_eq!((&user.firstname, &user.lastname), (&None, &None));

    let set =
        |text: &str| UserAdminUpdate { firstname: Update::Set(text.into()), ..UserAdminUpdate::default() };
    assert_eq!(update(&app, &user.id, &set("Ada")).await.firstname.as_deref(), Some("Ada"));
    assert_eq!(update(&app, &user.id, &set("  ")).await.firstname, None);
}

#[tokio::test]
async fn the_printable_name_is_the_names_where_there_is_either_else_the_username() {
    let app = TestApp::start().await;
    for (number, (firstname, lastname, printable)) in
        [("Ada", "Lovelace", "Ada Lovelace"), ("Ada", "", "Ada"), ("", "山田", "山田"), ("", "", "u3")]
            .into_iter()
            .enumerate()
    {
        let user = app.add(&app.school, named(&format!("u{number}"), firstname, lastname), Role::User).await;
        let shown = app.admin().users().get(&user).await.unwrap();
        assert_eq!(shown.printable_name.as_deref(), Some(printable));
    }
}

#[tokio::test]
async fn lengths_are_counted_in_code_points_after_trimming() {
    let app = TestApp::start().await;
    let padded = |letter: &str, length| format!("  {}  ", letter.repeat(length));
    let new = |username, name: String| UserCreation {
        username,
        firstname: Some(name.clone()),
        lastname: Some(name),
        ..ada()
    };
    let user = create(&app.admin(), &new(padded("山", 30), padded("🎵", 60))).await;
    assert_eq!(user.username, "山".repeat(30));
    assert_eq!(user.lastname.unwrap(), "🎵".repeat(60));
    for (username, name, param) in [(31, 60, "username"), (30, 61, "firstname")] {
        let wrong = new(padded("田", username), padded("🎵", name));
        assert_eq!(creation_refused(&app, &wrong).await, refused("INVALID_PARAMETER", param));
    }
    assert_eq!(
        update_refused(&app, &user.id, &rename(&"e\u{301}".repeat(16))).await,
        refused("INVALID_PARAMETER", "username")
    );
    assert_eq!(update(&app, &user.id, &rename(&"e\u{301}".repeat(15))).await.username.chars().count(), 30);
}

#[tokio::test]
async fn what_can_not_be_printed_is_refused_in_every_text() {
    let app = TestApp::start().await;
    for text in
        ["a\u{0}b", "a\nb", "a\u{7f}", "a\u{202e}b", "a\u{2028}b", "a\u{feff}b", "\u{200b}", "\u{e0041}"]
    {
        let wrong = [
            (called(&format!("x{text}x")), "username"),
            (UserCreation { firstname: Some(format!("x{text}x")), ..ada() }, "firstname"),
            (UserCreation { lastname: Some(format!("x{text}x")), ..ada() }, "lastname"),
            (at("ada", &format!("{text}@school.example")), "email"),
        ];
        for (new, param) in wrong {
            assert_eq!(creation_refused(&app, &new).await, refused("INVALID_PARAMETER", param), "{text:?}");
        }
    }
}

#[tokio::test]
async fn a_password_has_6_to_1000_characters() {
    let app = TestApp::start().await;
    let user = app.user("ada", Role::User).await;
    for (length, fits) in [(5, false), (6, true), (1000, true), (1001, false)] {
        let password = "山".repeat(length);
        let created = app
            .admin()
            .users()
            .create(&UserCreation { password: password.clone(), ..called(&format!("u{length}")) });
        let update = UserAdminUpdate { password: Some(password), ..UserAdminUpdate::default() };
        let answers = [created.await, app.admin().users().update(&user, &update).await];
        for answer in answers {
            assert_eq!(answer.is_ok(), fits, "{length}");
            if !fits {
                assert_eq!(refusal(answer), refused("INVALID_PARAMETER", "password"));
            }
        }
    }
}

#[tokio::test]
async fn a_password_is_stored_as_argon2id_with_a_salt_of_its_own() {
    let app = TestApp::start().await;
    let users = [create(&app.admin(), &called("a")).await, create(&app.admin(), &called("b")).await];
    let update_password =
        UserAdminUpdate { password: Some("correct horse".into()), ..UserAdminUpdate::default() };
    let hashes = "SELECT password_hash FROM users WHERE password_hash IS NOT NULL ORDER BY id";
    let before = app.column(hashes).await;
    update(&app, &users[0].id, &update_password).await;
    let after = app.column(hashes).await;
    assert!(
        before.iter().chain(&after).all(|hash| hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")),
        "{before:?}"
    );
    assert_ne!(before[0], before[1]);
    assert_ne!(before[0], after[0]);
    assert_eq!(before[1], after[1]);
    assert_eq!(app.tables_that_hold("correct horse").await, [""; 0]);
}

#[tokio::test]
async fn a_locale_becomes_a_supported_one() {
    let app = TestApp::start().await;
    for (number, (locale, supported)) in [
        (None, "en"),
        (Some("fr"), "fr"),
        (Some("fr-CA"), "fr"),
        (Some("pt_br"), "pt-BR"),
        (Some("zh-TW"), "zh-Hant"),
        (Some(" DE "), "de"),
        (Some("tlh"), "en"),
        (Some(""), "en"),
    ]
    .into_iter()
    .enumerate()
    {
        let new = UserCreation { locale: locale.map(str::to_owned), ..called(&format!("u{number}")) };
        let user = create(&app.admin(), &new).await;
        let client = app.client(&app.token(&user.id, &[Scope::AccountPublicProfile]).await);
        assert_eq!(client.me().await.unwrap().locale.as_deref(), Some(supported), "{locale:?}");
    }
}

#[tokio::test]
async fn an_update_changes_only_the_fields_that_came() {
    let app = TestApp::start().await;
    let new = UserCreation {
        firstname: Some("Ada".into()),
        lastname: Some("Lovelace".into()),
        ..at("ada", "ada@school.example")
    };
    let mut expected = create(&app.admin(), &new).await;
    let none = UserAdminUpdate::default;
    assert_eq!(update(&app, &expected.id, &none()).await, expected);
    expected.username = "countess".into();
    assert_eq!(update(&app, &expected.id, &rename(" countess ")).await, expected);
    expected.email = Some("Ada@school.example".into());
    assert_eq!(update(&app, &expected.id, &readdress("Ada@school.example")).await, expected);
    expected.organization_role = Some(Role::Teacher);
    let role = UserAdminUpdate { organization_role: Some(Role::Teacher), ..none() };
    assert_eq!(update(&app, &expected.id, &role).await, expected);
    expected.lastname = Some("King".into());
    expected.printable_name = Some("Ada King".into());
    assert_eq!(
        update(&app, &expected.id, &UserAdminUpdate { lastname: Update::Set("King".into()), ..none() }).await,
        expected
    );
    assert_eq!(app.admin().users().get(&expected.id).await.unwrap(), expected);
}

#[tokio::test]
async fn null_clears_email_and_names() {
    let app = TestApp::start().await;
    let new = UserCreation {
        firstname: Some("Ada".into()),
        lastname: Some("Lovelace".into()),
        ..at("ada", "ada@school.example")
    };
    let user = create(&app.admin(), &new).await;
    let none = UserAdminUpdate::default;
    let cleared = update(&app, &user.id, &UserAdminUpdate { firstname: Update::Clear, ..none() }).await;
    assert_eq!((cleared.firstname, cleared.printable_name.as_deref()), (None, Some("Lovelace")));
    let cleared = update(&app, &user.id, &UserAdminUpdate { lastname: Update::Clear, ..none() }).await;
    assert_eq!((cleared.lastname, cleared.printable_name.as_deref()), (None, Some("ada")));
    assert_eq!(cleared.email, user.email);
    let cleared = update(&app, &user.id, &UserAdminUpdate { email: Update::Clear, ..none() }).await;
    assert_eq!(cleared.email, None);
}

#[tokio::test]
async fn null_in_a_creation_is_an_absent_field() {
    let app = TestApp::start().await;
    let body = serde_json::json!({ "username": "ada", "password": "correct horse", "firstname": null, "lastname": null, "email": null, "locale": null });
    let answer =
        app.request(reqwest::Method::POST, "/v2/organizations/users").json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let user: UserDetailsAdmin = answer.json().await.unwrap();
    assert_eq!((user.firstname, user.lastname, user.email), (None, None, None));
}

#[tokio::test]
async fn a_username_is_taken_whatever_its_case_and_accents() {
    let app = TestApp::start().await;
    for (first, same) in [
        ("jose", "  JOSÉ "),
        ("Ångström", "angstrom"),
        ("Łukasz", "LUKASZ"),
        ("Straße", "strasse"),
        ("a b", "A \u{a0} B"),
        ("ａｄａ", "Ada"),
        ("Ærø", "aero"),
        ("o\u{300}x\u{36f}", "ox"),
        ("Σίσυφος", "ΣΙΣΥΦΟΣ"),
    ] {
        let other = create(&app.admin(), &called(first)).await;
        assert_eq!(
            creation_refused(&app, &called(same)).await,
            refused("USERNAME_TAKEN", "username"),
            "{same}"
        );
        let user = app.user("somebody", Role::User).await;
        assert_eq!(
            update_refused(&app, &user, &rename(same)).await,
            refused("USERNAME_TAKEN", "username"),
            "{same}"
        );
        for user in [other.id, user] {
            app.admin().users().remove(&user).await.unwrap();
        }
    }
}

#[tokio::test]
async fn usernames_that_differ_in_a_letter_of_any_script_are_two() {
    let app = TestApp::start().await;
    for username in ["か", "が", "क", "कि", "ab", "a b", "山田", "山", "ox", "ox\u{1ab0}"] {
        assert_eq!(create(&app.admin(), &called(username)).await.username, username);
    }
}

#[tokio::test]
async fn ones_own_username_may_be_written_another_way() {
    let app = TestApp::start().await;
    let user = app.user("jose", Role::User).await;
    for username in ["JOSÉ", "josé", "jose"] {
        assert_eq!(update(&app, &user, &rename(username)).await.username, username);
    }
}

#[tokio::test]
async fn names_are_unique_in_one_organization_not_across_them() {
    let app = TestApp::start().await;
    let other = app.client(&app.other_school().await.token);
    let new = at("ada", "ada@school.example");
    create(&app.admin(), &new).await;
    assert_eq!(create(&other, &new).await.email.as_deref(), Some("ada@school.example"));
    assert_eq!(create(&other, &at("x@y.example", "b@school.example")).await.username, "x@y.example");
    create(&app.admin(), &at("b", "x@y.example")).await;
}

#[tokio::test]
async fn a_username_that_was_given_up_is_free() {
    let app = TestApp::start().await;
    let (old, user) = (app.user("old@name", Role::User).await, app.user("b", Role::User).await);
    update(&app, &old, &rename("new")).await;
    assert_eq!(update(&app, &user, &rename("OLD@name")).await.username, "OLD@name");
}

#[tokio::test]
async fn an_email_is_taken_whatever_its_case() {
    let app = TestApp::start().await;
    create(&app.admin(), &at("ada", "Ada@School.example")).await;
    let bob = create(&app.admin(), &at("bob", "bob@school.example")).await;
    for email in ["Ada@School.example", "ada@school.example", " ADA@SCHOOL.EXAMPLE "] {
        assert_eq!(
            creation_refused(&app, &at("eve", email)).await,
            refused("EMAIL_TAKEN", "email"),
            "{email}"
        );
        assert_eq!(
            update_refused(&app, &bob.id, &readdress(email)).await,
            refused("EMAIL_TAKEN", "email"),
            "{email}"
        );
    }
    assert_eq!(app.admin().users().get(&bob.id).await.unwrap(), bob);
}

#[tokio::test]
async fn an_email_that_was_cleared_or_changed_is_free() {
    let app = TestApp::start().await;
    let cleared = app.add(&app.school, with_email("a", "one@school.example"), Role::User).await;
    let changed = app.add(&app.school, with_email("b", "two@school.example"), Role::User).await;
    update(&app, &cleared, &UserAdminUpdate { email: Update::Clear, ..UserAdminUpdate::default() }).await;
    update(&app, &changed, &readdress("one@school.example")).await;
    assert_eq!(
        update(&app, &cleared, &readdress("two@school.example")).await.email.as_deref(),
        Some("two@school.example")
    );
}

#[tokio::test]
async fn many_users_have_no_email() {
    let app = TestApp::start().await;
    for username in ["a", "b", "c"] {
        assert_eq!(create(&app.admin(), &called(username)).await.email, None);
    }
}

#[tokio::test]
async fn a_creation_that_is_refused_leaves_nothing_behind() {
    let app = TestApp::start().await;
    create(&app.admin(), &at("bob", "bob@school.example")).await;
    assert_eq!(creation_refused(&app, &at("ada", "bob@school.example")).await.0, "EMAIL_TAKEN");
    assert_eq!(creation_refused(&app, &at("bob", "ada@school.example")).await.0, "USERNAME_TAKEN");
    create(&app.admin(), &at("ada", "ada@school.example")).await;
}

#[tokio::test]
async fn no_username_folds_to_another_accounts_email() {
    let app = TestApp::start().await;
    app.add(&app.school, with_email("bob", "Bob@School.example"), Role::User).await;
    let user = app.user("somebody", Role::User).await;
    for username in ["bob@school.example", "BÓB@SCHOOL.EXAMPLE", "bob＠school.example"] {
        assert_eq!(
            creation_refused(&app, &called(username)).await,
            refused("USERNAME_TAKEN", "username"),
            "{username}"
        );
        assert_eq!(
            update_refused(&app, &user, &rename(username)).await,
            refused("USERNAME_TAKEN", "username"),
            "{username}"
        );
    }
    assert_eq!(update(&app, &user, &rename("bob@school")).await.username, "bob@school");
}

#[tokio::test]
async fn no_email_folds_to_another_accounts_username() {
    let app = TestApp::start().await;
    app.user("Bob@School.example", Role::User).await;
    let user = app.user("somebody", Role::User).await;
    for email in ["bob@school.example", "BOB@SCHOOL.EXAMPLE"] {
        assert_eq!(
            creation_refused(&app, &at("eve", email)).await,
            refused("EMAIL_TAKEN", "email"),
            "{email}"
        );
        assert_eq!(
            update_refused(&app, &user, &readdress(email)).await,
            refused("EMAIL_TAKEN", "email"),
            "{email}"
        );
    }
}

#[tokio::test]
async fn a_username_may_be_ones_own_email() {
    let app = TestApp::start().await;
    let ada = create(&app.admin(), &at("ada@school.example", "Ada@school.example")).await;
    let bob = app.add(&app.school, with_email("bob", "bob@school.example"), Role::User).await;
    assert_eq!(update(&app, &bob, &rename("bob@school.example")).await.username, "bob@school.example");
    assert_eq!(creation_refused(&app, &called("ADA@school.example")).await.0, "USERNAME_TAKEN");
    assert_eq!(creation_refused(&app, &at("x", "ADA@school.example")).await.0, "EMAIL_TAKEN");
    assert_eq!(update(&app, &ada.id, &rename("ada")).await.email, ada.email);
}

#[tokio::test]
async fn the_email_that_is_the_username_changes_only_with_the_username() {
    let app = TestApp::start().await;
    let user = app.add(&app.school, with_email("Ada@School.example", "ada@school.example"), Role::User).await;
    let clear = |username: Option<&str>| UserAdminUpdate {
        username: username.map(str::to_owned),
        email: Update::Clear,
        ..UserAdminUpdate::default()
    };
    let change = |username: Option<&str>| UserAdminUpdate {
        email: Update::Set("new@school.example".into()),
        ..clear(username)
    };
    for username in [None, Some("Ada@School.example"), Some(" ada@school.example ")] {
        for wrong in [clear(username), change(username)] {
            assert_eq!(
                update_refused(&app, &user, &wrong).await,
                refused("INVALID_PARAMETER", "username"),
                "{wrong:?}"
            );
        }
    }
    assert_eq!(update(&app, &user, &readdress("ada@school.example")).await.username, "Ada@School.example");
    let changed = update(&app, &user, &change(Some("ada"))).await;
    assert_eq!((changed.username.as_str(), changed.email.as_deref()), ("ada", Some("new@school.example")));
    create(&app.admin(), &at("next", "ada@school.example")).await;
}

#[tokio::test]
async fn a_change_of_several_fields_is_made_whole_or_not_at_all() {
    let app = TestApp::start().await;
    app.user("taken", Role::User).await;
    let ada = create(&app.admin(), &at("ada", "ada@school.example")).await;
    let wrong = UserAdminUpdate {
        firstname: Update::Set("Ada".into()),
        email: Update::Set("new@school.example".into()),
        organization_role: Some(Role::Teacher),
        ..rename("TAKEN")
    };
    assert_eq!(update_refused(&app, &ada.id, &wrong).await, refused("USERNAME_TAKEN", "username"));
    assert_eq!(app.admin().users().get(&ada.id).await.unwrap(), ada);
    create(&app.admin(), &at("new", "new@school.example")).await;
}

/// Makes an account's address a shared one, as a launch of a configuration without matching by e-mail will.
async fn share_email(app: &TestApp, user: &UserId, email: &str) {
    let mut tx = app.app.db.write().await.unwrap();
    let organization = &app.school.organization;
    let share = "UPDATE users SET email = $3, email_key = $3, email_shared = TRUE WHERE organization_id = $1 AND id = $2";
    tx.execute(share, (organization, user, email)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn is_shared(app: &TestApp) -> Vec<String> {
    app.column("SELECT username FROM users WHERE email_shared ORDER BY id").await
}

#[tokio::test]
async fn no_username_folds_to_an_address_that_others_share() {
    let app = TestApp::start().await;
    let (a, b) = (app.user("a", Role::User).await, app.user("b", Role::User).await);
    share_email(&app, &a, "family@home.example").await;
    let taken = refused("USERNAME_TAKEN", "username");
    for username in ["family@home.example", "FÁMILY@Home.example"] {
        assert_eq!(creation_refused(&app, &called(username)).await, taken, "{username}");
        assert_eq!(update_refused(&app, &b, &rename(username)).await, taken, "{username}");
    }
    update(&app, &a, &rename("family@home.example")).await;
}

#[tokio::test]
async fn a_shared_email_stays_shared_while_something_else_changes() {
    let app = TestApp::start().await;
    let (a, b) = (app.user("a", Role::User).await, app.user("b", Role::User).await);
    for user in [&a, &b] {
        share_email(&app, user, "family@home.example").await;
    }
    update(&app, &a, &rename("ada")).await;
    update(&app, &b, &UserAdminUpdate { firstname: Update::Set("Bob".into()), ..UserAdminUpdate::default() })
        .await;
    assert_eq!(is_shared(&app).await, ["ada", "b"]);
}

#[tokio::test]
async fn putting_a_shared_email_makes_it_exclusive() {
    let app = TestApp::start().await;
    let (a, b) = (app.user("a", Role::User).await, app.user("b", Role::User).await);
    share_email(&app, &a, "family@home.example").await;
    let updated = update(&app, &a, &readdress("family@home.example")).await;
    assert_eq!(updated.email.as_deref(), Some("family@home.example"));
    assert_eq!(is_shared(&app).await, [""; 0]);
    assert_eq!(
        update_refused(&app, &b, &readdress("family@home.example")).await,
        refused("EMAIL_TAKEN", "email")
    );
}

#[tokio::test]
async fn an_email_that_others_share_is_taken() {
    let app = TestApp::start().await;
    let (a, b) = (app.user("a", Role::User).await, app.user("b", Role::User).await);
    for user in [&a, &b] {
        share_email(&app, user, "family@home.example").await;
    }
    let taken = refused("EMAIL_TAKEN", "email");
    assert_eq!(update_refused(&app, &a, &readdress("Family@home.example")).await, taken);
    assert_eq!(creation_refused(&app, &at("c", "family@home.example")).await, taken);
    assert_eq!(is_shared(&app).await, ["a", "b"]);
    update(&app, &b, &UserAdminUpdate { email: Update::Clear, ..UserAdminUpdate::default() }).await;
    update(&app, &a, &readdress("family@home.example")).await;
    assert_eq!(is_shared(&app).await, [""; 0]);
}
